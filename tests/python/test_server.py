"""backdoor.Server and on_signal, on threads."""
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

import backdoor
from client import Client, LIMIT


@pytest.fixture
def server():
    with backdoor.Server("localhost:0", {"answer": 42}, log=lambda line: None) as running:
        yield running


def eventually(condition):
    limit = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.005)


def test_a_prompt(server):
    with Client(server.address) as one:
        assert one.banner.startswith("Python " + sys.version.split()[0])
        assert one.banner.endswith("(InteractiveConsole)\n")
        assert one.run("answer") == "42\n"


def test_consoles_are_in_this_process_beside_its_threads(server):
    with Client(server.address) as one:
        assert one.run("import os, threading; os.getpid()") == "%d\n" % os.getpid()
        assert one.run("threading.current_thread() is threading.main_thread()") == "False\n"


def test_each_console_has_names_of_its_own(server):
    with Client(server.address) as one, Client(server.address) as other:
        one.run("answer = 1; mine = 2")
        assert other.run("answer") == "42\n"
        assert "NameError" in other.run("mine")


def test_shared_names():
    names = {}
    with backdoor.Server("localhost:0", names, share_locals=True, log=lambda line: None) as server:
        with Client(server.address) as one:
            one.run("given = 1")
    assert names["given"] == 1


def test_the_application_keeps_its_streams(server, capsys):
    with Client(server.address) as one:
        assert one.run("print('of the console')") == "of the console\n"
        print("of the application")
        assert one.run("1") == "1\n"
    assert capsys.readouterr().out == "of the application\n"


def test_interrupt(server):
    with Client(server.address) as one:
        one.send("print('begun'); exec('while True: pass')\n")
        one.read_until("begun\n")
        one.send(b"\x03")
        assert one.read_until(">>> ").endswith("KeyboardInterrupt\n")


def test_a_log_function_that_blocks_delays_no_interrupt():
    over = threading.Event()
    with backdoor.Server("localhost:0", log=lambda line: over.wait(2 * LIMIT)) as server:
        with Client(server.address) as one:
            one.send("print('begun'); exec('while True: pass')\n")
            one.read_until("begun\n")
            one.send(b"\x03")
            assert one.read_until(">>> ").endswith("KeyboardInterrupt\n")
        over.set()


def test_no_more_lines_wait_for_a_log_function_that_blocks_than_may():
    over = threading.Event()
    lines = []

    def log(line):
        over.wait(2 * LIMIT)
        lines.append(line)

    with backdoor.Server("localhost:0", log=log) as server:
        for _ in range(12_000):  # a line each, at least
            Client(server.address, greet=False).socket.close()
        with Client(server.address) as one:
            assert one.run("6 * 7") == "42\n"
        over.set()
        end = time.monotonic() + LIMIT
        while not (lost := [line for line in lines[:] if "log lines were lost" in line]):
            assert time.monotonic() < end
            time.sleep(0.01)
    assert 2000 <= int(lost[0].split()[1]) <= 14_010


def test_the_switch_interval_is_lowered_only_while_a_command_runs(server):
    before = sys.getswitchinterval()
    with Client(server.address) as one:
        assert float(one.run("import sys; sys.getswitchinterval()")) < before
        assert sys.getswitchinterval() == before


def test_an_application_may_have_a_long_switch_interval(server):
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)  # longer than any test waits
    try:
        with Client(server.address) as one, Client(server.address) as other:
            one.run("class Endless(Exception):\n    def __str__(self):\n        print('begun')\n"
                    "        while True: n = 1\n")
            for command in "print('begun'); exec('while True: pass')", "raise Endless":
                one.send(command + "\n")
                one.read_until("begun\n")
                assert other.run("6 * 7") == "42\n"
                one.send(b"\x03")
                one.read_until(">>> ")
        assert sys.getswitchinterval() == 1000
    finally:
        sys.setswitchinterval(before)


def test_a_switch_interval_the_application_sets_meanwhile_stays(server):
    before = sys.getswitchinterval()
    try:
        with Client(server.address) as one:
            one.run("import sys; sys.setswitchinterval(0.25)")
            assert sys.getswitchinterval() == 0.25
    finally:
        sys.setswitchinterval(before)


def test_log_lines():
    lines = []
    with backdoor.Server("localhost:0", log=lines.append) as server:
        with Client(server.address) as one:
            peer = "%s:%d" % one.socket.getsockname()
        eventually(lambda: len(lines) == 3)
    assert lines == ["backdoor server listening on " + server_address(lines),
                     "backdoor to " + peer, "backdoor closed to " + peer]


