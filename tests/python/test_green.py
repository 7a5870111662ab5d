"""Consoles on the hubs of eventlet and gevent, in programs of their own, patched and not."""
import pytest

from client import PROMPT

WORLDS = [("eventlet", "patched"), ("eventlet", "plain"), ("gevent", "patched"), ("gevent", "plain")]


@pytest.fixture(params=WORLDS, ids="-".join)
def host(request, program):
    return program("green", *request.param)


@pytest.fixture(params=["eventlet", "gevent"])
def plain_host(request, program):
    return program("green", request.param, "plain")


def check_that_it_ticks(one):
    before = int(one.run("ticks[0]"))
    while int(one.run("ticks[0]")) == before:
        pass


def check_stdio(one, host):
    """The console has its own, and the application has its."""
    assert one.run("print('of the console')") == "of the console\n"
    assert host.stop() == (0, "STOPPED TextIOWrapper\n")


def test_a_console_is_a_greenlet_on_the_hub(host):
    with host.client() as one, host.client() as other:
        assert one.run("import _thread, os; _thread.get_native_id() == os.getpid()") == "True\n"
        one.run("mine = greenlet.getcurrent()")
        assert one.run("greenlet.getcurrent() is mine") == "True\n"
        assert one.run("mine.parent.parent is None or mine.parent.parent.parent is None") == "True\n"
        other.run("import gc")
        assert other.run("len([g for g in gc.get_objects() if isinstance(g, greenlet.greenlet)]) >= 4"
                         ) == "True\n"
        check_stdio(one, host)


def test_the_application_goes_on_between_commands_and_while_one_waits(host):
    with host.client() as one, host.client() as other:
        check_that_it_ticks(one)
        assert one.run("n = ticks[0]; sleep(0.05); ticks[0] > n") == "True\n"
        one.send("typed = input('? ')\n")
        one.read_until("? ")
        check_that_it_ticks(other)
        assert one.run("hello") == ""
        assert one.run("typed") == "'hello'\n"
        one.send("import pdb; pdb.run('ticks')\n")
        one.read_until("(Pdb) ")
        check_that_it_ticks(other)
        assert one.run("c") == ""
        check_stdio(one, host)


def test_consoles_meet_in_queues_and_semaphores(host):
    with host.client() as one, host.client() as other:
        one.send("queue.get()\n")
        other.run("queue.put(42)")
        assert one.read_until(PROMPT) == "42\n"
        one.send("semaphore.acquire()\n")
        other.run("_ = semaphore.release()")
        assert one.read_until(PROMPT) == "True\n"


def test_many_consoles_at_once(host):
    clients = [host.client() for _ in range(10)]
    for number, one in enumerate(clients):
        one.send("sleep(0.01), %d\n" % number)
    for number, one in enumerate(clients):
        assert one.read_until(PROMPT) == "(None, %d)\n" % number
        one.socket.close()


def test_an_exception_thrown_into_a_waiting_console(host):
    with host.client() as one:
        for wait in "sleep(100)", "input()", "semaphore.acquire()":
            one.send("t = Timeout(0.02); _ = t.pending or t.start(); %s\n" % wait)
            assert "Timeout: 0.02 seconds" in one.read_until(PROMPT)
            assert one.run("print('of the console')") == "of the console\n"
        # At the prompt itself.
        one.send("t = Timeout(0.02); _ = t.pending or t.start()\n")
        one.read_until(PROMPT)
        assert "Timeout: 0.02 seconds" in one.read_until(PROMPT)
        check_stdio(one, host)


def test_a_killed_console(plain_host):
    with plain_host.client() as one, plain_host.client() as other:
        one.run("import builtins; builtins.victim = greenlet.getcurrent()")
        other.send("_ = spawn(victim.throw)\n")
        other.read_until(PROMPT)
        assert one.read_to_end() == ""
        other.run("import builtins; del builtins.victim")
        check_stdio(other, plain_host)


def test_what_background_greenlets_print_is_the_applications(plain_host):
    with plain_host.client() as one:
        one.run("def f():\n  print('of a greenlet')\n")
        one.run("g = greenlet.greenlet(f); import builtins; r = g.switch()")
        assert one.run("print('of the console')") == "of the console\n"
    assert "of a greenlet\n" in plain_host.stop()[1]


@pytest.mark.parametrize("command", [
    "while True: pass\n",
    "sleep(100)",
    "semaphore.acquire()",
    "__import__('_thread').allocate_lock().acquire() and print('begun') or __import__('select').select([], [], [])",
    "input()",
])
def test_ctrl_c(plain_host, command):
    with plain_host.client() as one, plain_host.client() as other:
        one.send("print('begun')\n" + command + "\n")
        one.read_until("begun\n")
        one.read_until(PROMPT)
        one.send(b"\x03")
        assert "KeyboardInterrupt" in one.read_until(PROMPT)
        assert one.run("1 + 1") == "2\n"
        check_that_it_ticks(other)


