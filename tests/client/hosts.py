"""The console that the client's tests talk to, in a process of its own."""

import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

PATIENCE = 20
HOST, CLIENT = sys.argv[1:3]


def eventually(condition, what="it"):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(what + " did not happen")
        time.sleep(0.01)


class Host:
    """Serves until it is stopped."""

    def __init__(self, address, *arguments, environment=None):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([HOST, address, *arguments], stdin=subprocess.PIPE,
                                        stdout=self.log, env=environment)
        self.pid = self.process.pid
        eventually(self.has_said, "a host")

    def has_said(self):
        said = os.pread(self.log.fileno(), 100_000, 0).decode()
        found = re.search("^console: (.*)\n", said, re.MULTILINE)
        if found:
            self.address = found[1]
        return found or self.process.poll() is not None

    def kill(self):
        self.process.kill()
        self.ended()

    def ended(self):
        """Its exit status, once it has ended."""
        status = self.process.wait(PATIENCE)
        self.process.stdin.close()
        self.log.close()
        return status

    def stop(self):
        self.process.stdin.close()
        return self.ended()

    def count(self, what):
        return len(os.listdir("/proc/%d/%s" % (self.pid, what)))

    def is_sanitized(self):
        """The sanitizers keep freed memory for a while."""
        with open("/proc/%d/maps" % self.pid) as maps:
            return re.search("lib[at]san", maps.read()) is not None

    def resident(self):
        with open("/proc/%d/statm" % self.pid) as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")


class WithHost(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in ("BACKDOOR_TOKEN", "NO_COLOR")}
        self.environment["XDG_RUNTIME_DIR"] = self.folder.name
        self.path = os.path.join(self.folder.name, "console.sock")
        self.host = self.start(self.path)

    def start(self, address, *arguments):
        host = Host(address, *arguments, environment=self.environment)
        self.addCleanup(lambda: host.process.poll() is None and
                        self.assertEqual(host.stop(), 0))
        return host


class Pipes(WithHost):

    def run_client(self, *arguments, target=None, input="", **choices):
        """Returns its status, what it printed, and what it said of errors."""
        done = subprocess.run([CLIENT, target or self.path, *arguments], input=input, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=3 * PATIENCE,
                              env=dict(self.environment, **choices.pop("environment", {})),
                              **choices)
        return done.returncode, done.stdout, done.stderr

    def start_client(self, *arguments, target=None, **choices):
        streams = dict(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        client = subprocess.Popen([CLIENT, target or self.path, *arguments], env=self.environment,
                                  **dict(streams, **choices))
        self.addCleanup(client.wait)
        for stream in (client.stdout, client.stderr):
            if stream:
                self.addCleanup(stream.close)
        self.addCleanup(client.kill)
        return client

    def wait_until_alone(self):
        eventually(lambda: self.run_client("-e", "len(consoles())")[1] == "1\n",
                   "the end of other consoles")
