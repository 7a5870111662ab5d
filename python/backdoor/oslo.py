"""oslo.service's eventlet_backdoor, for services on native threads.

    from backdoor import oslo as backdoor_of_oslo
    backdoor_of_oslo.initialize_if_enabled(conf)

The same options, and at the prompt the same helpers: fo(), pgt(), pnt(), prof(); exit() ends the
console alone. Nothing global is changed.
"""
from __future__ import annotations

import gc
import logging
import os
import sys
import tempfile
import traceback
from types import FrameType
from typing import Any, Callable, Dict, List, Optional, Tuple, Union

from ._backdoor import Error
from ._server import Server

LOG = logging.getLogger(__name__)

__all__ = ["initialize_if_enabled"]

_server: Optional[Server] = None


def initialize_if_enabled(conf: Any) -> Union[int, str, None]:
    """Opens the backdoor that *conf* asks for, and returns its port or the path of its socket.

    None where it asks for none. backdoor_port is a port, 0 for any, or a range a:b of which the
    first free one is taken; backdoor_socket is a path in which {pid} is filled in. Raises
    ValueError for a port that is none, backdoor.Error where it cannot listen. Registers the two
    options with *conf*, where that has not been done.
    """
    global _server
    _register(conf)
    port, path = conf.backdoor_port, conf.backdoor_socket
    if port is None and path is None:
        return None
    if _server is not None and _server.is_running:
        _server.stop()
    _server = _start_at_path(path) if path is not None else _start_in_range(str(port))
    where = _server.port or _server.address
    LOG.info("Backdoor listening on %s for process %d", where, os.getpid())
    return where


def _register(conf: Any) -> None:
    cfg: Any = sys.modules.get("oslo_config.cfg")
    if cfg is None or not isinstance(conf, cfg.ConfigOpts):
        return
    # The very ones, where they are: others of the same name could not be registered after these.
    options: Any = sys.modules.get("oslo_service._options")
    for one in getattr(options, "eventlet_backdoor_opts", None) or [
        cfg.StrOpt("backdoor_port", help="Enables a backdoor: a port, 0 for any, or a range a:b."),
        cfg.StrOpt("backdoor_socket", help="Enables one on a unix socket; {pid} is filled in."),
    ]:
        if one.dest not in conf:
            conf.register_opt(one)


def _start_at_path(path: str) -> Server:
    return _new_server("unix:" + path).start()


def _start_in_range(text: str) -> Server:
    first, last = _port_range(text)
    for port in range(first, last):
        try:
            return _new_server("localhost:%d" % port).start()
        except Error:
            continue  # in use
    return _new_server("localhost:%d" % last).start()


def _port_range(text: str) -> Tuple[int, int]:
    first, colon, last = text.partition(":")
    try:
        ports = int(first), int(last if colon else first)
    except ValueError:
        ports = 1, 0
    if not 0 <= ports[0] <= ports[1] <= 65535:
        raise ValueError(
            "backdoor_port is %r; give a port, 0 for any free one, or a range as 3000:3010" % text
        )
    return ports


def _new_server(address: str) -> Server:
    helpers: Dict[str, Callable[..., Any]] = {
        "fo": _find_objects,
        "pgt": _print_green_threads,
        "pnt": _print_native_threads,
        "prof": _profile,
    }
    return Server(address, dict(helpers), log=LOG.info)


def _find_objects(kind: type) -> List[Any]:
    """All objects of a type that the garbage collector knows."""
    # type(), not isinstance(): asking a proxy for its class may run the application's code.
    return [one for one in gc.get_objects() if issubclass(type(one), kind)]


def _print_green_threads(simple: bool = True) -> None:
    """What runs here beside other things: greenlets, asyncio's tasks, and threads. With False, and what
    their variables are."""
    greenlet: Any = sys.modules.get("greenlet")
    if greenlet is not None:
        for one in _find_objects(greenlet.greenlet):
            print(one)
            _print_stack(one.gr_frame, simple)
    asyncio: Any = sys.modules.get("asyncio")
    if asyncio is not None:
        for task in _find_objects(asyncio.Task):
            if not task.done():
                print(task)
                for frame in task.get_stack():
                    _print_stack(frame, simple)
    _print_native_threads(simple)


def _print_native_threads(simple: bool = True) -> None:
    """Every thread, and where it is. With False, and what its variables are."""
    for number, frame in sys._current_frames().items():
        print(number)
        _print_stack(frame, simple)


def _print_stack(frame: Optional[FrameType], simple: bool) -> None:
    if frame is not None:
        frames = traceback.walk_stack(frame)
        stack = traceback.StackSummary.extract(frames, capture_locals=not simple)
        stack.reverse()
        print("".join(stack.format()), end="")
    print()


def _profile(name: str = "") -> None:
    """prof() begins to measure what the threads compute; prof("name") ends that, and writes name.prof,
    for pstats, to the folder for temporary files."""
    try:
        import yappi
    except ImportError:
        raise Error("backdoor: prof() needs yappi; install it (Debian: python3-yappi)") from None
    if not name:
        yappi.set_clock_type("cpu")
        yappi.start()
        return
    yappi.stop()
    path = os.path.join(tempfile.gettempdir(), name + ".prof")
    try:
        yappi.get_func_stats().save(path, "pstat")
        print(path)
    finally:
        yappi.clear_stats()
