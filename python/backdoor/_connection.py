"""Connections of every kind, as descriptors: what is no plain socket is pumped through a pair."""
from __future__ import annotations

import _socket
import codecs
import collections
import contextlib
import os
import select
import socket
from typing import Any, Callable, Optional

from ._backdoor import Error, refusal
from ._hosts import Host

HANDSHAKE_LIMIT = 30.0  # seconds, for an SSL connection to be one
MAX_HANDSHAKES = 64  # under way at the same time: each costs a thread, or a greenlet, and descriptors
_places = collections.deque(range(MAX_HANDSHAKES))


def is_plain_socket(sock: object) -> bool:
    """The bytes on its descriptor are what is said, as they are not on an SSL socket's."""
    kinds = type(sock).__mro__
    if any(kind.__name__ == "SSLSocket" for kind in kinds):
        return False
    green = any(
        kind.__module__.partition(".")[0] in ("eventlet", "gevent") and "socket" in kind.__name__.lower()
        for kind in kinds
    )
    return green or isinstance(sock, _socket.socket)


def descriptor_of(sock: Any) -> int:
    """A descriptor of our own for what a plain socket is connected to, or listens on."""
    try:
        fd = sock.fileno()
    except (AttributeError, OSError) as failure:
        raise TypeError("a socket is expected, not %r" % (sock,)) from failure
    if fd < 0:
        raise Error("backdoor: the socket is closed already; hand it over open")
    return os.dup(fd)


class Descriptor:
    """Is closed with this, unless it was taken: a console may never be switched to."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def take(self) -> int:
        """For who closes it."""
        fd, self._fd = self._fd, -1
        return fd

    def __del__(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)


def peer_name(hostport: Any) -> str:
    """How the log calls a client: eventlet's way."""
    if isinstance(hostport, tuple) and len(hostport) >= 2:
        return "%s:%s" % hostport[:2]
    return ""


def to_descriptor(desc: Any, host: Host) -> int:
    """A descriptor for the client behind a socket or a file-like object.

    Raises TypeError for what is neither, backdoor.Error for a client that may not enter.
    """
    if is_plain_socket(desc):
        return descriptor_of(desc)
    if callable(getattr(desc, "recv", None)) and callable(getattr(desc, "makefile", None)):
        return _pump(_SocketEnds(desc, host), host)
    if callable(getattr(desc, "readline", None)) and callable(getattr(desc, "write", None)):
        if getattr(desc, "closed", False):
            raise Error("backdoor: the file is closed already; hand it over open")
        return _pump(_FileEnds(desc), host)
    raise TypeError("a connected socket or a file-like object is expected, not %r" % (desc,))


class _Handshake:
    """One of those that may be under way, until it is let go of. Raises backdoor.Error beyond them."""

    def __init__(self) -> None:
        self._place: Optional[int] = None
        try:
            self._place = _places.pop()
        except IndexError:
            raise Error(
                "backdoor refused the client: %d others are shaking hands" % MAX_HANDSHAKES
            ) from None

    def __del__(self) -> None:
        if self._place is not None:
            _places.append(self._place)


class _SocketEnds:
    """What is like a socket, through a file of its own, which keeps it open."""

    def __init__(self, sock: Any, host: Host) -> None:
        self._socket = sock
        reason = refusal(sock.fileno())
        if reason:
            raise Error("backdoor refused the client: " + reason)
        self._file = sock.makefile("rwb", 0)
        # OpenSSL's connections are not for two threads at once.
        self._lock = host.lock()
        self._handshake = _Handshake() if hasattr(sock, "do_handshake") else None

    def begin(self) -> None:
        """Shakes hands, before two want to do so at once. It is ours now: no other limit holds."""
        if self._handshake:
            self._socket.settimeout(HANDSHAKE_LIMIT)
            try:
                self._socket.do_handshake()
            finally:
                self._handshake = None
        self._socket.settimeout(None)

    def receive(self) -> bytes:
        pending = getattr(self._socket, "pending", int)
        if not isinstance(self._lock, contextlib.nullcontext) and not pending():
            readable = select.poll()
            readable.register(self._socket, select.POLLIN)
            readable.poll()
        with self._lock:
            data: bytes = self._file.read(65536)
        return data

    def send(self, data: bytes) -> None:
        with self._lock:
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]

    def leave(self) -> None:
        """The console is over: wakes who receives."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._file.close()


class _FileEnds:
    """What is like a file, of text or of bytes, through its readline() and write()."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._decoder: Optional[codecs.IncrementalDecoder] = None

    def begin(self) -> None:
        """It is open already."""

    def receive(self) -> bytes:
        line = self._file.readline()
        if isinstance(line, bytes):
            return line
        return str(line).encode("utf-8", "surrogateescape")

    def send(self, data: bytes) -> None:
        try:
            self._write(data)
        except TypeError:
            # A file of text.
            self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
            self._write(data)
        self._file.flush()

    def _write(self, data: bytes) -> None:
        self._file.write(self._decoder.decode(data) if self._decoder else data)

    def leave(self) -> None:
        """The console is over. Who waits for a line cannot be woken: it closes the file after that."""

    def close(self) -> None:
        self._file.close()


def _pump(ends: Any, host: Host) -> int:
    near, far = host.socketpair()
    first = [True]  # of the two; the other one closes

    def close() -> None:
        try:
            first.pop()
        except IndexError:
            ends.close()

    def run() -> None:
        try:
            ends.begin()
        except (OSError, ValueError):
            near.close()
            ends.close()
            return
        host.spawn(_forward, lambda: near.recv(65536), ends.send, ends.leave, close)
        _forward(ends.receive, near.sendall, lambda: near.shutdown(socket.SHUT_WR), close)

    host.spawn(run)
    return far.detach()


def _forward(
    receive: Callable[[], bytes], send: Callable[[bytes], None], *ends: Callable[[], object]
) -> None:
    """Until one of the two is gone. What a client breaks off is no error of the application's."""
    try:
        while True:
            data = receive()
            if not data:
                break
            send(data)
    except (OSError, ValueError):
        pass
    finally:
        for end in ends:
            with contextlib.suppress(OSError, ValueError):
                end()
