"""Consoles in a process with an asyncio loop, and with uvloop's."""
import asyncio
import socket
import threading

import pytest
import uvloop

import backdoor
from client import Client, LIMIT


class Application:
    """A loop on a thread of its own, with a task that counts its rounds."""

    def __init__(self, loop):
        self.loop = loop
        self.rounds = 0
        self.seen = []
        self.thread = threading.Thread(target=loop.run_forever)
        self.thread.start()
        self.counting = asyncio.run_coroutine_threadsafe(self.count(), loop)

    async def count(self):
        while True:
            self.rounds += 1
            await asyncio.sleep(0.001)

    async def rounds_pass(self, count=3):
        until = self.rounds + count
        while self.rounds < until:
            await asyncio.sleep(0)
        return "passed"

    async def hang(self):
        self.seen.append("begun")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.seen.append("cancelled")
            raise

    async def mind_no_cancelling(self):
        print("begun")
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.seen.append("cancelled")
                print("minds not")

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(LIMIT)

    def is_alive(self):
        return self.run(self.rounds_pass()) == "passed"

    def end(self):
        async def cancel_all():
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
        self.run(cancel_all())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def application(request):
    running = Application(request.param())
    yield running
    running.end()


async def start(locals, **options):
    options.setdefault("turn_budget", 10)  # a busy machine is no overrun
    return await backdoor.Server("localhost:0", locals, log=lambda line: None, **options).start()


@pytest.fixture
def server(application):
    running = application.run(start({"application": application, "asyncio": asyncio}))
    yield running
    running.stop()


@pytest.fixture
def one(server):
    with Client(server.address) as client:
        yield client


def eventually(application, condition):
    async def wait():
        while not condition():
            await asyncio.sleep(0.001)
    application.run(asyncio.wait_for(wait(), LIMIT))


def test_await_runs_on_the_loop(one):
    assert one.run("await asyncio.sleep(0, 42)") == "42\n"
    assert one.run("_") == "42\n"
    assert one.run("(await asyncio.sleep(0), asyncio.get_running_loop() is application.loop)[1]"
                   ) == "True\n"
    assert one.run("x = await asyncio.sleep(0, 'kept')") == ""
    assert one.run("x") == "'kept'\n"


def test_the_loop_goes_on_meanwhile(one):
    assert one.run("await application.rounds_pass()") == "'passed'\n"


def test_async_for_and_with(one):
    one.send("async def numbers():\n    for i in range(3):\n        yield i\n\n")
    for _ in range(1):
        one.read_until(">>> ")
    one.send("async for i in numbers(): print(i)\n\n")
    assert one.read_until(">>> ").endswith("0\n1\n2\n")
    one.send("async with asyncio.Lock() as lock: print(lock)\n\n")
    assert one.read_until(">>> ").endswith("None\n")
    assert one.run("[i async for i in numbers()]") == "[0, 1, 2]\n"


def test_the_consoles_output_is_its_own(one, capsys):
    assert one.run("print('of the console', await asyncio.sleep(0))") == "of the console None\n"
    one.send("async def later(): print('of its task')\n\n")
    one.read_until(">>> ")
    assert one.run("await asyncio.gather(later(), later())") == (
        "of its task\nof its task\n[None, None]\n")
    assert capsys.readouterr().out == ""


def test_errors_show_what_was_typed_alone(one):
    one.send("async def f(): 1 / 0\n\n")
    one.read_until(">>> ")
    assert one.run("await f()") == (
        'Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\n'
        '  File "<stdin>", line 1, in f\nZeroDivisionError: division by zero\n')


def test_interrupt_cancels_what_is_awaited(application, one):
    one.send("await application.hang()\n")
    eventually(application, lambda: application.seen == ["begun"])
    one.send(b"\x03")
    assert one.read_until(">>> ").endswith("\nKeyboardInterrupt\n")
    assert application.seen == ["begun", "cancelled"]
    assert one.run("1 + 1") == "2\n"


def test_what_minds_no_cancelling_is_left_to_the_loop(application, one):
    one.send("await application.mind_no_cancelling()\n")
    one.read_until("begun\n")
    for count in 1, 2:
        one.send(b"\x03")
        one.read_until("minds not\n")
    one.send(b"\x03")
    assert one.read_until(">>> ").endswith(
        "KeyboardInterrupt: it was cancelled and goes on all the same, on the host's loop\n")
    assert one.run("1 + 1") == "2\n"
    assert application.is_alive()


