"""A program that does nothing but to wait for what a signal starts.

usage: on_signal.py threads|asyncio|uvloop|eventlet|gevent
Where its console will be it says when it waits.
"""
import os
import signal
import sys
import tempfile
import threading
import time

import backdoor

world = sys.argv[1]
folder = tempfile.TemporaryDirectory()


def place():
    frame = sys._current_frames()[threading.main_thread().ident]
    return frame, frame.f_lasti


def tell_when_main_thread_waits():
    seen = [place()]
    while len(seen) < 5 or seen[-1] != seen[-5]:
        time.sleep(0.02)
        seen.append(place())
    print("READY %s/door-%d" % (folder.name, os.getpid()), flush=True)


def prepare():
    backdoor.on_signal(signal.SIGUSR2, folder.name + "/door-{pid}", telnet="never")
    threading.Thread(target=tell_when_main_thread_waits, daemon=True).start()


async def wait_for_ever():
    prepare()
    await asyncio.Event().wait()


if world in ("asyncio", "uvloop"):
    import asyncio
    if world == "uvloop":
        import uvloop
        uvloop.install()
    asyncio.run(wait_for_ever())
else:
    sleep = time.sleep if world == "threads" else __import__(world).sleep
    sleep(0)  # its hub is there with the first
    prepare()
    # Nothing else would wake it.
    sleep(1000)
