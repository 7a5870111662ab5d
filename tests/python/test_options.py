"""Every option of the library is one of the package, and does here what it does there."""
import json
import os
import pathlib
import pydoc
import queue
import re
import socket
import ssl
import subprocess
import sys
import threading

import pytest

import backdoor
from client import Client, LIMIT

HEADER = pathlib.Path(__file__).parents[2] / "include" / "backdoor" / "options.hpp"
EXAMPLES = {
    "executor": lambda work: work(), "loop": None, "share_locals": True, "preload": True,
    "log": lambda line: None, "source_in_tracebacks": True, "banner": "Hello\n", "history_file": "",
    "slow_command": 0.5, "telnet": "never", "allowed_users": ["root", 0],
    "allowed_groups": ("root",), "token": "0123456789abcdef",
    "tls_certificate": "", "tls_key": "", "tls_client_ca": "", "tls_allowed_names": [],
    "ssh_authorized_keys": "", "ssh_host_key": "",
    "max_handshakes": 7, "max_handshake_rate": 7, "audit_log": "", "audit_required": True,
    "audit": lambda event: None, "max_connections": 7, "max_connections_per_peer": 7,
    "max_input": 1000, "max_output": 1000, "login_limit": 7, "command_limit": 7.5, "idle_limit": 7,
    "output_stall": 7, "editor_wait": 0.5, "turn_budget": 0.5, "turn_wait": 7, "stall_limit": 7,
    "time_slice": 0.001,
    "shutdown_limit": 7,
}
HIDDEN = ["hub"]  # given by the package itself


def fields():
    """The names of the header's members: those of declarations with an initializer."""
    text = re.sub(r"//.*", "", HEADER.read_text())
    body = re.search(r"struct options {(.*)^};", text, re.S | re.M).group(1)
    names = [re.search(r"(\w+)\s*(?:=|{)", one).group(1)
             for one in re.split(r";", body) if one.strip()]
    assert len(names) == body.count(";") > 20
    return [name for name in names if name not in HIDDEN]


def test_all_of_them_are_there():
    assert list(backdoor.Options.__annotations__) == fields()


@pytest.mark.parametrize("name", fields())
def test_each_is_taken(name):
    options = {"log": lambda line: None, name: EXAMPLES[name]}
    backdoor.Server("localhost:0", **options).start().stop()


def test_the_seeds_calls_take_them_too():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = Client(listener.getsockname(), greet=False)
        conn, address = listener.accept()
        with one, conn:
            backdoor.backdoor((conn, address), banner="Hello\n", log=lambda line: None)
            assert one.read_until(">>> ") == "Hello\n"


@pytest.mark.parametrize("options, message", [
    ({"nonsense": 1}, "no option 'nonsense'"),
    ({"max_input": "much"}, "option 'max_input'"),
    ({"turn_wait": -1}, "option 'turn_wait': seconds"),
    ({"log": 1}, "option 'log': a function"),
    ({"audit": 1}, "option 'audit': a function"),
    ({"loop": 1}, "option 'loop': an asyncio loop"),
    ({"executor": 1}, "option 'executor': a function"),
    ({"telnet": "perhaps"}, "option 'telnet': 'automatic', 'always' or 'never'"),
    ({"allowed_users": "root"}, "option 'allowed_users': a list"),
    ({"allowed_users": [1.5]}, "option 'allowed_users'"),
    ({"banner": 1}, "option 'banner'"),
])
def test_wrong_ones(options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        backdoor.Server("localhost:0", **options).start()


@pytest.mark.parametrize("options, message", [
    ({"token": "short"}, "token"),
    ({"allowed_users": ["nobody of that name"]}, "nobody of that name"),
    ({"audit_log": "/nowhere/at/all", "audit_required": True}, "/nowhere/at/all"),
])
def test_what_the_library_refuses(options, message):
    with pytest.raises(backdoor.Error, match=message):
        backdoor.Server("localhost:0", log=lambda line: None, **options).start()


def test_token():
    with backdoor.Server("localhost:0", token="0123456789abcdef", log=lambda line: None) as server:
        with Client(server.address, greet=False) as one:
            one.send("0123456789abcdef\n")
            one.read_until(">>> ")
            assert one.run("1 + 1") == "2\n"


def test_tls(tmp_path):
    """With Python's own ssl, which has loaded the same OpenSSL, at the other end."""
    certificate, key = str(tmp_path / "certificate"), str(tmp_path / "key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=alice", "-keyout", key,
                    "-out", certificate], check=True, capture_output=True)
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    context.load_cert_chain(certificate, key)
    lines = queue.Queue()
    with backdoor.Server("localhost:0", tls_certificate=certificate, tls_key=key,
                         tls_client_ca=certificate, tls_allowed_names=["alice"],
                         log=lines.put) as server:
        host, port = server.address.split(":")
        with socket.create_connection((host, int(port)), LIMIT) as plain, \
                context.wrap_socket(plain) as one:
            one.sendall(b"6 * 7\nexit()\n")
            answer = b""
            while more := one.recv(4096):
                answer += more
        assert b">>> 42\n" in answer
    assert any(line.endswith(" (certificate alice)") for line in iter(lambda: lines.get(timeout=LIMIT), None))


def test_allowed_groups_open_a_unix_socket_to_them(tmp_path):
    path = str(tmp_path / "door")
    with backdoor.Server(path, allowed_groups=[0], log=lambda line: None):
        assert os.stat(path).st_mode & 0o666 != 0o600


