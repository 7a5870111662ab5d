"""A process with an asyncio loop: consoles are threads beside it, and await and take turns on it."""
from __future__ import annotations

import asyncio
import threading
from typing import Any, Awaitable, Callable, Dict

from ._backdoor import Error
from ._threads import Threads


class Asyncio(Threads):
    name = "asyncio"

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def options(self) -> Dict[str, Any]:
        return {"loop": self._loop}

    def require_blocking(self) -> None:
        raise Error(
            "backdoor: backdoor_server() would stop the running asyncio loop; use `async with "
            "backdoor.Server(sock, locals):`, or call it in a thread"
        )


def host() -> Asyncio:
    try:
        return Asyncio(asyncio.get_running_loop())
    except RuntimeError:
        raise Error(
            "backdoor: no asyncio loop runs in this thread; start the server in a coroutine, or give it "
            "loop="
        ) from None


def beside_the_loop(function: Callable[[], object]) -> Awaitable[None]:
    """Calls a function that blocks in a thread of its own, awaited or not."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def tell() -> None:
        if not ended.done():
            ended.set_result(None)

    def run() -> None:
        try:
            function()
        finally:
            try:
                loop.call_soon_threadsafe(tell)
            except RuntimeError:
                pass  # closed: nobody awaits it

    threading.Thread(target=run, name="backdoor").start()
    return ended
