"""A program that does nothing but to wait for what a signal starts.

usage: on_signal.py threads|asyncio|uvloop|eventlet|gevent
Where its console will be it says at once.
"""
import os
import signal
import sys
import tempfile
import time

import backdoor

world = sys.argv[1]
folder = tempfile.TemporaryDirectory()
backdoor.on_signal(signal.SIGUSR2, folder.name + "/door-{pid}", telnet="never")


def ready():
    print("READY %s/door-%d" % (folder.name, os.getpid()), flush=True)


async def wait_for_ever():
    ready()
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
    ready()
    while True:
        sleep(0.01)
