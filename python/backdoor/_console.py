"""Consoles that are switched to, as greenlets are, where there are none: on threads."""
from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable, Dict, Optional

from . import _backdoor
from ._connection import Descriptor, peer_name, to_descriptor
from ._hosts import Host

if TYPE_CHECKING:
    from ._options import Options


def by_the_rules(arguments: Any, keywords: Any) -> Any:
    """What a greenlet's switch() hands over."""
    if keywords:
        return arguments, keywords
    if not arguments:
        return None
    return arguments[0] if len(arguments) == 1 else arguments


class ThreadConsole:
    """Its interpreter has a thread of its own and hands back at once: one switch() is all it
    needs. It is dead when its client has left."""

    def __init__(
        self,
        host: Host,
        desc: Any,
        hostport: Any,
        locals: Optional[Dict[str, Any]],
        options: Options,
    ) -> None:
        self.hostport = hostport
        self.locals = locals
        self._options: Dict[str, Any] = {**host.options(), **options}
        self._descriptor = Descriptor(to_descriptor(desc, host))
        self._close: Optional[Callable[[], None]] = None
        self._left = threading.Event()

    @property
    def dead(self) -> bool:
        """The console is over."""
        return self._left.is_set()

    def switch(self, *args: Any, **kwargs: Any) -> Any:
        """Starts the console, if it never ran, and returns None; where it is dead, the
        arguments: None, the only one, or all of them."""
        if self.dead:
            return by_the_rules(args, kwargs)
        if self._close is None:
            self._close = _backdoor.open_console(
                self._descriptor.take(), peer_name(self.hostport), self.locals, self._options,
                self._left.set,
            )
        return None
