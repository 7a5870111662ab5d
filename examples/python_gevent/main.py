#!/usr/bin/python3
"""A service of greenlets with a prompt in it.

    $ ./main.py 3000
    $ telnet localhost 3000
    >>> counts
    {'served': 1234}
"""
import sys

import gevent

from backdoor.gevent import BackdoorServer

counts = {"served": 0}


def work():
    while True:
        counts["served"] += 1
        gevent.sleep(0.01)


port = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
with BackdoorServer(("localhost", port), locals={"counts": counts}) as server:
    print("listening at", server.address, flush=True)
    work()
