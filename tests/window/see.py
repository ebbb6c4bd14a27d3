#!/usr/bin/python3
"""What is on the screen, as a screen reader is told: the eyes of demo.sh. Runs inside `.ci/desk --a11y`.

    see.py wait TEXT [SECONDS]    until TEXT stands somewhere in the window (default 20); prints the line it stands in
    see.py gone TEXT [SECONDS]    until it does not any more
    see.py at KIND NAME [SECONDS] the middle of that control on the screen, as "X Y", once it can be used;
                                  KIND is button, field, choice or any
    see.py value NAME [SECONDS]   what stands in that field
    see.py focus                  the name of the control that has the keyboard
    see.py text                   all the words of the window, top to bottom
    see.py dump                   the whole tree, for finding out why something was not found

The window is the one of the program named in SEE_PROGRAM (default: clinic2fa). Names match whole, or else the start of one,
so that a button can be asked for without the key written behind its words. It only looks: clicks and keys are real ones, sent
by xdotool, so that what is proved is what a person could do.
Debian's own Python (not another one on the path) has the bindings it needs.
"""
import os
import sys
import time
import warnings

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

# The newer names of these calls are missing on systems we still run on.
warnings.simplefilter("ignore", DeprecationWarning)

KINDS = {
    "button": ("push button", "button", "toggle button", "link", "menu item"),
    "field": ("text", "entry", "password text", "editable text", "spin button", "combo box"),
    "choice": ("radio button", "check box", "toggle button", "push button", "button"),
    "any": None,
}


def program():
    wanted = os.environ.get("SEE_PROGRAM", "clinic2fa")
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(index)
        if child is not None and wanted in (child.get_name() or ""):
            return child
    return None


def nodes(node, depth=0):
    """The tree in reading order. It may change under our hands: what is gone is skipped."""
    if node is None:
        return
    yield depth, node
    try:
        count = node.get_child_count()
    except GLib.Error:
        return
    for index in range(count):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            continue
        yield from nodes(child, depth + 1)


def content(node):
    try:
        text = node.get_text_iface()
        if text is not None:
            return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text)) or ""
    except GLib.Error:
        pass
    return ""


def words(node):
    name, text = node.get_name() or "", content(node)
    return " ".join((name if name == text else f"{name} {text}").split())


def showing(node):
    states = node.get_state_set()
    return states.contains(Atspi.StateType.SHOWING) and states.contains(Atspi.StateType.VISIBLE)


def usable(node):
    return showing(node) and node.get_state_set().contains(Atspi.StateType.SENSITIVE)


def middle(node):
    box = Atspi.Component.get_extents(node.get_component_iface(), Atspi.CoordType.SCREEN)
    return box.x + box.width // 2, box.y + box.height // 2


def find_text(wanted):
    wanted = " ".join(wanted.split())
    for _, node in nodes(program()):
        line = words(node)
        if wanted in line and showing(node):
            return line
    return None


def find_control(kind, name):
    roles = KINDS[kind]
    starts = None
    for _, node in nodes(program()):
        if (roles is None or node.get_role_name() in roles) and usable(node):
            found = " ".join((node.get_name() or "").split())
            if found == name:
                return node
            if starts is None and found.startswith(name):
                starts = node
    return starts


def focused():
    names = [node.get_name() for _, node in nodes(program())
             if node.get_state_set().contains(Atspi.StateType.FOCUSED) and node.get_role_name() != "frame"]
    return names[0] if names else None


def until(seconds, look):
    """The first thing `look` finds that is not None. Asked again: the tree is made anew with every frame."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = look()
        except (GLib.Error, AttributeError):
            found = None
        if found is not None:
            return found
        if time.monotonic() > end:
            return None
        time.sleep(0.1)


def fail(message):
    print(f"see: {message}. The window says:", file=sys.stderr)
    for line in all_words():
        print(f"see:   {line}", file=sys.stderr)
    return 1


def all_words():
    return [line for _, node in nodes(program()) if showing(node) and (line := words(node))]


def dump():
    for depth, node in nodes(program()):
        states = node.get_state_set()
        notable = [state.value_nick for state in (
            Atspi.StateType.FOCUSED, Atspi.StateType.CHECKED, Atspi.StateType.SELECTED) if states.contains(state)]
        if not states.contains(Atspi.StateType.SENSITIVE):
            notable.append("disabled")
        if not showing(node):
            notable.append("hidden")
        try:
            place = "@%d,%d" % middle(node)
        except (GLib.Error, TypeError, AttributeError):
            place = ""
        print(f"{'  ' * depth}{node.get_role_name()} {node.get_name()!r} {content(node)!r} {place} {' '.join(notable)}")


def main(arguments):
    action = arguments[0] if arguments else ""
    seconds = 20.0
    count = {"wait": 2, "gone": 2, "at": 3, "value": 2, "focus": 1, "text": 1, "dump": 1}.get(action)
    if count is None or not count <= len(arguments) <= count + 1:
        print(__doc__, file=sys.stderr)
        return 2
    if len(arguments) > count:
        seconds = float(arguments[count])
    Atspi.init()
    if action == "wait":
        line = until(seconds, lambda: find_text(arguments[1]))
        if line is None:
            return fail(f"\"{arguments[1]}\" did not appear within {seconds:g} s")
        print(line)
    elif action == "gone":
        if until(seconds, lambda: True if find_text(arguments[1]) is None else None) is None:
            return fail(f"\"{arguments[1]}\" is still there after {seconds:g} s")
    elif action == "at":
        spot = until(seconds, lambda: middle(find_control(arguments[1], arguments[2])))
        if spot is None:
            return fail(f"no {arguments[1]} named \"{arguments[2]}\" within {seconds:g} s")
        print(*spot)
    elif action == "value":
        value = until(seconds, lambda: content(find_control("field", arguments[1])))
        if value is None:
            return fail(f"no field named \"{arguments[1]}\" within {seconds:g} s")
        print(value)
    elif action == "focus":
        print(until(seconds, focused) or "")
    elif action == "text":
        print("\n".join(all_words()))
    else:
        dump()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
