"""oslo.service's eventlet_backdoor over backdoor, by nc as its users do."""
import os
import shutil
import socket
import subprocess

from client import Client, LIMIT


def nc(address, text):
    where = ["-U", address] if "/" in address else address.split(":")
    done = subprocess.run(["nc", "-N", *where], input=text, capture_output=True, text=True,
                          timeout=LIMIT)
    return done.stdout


def check_the_helpers(address):
    said = nc(address, "import greenlet\nlen(fo(greenlet.greenlet)) > 1\nexit()\n1 + 1\n")
    assert ">>> True\n>>> Don't use this, just disconnect instead\n>>> 2\n>>> " in said
    said = nc(address, "pgt()\n")
    assert "<greenlet" in said and "wait_for_ever" in said
    said = nc(address, "pnt()\n")
    assert "<stdin>" in said and "_print_nativethreads" in said


def test_any_port(program):
    host = program("oslo_eventlet", "--backdoor_port", "0")
    check_the_helpers(host.address)
    assert host.stop()[0] == 0


def test_a_range_whose_first_port_is_in_use(program):
    with socket.create_server(("localhost", 0)) as taken:
        first = taken.getsockname()[1]
        host = program("oslo_eventlet", "--backdoor_port", "%d:%d" % (first, first + 50))
        assert int(host.address.split(":")[1]) > first
        assert ">>> 2\n" in nc(host.address, "1 + 1\n")
        assert host.stop()[0] == 0


def test_a_socket(program, tmp_path):
    host = program("oslo_eventlet", "--backdoor_socket", tmp_path / "door-{pid}")
    assert host.address == str(tmp_path / ("door-%d" % host.process.pid))
    check_the_helpers(host.address)
    assert os.path.exists(host.address)
    assert host.stop()[0] == 0


def test_each_worker_has_its_own(program):
    host = program("oslo_workers")
    pids = set()
    for path in [host.read_line_with("WORKER ").split()[1] for _ in range(2)]:
        with Client(path) as one:
            one.run("from __main__ import counted; import os, eventlet")
            pids.add(one.run("os.getpid()"))
            assert path.endswith("door-" + one.run("os.getpid()").strip())
            assert one.run("n = counted[0]; eventlet.sleep(0.1); counted[0] > n") == "True\n"
            one.send("print('begun'); exec('while True: pass')\n")
            one.read_until("begun\n")
            one.send(b"\x03")
            assert one.read_until(">>> ").endswith("KeyboardInterrupt\n")
    assert len(pids) == 2
    shutil.rmtree(host.address)
    host.process.terminate()
    assert host.process.wait(LIMIT) == 0
