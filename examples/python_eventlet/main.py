#!/usr/bin/python3
"""A service of greenthreads with a prompt in it.

    $ ./main.py 3000
    $ telnet localhost 3000
    >>> counts
    {'served': 1234}
"""
import sys

import eventlet

import backdoor

counts = {"served": 0}


def work():
    while True:
        counts["served"] += 1
        eventlet.sleep(0.01)


port = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
eventlet.spawn(backdoor.backdoor_server, eventlet.listen(('localhost', port)), {"counts": counts})
work()
