"""The examples, as their users run them."""
import os
import pathlib
import pstats
import re
import subprocess
import sys

import pytest

from client import Client

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"


def test_threads():
    with subprocess.Popen([sys.executable, str(EXAMPLES / "python_threads" / "main.py"),
                           "localhost:0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as service:
        address = service.stdout.readline().split()[-1]
        with Client(address) as one:
            served = lambda: int(re.search(r"\d+", one.run("counts")).group())
            first = served()
            one.run("while counts['served'] == %d: pass\n" % first)
            assert served() > first
        service.communicate("\n", timeout=20)
    assert service.returncode == 0


def test_asyncio():
    with subprocess.Popen([sys.executable, str(EXAMPLES / "python_asyncio" / "main.py"),
                           "localhost:0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as service:
        words = service.stdout.readline().split()  # that of the log
        while words[0] != "service:":
            words = service.stdout.readline().split()
        with Client(words[3]) as console, Client(words[1], greet=False) as one:
            one.send("hello\n")
            assert one.read_until("\n") == "hello"
            assert console.run("list(service.clients.values())") == "[1]\n"
            console.run("turn(service.pause)")
            console.send("print('begun'); await service.next_line()\n")
            console.read_until("begun\n")
            one.send("world\n")
            console.send(b"\x03")
            assert console.read_until(">>> ").endswith("KeyboardInterrupt\n")
            console.send("turn(service.resume); await service.next_line()\n")
            one.read_until("world\n")
            one.send("again\n")
            assert console.read_until(">>> ") in ("b'world\\n'\n", "b'again\\n'\n")
        service.communicate("\n", timeout=20)
    assert service.returncode == 0


# The port of eventlet's example is the one in its page, which may be taken here.
ANY_PORT = """import eventlet, runpy, sys
listen = eventlet.listen
eventlet.listen = lambda address: listen((address[0], 0))
runpy.run_path(sys.argv[1], run_name="__main__")"""


def test_eventlets_is_the_one_in_its_page():
    page = "eventlet.spawn(backdoor.backdoor_server, eventlet.listen(('localhost', 3000)))"
    assert page in (EXAMPLES / "python_eventlet" / "main.py").read_text()


@pytest.mark.parametrize("command", [
    ["-c", ANY_PORT, str(EXAMPLES / "python_eventlet" / "main.py")],
    [str(EXAMPLES / "python_gevent" / "main.py"), "0"],
], ids=["eventlet", "gevent"])
def test_greenlets(command):
    with subprocess.Popen([sys.executable, "-u", *command],
                          stdout=subprocess.PIPE, text=True) as service:
        try:
            with Client(service.stdout.readline().split()[-1]) as one:
                one.run("from __main__ import counts")
                served = lambda: int(re.search(r"\d+", one.run("counts")).group())
                first = served()
                while served() == first:
                    pass
        finally:
            service.kill()


def test_oslo():
    with subprocess.Popen([sys.executable, str(EXAMPLES / "python_oslo" / "main.py"),
                           "--backdoor_port", "0"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as service:
        port = int(service.stdout.readline().split()[-1])
        with Client(("127.0.0.1", port)) as one:
            while "sys.stdin.readline()" not in one.run("pnt()"):
                pass  # it is on its way there
            assert " = " not in one.run("pgt()")
            one.send("pgt(False); print('that ' + 'was all')\n")  # there are prompts in what it shows
            assert "conf = <oslo_config.cfg.ConfigOpts" in one.read_until("that was all\n>>> ")
            assert one.run("prof()") == ""
            one.run("sum(map(lambda n: n, range(1000)))")
            path = one.run("prof('backdoor-test-%d')" % service.pid).strip()
            assert pstats.Stats(path).total_calls >= 1000
            os.unlink(path)
        service.communicate("\n", timeout=20)
    assert service.returncode == 0