def test_a_command_that_keeps_the_hub_is_interrupted(host):
    with host.client() as one, host.client() as other:
        assert one.run("while True: pass\n").endswith(
            "KeyboardInterrupt: the command kept the hub from running for longer than 1000 ms "
            "(options.stall_limit)\n")
        check_that_it_ticks(other)


def test_stall_limit(program):
    host = program("green", "gevent", "plain", "stall_limit=0.1")
    with host.client() as one:
        assert "longer than 100 ms" in one.run("import time; time.sleep(100)")
        # It waits, but keeps nobody.
        assert one.run("sleep(0.5)") == ""


def test_a_client_that_hangs_up_leaves_no_command_behind(program):
    host = program("green", "eventlet", "plain", "stall_limit=0")
    with host.client() as one, host.client() as other:
        one.send("print('begun'); exec('while True: pass')\n")
        one.read_until("begun\n")
        one.socket.close()
        check_that_it_ticks(other)


def test_a_client_that_does_not_read_keeps_nobody(host):
    with host.client() as one, host.client() as other:
        one.send("for i in range(10000): print('x' * 1000)\n\n")
        check_that_it_ticks(other)
        check_that_it_ticks(other)


def test_stopping_ends_what_runs_and_restores_all(plain_host):
    one = plain_host.client()
    one.send("print('begun'); sleep(100)\n")
    one.read_until("begun\n")
    assert plain_host.stop() == (0, "STOPPED TextIOWrapper\n")
    one.socket.close()


def test_nothing_is_imported_that_the_application_did_not_import(host):
    with host.client() as one:
        one.run("import sys")
        found = one.run("[m for m in ('asyncio', 'eventlet', 'gevent') if m in sys.modules]")
        assert found.count(",") == 0


def test_a_forked_child_goes_on_without_consoles(plain_host):
    with plain_host.client() as one, plain_host.client() as other:
        # A child of a console's command ends with it.
        one.run("import os, sys; parent = os.getpid()")
        assert "Traceback" not in one.run("pid = os.fork(); _ = pid and os.waitpid(pid, 0)")
        assert one.run("os.getpid() == parent") == "True\n"
        check_that_it_ticks(other)
        check_stdio(one, plain_host)


def test_a_forked_child_has_no_socket_of_a_client_whom_the_hub_watches(plain_host):
    with plain_host.client() as one, plain_host.client() as watched:
        one.run("import os; links = lambda: [os.path.realpath('/proc/self/fd/' + n)"
                " for n in os.listdir('/proc/self/fd')]")
        one.run("sockets = lambda: [link for link in links() if '/socket:' in link]")
        one.run("copies = lambda: len(sockets()) - len(set(sockets()))")
        before = int(one.run("copies()"))
        while int(one.run("copies()")) == before:  # as long as the IO thread is faster
            for _ in range(5):
                assert watched.run("1 + 1") == "2\n"
        one.run("pid = os.fork() or os._exit(len(sockets()))")
        assert one.run("os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])") == "0\n"
        assert watched.run("1 + 1") == "2\n"
        check_stdio(one, plain_host)


def test_an_audit_function_may_wait_on_the_hub(program):
    for world in "eventlet", "gevent":
        host = program("green", world, "plain", "audit", "stall_limit=0")
        clients = [host.client() for _ in range(5)]
        for _ in range(3):
            for one in clients:
                one.send("1 + 1\n")
            for one in clients:
                assert one.read_until(PROMPT) == "2\n"
        events = eval(clients[0].run("events"))
        pairs = len(events) // 2
        assert events[:2 * pairs] == ["begin", "end"] * pairs, "one at a time"
        for one in clients:
            one.socket.close()
        assert host.stop() == (0, "STOPPED TextIOWrapper\n")


def test_a_turn_is_at_once_on_the_hub(host):
    with host.client() as one:
        assert one.run("with turn(): n = ticks[0]; m = ticks[0]\n") == "... "
        assert one.run("n == m, turn(abs, -1)") == "(True, 1)\n"
        assert "ZeroDivisionError" in one.run("turn(lambda: 1 / 0)")
        # It is the code's own that others run meanwhile.
        assert one.run("with turn(): n = ticks[0]; sleep(0.05); m = ticks[0]\n") == "... "
        assert one.run("m > n") == "True\n"


def test_an_executor_makes_no_sense_on_the_hub(plain_host):
    with plain_host.client() as one:
        one.run("import backdoor, sys; world = 'eventlet' if 'eventlet' in sys.modules else 'gevent'")
        assert "option 'executor'" in one.run(
            "backdoor.Server('localhost:0', host=world, executor=spawn).start()")


def test_the_application_runs_between_commands_that_came_together(host):
    with host.client() as one:
        one.run("seen = []")
        one.send("seen.append(ticks[0]); end = __import__('time').monotonic() + 0.002\n"
                 "while __import__('time').monotonic() < end: pass\n\n" * 20)
        one.send("print('all')\n")
        one.read_until("all\n")
        one.read_until(PROMPT)
        assert int(one.run("len(set(seen))")) > 10
