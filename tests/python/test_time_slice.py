"""options.time_slice: the hub runs in the middle of commands that keep it."""

import pytest

import backdoor
from client import PROMPT
from test_green import WORLDS, check_that_it_ticks

SLICES = "time_slice=0.001", "stall_limit=0"


@pytest.fixture(params=WORLDS, ids="-".join)
def host(request, program):
    return program("green", *request.param, *SLICES)


@pytest.fixture(params=["eventlet", "gevent"])
def plain_host(request, program):
    return program("green", request.param, "plain", *SLICES)


def busy(one, counter="n"):
    one.send("%s = 0\nwhile True: %s += 1\n\n" % (counter, counter))
    one.read_until(PROMPT)
    one.read_until("... ")


def interrupt(one):
    one.send(b"\x03")
    assert "KeyboardInterrupt" in one.read_until(PROMPT)


def test_ten_busy_consoles_and_the_application_all_go_on(host):
    clients = [host.client() for _ in range(10)]
    for one in clients:
        busy(one)
    with host.client() as other:
        for _ in range(20):
            check_that_it_ticks(other)
        assert other.run("sleep(0.01)") == ""
        for one in clients:
            interrupt(one)
        assert min(int(one.run("n")) for one in clients) > 0
    for one in clients:
        one.socket.close()
    assert host.stop() == (0, "STOPPED TextIOWrapper\n")


def test_a_call_that_sleeps_in_the_system_is_cut_short_and_goes_on(plain_host):
    with plain_host.client() as one:
        one.run("from time import monotonic; import select; begun, n = monotonic(), ticks[0]")
        assert one.run("_ = select.select([], [], [], 0.2)") == ""
        assert one.run("monotonic() - begun >= 0.2, ticks[0] > n + 3") == "(True, True)\n"


def test_a_timeout_ends_what_never_yields(host):
    with host.client() as one:
        one.send("with Timeout(0.05):\n  while True: pass\n\n")
        assert "Timeout" in one.read_until(PROMPT)[-40:]
        assert one.run("print('of the console')") == "of the console\n"


def test_a_greenlet_of_a_command_comes_back_to_it(plain_host):
    with plain_host.client() as one:
        one.run("def count():\n  n = 0\n  while ticks[0] < first + 20: n += 1\n  return n\n")
        assert one.run("first = ticks[0]; greenlet.greenlet(count).switch() > 0") == "True\n"
        one.send("first = 10**9; greenlet.greenlet(count).switch()\n")
        interrupt(one)
        assert one.run("1 + 1") == "2\n"
        check_that_it_ticks(one)


def test_waits_are_not_lost_in_a_slice(host):
    with host.client() as one, host.client() as other:
        busy(other)
        one.run("def busy(n):\n  for i in range(n): pass\n")
        one.run("def work():\n  for i in range(300):\n    sleep(0); busy(3000)\n    "
                "semaphore.release(); semaphore.acquire()\n    queue.put(i); queue.get()\n")
        assert one.run("work()") == ""
        interrupt(other)


def test_input_and_output_of_a_busy_console(host):
    with host.client() as one, host.client() as other:
        busy(other)
        for text in "a", "b":
            one.send("print(input('? ') * 2)\n")
            one.read_until("? ")
            assert one.run(text) == 2 * text + "\n"
        one.send("for i in range(200): print('x' * 10000)\n\n")
        assert one.read_until(PROMPT).count("x") == 2000000
        interrupt(other)


def test_an_import_is_not_cut_short(plain_host, tmp_path):
    spins = "from time import monotonic\nn, end = ticks[0], monotonic() + 0.05\n" \
            "while monotonic() < end: pass\nwent_on = ticks[0] > n\n"
    (tmp_path / "busy_module.py").write_text("from builtins import ticks\n" + spins)
    with plain_host.client() as one:
        one.run("import builtins, sys; builtins.ticks = ticks; sys.path.append(%r)" % str(tmp_path))
        assert one.run("import busy_module; busy_module.went_on") == "False\n"
        assert one.run("exec(%r); went_on" % spins) == "True\n"


def test_a_turn_is_not_cut_short(plain_host):
    spin = "end = monotonic() + 0.05\n  while monotonic() < end: pass\n"
    with plain_host.client() as one, plain_host.client() as other:
        one.run("from time import monotonic")
        one.run("with turn():\n  n = ticks[0]; " + spin + "  m = ticks[0]\n")
        assert one.run("n == m") == "True\n"
        one.run("if True:\n  n = ticks[0]; " + spin + "  m = ticks[0]\n")
        assert one.run("n < m") == "True\n"
        # One console's turn is no other's.
        one.send("with turn(): sleep(100)\n\n")
        busy(other)
        other.send(b"\x03")
        assert "KeyboardInterrupt" in other.read_until(PROMPT)
        interrupt(one)


def test_a_client_that_hangs_up_ends_its_command(plain_host):
    one, other = plain_host.client(), plain_host.client()
    busy(one)
    one.socket.close()
    while len(other.run("consoles()").splitlines()) > 2:
        check_that_it_ticks(other)
    other.socket.close()
    assert plain_host.stop() == (0, "STOPPED TextIOWrapper\n")


def test_stopping_ends_busy_commands(host):
    clients = [host.client() for _ in range(3)]
    for one in clients:
        busy(one)
    assert host.stop() == (0, "STOPPED TextIOWrapper\n")
    for one in clients:
        one.socket.close()


def test_a_hub_on_another_thread_has_none(plain_host):
    with plain_host.client() as one:
        one.run("import backdoor, threading, sys; found = []")
        one.run("world = 'eventlet' if 'eventlet' in sys.modules else 'gevent'")
        one.run("""def start():
  try: backdoor.Server('localhost:0', host=world, time_slice=0.001).start()
  except ValueError as failure: found.append(str(failure))
""")
        one.run("thread = threading.Thread(target=start); thread.start(); thread.join()")
        assert "on Python's main thread" in one.run("found[0]")


def test_it_means_nothing_to_threads():
    backdoor.Server("localhost:0", time_slice=0.001, log=lambda line: None).start().stop()
