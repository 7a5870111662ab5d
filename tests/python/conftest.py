import contextlib
import pathlib
import queue
import subprocess
import sys
import threading

import pytest

import client

PROGRAMS = pathlib.Path(__file__).parent / "programs"


class Program:
    """A host program in a process of its own. It prints `READY address` when its console is up."""

    def __init__(self, name, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAMS / (name + ".py")), *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.printed = []  # but what has been read by read_line_with()
        self.lines = queue.Queue()
        threading.Thread(target=self.gather, daemon=True).start()
        self.address = self.read_line_with("READY ").partition("READY ")[2].strip()

    def gather(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def read_line_with(self, text):
        """The first such line that has not been read; lines of two processes may come in any order."""
        for line in self.printed:
            if text in line:
                self.printed.remove(line)
                return line
        while line := self.lines.get(timeout=client.LIMIT):
            if text in line:
                return line
            self.printed.append(line)
        raise AssertionError("ended with %s after %r" % (self.process.wait(), self.printed))

    def client(self, greet=True):
        return client.Client(self.address, greet)

    def stop(self):
        """Asks it to end, and returns its exit code and what it printed meanwhile."""
        with contextlib.suppress(BrokenPipeError):  # it has ended already
            self.process.stdin.write("stop\n")
            self.process.stdin.close()
        while line := self.lines.get(timeout=client.LIMIT):
            self.printed.append(line)
        return self.process.wait(client.LIMIT), "".join(self.printed)


@pytest.fixture
def certificate(tmp_path):
    """The files of a certificate for localhost, which signs itself, and of its key."""
    files = str(tmp_path / "certificate"), str(tmp_path / "key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-out", files[0], "-keyout", files[1]],
                   check=True, capture_output=True)
    return files


@pytest.fixture
def program():
    """program(NAME, ARGUMENT...) starts tests/python/programs/NAME.py."""
    started = []

    def start(name, *arguments):
        started.append(Program(name, *arguments))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()