def test_audit_log(tmp_path):
    path = tmp_path / "audit"
    with backdoor.Server("localhost:0", audit_log=str(path), log=lambda line: None) as server:
        with Client(server.address) as one:
            one.run("6 * 7")
    events = [json.loads(line) for line in path.read_text().splitlines()]
    assert "6 * 7" in [one.get("text") for one in events if one["event"] == "command"]


class Audit:
    def __init__(self):
        self.events = queue.Queue()

    def __call__(self, event):
        print("of the application")
        self.events.put((event, threading.current_thread()))

    def next(self):
        return self.events.get(timeout=LIMIT)[0]


def test_audit_gets_each_event_in_order(capsys):
    audit = Audit()
    with backdoor.Server("localhost:0", audit=audit, log=lambda line: None) as server:
        with Client(server.address) as one:
            assert one.run("6 * 7") == "42\n"
            peer = "%s:%d" % one.socket.getsockname()
        seen = [audit.next() for _ in range(5)]
    assert [one.event for one in seen] == ["listen", "connect", "command", "result", "disconnect"]
    command, result = seen[2:4]
    assert isinstance(command, backdoor.AuditEvent)
    assert command.server == server_address(seen) and command.peer == peer
    assert command.session == result.session > 0 and command.user.startswith("uid ")
    assert (command.text, result.text) == ("6 * 7", "ok") and result.seconds > 0
    assert seen[0].time <= command.time <= result.time
    assert audit.next().event == "stop"
    assert "of the application" in capsys.readouterr().out


def server_address(events):
    return events[0].server


def test_audit_hooks_see_a_server_before_it_serves_and_may_refuse_it():
    code = (
        "import backdoor, sys\n"
        "def hook(event, args):\n"
        "    if event == 'backdoor.listen':\n"
        "        print(args)\n"
        "        raise PermissionError('no doors here')\n"
        "sys.addaudithook(hook)\n"
        "try:\n"
        "    with backdoor.Server('unix:@backdoor-hook-{pid}'):\n"
        "        print('it serves')\n"
        "except PermissionError as refused:\n"
        "    print(refused)\n"
        "print(open('/proc/net/unix').read().count(f'@backdoor-hook-{__import__(\"os\").getpid()}'))\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=LIMIT)
    said, refused, left = done.stdout.splitlines()
    assert said.startswith("(0, '', '', '@backdoor-hook-"), done
    assert (refused, left) == ("no doors here", "0"), done


def test_a_command_is_not_run_where_the_audit_function_fails():
    def audit(event):
        if event.event == "command" and "secret" in event.text:
            raise OSError("the disk is full")

    with backdoor.Server("localhost:0", audit=audit, audit_required=True,
                         log=lambda line: None) as server:
        with Client(server.address) as one:
            assert "not run: OSError: the disk is full" in one.run("secret = 1")
            assert "secret" not in one.run("dir()")
            assert one.run("1 + 1") == "2\n"


def test_those_of_terminals(tmp_path):
    character_mode = b"\xff\xfd\x01\xff\xfd\x03"  # DO ECHO, DO SUPPRESS-GO-AHEAD
    file = tmp_path / "history"
    with backdoor.Server("localhost:0", telnet="always", history_file=str(file), slow_command=0.001,
                         editor_wait=LIMIT, log=lambda line: None) as server:
        with socket.create_connection(("localhost", server.port), LIMIT) as one:
            received = one.makefile("rb")

            def read_until(mark):
                while mark not in received.readline():
                    pass

            one.sendall(character_mode + b"import time; time.sleep(0.01)\r")
            read_until(b"(0.0")
            one.sendall(b"1 / 0\r")
            read_until(b"    1 / 0\r\n")  # it is quoted
            read_until(b"ZeroDivisionError")
    assert "\n+import time; time.sleep(0.01)\n" in file.read_text()


def test_executor():
    """A loop of the application's own: a thread with a queue."""
    work = queue.Queue()

    def loop():
        for one in iter(work.get, None):
            one()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        with backdoor.Server("localhost:0", {"work": work}, executor=work.put, turn_budget=10,
                             log=lambda line: None) as server, Client(server.address) as one:
            assert one.run("turn(lambda: work.empty())") == "True\n"
            one.send("with turn(): work.put(lambda: None); held = work.qsize()\n\n")
            one.read_until(">>> ")
            assert one.run("held") == "1\n"
    finally:
        work.put(None)
        thread.join()


def test_an_executor_that_fails():
    def post(work):
        raise OSError("no loop runs")

    with backdoor.Server("localhost:0", executor=post, log=lambda line: None) as server:
        with Client(server.address) as one:
            assert "OSError: no loop runs" in one.run("turn(abs, 1)")


def test_ssh(tmp_path):
    key = str(tmp_path / "key")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    with backdoor.Server("localhost:0", {"answer": 42}, ssh_authorized_keys=key + ".pub",
                         ssh_host_key=str(tmp_path / "host"), log=lambda line: None) as server:
        done = subprocess.run(
            ["ssh", "-F", "none", "-p", str(server.port), "-i", key, "-o", "IdentitiesOnly=yes",
             "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR",
             "-o", "UserKnownHostsFile=" + str(tmp_path / "known"), "localhost", "answer"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=LIMIT)
    assert (done.returncode, done.stdout) == (0, b"42\n")


def test_help_tells_what_each_is_for():
    told = pydoc.plain(pydoc.render_doc(backdoor.Options))
    for name in backdoor.Options.__annotations__:
        assert re.search(r"^ \|  %s:\n \|      [A-Z]" % name, told, re.M), name