def server_address(lines):
    return lines[0].rpartition(" ")[2]


def test_start_and_stop_again():
    server = backdoor.Server("localhost:0", log=lambda line: None)
    assert not server.is_running and server.address == "" and server.port == 0
    server.start()
    assert server.start() is server and server.is_running
    address = server.address
    server.stop()
    server.stop()
    assert not server.is_running
    with pytest.raises(ConnectionRefusedError):
        Client(address)
    server.start()
    Client(server.address).socket.close()
    server.stop()


def test_unix_socket_with_the_process_number(tmp_path):
    path = tmp_path / "door-{pid}"
    with backdoor.Server(str(path), log=lambda line: None) as server:
        assert server.address == str(tmp_path / ("door-%d" % os.getpid())) and server.port == 0
        assert os.stat(server.address).st_mode & 0o777 == 0o600
        with Client(server.address) as one:
            assert one.run("1 + 1") == "2\n"
    assert not os.path.exists(server.address or str(path))


def test_a_listening_socket():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        with backdoor.Server(sock, log=lambda line: None) as server:
            with Client(sock.getsockname()) as one:
                assert one.run("1 + 1") == "2\n"


def test_banner():
    with backdoor.Server("localhost:0", banner="Hello\n", log=lambda line: None) as server:
        assert Client(server.address).banner == "Hello\n"


def test_the_process_ends_with_a_command_that_runs(program):
    host = program("threads")
    one = host.client()
    one.send("print('begun'); exec('while True: pass')\n")
    one.read_until("begun\n")
    assert host.stop()[0] == 0


def test_an_interrupted_exec_does_not_end_the_process_as_a_signal_would(program):
    host = program("threads")
    with host.client() as one:
        one.send("exec('print(\"begun\")\\nwhile True: pass')\n")
        one.read_until("begun\n")
        one.send(b"\x03")
        assert one.read_until(">>> ").endswith("KeyboardInterrupt\n")
    assert host.stop()[0] == 0


def test_on_signal():
    with pytest.raises(backdoor.Error, match="SIGINT has a handler already"):
        backdoor.on_signal(signal.SIGINT, "localhost:0")
    server = backdoor.on_signal(signal.SIGUSR2, "localhost:0", {"answer": 42},
                                log=lambda line: None)
    try:
        assert not server.is_running
        signal.raise_signal(signal.SIGUSR2)
        with Client(server.address) as one:
            assert one.run("answer") == "42\n"
    finally:
        signal.signal(signal.SIGUSR2, signal.SIG_DFL)
        server.stop()


def test_a_signal_that_starts_nothing_harms_nobody(capfd):
    lines = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for options in {}, {"log": lines.append}:
            server = backdoor.on_signal(signal.SIGUSR2, "127.0.0.1:%d" % taken.getsockname()[1], **options)
            try:
                signal.raise_signal(signal.SIGUSR2)
                assert not server.is_running
            finally:
                signal.signal(signal.SIGUSR2, signal.SIG_DFL)
    assert lines == capfd.readouterr().out.splitlines()
    assert lines[0].startswith("backdoor not started: cannot listen on 127.0.0.1:")


IS_MAIN = "threading.get_ident() == threading.main_thread().ident"
ON_LOOP = "turn(asyncio.get_running_loop).is_running()"


@pytest.mark.parametrize("world, check", [
    ("threads", "not " + IS_MAIN), ("asyncio", ON_LOOP), ("uvloop", ON_LOOP), ("eventlet", IS_MAIN),
    ("gevent", IS_MAIN)])
def test_a_signal_finds_the_world_it_comes_to(program, world, check):
    host = program("on_signal", world)
    host.process.send_signal(signal.SIGUSR2)
    host.read_line_with("backdoor server listening on " + host.address)
    with host.client() as one:
        one.run("import asyncio, threading")
        assert one.run(check) == "True\n"


@pytest.mark.parametrize("address, message", [
    ("localhost:99999", "is no port"),
    ("192.0.2.1:0", "opened to the network only for clients with keys"),
    ("/nowhere/at/all", "No such file"),
])
def test_wrong_addresses(address, message):
    with pytest.raises(backdoor.Error, match=message):
        backdoor.Server(address).start()


def test_wrong_sockets():
    for address in 7, ("localhost", 3000), None:
        with pytest.raises(TypeError, match='an address as "localhost:3000".*or a listening socket'):
            backdoor.Server(address)
    with socket.socket() as sock, pytest.raises(backdoor.Error, match="call listen"):
        backdoor.Server(sock).start()
    with pytest.raises(backdoor.Error, match="closed already"):
        backdoor.Server(sock).start()


