import pathlib
import subprocess
import sys

import pytest

import client

PROGRAMS = pathlib.Path(__file__).parent / "programs"


class Program:
    """A host program in a process of its own. It prints `READY address` when its console is up."""

    def __init__(self, name, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAMS / (name + ".py")), *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.printed = []
        self.address = self.read_line_with("READY ").partition("READY ")[2].strip()

    def read_line_with(self, text):
        for line in self.process.stdout:
            if text in line:
                return line
            self.printed.append(line)
        raise AssertionError("ended with %s after %r" % (self.process.wait(), self.printed))

    def client(self, greet=True):
        return client.Client(self.address, greet)

    def stop(self):
        """Asks it to end, and returns its exit code and what it printed meanwhile."""
        out, _ = self.process.communicate("stop\n", timeout=client.LIMIT)
        return self.process.returncode, "".join(self.printed) + out


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
        one.process.communicate()
