"""backdoor.oslo: oslo's options and helpers, on native threads."""
import asyncio
import builtins
import os
import socket
import sys
import threading
import types

import pytest
from oslo_config import cfg
from oslo_service import _options as options

from backdoor import oslo
from client import Client


@pytest.fixture(autouse=True)
def stopped():
    yield
    if oslo._server is not None:
        oslo._server.stop()


def conf(port=None, path=None):
    return types.SimpleNamespace(backdoor_port=port, backdoor_socket=path)


def test_not_enabled():
    assert oslo.initialize_if_enabled(conf()) is None


def test_any_port():
    port = oslo.initialize_if_enabled(conf("0"))
    with Client(("127.0.0.1", port)) as one:
        assert one.run("1 + 1") == "2\n"


def test_a_range_whose_first_ports_are_in_use():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1]
        assert oslo.initialize_if_enabled(conf("%d:%d" % (first, first + 50))) > first
        with pytest.raises(oslo.Error, match="in use"):
            oslo.initialize_if_enabled(conf(str(first)))


def test_a_socket(tmp_path):
    path = oslo.initialize_if_enabled(conf(path=str(tmp_path / "door-{pid}")))
    assert path == str(tmp_path / ("door-%d" % os.getpid()))
    with Client(path) as one:
        assert one.run("1 + 1") == "2\n"


@pytest.mark.parametrize("text", ["x", "2:1", "1:x", "-1", "70000"])
def test_no_port(text):
    with pytest.raises(ValueError, match="backdoor_port is"):
        oslo.initialize_if_enabled(conf(text))


@pytest.mark.parametrize("registered", [True, False])
def test_with_oslos_own_options(registered, tmp_path):
    file = tmp_path / "service.conf"
    file.write_text("[DEFAULT]\nbackdoor_port = 0\n")
    real = cfg.ConfigOpts()
    if registered:
        real.register_opts(options.eventlet_backdoor_opts)
    real(["--config-file", str(file)], project="x")
    assert oslo.initialize_if_enabled(real) > 0
    # What is theirs may come later, too.
    real.register_opts(options.eventlet_backdoor_opts)


class Found:
    pass


def test_the_helpers():
    one_of_them = Found()
    started, end = threading.Event(), threading.Event()

    async def waiting_task():
        started.set()
        while not end.is_set():
            await asyncio.sleep(0.01)

    loop = threading.Thread(target=asyncio.run, args=(waiting_task(),))
    loop.start()
    try:
        assert started.wait(20)
        port = oslo.initialize_if_enabled(conf("0"))
        with Client(("127.0.0.1", port)) as one:
            one.run("import sys")
            assert "Found object" in one.run("fo(sys.modules[%r].Found)" % __name__)
            shown = one.run("pgt()")
            assert "waiting_task" in shown and __file__ in shown
            assert str(threading.get_ident()) in one.run("pnt()")
    finally:
        end.set()
        loop.join()
    del one_of_them


def test_exit_ends_the_console_alone_and_nothing_global_changes():
    hook, names = sys.displayhook, set(vars(builtins))
    port = oslo.initialize_if_enabled(conf("0"))
    with Client(("127.0.0.1", port)) as one:
        one.run("7")
        one.send("exit()\n")
        assert one.read_to_end() == ""
    with Client(("127.0.0.1", port)) as one:
        assert one.run("1 + 1") == "2\n"
    oslo._server.stop()
    assert sys.displayhook is hook and set(vars(builtins)) == names
