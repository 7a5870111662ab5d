"""gevent.backdoor's server.

    from backdoor.gevent import BackdoorServer

    server = BackdoorServer(("127.0.0.1", 5001), locals={"app": app}, banner="Hello")
    server.start()
"""
from __future__ import annotations

from typing import Any, Dict, Optional

from . import _hosts
from ._server import Server

__all__ = ["BackdoorServer"]


class BackdoorServer(Server):
    """A server whose consoles are greenlets on gevent's hub, as gevent.backdoor's.

    *listener* is an address, ``(host, port)`` or what backdoor.Server takes, or a listening socket.
    *locals* are the names that each client gets a copy of, *banner* what it sees first. Further
    keywords are those of backdoor.Options. It logs nothing where *log* is not given.
    """

    def __init__(
        self,
        listener: Any,
        locals: Optional[Dict[str, Any]] = None,
        banner: Optional[str] = None,
        **options: Any,
    ) -> None:
        if isinstance(listener, tuple):
            host, port = listener[:2]
            listener = "%s:%d" % ("[%s]" % host if ":" in host else host, port)
        if banner:
            options["banner"] = banner + "\n"
        options.setdefault("log", lambda line: None)
        super().__init__(listener, locals, host="gevent", **options)

    @property
    def server_port(self) -> int:
        """The TCP port it listens at."""
        return self.port

    def serve_forever(self) -> None:
        """Starts it, and blocks the calling greenlet."""
        with self:
            _hosts.named("gevent").wait_for_ever()
