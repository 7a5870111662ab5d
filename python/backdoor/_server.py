"""The everyday owner of consoles."""
from __future__ import annotations

import atexit
import os
import signal
import weakref
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Awaitable, Dict, Generator, Optional, Type, Union

from . import _backdoor, _hosts
from ._connection import descriptor_of, is_plain_socket

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._options import Options


class Server:
    """Listens, from start() to stop(), and gives each client a Python prompt in this process.

    *address* is "localhost:3000", "3000", "[::1]:0", "unix:/run/app-{pid}.sock" (or a path with a
    slash; {pid} is filled in) or a listening socket. *locals* are the names the consoles start
    with; each works in its own copy. *host* names the world consoles live in, "threads", "asyncio",
    "eventlet" or "gevent"; without it, it is the one that is found in the thread that starts the server:
    of a hub's where the process is patched or the hub has been used, not where it was but imported.

    A context manager, and where an asyncio loop runs an asynchronous one: ``async with``, or ``await
    server.start()`` and ``await server.stop()``.

    Further keywords are those of backdoor.Options: who may come in, what is recorded, and every limit.

    A forked child has no consoles: there a server may be started anew.

    Raises TypeError and ValueError for wrong arguments.
    """

    def __init__(
        self,
        address: Any,
        locals: Optional[Dict[str, Any]] = None,
        *,
        host: Optional[str] = None,
        **options: Unpack[Options],
    ) -> None:
        if not isinstance(address, str) and not is_plain_socket(address):
            raise TypeError(
                'an address as "localhost:3000" or "unix:/run/app.sock", or a listening socket, is '
                "expected, not %r" % (address,)
            )
        _backdoor.check(locals, dict(options))
        if host is not None:
            _hosts.check_name(host)
        self._listen_at = address
        self._locals = locals
        self._host = host
        self._options = options
        self._running: Optional[_backdoor.Server] = None
        self._process = 0

    def start(self) -> "Server":
        """Listens and serves. Does nothing where it does so already.

        Raises backdoor.Error where it cannot listen, ValueError for an option that is not for its host.
        """
        if self.is_running:
            return self
        at = self._listen_at
        host = _hosts.named(self._host) if self._host else _hosts.find(at)
        options = {**host.options(), **self._options}
        where: Union[str, int] = (
            at.replace("{pid}", str(os.getpid())) if isinstance(at, str) else descriptor_of(at)
        )
        self._running = _backdoor.Server(where, self._locals, options)
        self._process = os.getpid()
        _to_stop.add(self)
        return self

    def stop(self) -> Awaitable[None]:
        """Closes the listener and every console, interrupts what runs, and waits for it, at most
        shutdown_limit. Does nothing where it does not run.

        On an asyncio loop it does not wait, but returns something to be awaited.
        """
        running = self._let_go()
        if running is not None and _hosts.loop_runs():
            from ._asyncio import beside_the_loop

            return beside_the_loop(running.stop)
        if running is not None:
            running.stop()
        return _Over()

    def _let_go(self) -> Optional[_backdoor.Server]:
        running, self._running = self._running, None
        _to_stop.discard(self)
        return running

    def _stop_and_wait(self) -> None:
        running = self._let_go()
        if running is not None:
            running.stop()

    @property
    def is_running(self) -> bool:
        """It serves, in this process."""
        return self._running is not None and self._process == os.getpid()

    @property
    def address(self) -> str:
        """"127.0.0.1:3000", or the path of the unix socket; empty where it does not run."""
        return self._running.address if self._running is not None else ""

    @property
    def port(self) -> int:
        """The TCP port, also where the system chose it; 0 for a unix socket."""
        return self._running.port if self._running is not None else 0

    def __await__(self) -> Generator[None, None, "Server"]:
        yield from ()
        return self

    async def __aenter__(self) -> "Server":
        return self.start()

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        value: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.stop()

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        value: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self._stop_and_wait()


class _Over:
    """What is over already, to be awaited."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


# Before Python ends: after that none of our threads may touch it.
_to_stop: "weakref.WeakSet[Server]" = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    for server in list(_to_stop):
        server._stop_and_wait()


def on_signal(
    signum: int,
    address: Any,
    locals: Optional[Dict[str, Any]] = None,
    *,
    host: Optional[str] = None,
    **options: Unpack[Options],
) -> Server:
    """A server that the signal *signum* starts. Takes what Server takes, and returns it, not
    started.

    To be called on Python's main thread, in a program of eventlet's when it has its hub (it is patched, or
    a greenthread was spawned). Raises backdoor.Error where the signal has a handler
    already. What fails when the signal comes is a log line: it does not raise in the code that the
    signal interrupted.
    """
    if signal.getsignal(signum) not in (signal.SIG_DFL, signal.SIG_IGN):
        raise _backdoor.Error(
            "backdoor: %s has a handler already; call Server.start() in there"
            % signal.Signals(signum).name
        )
    server = Server(address, locals, host=host, **options)

    log = options.get("log") or _backdoor.log_line
    _hosts.find(address).expect_signal()

    def start(signum: int, frame: Optional[FrameType]) -> None:
        try:
            server.start()
        except Exception as failure:
            log("backdoor not started: " + str(failure).removeprefix("backdoor: "))

    signal.signal(signum, start)
    return server