def test_a_client_that_leaves_cancels_what_it_awaits(application, server):
    with Client(server.address) as leaving:
        leaving.send("await application.hang()\n")
        eventually(application, lambda: application.seen == ["begun"])
    eventually(application, lambda: application.seen == ["begun", "cancelled"])


def test_exit_ends_the_console_alone(application, one):
    one.send("(await asyncio.sleep(0), exit())\n")
    assert one.read_to_end() == ""
    assert application.is_alive()


@pytest.mark.parametrize("code", ["await busy()", "turn(exec, 'while True: pass')"])
def test_code_that_holds_the_loop_is_interrupted(application, code):
    server = application.run(start({"application": application}, turn_budget=0.05))
    with Client(server.address) as one:
        one.send("async def busy():\n    while True: pass\n\n")
        one.read_until(">>> ")
        assert "TurnOverrun: this turn has lasted longer than options.turn_budget" in one.run(code)
        assert application.is_alive()
    server.stop()


def test_code_that_catches_that_is_interrupted_again(application):
    server = application.run(start({"application": application}, turn_budget=0.05))
    with Client(server.address) as one:
        one.send("async def busy():\n    for _ in range(2):\n        try:\n            exec('while True: pass')\n"
                 "        except TimeoutError as e: print(type(e).__name__)\n\n")
        one.read_until(">>> ")
        assert one.run("await busy()") == "TurnOverrun\nTurnOverrun\n"
        assert application.is_alive()
    server.stop()


def test_turn_calls_on_the_loop(application, one):
    one.run("import threading")
    assert one.run("turn(threading.get_ident)") == "%d\n" % application.thread.ident
    assert one.run("turn(asyncio.get_running_loop) is application.loop") == "True\n"
    assert one.run("turn(print, 'of the console', end='.\\n')") == "of the console.\n"
    assert one.run("task = turn(asyncio.create_task, application.rounds_pass())") == ""
    assert one.run("await task") == "'passed'\n"
    assert one.run("turn(lambda: 1 / 0)").endswith("ZeroDivisionError: division by zero\n")
    assert one.run("turn(turn, abs, -1)") == "1\n"


def test_turn_holds_the_loop_still(one):
    one.run("import time")
    one.send("with turn():\n    a = application.rounds; time.sleep(.02); b = application.rounds\n\n")
    one.read_until(">>> ")
    assert one.run("a == b") == "True\n"
    assert one.run("await application.rounds_pass()") == "'passed'\n"


def test_turns_within_what_is_awaited(one):
    one.send("async def f():\n    with turn(): a = application.rounds\n"
             "    return turn(lambda: application.rounds) - a\n\n")
    one.read_until(">>> ")
    assert one.run("await f()") == "0\n"


def test_the_loop_waits_for_no_input(application, one):
    assert one.run("(await asyncio.sleep(0), input())").endswith(
        "RuntimeError: the host's loop does not wait for input; read it in a statement without "
        "await\n")
    assert one.run("input()\nof the client") == "'of the client'\n"


def test_the_loop_waits_for_no_client_that_does_not_read(application, one):
    one.send("async def flood():\n    while True: print('x' * 100000)\n\n")
    one.read_until(">>> ")
    one.send("await flood()\n")
    assert application.is_alive()
    assert one.read_until(">>> ").endswith(
        "BlockingIOError: this console's client takes no more output now, and the host's loop does "
        "not wait for it\n")
    assert one.run("1 + 1") == "2\n"


def test_context_variables_of_the_loop_are_left_alone(application, one):
    one.run("import contextvars; v = contextvars.ContextVar('v')")
    assert one.run("(await asyncio.sleep(0), v.set(1))[0]") == ""
    assert one.run("turn(v.get, 'unset')") == "'unset'\n"


def test_a_loop_that_does_not_run():
    loop = asyncio.new_event_loop()
    with backdoor.Server("localhost:0", loop=loop, turn_wait=0.05,
                         log=lambda line: None) as server, Client(server.address) as one:
        said = "TimeoutError: the host's loop did not answer within 50 ms (options.turn_wait)\n"
        one.run("import asyncio")
        assert one.run("await asyncio.sleep(0)").endswith(said)
        assert one.run("turn(abs, 1)").endswith(said)
        assert one.run("with turn(): pass\n").replace("... ", "").endswith(said)
        loop.run_until_complete(asyncio.sleep(0))  # what was posted finds nobody who waits
        loop.close()
        assert one.run("await asyncio.sleep(0)").endswith("RuntimeError: Event loop is closed\n")
        assert one.run("turn(abs, 1)").endswith("RuntimeError: Event loop is closed\n")