def test_wrong_locals_and_host():
    with pytest.raises(TypeError, match="locals must be a dict"):
        backdoor.Server("localhost:0", ["x"])
    with pytest.raises(ValueError, match="no host 'moon'"):
        backdoor.Server("localhost:0", host="moon")


def test_wrong_options_are_told_where_they_are_given():
    with pytest.raises(TypeError, match="no option 'nonsense'"):
        backdoor.Server("localhost:0", nonsense=1)
    with pytest.raises(ValueError, match="option 'idle_limit': seconds"):
        backdoor.on_signal(signal.SIGUSR2, "localhost:0", idle_limit=-1)
    assert signal.getsignal(signal.SIGUSR2) is signal.SIG_DFL


@pytest.mark.parametrize("program, expected", [
    ("import eventlet", "threads"),
    ("import oslo_service.service", "threads"),
    ("import eventlet; eventlet.sleep(0)", "eventlet"),
    ("import eventlet; eventlet.spawn(print)", "eventlet"),
    ("import eventlet.hubs; eventlet.hubs.use_hub()", "eventlet"),
    ("import eventlet; eventlet.monkey_patch()", "eventlet"),
    ("import gevent", "threads"),
    ("import gevent; gevent.sleep(0)", "gevent"),
    ("import gevent.monkey; gevent.monkey.patch_all()", "gevent"),
])
@pytest.mark.parametrize("loop", [False, True], ids=["", "on_a_loop"])
def test_the_host_is_what_runs(program, expected, loop):
    """To import a library is not to use it."""
    if loop:
        program += "; import asyncio; asyncio.run(find())"
        expected = "asyncio" if expected == "threads" else expected
    code = ("from backdoor import _hosts\nasync def find(): print(_hosts.find().name)\n" +
            program + ("" if loop else "; print(_hosts.find().name)"))
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True,
                          timeout=LIMIT)
    assert done.stdout.strip() == expected, done


def test_nothing_is_imported_that_the_application_did_not_import(program):
    with program("threads").client() as one:
        one.run("import sys")
        assert one.run("[m for m in ('asyncio', 'eventlet', 'gevent', 'greenlet') "
                       "if m in sys.modules]") == "[]\n"


@pytest.mark.parametrize("world", ["threads", "eventlet", "gevent"])
def test_a_forked_child_has_no_console_unless_told(program, world):
    host = program("forking", world)
    with host.client() as one:
        pid = int(one.run("import os; os.getpid()"))
        child = host.read_line_with("CHILD ").split()[1]
        with Client(child) as other:
            assert int(other.run("import os; os.getppid()")) == pid
            other.send("print('begun'); exec('while True: pass')\n")
            other.read_until("begun\n")
            other.send(b"\x03")
            assert other.read_until(">>> ").endswith("KeyboardInterrupt\n")
        assert one.run("1 + 1") == "2\n"
    assert host.stop()[0] == 0


def test_what_was_typed_is_found_in_the_programs_main_module(program):
    host = program("threads")
    with host.client() as one:
        one.run("import __main__, pickle, types")
        one.send("class A: pass\n\n")
        one.read_until(">>> ")
        assert one.run("type(pickle.loads(pickle.dumps(A()))) is __main__.A is A") == "True\n"
        assert one.run("__main__.server.is_running") == "True\n"
        assert "has no attribute 'nonsense'" in one.run("__main__.nonsense")
        assert one.run("'A' in vars(__main__)") == "False\n"
        assert one.run("A = 1; __main__.A = 2; A, __main__.A") == "(1, 2)\n"
    with host.client() as one:
        assert one.run("import __main__; __main__.A") == "2\n"
    assert host.stop()[0] == 0


def test_the_main_module_is_given_back(server):
    main = sys.modules["__main__"]
    with Client(server.address) as one:
        one.run("1")
        assert type(main) is not type(sys.modules["os"])
    eventually(lambda: type(main) is type(sys.modules["os"]))


def test_workers_of_multiprocessing_have_consoles_of_their_own(program):
    host = program("workers")
    with host.client() as one:
        parent = int(one.run("import os; os.getpid()"))
        for _ in range(2):
            _, pid, address = host.read_line_with("WORKER ").split()
            with Client(address) as other:
                assert other.run("import os; os.getpid(), os.getppid()") == (
                    "(%s, %d)\n" % (pid, parent))
        assert one.run("1 + 1") == "2\n"
    assert host.stop()[0] == 0


def test_a_socket_of_datagrams():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        with pytest.raises(backdoor.Error, match="no listening socket"):
            backdoor.Server(sock).start()
