#!/usr/bin/env python3
"""Clients that type, paste, interrupt, half-close, reset, stall, flood, fork and exit, at random,
against a host that must not mind.

usage: chaos.py [--seed N] [--rounds N] [--minutes N] [--clients N] [--slack MEGABYTES]
                [--without BEHAVIOUR] [--log FILE] HOST [ARGUMENT]...
       chaos.py --replay FILE

HOST is bench_host or orders. Looked after all along: its service answers, its ticks go on, and other
consoles' transcripts are exact; at the end its threads, descriptors and memory are what they were.
Clients act for so many rounds, or minutes, whichever are over first. What each does depends on the seed
and its number alone: a run that fails prints its log, and how to do the same again.
"""
import argparse
import asyncio
import json
import os
import random
import re
import shlex
import socket
import struct
import sys
import tempfile
import time

PATIENCE = 120  # seconds; met only where something hangs
PROMPT = b">>> "
PROBE = re.compile(rb"\x1b_.*?\x1b\\\r\x1b\[K>>> ", re.S)
CHARACTER_MODE = b"\xff\xfd\x01\xff\xfd\x03\xff\xfb\x18"


class Wrong(Exception):
    """What must not happen has happened."""


class Log:
    def __init__(self, arguments):
        self.lines = [json.dumps(arguments)]
        self.start = time.monotonic()

    def add(self, who, what):
        self.lines.append("%8.3f %s: %s" % (time.monotonic() - self.start, who, what))

    def write(self, path):
        with open(path, "w") as file:
            file.write("\n".join(self.lines) + "\n")


class Connection:
    """One client's socket."""

    def __init__(self, address):
        self.address = address
        self.received = b""

    async def __aenter__(self):
        for attempt in range(100):
            try:
                self.reader, self.writer = await asyncio.wait_for(
                    asyncio.open_connection(*self.address, limit=1 << 24), PATIENCE)
                return self
            except ConnectionError:
                await asyncio.sleep(0.05)
        raise Wrong("the host lets nobody in")

    async def __aexit__(self, *error):
        self.writer.transport.abort()

    def send(self, data):
        self.writer.write(data)

    async def read_until(self, mark):
        async def gather():
            while mark not in self.received:
                data = await self.reader.read(1 << 16)
                if not data:
                    raise Wrong("closed, behind %r" % self.received[-2000:])
                self.received = PROBE.sub(b"", self.received + data)

        try:
            await asyncio.wait_for(gather(), PATIENCE)
        except asyncio.TimeoutError:
            raise Wrong("nothing more in %d s, behind %r" % (PATIENCE, self.received[-2000:]))
        end = self.received.index(mark) + len(mark)
        text, self.received = self.received[:end], self.received[end:]
        return text

    async def read_to_end(self):
        async def gather():
            while True:
                data = await self.reader.read(1 << 16)
                if not data:
                    return
                self.received += data

        try:
            await asyncio.wait_for(gather(), PATIENCE)
        except asyncio.TimeoutError:
            raise Wrong("not closed in %d s, behind %r" % (PATIENCE, self.received[-2000:]))
        text, self.received = PROBE.sub(b"", self.received), b""
        return text

    async def expect(self, answer):
        """What is shown up to the next prompt, to the byte."""
        text = await self.read_until(PROMPT)
        if text != answer + PROMPT:
            raise Wrong("%r was expected, and this came: %r" % (answer + PROMPT, text[-2000:]))

    def reset(self):
        endpoint = self.writer.get_extra_info("socket")
        endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def half_close(self):
        self.writer.write_eof()


# ---- what clients do ---------------------------------------------------------------------------------


def statement(rng):
    """A line, and what the prompt answers."""
    kind = rng.randrange(6)
    a, b = rng.randrange(10_000), rng.randrange(1, 10_000)
    if kind == 0:
        return "%d * %d" % (a, b), "%d\n" % (a * b)
    if kind == 1:
        return "x = %d" % a, ""
    if kind == 2:
        return "print('%d', end='')" % a, "%d" % a
    if kind == 3:
        return "'y' * %d" % a, "'%s'\n" % ("y" * a)
    if kind == 4:
        return "%d / 0" % a, ("Traceback (most recent call last):\n"
                              '  File "<stdin>", line 1, in <module>\n'
                              "ZeroDivisionError: division by zero\n")
    return "import sys; sys.stderr.write('%d') and None" % a, "%d" % a


