"""Which world a console lives in, and what that world lends it."""
from __future__ import annotations

import _thread
import importlib
import os
import socket
import sys
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Dict, Optional, Tuple

if TYPE_CHECKING:
    from ._options import Options


class Host:
    """One world. Its methods are called on the thread that starts a server or a console."""

    name: str

    def console(
        self, desc: Any, hostport: Any, locals: Optional[Dict[str, Any]], options: Options
    ) -> Any:
        """A SocketConsole of this world."""
        from ._console import ThreadConsole

        return ThreadConsole(self, desc, hostport, locals, options)

    def serve(
        self, desc: Any, hostport: Any, locals: Optional[Dict[str, Any]], options: Options
    ) -> None:
        """Gives a client a console, and returns at once."""
        self.console(desc, hostport, locals, options).switch()

    def seed_options(self, locals: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        """What else is chosen where eventlet.backdoor's own names are used."""
        return {}

    def options(self) -> Dict[str, Any]:
        """What the extension is told about it."""
        raise NotImplementedError

    def spawn(self, function: Callable[..., object], *arguments: Any) -> None:
        """Runs a function beside the caller."""
        raise NotImplementedError

    def socketpair(self) -> Tuple[Any, socket.socket]:
        """A socket for functions that are spawned, and a plain one, connected to each other."""
        raise NotImplementedError

    def lock(self) -> ContextManager[object]:
        """A lock between functions that are spawned; nothing where they do not run at once."""
        raise NotImplementedError

    def require_blocking(self) -> None:
        """Raises backdoor.Error where a call that blocks would stop more than its caller."""

    def expect_signal(self) -> None:
        """One will start a server here."""

    def wait_for_ever(self) -> None:
        """Lets the rest of this world run, until an exception comes."""
        raise NotImplementedError


_modules = {
    "threads": "_threads",
    "asyncio": "_asyncio",
    "eventlet": "_eventlet",
    "gevent": "_gevent",
}


def check_name(name: str) -> None:
    """Raises ValueError where there is no host of that name."""
    if name not in _modules:
        raise ValueError("no host %r; there are %s" % (name, ", ".join(sorted(_modules))))


def named(name: str) -> Host:
    """The host of that name. Raises ValueError where there is none."""
    check_name(name)
    host = importlib.import_module("." + _modules[name], __package__).host()
    assert isinstance(host, Host)
    return host


def find(sock: Optional[object] = None) -> Host:
    """The host of a socket, or where there is none, of the code that calls."""
    name = _name_of_socket(sock) or _name_of_hub()
    return named(name or ("asyncio" if loop_runs() else "threads"))


def loop_runs() -> bool:
    """An asyncio loop runs in the calling thread."""
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None


def _name_of_socket(sock: Optional[object]) -> str:
    worlds = [kind.__module__.partition(".")[0] for kind in type(sock).__mro__]
    return next((world for world in worlds if world in _modules), "")


def _name_of_hub() -> str:
    """Whose hub the calling thread has. One that was patched has it, or will, when it waits."""
    hubs: Any = sys.modules.get("eventlet.hubs")
    patcher: Any = sys.modules.get("eventlet.patcher")
    if hubs is not None and _has_eventlets(hubs._threadlocal):
        return "eventlet"
    if patcher is not None and patcher.is_monkey_patched("socket") and _is_main_thread():
        return "eventlet"
    local: Any = sys.modules.get("gevent._hub_local")
    monkey: Any = sys.modules.get("gevent.monkey")
    if local is not None and local.get_hub_if_exists() is not None:
        return "gevent"
    if monkey is not None and monkey.is_module_patched("socket") and _is_main_thread():
        return "gevent"
    return ""


def _has_eventlets(local: Any) -> bool:
    """A hub that runs or is to run: the mere import of eventlet makes one, which may never do so."""
    hub = getattr(local, "hub", None)
    if hub is None:
        # As after use_hub(), with which a forked worker gets rid of its parent's.
        return hasattr(local, "Hub")
    return bool(hub.running or hub.timers or hub.next_timers)


def _is_main_thread() -> bool:
    # The system's number of it: what threading says is patched, too.
    return _thread.get_native_id() == os.getpid()
