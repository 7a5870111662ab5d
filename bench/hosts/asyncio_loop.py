#!/usr/bin/python3
"""A Python program with an asyncio loop to measure a console in."""
import asyncio

import backdoor
import host


async def echo(reader, writer):
    while data := await reader.read(4096):
        writer.write(data)
        await writer.drain()
    writer.close()


async def main():
    chosen = host.settings(__doc__)
    application = await asyncio.start_server(echo, "127.0.0.1", chosen.app_port)
    async with backdoor.Server(chosen.address, chosen.locals) as server:
        host.ready(chosen, server.address, application.sockets[0].getsockname())
        while True:
            if chosen.tick_file:
                await asyncio.sleep(chosen.tick_file.delay())
                chosen.tick_file.fire()
            else:
                await asyncio.sleep(3600)


asyncio.run(main())