async def begin(client):
    """The first line goes out at once, or a slow client would be asked whether it is telnet."""
    client.send(b"marker = 'here'\n")
    await client.read_until(PROMPT)
    await client.read_until(PROMPT)


async def converse(client, rng, log):
    await begin(client)
    for _ in range(rng.randrange(1, 30)):
        line, answer = statement(rng)
        client.send(line.encode() + b"\n")
        await client.expect(answer.encode())
    log("conversed")


async def paste(client, rng, log):
    await begin(client)
    lines, answers = zip(*(statement(rng) for _ in range(rng.randrange(2, 300))))
    client.send("".join(line + "\n" for line in lines).encode())
    for answer in answers:
        await client.expect(answer.encode())
    body = "".join("    total += %d\n" % n for n in range(rng.randrange(1, 300)))
    client.send(("def f():\n    total = 0\n" + body + "    return total\n\nf()\n").encode())
    expected = sum(int(n) for n in re.findall(r"\d+", body))
    await client.read_until(b"%d\n>>> " % expected)
    log("pasted")


async def interrupt(client, rng, log):
    await begin(client)
    command = rng.choice(["while True: pass\n\n", "while True: x = 1\n\n", "input('?')\n",
                          "while True: print('z' * %d)\n\n" % rng.randrange(2000),
                          "import time; time.sleep(2)\n",
                          "import threading; threading.Event().wait(2)\n"])
    log("interrupts %r" % command)
    client.send(b"print('begun')\n" + command.encode())
    await client.read_until(b"begun\n>>> ")
    await asyncio.sleep(rng.random() / 10)
    client.send(rng.choice([b"\x03", b"\xff\xf4"]))
    await client.read_until(b"KeyboardInterrupt")
    client.send(b"'al' + 'ive'\n")
    await client.read_until(b"'alive'")


async def half_close(client, rng, log):
    pairs = [statement(rng) for _ in range(rng.randrange(1, 20))]
    client.send("".join(line + "\n" for line, _ in pairs).encode())
    client.half_close()
    text = await client.read_to_end()
    expected = "".join(">>> " + answer for _, answer in pairs) + ">>> "
    at = text.find(PROMPT)
    if not text[at:].replace(b"\nnow exiting InteractiveConsole...\n", b"") == expected.encode():
        raise Wrong("a half-closed client got %r and not %r" % (text[at:], expected))
    log("half-closed")


async def reset(client, rng, log):
    client.send(rng.choice([b"", b"1", b"1\n", b"while True: x = 1\n\n", b"print('x' * 10**6)\n",
                            b"input()\n", b"if True:\n", CHARACTER_MODE + b"abc",
                            b"import time; time.sleep(1)\n"]))
    await asyncio.sleep(rng.random() / 5)
    client.reset()
    log("reset")


async def stall(client, rng, log):
    await begin(client)
    client.send(b"while True: print('x' * 1000)\n\n")
    client.writer.transport.pause_reading()
    await asyncio.sleep(rng.random())
    if rng.random() < 0.5:
        client.writer.transport.resume_reading()
        client.send(b"\x03")
        await client.read_until(b"KeyboardInterrupt")  # or it is left behind, on a busy machine
        await client.read_until(PROMPT)
    else:
        client.reset()
    log("stalled")


async def flood(client, rng, log):
    piece = rng.choice([b"\x03", b"\xff\xf6", b"\n", b"\xff\xfd\x01\xff\xfe\x01", b"x", b"1\n",
                        CHARACTER_MODE + b"y" * 100, bytes(rng.randrange(256) for _ in range(50))])
    client.writer.transport.pause_reading()
    client.send(piece * (rng.randrange(1, 1 << 18) // len(piece)))
    await asyncio.sleep(rng.random() / 5)
    if rng.random() < 0.5:
        client.reset()
    log("flooded with %r" % piece[:20])


async def fork(client, rng, log):
    await begin(client)
    client.send(b"import os, warnings; warnings.simplefilter('ignore')\n")
    await client.expect(b"")
    for _ in range(rng.randrange(1, 4)):
        client.send(b"pid = os.fork() or os._exit(3)\n")
        await client.expect(b"")
        client.send(b"os.waitpid(pid, 0)[1] >> 8\n")
        await client.expect(b"3\n")
    log("forked")


async def leave(client, rng, log):
    await begin(client)
    client.send(rng.choice([b"exit()\n", b"raise SystemExit\n", b"\x04", b"quit()\n"]))
    await client.read_to_end()
    log("left")


async def garbage(client, rng, log):
    data = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 4000)))
    client.send(data)
    await asyncio.sleep(rng.random() / 10)
    log("sent %d bytes" % len(data))


