#!/usr/bin/python3
"""A real gateway for the demo of texts: Kannel with a pretended telephone network, on ports of its own.

    kannel.py FOLDER    runs it until standard input ends; prints the address where texts are handed in
    FOLDER/network.out  every text that reached a telephone

The login is clinic / harbour-7. It ends what it started, by process id, and nothing else.
"""
import pathlib
import socket
import subprocess
import sys
import time

BOXES = ("/usr/sbin/bearerbox", "/usr/sbin/smsbox")
NETWORK = "/usr/lib/kannel/test/fakesmsc"


def ports(count):
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    numbers = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return numbers


def until_open(port, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f"kannel.py: nothing on port {port} after {seconds} s")


def main():
    folder = pathlib.Path(sys.argv[1])
    (folder / "spool").mkdir(parents=True, exist_ok=True)
    admin, box, network, http = ports(4)
    conf = folder / "kannel.conf"
    conf.write_text(f"""group = core
admin-port = {admin}
admin-interface = "127.0.0.1"
admin-password = admin
smsbox-port = {box}
smsbox-interface = "127.0.0.1"
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
store-type = spool
store-location = "{folder}/spool"
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = FAKE
port = {network}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {http}
sendsms-interface = "127.0.0.1"
log-file = "{folder}/smsbox.log"

group = sendsms-user
username = clinic
password = "harbour-7"
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"

group = sms-service
keyword = default
max-messages = 0
text = "none"
""")
    started = []

    def start(*command):
        with open(folder / "network.out", "ab") as out:
            quiet = None if command[0] == NETWORK else subprocess.DEVNULL
            started.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=quiet or out, stderr=quiet or out))

    try:
        start(BOXES[0], "-v", "3", str(conf))
        until_open(admin)
        until_open(network)
        start(NETWORK, "-H", "127.0.0.1", "-r", str(network), "-m", "0", "-i", "0.01", "1 2 text nop")
        start(BOXES[1], "-v", "3", str(conf))
        until_open(http)
        print(f"http://127.0.0.1:{http}/cgi-bin/sendsms", flush=True)
        sys.stdin.read()
    finally:
        for one in reversed(started):
            one.terminate()
        for one in started:
            try:
                one.wait(6)
            except subprocess.TimeoutExpired:
                one.kill()


main()
