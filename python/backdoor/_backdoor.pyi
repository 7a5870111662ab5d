from typing import Any, Callable, Dict, NamedTuple, Optional, Union

version: str

class Error(RuntimeError):
    """Something that was asked for cannot be done; the message names the thing and the remedy."""

class AuditEvent(NamedTuple):
    """One thing that happened at a server's door or at one of its prompts."""

    event: str
    time: float
    server: str
    session: int
    peer: str
    user: str
    text: str
    seconds: float

class Server:
    def __init__(
        self,
        address_or_descriptor: Union[str, int],
        locals: Optional[Dict[str, Any]],
        options: Dict[str, Any],
    ) -> None: ...
    @property
    def address(self) -> str: ...
    @property
    def port(self) -> int: ...
    def stop(self) -> None: ...

def open_console(
    descriptor: int,
    peer: str,
    locals: Optional[Dict[str, Any]],
    options: Dict[str, Any],
    gone: Optional[Callable[[], object]],
) -> Callable[[], None]: ...
def refusal(descriptor: int) -> str: ...
def check(locals: Optional[Dict[str, Any]], options: Dict[str, Any]) -> None: ...
def log_line(text: str) -> None: ...

class Hub:
    def __init__(
        self,
        current: Callable[[], Any],
        wait: Callable[[], object],
        watch: Callable[[int, Callable[[], object]], Callable[[], object]],
        greenlet: Any,
        exit: type,
    ) -> None: ...
    def fileno(self) -> int: ...
    def attend(self) -> bool: ...
    def call_soon(self, function: Callable[[], object]) -> None: ...
    def close(self) -> None: ...