async def terminal(client, rng, log):
    client.send(CHARACTER_MODE + b"1\r")
    keys = [b"a", b"print", b"(", b")", b"\t", b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x01",
            b"\x05", b"\x0b", b"\x19", b"\x7f", b"if True:\r", b"\x12", b"\xe2\x82\xac", b"\x1f",
            b"\x1b[200~a = 1\nb = 2\n\x1b[201~"]
    for _ in range(rng.randrange(1, 60)):
        client.send(rng.choice(keys))
        if rng.random() < 0.1:
            await asyncio.sleep(rng.random() / 20)
    client.send(b"\x03")
    await client.read_until(b"KeyboardInterrupt")
    client.send(b"'al' + 'ive'\r")
    await client.read_until(b"'alive'")
    log("typed")


async def compute(client, rng, log):
    await begin(client)
    client.send(b"sum(range(10 ** 6))\n")
    await client.expect(b"499999500000\n")
    log("computed")


BEHAVIOURS = [converse, converse, converse, paste, interrupt, interrupt, half_close, reset, reset,
              stall, flood, fork, leave, garbage, terminal, compute]


# ---- the host ----------------------------------------------------------------------------------------


class Host:
    def __init__(self, command):
        self.command = command
        self.is_bench = os.path.basename(command[0]) == "bench_host"

    async def start(self):
        ticks = tempfile.mktemp(prefix="backdoor-chaos-")
        ports = ["--port", "0", "--app-port" if self.is_bench else "--service-port", "0"]
        self.process = await asyncio.create_subprocess_exec(
            *self.command, *ports, *(["--ticks", ticks] if self.is_bench else []),
            stdout=asyncio.subprocess.PIPE)
        found = {}
        while len(found) < 2:
            line = (await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)).decode()
            if not line:
                raise Wrong("the host did not start")
            if line.startswith("READY "):
                ready = json.loads(line[6:])
                found = {"console": ready["console"], "service": ready["app"]}
            else:
                name, _, rest = line.strip().partition(": ")
                if name in ("console", "service"):
                    found[name] = rest
        self.console = self.address(found["console"])
        self.service = self.address(found["service"])
        self.ticks = open(ticks, "rb", buffering=0) if self.is_bench else None
        if self.is_bench:
            os.unlink(ticks)
        self.drained = asyncio.ensure_future(self.drain())

    @staticmethod
    def address(text):
        name, _, port = text.rpartition(":")
        return name, int(port)

    async def drain(self):
        while await self.process.stdout.read(1 << 16):
            pass

    def tick_count(self):
        self.ticks.seek(8)
        return struct.unpack("<q", self.ticks.read(8))[0]

    def state(self):
        """Threads, descriptors, bytes."""
        process = "/proc/%d/" % self.process.pid
        with open(process + "statm") as file:
            pages = int(file.read().split()[1])
        return (len(os.listdir(process + "task")), len(os.listdir(process + "fd")),
                pages * os.sysconf("SC_PAGE_SIZE"))

    async def stop(self):
        self.process.terminate()
        try:
            status = await asyncio.wait_for(self.process.wait(), PATIENCE)
        except asyncio.TimeoutError:
            raise Wrong("the host does not end")
        if status != 0:
            raise Wrong("the host ended with status %d" % status)


async def watch_service(host, over):
    """The host's own work goes on."""
    async with Connection(host.service) as probe:
        while not over.is_set():
            probe.send(b"PING\n")
            await probe.read_until(b"\n")
            await asyncio.sleep(0.05)


async def watch_ticks(host, over):
    while not over.is_set():
        before = host.tick_count()
        deadline = time.monotonic() + PATIENCE
        await asyncio.sleep(0.2)
        while host.tick_count() <= before:
            if time.monotonic() > deadline:
                raise Wrong("no tick in %d s" % PATIENCE)
            await asyncio.sleep(0.2)


