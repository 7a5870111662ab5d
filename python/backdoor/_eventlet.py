"""eventlet's world: consoles are greenlets on its hub."""
from __future__ import annotations

import os
import socket
from typing import Any, Callable, List, Tuple

import eventlet
import eventlet.event
import eventlet.greenio
import eventlet.hubs
import eventlet.patcher

from ._green import GreenHost
from ._hosts import Host


class Eventlet(GreenHost):
    name = "eventlet"

    def __init__(self) -> None:
        self.hub = eventlet.hubs.get_hub()
        self.hub_greenlet = self.hub.greenlet

    def let_others_run(self) -> object:
        return self.hub.switch()

    def call_while_readable(self, fd: int, callback: Callable[..., None]) -> Callable[[], None]:
        process = os.getpid()
        nothing: Callable[..., None] = lambda *_: None
        listener = self.hub.add(self.hub.READ, fd, callback, nothing, nothing)

        def unwatch() -> None:
            # A child may have the parent's epoll descriptor, in which this would be undone for both.
            if os.getpid() == process:
                self.hub.remove(listener)

        return unwatch

    def spawn(self, function: Callable[..., object], *arguments: Any) -> None:
        eventlet.spawn(function, *arguments)

    def socketpair(self) -> Tuple[Any, socket.socket]:
        near, far = eventlet.patcher.original("socket").socketpair()
        return eventlet.greenio.GreenSocket(near), far

    def expect_signal(self) -> None:
        # A hub that watches no descriptor sleeps until its next timer, and does not see what a signal
        # adds meanwhile.
        ends = eventlet.patcher.original("socket").socketpair()
        self.call_while_readable(ends[0].fileno(), lambda *_: None)
        _never_readable.append(ends)

    def wait_for_ever(self) -> None:
        eventlet.event.Event().wait()


_never_readable: List[Tuple[socket.socket, socket.socket]] = []


def host() -> Host:
    return Eventlet()
