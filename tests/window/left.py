#!/usr/bin/env python3
"""Looks through a process's memory for what should not be left in it. Used by demo.sh.

    left.py PID NAME=TEXT...

Each TEXT is looked for as it is, as Windows and X11 write letters, and, where it is a key in base32, as its bytes and in
hexadecimal. Every place found is printed; exit status 1. Status 3: the memory is closed to us, which only root is not.
"""
import base64
import re
import sys


def forms(text):
    yield "as text", text.encode()
    yield "as wide text", text.encode("utf-16-le")
    yield "as wider text", text.encode("utf-32-le")
    if re.fullmatch("[A-Z2-7]{32}", text):
        raw = base64.b32decode(text)
        yield "as bytes", raw
        yield "in hexadecimal", raw.hex().encode()
        yield "in base64", base64.b64encode(raw).rstrip(b"=")


def main(pid, *secrets):
    sought = [(f"{name} {how}", form) for name, _, text in (s.partition("=") for s in secrets) for how, form in forms(text)]
    assert sought and all(len(form) >= 6 for _, form in sought)
    found, looked = 0, 0
    try:
        memory = open(f"/proc/{pid}/mem", "rb")
    except PermissionError:
        return 3
    with memory, open(f"/proc/{pid}/maps") as maps:
        for line in maps:
            field = line.split(maxsplit=5)
            place = field[5].strip() if len(field) > 5 else "anonymous"
            # what can only be read came from a file; device memory is no memory
            if not field[1].startswith("rw") or place.startswith("/dev/"):
                continue
            start, end = (int(edge, 16) for edge in field[0].split("-"))
            memory.seek(start)
            try:
                data = memory.read(end - start)
            except OSError:
                continue
            looked += len(data)
            for name, form in sought:
                for hit in re.finditer(re.escape(form), data):
                    found += 1
                    print(f"{name}: {place} {start + hit.start():#x}")
    assert looked > 1 << 20, f"only {looked} bytes could be read"
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
