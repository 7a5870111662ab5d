"""Consoles on greenlets: what eventlet's and gevent's worlds have in common."""
from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Dict, Optional

from greenlet import GreenletExit, getcurrent, greenlet

from . import _backdoor
from ._connection import Descriptor, peer_name, to_descriptor
from ._console import by_the_rules
from ._hosts import Host

if TYPE_CHECKING:
    from ._options import Options


class Door:
    """Through which our threads reach one hub. It is open while a server or a console needs it."""

    def __init__(self, host: "GreenHost") -> None:
        self.process = os.getpid()
        self.hub = _backdoor.Hub(
            getcurrent, host.let_others_run, host.watch, host.hub_greenlet, GreenletExit
        )
        self._host = host
        self._unwatch = host.watch(self.hub.fileno(), self._attend)

    def _attend(self) -> None:
        if not self.hub.attend():
            self._close()

    def _close(self) -> None:
        if _doors.get(self._host.hub) is self:
            del _doors[self._host.hub]
        if self.process == os.getpid():
            self.hub.close()
        self._unwatch()


_doors: Dict[Any, Door] = {}


class GreenHost(Host):
    """One hub, that of the calling thread."""

    hub: Any
    hub_greenlet: Any

    def let_others_run(self) -> object:
        """Switches to the hub."""
        raise NotImplementedError

    def call_while_readable(self, fd: int, callback: Callable[..., None]) -> Callable[[], None]:
        """Has the hub call back, with whatever arguments. Returns what ends that."""
        raise NotImplementedError

    def watch(self, fd: int, callback: Callable[[], object]) -> Callable[[], None]:
        """Has the hub call back while a descriptor is readable. Returns what ends that."""

        def call(*_: object) -> None:
            try:
                callback()
            except (SystemExit, KeyboardInterrupt) as end:
                self.end_process(end)

        return self.call_while_readable(fd, call)

    def end_process(self, end: BaseException) -> None:
        """A greenlet has come to the end of the process."""
        raise end

    def door(self) -> Door:
        door = _doors.get(self.hub)
        if door is None or door.process != os.getpid():
            door = _doors[self.hub] = Door(self)
        return door

    def options(self) -> Dict[str, Any]:
        return {"hub": (self.door().hub, self._start)}

    def _start(self, body: Callable[[], object]) -> None:
        greenlet(body, self.hub_greenlet).switch()

    def console(
        self, desc: Any, hostport: Any, locals: Optional[Dict[str, Any]], options: Options
    ) -> Any:
        return GreenConsole(self, desc, hostport, locals, options)

    def serve(
        self, desc: Any, hostport: Any, locals: Optional[Dict[str, Any]], options: Options
    ) -> None:
        descriptor = to_descriptor(desc, self)
        chosen = {**self.options(), **self.seed_options(locals), **options}
        _backdoor.open_console(descriptor, peer_name(hostport), locals, chosen, None)

    def seed_options(self, locals: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        # eventlet's consoles all work in the dict they are given.
        return {"share_locals": locals is not None}

    def lock(self) -> ContextManager[object]:
        return contextlib.nullcontext()


class GreenConsole(greenlet):  # type: ignore[misc]
    """A console whose interpreter runs in this very greenlet, until the client leaves."""

    def __init__(
        self,
        host: GreenHost,
        desc: Any,
        hostport: Any,
        locals: Optional[Dict[str, Any]],
        options: Options,
    ) -> None:
        # Where it goes when it has come to its end; the one who made it may wait for something else.
        super().__init__(parent=host.hub_greenlet)
        self.hostport = hostport
        self.locals = locals
        self._host = host
        self._options: Dict[str, Any] = {**host.seed_options(locals), **options}
        self._descriptor = Descriptor(to_descriptor(desc, host))
        self._body: Optional[Callable[[], object]] = None
        self._left = False
        self._waits = False

    def run(self, *args: Any, **kwargs: Any) -> None:
        """Started by the first switch(), whatever that is given."""
        door = self._host.door()
        options = {"hub": (door.hub, self._begin), **self._options}
        close = _backdoor.open_console(
            self._descriptor.take(), peer_name(self.hostport), self.locals, options,
            lambda: door.hub.call_soon(self._end),
        )
        try:
            self._waits = True
            while self._body is None and not self._left:
                self._host.let_others_run()
            self._waits = False
            if self._body is not None:
                self._body()
        finally:
            self._waits = False
            close()

    def switch(self, *args: Any, **kwargs: Any) -> Any:
        """As any greenlet's; but one that is dead returns what it is given, also where its parent,
        to which greenlet would switch, is the hub."""
        return by_the_rules(args, kwargs) if self.dead else super().switch(*args, **kwargs)

    def _begin(self, body: Callable[[], object]) -> None:
        self._body = body
        if self._waits:
            self.switch()

    def _end(self) -> None:
        self._left = True
        if self._waits:
            self.switch()
