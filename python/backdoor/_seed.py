"""eventlet.backdoor's own names."""
from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any, Dict, Optional, Tuple

from . import _hosts
from ._backdoor import Error, check, log_line
from ._connection import is_plain_socket, peer_name
from ._server import Server

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._options import Options


def backdoor_server(
    sock: Any, locals: Optional[Dict[str, Any]] = None, **options: Unpack[Options]
) -> None:
    """Runs a backdoor server on the listening socket *sock*, and blocks the caller meanwhile.

    *locals* are the names the consoles start with, further keywords those of backdoor.Options. The
    socket is closed at the end. Of an SSL socket's clients 64 may shake hands at the same time, within
    30 seconds; others are refused meanwhile.
    """
    if not hasattr(sock, "accept"):
        raise TypeError("a listening socket is expected, not %r; try backdoor.Server" % (sock,))
    host = _hosts.find(sock)
    host.require_blocking()
    try:
        if is_plain_socket(sock):
            chosen: dict[str, Any] = {**host.seed_options(locals), **options}
            with Server(sock, locals, host=host.name, **chosen):
                host.wait_for_ever()
        _accept_for_ever(sock, locals, options)
    finally:
        sock.close()


def _accept_for_ever(sock: Any, locals: Optional[Dict[str, Any]], options: Options) -> None:
    """Its clients come through its own accept(), as those of an SSL socket must."""
    if hasattr(sock, "do_handshake_on_connect"):
        # Not here, where all others would wait for one that says nothing.
        sock.do_handshake_on_connect = False
    check(locals, dict(options))
    log = options.get("log") or log_line
    at = sock.getsockname()
    log("backdoor server listening on %s" % (peer_name(at) or at))
    while True:
        try:
            conn, address = sock.accept()
        except OSError as failure:
            if _is_of_the_client(failure):
                continue
            raise
        with conn:
            try:
                backdoor((conn, address), locals, **options)
            except (Error, OSError, RuntimeError) as failure:  # the last: no thread is to be had
                log(str(failure))


def _is_of_the_client(failure: OSError) -> bool:
    """And not of the listener."""
    return (
        isinstance(failure, ConnectionError)
        or failure.errno == errno.ENOTCONN
        or type(failure).__module__ == "ssl"
    )


def backdoor(
    conn_info: Tuple[Any, Any],
    locals: Optional[Dict[str, Any]] = None,
    **options: Unpack[Options],
) -> None:
    """Gives one connected client, *conn_info* as accept() returns it, a console.

    Returns at once. Meant to be called in an accept loop, as backdoor_server is one; the caller
    closes its socket.
    """
    try:
        conn, address = conn_info
    except (TypeError, ValueError):
        raise TypeError(
            "a connected socket and its address are expected, as accept() returns them, not %r"
            % (conn_info,)
        ) from None
    _hosts.find(conn).serve(conn, address, locals, options)


def SocketConsole(
    desc: Any, hostport: Any, locals: Optional[Dict[str, Any]], **options: Unpack[Options]
) -> Any:
    """A console for the client behind *desc*, a connected socket or a file-like object.

    *hostport* is what the log calls it, a tuple of host and port, or empty. The console starts
    with the first ``switch()``. In a program of eventlet's or gevent's it is the greenlet that the
    interpreter runs in. Elsewhere the interpreter has a thread of its own and switch() returns at once.
    A file is closed when its client has ended its input, and the console is over.
    """
    return _hosts.find(desc).console(desc, hostport, locals, options)
