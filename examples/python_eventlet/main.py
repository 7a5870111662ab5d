#!/usr/bin/python3
"""A service of greenthreads with a prompt in it: as eventlet.backdoor's page has it, but for the import.

    $ ./main.py
    $ telnet localhost 3000
    >>> from __main__ import counts
    >>> counts
    {'served': 1234}
"""
import eventlet

import backdoor  # from eventlet import backdoor

counts = {"served": 0}

eventlet.spawn(backdoor.backdoor_server, eventlet.listen(('localhost', 3000)))

while True:
    counts["served"] += 1
    eventlet.sleep(0.01)
