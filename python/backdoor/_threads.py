"""A process of threads: consoles are threads of their own beside it."""
from __future__ import annotations

import socket
import threading
from typing import Any, Callable, ContextManager, Dict, Tuple

from ._hosts import Host


class Threads(Host):
    name = "threads"

    def options(self) -> Dict[str, Any]:
        return {}

    def spawn(self, function: Callable[..., object], *arguments: Any) -> None:
        threading.Thread(target=function, args=arguments, name="backdoor", daemon=True).start()

    def socketpair(self) -> Tuple[Any, socket.socket]:
        return socket.socketpair()

    def lock(self) -> ContextManager[object]:
        return threading.Lock()

    def wait_for_ever(self) -> None:
        threading.Event().wait()


def host() -> Host:
    return Threads()
