#!/usr/bin/env python3
"""What a window costs: `./dev measure`, which runs this inside `.ci/desk --screen none`.

    measure.py PROGRAM CTL BARE [REST_SECONDS]

First painted content and memory of PROGRAM beside BARE (and KeePassXC, where it is installed), in turn, medians of seven; then
the processor time of PROGRAM's lock screen at rest, with the keyboard in it, over REST_SECONDS (default 60).

The X server keeps its screen in a file (`Xvfb -fbdir`), which is looked at every 2 ms: content is painted once more than
sixteen colours stand where the screen has changed, which a window's background alone never brings. Memory is the proportional
set of all processes of the program, two seconds later (proc_pid_smaps(5)).
"""
import json
import mmap
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WIDTH, HEIGHT, DEPTH = 1366, 768, 4
ROUNDS, EVERY, PATIENCE, SETTLE = 7, 0.002, 30, 2.0
PASSWORD = "quarter lantern mosaic"  # of a clinic that lives as long as this measurement


class Screen:
    """A virtual display and its pixels."""

    def __init__(self, folder):
        there, here = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(here), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-fbdir", folder],
            pass_fds=[here], stderr=subprocess.DEVNULL)
        os.close(here)
        number = os.read(there, 16).decode().strip()
        if not number:
            sys.exit("measure: the virtual display did not start")
        os.environ["DISPLAY"] = f":{number}"
        with open(f"{folder}/Xvfb_screen0", "rb") as file:
            self.memory = memoryview(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))
        # XWDFileHeader (X11/XWDFile.h): header size, ..., line length at word 12, number of colours at word 19
        head = struct.unpack(">25I", self.memory[:100])
        self.start, self.line = head[0] + head[19] * 12, head[12]

    def row(self, y):
        return bytes(self.memory[self.start + y * self.line:][:WIDTH * DEPTH])

    def rows(self):
        return [self.row(y) for y in range(0, HEIGHT, 4)]

    def has_content(self, before):
        colours = set()
        for y, old in zip(range(0, HEIGHT, 4), before):
            new = self.row(y)
            if new != old:
                colours.update(memoryview(new).cast("I").tolist())
                if len(colours) > 17:  # sixteen and what was there
                    return True
        return False


def end(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def family(pid):
    """The process and all that descend from it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def proportional_mib(pid):
    total = 0
    for one in family(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def cpu_ms(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def until_content(screen, command):
    """Starts the window; milliseconds to its first painted content, and the process."""
    before = screen.rows()
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while time.monotonic() - began < PATIENCE and process.poll() is None:
        if screen.has_content(before):
            return (time.monotonic() - began) * 1000, process
        time.sleep(EVERY)
    end(process)
    sys.exit(f"measure: {command[0]} painted nothing")


def side_by_side(screen, commands):
    figures = {name: ([], []) for name in commands}
    for turn in range(ROUNDS + 1):
        for name, command in commands.items():
            took, process = until_content(screen, command)
            time.sleep(SETTLE)
            memory = proportional_mib(process.pid)
            end(process)
            time.sleep(0.3)  # the screen is empty again
            if turn > 0:  # the first only warms the disk's cache
                figures[name][0].append(took)
                figures[name][1].append(memory)
    return {name: tuple(map(statistics.median, both)) for name, both in figures.items()}


def set_up(ctl, folder):
    def call(*arguments, said=()):
        done = subprocess.run([ctl, "--data-dir", folder, "--json", *arguments], input="".join(f"{line}\n" for line in said),
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"measure: {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    offer = call("setup", "begin", "--clinic", "Oak Tree Surgery", "--person", "Maria Santos", said=[PASSWORD])
    code = subprocess.run(["oathtool", "--totp", "-b", "-"], input=offer["secret"], capture_output=True, text=True).stdout
    call("setup", "confirm", "--person", offer["person"], said=[PASSWORD, code.strip()])


def at_rest(screen, program, ctl, seconds):
    with tempfile.TemporaryDirectory() as folder:
        data = f"{folder}/data"
        set_up(ctl, data)
        frames = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL)
        time.sleep(1)
        _, process = until_content(screen, [program, "--data-dir", data])
        time.sleep(5)
        title = subprocess.run(["xdotool", "getactivewindow", "getwindowname"], capture_output=True, text=True).stdout.strip()
        before = cpu_ms(process.pid)
        time.sleep(seconds)
        spent = cpu_ms(process.pid) - before
        end(process)
        end(frames)
    return title, spent


def main():
    program, ctl, bare, *rest = sys.argv[1:]
    seconds = int(rest[0]) if rest else 60
    with tempfile.TemporaryDirectory() as folder:
        screen = Screen(folder)
        try:
            commands = {"clinic2fa": [program, "--data-dir", f"{folder}/new"], "bare eframe window": [bare]}
            if shutil.which("keepassxc"):
                commands["KeePassXC"] = ["keepassxc"]
            figures = side_by_side(screen, commands)
            beside = figures["bare eframe window"]
            for name, (took, memory) in figures.items():
                print(f"{name}: {took:.0f} ms to painted content ({took / beside[0]:.2f} times bare), "
                      f"{memory:.0f} MiB proportional ({memory / beside[1]:.2f} times bare)")
            title, spent = at_rest(screen, program, ctl, seconds)
            print(f"lock screen at rest for {seconds} s, window \"{title}\" in front: {spent:.0f} ms of processor time")
        finally:
            end(screen.server)


main()
