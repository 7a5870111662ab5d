"""A program on a hub of greenlets, eventlet's or gevent's, with a greenlet of its own that counts.

usage: green.py eventlet|gevent patched|plain [OPTION=SECONDS...] [audit]
audit: its function lets the hub run, with each event.
Ends when it is told to.
"""
import os
import posix
import sys
import tempfile

world, patched = sys.argv[1:3]
if world == "eventlet":
    import eventlet
    from eventlet import Timeout, sleep, spawn
    from eventlet.queue import Queue
    from eventlet.semaphore import Semaphore
    if patched == "patched":
        eventlet.monkey_patch()
else:
    import gevent
    from gevent import Timeout, sleep, spawn
    from gevent.queue import Queue
    from gevent.lock import Semaphore
    if patched == "patched":
        import gevent.monkey
        gevent.monkey.patch_all()
import greenlet
import backdoor

ticks = [0]


def tick():
    while True:
        ticks[0] += 1
        sleep(0.001)


os.set_blocking(0, False)
spawn(tick)
names = {"ticks": ticks, "sleep": sleep, "spawn": spawn, "Timeout": Timeout, "greenlet": greenlet,
         "queue": Queue(), "semaphore": Semaphore(0)}
options = {name: float(value) for name, value in (one.split("=") for one in sys.argv[3:] if "=" in one)}
events = []
if "audit" in sys.argv:
    names["events"] = events

    def audit(event):
        # The one that is the attendant's thread's is no greenlet of the hub's.
        if event.event in ("command", "result"):
            events.append("begin")
            sleep(0.005)
            events.append("end")

    options["audit"] = audit
folder = tempfile.TemporaryDirectory()
server = backdoor.Server(folder.name + "/door", names, host=None if patched == "patched" else world,
                         log=lambda line: None, **options)
with server:
    print("READY", server.address, flush=True)
    told = None
    while told is None:
        sleep(0.005)
        try:
            told = posix.read(0, 100)
        except BlockingIOError:
            pass
print("STOPPED", type(sys.stdout).__name__, flush=True)
