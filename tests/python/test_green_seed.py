"""eventlet.backdoor's names, and gevent's server, where there are greenlets: what their own tests say."""
import socket
import sys

import pytest

from client import PROMPT


@pytest.fixture(params=["eventlet", "gevent"])
def world(request):
    return request.param


def check_the_contract(one):
    version, help_line, banner = one.banner.splitlines()
    assert version.startswith("Python " + sys.version.split()[0])
    assert help_line.startswith('Type "help"') and banner == "(InteractiveConsole)"
    assert one.run('print("hi")') == "hi\n"


def test_backdoor_server(program, world):
    host = program("green_seed", world, "server")
    for _ in range(2):
        host.client(greet=False).socket.close()
    with host.client() as one, host.client() as other:
        check_the_contract(one)
        # The names are one dict for all, as eventlet's.
        one.run("given = 1; sleep(0)")
        assert other.run("given") == "1\n"
        assert one.run("import greenlet; greenlet.getcurrent().parent is not None") == "True\n"
        one.socket.shutdown(socket.SHUT_WR)
        assert one.read_to_end() == "\nnow exiting InteractiveConsole...\n"
        code, printed = host.stop()
    assert code == 0 and "CLOSED\n" in printed
    for line in "backdoor server listening on ", "backdoor to 127.0.0.1:", "backdoor closed to 127.0.0.1:":
        assert line in printed


def test_backdoor(program, world):
    host = program("green_seed", world, "backdoor")
    with host.client() as one, host.client() as other:
        check_the_contract(one)
        check_the_contract(other)
    assert host.stop()[0] == 0


@pytest.mark.parametrize("way", ["console", "file"])
def test_socket_console(program, world, way):
    host = program("green_seed", world, way)
    one = host.client()
    check_the_contract(one)
    assert one.run("greenlet.getcurrent() is console") == "True\n"
    one.send("exit()\n")
    one.socket.shutdown(socket.SHUT_WR)
    one.read_to_end()
    assert host.read_line_with("DEAD") == "DEAD None 1 (1, 2) ((1,), {'a': 2})\n"
    assert host.stop()[0] == 0


def test_ssl(program, world, certificate):
    host = program("green_seed", world, "ssl", *certificate)
    # One that says nothing, and one that speaks another language, keep nobody.
    with host.client(greet=False), host.client(greet=False) as plain:
        plain.send("GET / HTTP/1.0\r\n\r\n")
        for _ in range(2):
            with host.client(greet=False) as one:
                one.speak_tls(certificate[0])
                one.banner = one.read_until(PROMPT)
                check_the_contract(one)
                assert one.run("print('x' * 100000)") == "x" * 100000 + "\n"
                one.send("exit()\n")
                assert one.read_to_end() == ""
    assert host.stop()[0] == 0


def test_gevents_server(program):
    host = program("gevent_server")
    clients = [host.client() for _ in range(10)]
    for one in clients:
        assert one.banner == "Welcome stranger!\n"
        one.send("2+2\r\n")
    for one in clients:
        assert one.read_until(PROMPT) == "4\n"
        assert len(one.run('locals()["__builtins__"]')) < 300
    clients[0].run("given = 1")
    assert "NameError" in clients[1].run("given")
    assert clients[1].run("bad()") == "switching out\nGot Empty\nswitched in\n"
    # Their client closes with a byte unread, and is to see an end, no reset.
    for one, leave in zip(clients, [b"quit()\r\n)"] * 5 + [b"import sys; sys.exit(0)\r\n"] * 5):
        one.send(leave)
        assert one.read_to_end() == ""
        one.socket.close()
    assert host.stop() == (0, "STOPPED\n")
