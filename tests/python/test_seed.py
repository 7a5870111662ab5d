"""eventlet.backdoor's own names, on threads."""
import inspect
import io
import os
import socket
import subprocess
import threading
import time

import pytest

import backdoor
from client import Client


def serve(sock, locals=None):
    threading.Thread(target=backdoor.backdoor_server, args=(sock, locals), daemon=True).start()
    return sock.getsockname()


def test_parameters_are_called_as_eventlets_are():
    for call, names in ((backdoor.backdoor_server, ["sock", "locals"]),
                        (backdoor.backdoor, ["conn_info", "locals"]),
                        (backdoor.SocketConsole, ["desc", "hostport", "locals"])):
        assert list(inspect.signature(call).parameters) == names + ["options"]


def check_the_contract(one):
    """What eventlet's own test reads, line by line."""
    lines = one.banner.splitlines()
    assert "Python" in lines[0]
    assert lines[1].startswith('Type "help"')
    assert "InteractiveConsole" in lines[2] and len(lines) == 3
    assert one.run('print("hi")') == "hi\n"


@pytest.mark.parametrize("family, address", [
    (socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_INET6, ("::1", 0)), (socket.AF_INET6, ("::", 0))])
def test_server(family, address, capfd):
    at = serve(socket.create_server(address, family=family))
    with Client(("::1" if family == socket.AF_INET6 else at[0], at[1])) as one:
        check_the_contract(one)
    if family == socket.AF_INET:
        assert "backdoor server listening on 127.0.0.1:%d\n" % at[1] in capfd.readouterr().out


def test_server_on_a_unix_socket(tmp_path, capfd):
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(str(tmp_path / "door"))
    sock.listen()
    with Client(serve(sock)) as one:
        check_the_contract(one)
        out = capfd.readouterr().out
        assert "backdoor server listening on %s\n" % (tmp_path / "door") in out
        assert "backdoor opened\n" in out


def test_quick_connections_leave_the_server_up():
    at = serve(socket.create_server(("127.0.0.1", 0)))
    for _ in range(2):
        Client(at, greet=False).socket.close()
    with Client(at) as one:
        check_the_contract(one)


def test_end_of_input():
    at = serve(socket.create_server(("127.0.0.1", 0)))
    with Client(at) as one:
        one.socket.shutdown(socket.SHUT_WR)
        assert one.read_to_end() == "\nnow exiting InteractiveConsole...\n"


@pytest.fixture
def accepted():
    """A client, and the accepted connection to it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = Client(listener.getsockname(), greet=False)
        conn, address = listener.accept()
        with one:
            yield one, conn, address


def test_backdoor(accepted):
    one, conn, address = accepted
    backdoor.backdoor((conn, address), {"answer": 42})
    conn.close()
    one.read_until(">>> ")
    assert one.run("answer") == "42\n"


def test_a_socket_console_that_nobody_switches_to(accepted):
    one, conn, address = accepted
    console = backdoor.SocketConsole(conn, address, None)
    conn.close()
    del console
    assert one.read_to_end() == ""


@pytest.mark.parametrize("mode", ["rw", "rwb"])
def test_socket_console_on_a_file(accepted, mode):
    one, conn, address = accepted
    console = backdoor.SocketConsole(conn.makefile(mode), address, {"answer": 42})
    conn.close()
    assert not console.dead
    assert console.switch() is None
    one.read_until(">>> ")
    assert one.run("answer, 'ä€😀'") == "(42, 'ä€😀')\n"
    assert console.switch("ignored") is None
    one.send("exit()\n")
    one.socket.shutdown(socket.SHUT_WR)
    assert one.read_to_end() == ""
    assert console._left.wait(20) and console.dead
    assert console.switch() is None
    assert console.switch(1) == 1
    assert console.switch(1, 2) == (1, 2)
    assert console.switch(1, a=2) == ((1,), {"a": 2})


class Lines:
    """A file-like object of the application's own: lines in, text out."""

    def __init__(self, lines):
        self.lines = iter(lines)
        self.written = ""

    def readline(self):
        return next(self.lines, "")

    def write(self, text):
        self.written += text

    def flush(self):
        pass

    def close(self):
        self.over.set()


def test_any_file():
    lines = Lines(["answer\n", "'ä'\n"])
    lines.over = threading.Event()
    backdoor.SocketConsole(lines, (), {"answer": 42}).switch()
    assert lines.over.wait(20)
    assert lines.written.partition(">>> ")[2] == (
        "42\n>>> 'ä'\n>>> \nnow exiting InteractiveConsole...\n")


def serve_ssl(certificate):
    import ssl
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return serve(context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True))


def check_ssl(at, certificate):
    with Client(at, greet=False) as one:
        one.speak_tls(certificate[0])
        one.read_until(">>> ")
        assert one.run("print('x' * 100000)") == "x" * 100000 + "\n"
        one.send("exit()\n")
        assert one.read_to_end() == ""


def test_ssl(certificate, capfd):
    at = serve_ssl(certificate)
    check_ssl(at, certificate)
    assert "backdoor server listening on 127.0.0.1:%d\n" % at[1] in capfd.readouterr().out


def test_ssl_clients_that_do_not_shake_hands(certificate):
    at = serve_ssl(certificate)
    with Client(at, greet=False), Client(at, greet=False) as other:
        other.send("GET / HTTP/1.0\r\n\r\n")
        Client(at, greet=False).socket.close()
        check_ssl(at, certificate)


def test_no_more_ssl_clients_shake_hands_at_once_than_may(certificate, capfd):
    at = serve_ssl(certificate)
    silent = [Client(at, greet=False) for _ in range(64)]
    with Client(at, greet=False) as another:
        assert another.read_to_end() == ""
    assert "64 others are shaking hands" in capfd.readouterr().out
    for one in silent:
        one.socket.close()
    end = time.monotonic() + 20
    while True:  # until it has been seen that they have left
        try:
            check_ssl(at, certificate)
            break
        except OSError:
            assert time.monotonic() < end


@pytest.mark.skipif(os.getuid() != 0, reason="only root has other users")
def test_a_client_over_ssl_that_may_not_enter_leaves_the_server_up(certificate, capfd):
    at = serve_ssl(certificate)
    code = "import socket; print(socket.create_connection(%r, 60).recv(1))" % (at,)
    done = subprocess.run(["/usr/bin/python3", "-c", code], user=65534, capture_output=True, text=True)
    assert done.stdout == "b''\n", done
    assert "backdoor refused the client: " in capfd.readouterr().out
    check_ssl(at, certificate)


def test_wrong_sockets():
    with pytest.raises(TypeError, match="a listening socket is expected"):
        backdoor.backdoor_server("localhost:3000")
    with pytest.raises(TypeError, match="a connected socket or a file-like object"):
        backdoor.backdoor((7, ()))
    for no_pair in socket.socket(), None, ("a", "b", "c"):
        with pytest.raises(TypeError, match="a connected socket and its address are expected"):
            backdoor.backdoor(no_pair)
    closed = socket.socket()
    closed.close()
    with pytest.raises(backdoor.Error, match="closed already"):
        backdoor.backdoor((closed, ()))
    file = io.StringIO()
    file.close()
    with pytest.raises(backdoor.Error, match="the file is closed already"):
        backdoor.SocketConsole(file, (), None)
    with socket.socket() as lone, pytest.raises(backdoor.Error, match="no connected socket"):
        backdoor.backdoor((lone, ()))
