"""gevent's world: consoles are greenlets on its hub."""
from __future__ import annotations

import socket
from typing import Any, Callable, Tuple

import gevent
import gevent.event
import gevent.monkey
import gevent.socket

from ._green import GreenHost
from ._hosts import Host

READ = 1


class Gevent(GreenHost):
    name = "gevent"

    def __init__(self) -> None:
        self.hub = self.hub_greenlet = gevent.get_hub()

    def let_others_run(self) -> object:
        return self.hub.switch()

    def call_while_readable(self, fd: int, callback: Callable[..., None]) -> Callable[[], None]:
        watcher = self.hub.loop.io(fd, READ)
        watcher.start(callback)

        def stop() -> None:
            watcher.stop()
            watcher.close()

        return stop

    def end_process(self, end: BaseException) -> None:
        # An exception would stop the watcher.
        self.hub.handle_error(None, type(end), end, end.__traceback__)

    def spawn(self, function: Callable[..., object], *arguments: Any) -> None:
        gevent.spawn(function, *arguments)

    def socketpair(self) -> Tuple[Any, socket.socket]:
        near, far = gevent.monkey.get_original("socket", "socketpair")()
        return gevent.socket.socket(fileno=near.detach()), far

    def wait_for_ever(self) -> None:
        gevent.event.Event().wait()


def host() -> Host:
    return Gevent()
