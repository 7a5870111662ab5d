#!/usr/bin/python3
"""A service of threads with a prompt in it.

    $ ./main.py localhost:3000
    $ telnet localhost 3000
    >>> counts
    {'served': 1234}
"""
import sys
import threading
import time

import backdoor

counts = {"served": 0}


def work():
    while True:
        counts["served"] += 1
        time.sleep(0.01)


threading.Thread(target=work, daemon=True).start()
address = sys.argv[1] if len(sys.argv) > 1 else "localhost:3000"
with backdoor.Server(address, locals={"counts": counts}):
    sys.stdin.readline()  # Enter ends it