async def act(host, seed, number, behaviours, keep_on, log):
    rng = random.Random("%d/%d" % (seed, number))
    turn = 0
    while keep_on(turn):
        turn += 1
        behaviour = rng.choice(behaviours)
        own = random.Random(rng.random())
        who = "client %d, %d. time" % (number, turn)
        log.add(who, behaviour.__name__)
        try:
            async with Connection(host.console) as client:
                await behaviour(client, own, lambda what: log.add(who, what))
        except Wrong as problem:
            raise Wrong("%s (%s): %s" % (who, behaviour.__name__, problem))
        except ConnectionError as problem:
            # Only those that deserve it are cut off.
            if behaviour not in (flood, garbage, reset, stall):
                raise Wrong("%s (%s): %s" % (who, behaviour.__name__, problem))


async def settle(host, before, slack):
    """All is given back, soon."""
    deadline = time.monotonic() + PATIENCE
    while True:
        now = host.state()
        if now[0] <= before[0] and now[1] <= before[1] and now[2] <= before[2] + slack:
            return now
        if time.monotonic() > deadline:
            raise Wrong("threads, descriptors and bytes were %r and are %r" % (before, now))
        await asyncio.sleep(0.1)


async def run_clients(host, arguments, numbers, keep_on, log):
    """All clients to their end; the first that finds something wrong ends it all."""
    over = asyncio.Event()
    watchers = [asyncio.ensure_future(watch_service(host, over))]
    if host.ticks:
        watchers.append(asyncio.ensure_future(watch_ticks(host, over)))
    behaviours = [one for one in BEHAVIOURS if one.__name__ != arguments["without"]]
    clients = [asyncio.ensure_future(act(host, arguments["seed"], n, behaviours, keep_on, log))
               for n in numbers]
    all_clients = asyncio.gather(*clients)
    try:
        done, _ = await asyncio.wait([all_clients, *watchers],
                                     return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            one.result()
        over.set()  # to cancel them is not enough: wait_for() of Python 3.11 may miss that
        await asyncio.gather(*watchers)
    finally:
        for one in [*watchers, all_clients]:
            one.cancel()


async def run(arguments, log):
    host = Host(arguments["host"])
    await host.start()
    try:
        # What Python and the allocators take once is theirs.
        await run_clients(host, arguments, range(-20, 0), lambda turn: turn < 3, log)
        await asyncio.sleep(3)
        before = host.state()
        end = time.monotonic() + 60 * arguments["minutes"]

        def keep_on(turn):
            return turn < arguments["rounds"] and time.monotonic() < end

        await run_clients(host, arguments, range(arguments["clients"]), keep_on, log)
        now = await settle(host, before, arguments["slack"] << 20)
        print("threads, descriptors and bytes before and after: %r, %r" % (before, now))
        await host.stop()
    finally:
        if host.process.returncode is None:
            host.process.kill()
        await host.process.wait()


def command_of(arguments):
    named = ("seed", "rounds", "minutes", "clients", "slack", "without")
    return [sys.argv[0], *("--%s=%s" % (name, arguments[name]) for name in named), *arguments["host"]]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--slack", type=int, default=48)
    parser.add_argument("--without", default="")
    parser.add_argument("--log", default="")
    parser.add_argument("--replay", default="")
    parser.add_argument("host", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    rounds = given.rounds or (5 if given.minutes is None else sys.maxsize)
    arguments = {"seed": given.seed, "rounds": rounds, "minutes": given.minutes or 1e6,
                 "clients": given.clients, "slack": given.slack, "without": given.without,
                 "host": given.host}
    if given.replay:
        with open(given.replay) as file:
            arguments = json.loads(file.readline())
    if not arguments["host"]:
        parser.error("which HOST?")
    log = Log(arguments)
    try:
        asyncio.run(run(arguments, log))
    except Wrong as problem:
        log.add("chaos", str(problem))
        print("\n".join(log.lines))
        print("WRONG: %s" % problem)
        if given.log:
            log.write(given.log)
        print("again: %s" % shlex.join(command_of(arguments)))
        return 1
    print("%d things done by %d clients, seed %d" % (len(log.lines) - 1, arguments["clients"],
                                                   arguments["seed"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
