"""A program whose asyncio loop is on Python's main thread, with a task that counts.

usage: asyncio_main.py asyncio|uvloop
Ends when its standard input does.
"""
import asyncio
import os
import signal
import sys

import backdoor

names = {"rounds": 0}


async def count():
    while True:
        names["rounds"] += 1
        await asyncio.sleep(0.001)


async def main():
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(0, lambda: os.read(0, 100) and None or ended.set())
    counting = asyncio.create_task(count())
    async with backdoor.Server("localhost:0", names, share_locals=True, turn_budget=0.1,
                               log=lambda line: None) as server:
        print("READY", server.address, flush=True)
        await ended.wait()
    counting.cancel()


if sys.argv[1] == "uvloop":
    import uvloop
    uvloop.install()
before = [signal.getsignal(number) for number in range(1, signal.SIGRTMAX + 1)]
asyncio.run(main())
after = [signal.getsignal(number) for number in range(1, signal.SIGRTMAX + 1)]
print("STOPPED", before == after, flush=True)
