#!/usr/bin/python3
"""An asyncio service with a prompt in it: an echo server that can be looked at, and slowed down.

    $ ./main.py localhost:3000
    $ telnet localhost 3000
    >>> service.clients
    {('127.0.0.1', 51234): 17}
    >>> await service.next_line()
    b'hello\\n'
    >>> turn(service.pause)
"""
import asyncio
import sys

import backdoor


class Service:
    """Used on its loop alone: it has no locks."""

    def __init__(self):
        self.clients = {}
        self.line_came = asyncio.Condition()
        self.last_line = b""
        self.running = asyncio.Event()
        self.running.set()

    async def serve(self, reader, writer):
        peer = writer.get_extra_info("peername")
        self.clients[peer] = 0
        try:
            async for line in reader:
                await self.running.wait()
                self.clients[peer] += 1
                async with self.line_came:
                    self.last_line = line
                    self.line_came.notify_all()
                writer.write(line)
        except ConnectionError:
            pass  # the client is gone
        finally:
            del self.clients[peer]
            writer.close()

    async def next_line(self):
        async with self.line_came:
            await self.line_came.wait()
        return self.last_line

    def pause(self):
        self.running.clear()

    def resume(self):
        self.running.set()


async def main(console="localhost:3000", address="127.0.0.1", port="0"):
    service = Service()
    server = await asyncio.start_server(service.serve, address, int(port))
    async with backdoor.Server(console, locals={"service": service}) as door:
        print("service:", "%s:%d" % server.sockets[0].getsockname(), "console:", door.address,
              flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)  # Enter ends it
        server.close()


asyncio.run(main(*sys.argv[1:]))
