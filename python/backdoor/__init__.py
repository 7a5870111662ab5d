"""The normal Python prompt inside a running Python process.

    import backdoor

    with backdoor.Server("localhost:3000", locals={"app": app}):
        app.run()

    $ telnet localhost 3000

Each console has a thread of its own, beside the application's, or is a greenlet on the hub of eventlet
or gevent. The names of eventlet.backdoor are
here too: ``backdoor_server``, ``backdoor`` and ``SocketConsole`` take what eventlet's take.
"""
from ._backdoor import AuditEvent, Error
from ._backdoor import version as __version__
from ._options import Options
from ._seed import SocketConsole, backdoor, backdoor_server
from ._server import Server, on_signal

__all__ = [
    "AuditEvent", "Error", "Options", "Server", "SocketConsole", "backdoor", "backdoor_server",
    "on_signal",
]