def test_a_loop_that_is_closed_meanwhile():
    async def main(box):
        box.append(await start({"asyncio": asyncio, "box": box}))
        while len(box) < 2:
            await asyncio.sleep(0.001)

    box = []
    thread = threading.Thread(target=asyncio.run, args=(main(box),))
    thread.start()
    while not box:
        threading.Event().wait(0.001)
    with Client(box[0].address) as one:
        one.send("box.append(1); await asyncio.Event().wait()\n")
        assert one.read_until(">>> ").endswith("CancelledError\n")  # asyncio.run() does that
    thread.join()
    box[0].stop()


def test_await_where_there_is_no_loop_is_what_python_says():
    with backdoor.Server("localhost:0", log=lambda line: None) as server:
        with Client(server.address) as one:
            assert one.run("await f()").endswith("SyntaxError: 'await' outside function\n")


# ---- start and stop -------------------------------------------------------------------------------


def beside(function, *arguments):
    return asyncio.get_running_loop().run_in_executor(None, function, *arguments)


def say(address, line):
    with Client(address) as one:
        return one.run(line)


def test_async_with():
    async def main():
        async with backdoor.Server("localhost:0", {"x": 7}, log=lambda line: None) as server:
            assert await beside(say, server.address, "x") == "7\n"
        assert not server.is_running

    asyncio.run(main())


def test_start_and_stop_are_awaited():
    async def main():
        server = backdoor.Server("localhost:0", {"asyncio": asyncio}, log=lambda line: None)
        assert await server.start() is server
        one = await beside(Client, server.address)
        one.send("print('begun', await asyncio.sleep(0)); await asyncio.Event().wait()\n")
        await beside(one.read_until, "begun None\n")
        await server.stop()
        assert not server.is_running
        await server.stop()
        one.socket.close()

    asyncio.run(main())


def test_with_on_the_loop_itself():
    async def main():
        with backdoor.Server("localhost:0", log=lambda line: None) as server:
            assert await beside(say, server.address, "1 + 1") == "2\n"

    asyncio.run(main())


def test_the_seeds_calls():
    async def main():
        listener = socket.create_server(("127.0.0.1", 0))
        with pytest.raises(backdoor.Error, match="would stop the running asyncio loop; use"):
            backdoor.backdoor_server(listener)
        connecting = beside(Client, listener.getsockname())
        conn, address = await beside(listener.accept)
        backdoor.backdoor((conn, address), {"asyncio": asyncio}, log=lambda line: None)
        conn.close()
        one = await connecting
        assert await beside(one.run, "await asyncio.sleep(0, 7)") == "7\n"
        one.socket.close()
        listener.close()

    asyncio.run(main())


def test_the_host_can_be_named():
    with pytest.raises(backdoor.Error, match="no asyncio loop runs in this thread; start"):
        backdoor.Server("localhost:0", host="asyncio").start()

    async def main():
        async with backdoor.Server("localhost:0", host="threads", log=lambda line: None) as server:
            assert "there are no turns here" in await beside(say, server.address, "turn(abs, 1)")
        async with backdoor.Server("localhost:0", host="asyncio", log=lambda line: None) as server:
            assert await beside(say, server.address, "turn(abs, -1)") == "1\n"

    asyncio.run(main())


def test_what_blocks_the_loop_is_broken_off_on_the_main_thread(program):
    for loop in "asyncio", "uvloop":
        host = program("asyncio_main", loop)
        with host.client() as one:
            one.run("import asyncio, select, subprocess, time")
            one.run("async def step(f, *arguments): await asyncio.sleep(0); f(*arguments)\n")
            for call in ("time.sleep, 1000", "select.select, [], [], []",
                         "subprocess.call, ['sleep', '1000']",
                         "exec, 'import _thread; lock = _thread.allocate_lock(); lock.acquire(); lock.acquire()'"):
                assert "TurnOverrun" in one.run("await step(%s)" % call)
                assert "TurnOverrun" in one.run("turn(%s)" % call)
                one.run("n = rounds; await asyncio.sleep(0.05)")
                assert one.run("rounds > n") == "True\n"
        assert host.stop() == (0, "STOPPED True\n")
