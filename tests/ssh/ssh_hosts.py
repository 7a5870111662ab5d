"""A host that speaks SSH, and OpenSSH's client for it."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

PATIENCE = 60


def eventually(happens):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.02)
    return False


def make_key(path, kind="ed25519", comment="", bits=None):
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", comment, "-f", path]
                   + (["-b", str(bits)] if bits else []), check=True)


def fingerprint(path):
    return subprocess.run(["ssh-keygen", "-l", "-f", path], check=True, stdout=subprocess.PIPE,
                          text=True).stdout.split()[1]


def count_attempts(made, let_in):
    """For tests/security/attempts, as support/attempts.hpp."""
    print(f"attempts: {made} made, {let_in} let in, by SSH clients without a good key", flush=True)


class Host:
    """The program under test, in a folder of its own."""

    def __init__(self, folder, *choices):
        self.folder = folder
        self.process = subprocess.Popen([sys.argv[1], folder, *choices], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline().strip()
        if not re.fullmatch(r"\d+", said):
            self.stop()
            raise AssertionError(f"the host did not start: {said}")
        self.port = int(said)

    def stop(self):
        self.process.stdin.close()
        status = self.process.wait(PATIENCE)
        self.process.stdout.close()
        return status

    def path(self, name):
        return os.path.join(self.folder, name)

    def resident_kb(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s*(\d+) kB", file.read())[1])

    def is_sanitized(self):
        """The sanitizers keep freed memory for a while."""
        with open(f"/proc/{self.process.pid}/maps") as maps:
            return re.search("lib[at]san", maps.read()) is not None

    def log(self):
        with open(self.path("log")) as file:
            return file.read()

    def audit(self, event):
        with open(self.path("audit")) as file:
            lines = file.read().split("\n")[:-1]  # the last may not be whole yet
        return [one for one in map(json.loads, lines) if one["event"] == event]


class SshTest(unittest.TestCase):
    """Alice's key may enter."""

    choices = ()

    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = self.scratch.name
        self.alice = self.path("alice")
        make_key(self.alice, comment="alice@laptop")
        self.authorize(self.key_line())
        self.host = Host(self.folder, *self.choices)
        self.entered = 0

    def tearDown(self):
        self.assertEqual(self.host.stop(), 0)
        self.scratch.cleanup()

    def path(self, name):
        return os.path.join(self.folder, name)

    def key_line(self, options="", key=None):
        with open((key or self.alice) + ".pub") as file:
            return (options + " " if options else "") + file.read()

    def authorize(self, text):
        # As an editor does it, so that nobody sees half of it.
        with open(self.path("new"), "w") as file:
            file.write(text)
        os.chmod(self.path("new"), 0o600)
        os.rename(self.path("new"), self.path("keys"))

    def command(self, *arguments, key=None):
        """Of options and code; "" is where the name of the host belongs."""
        options = ["-F", "none", "-p", str(self.host.port), "-i", key or self.alice,
                   "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes",
                   "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR",
                   "-o", "UserKnownHostsFile=" + self.path("known")]
        at = arguments.index("") if "" in arguments else 0
        code = arguments[at + 1:] if "" in arguments else arguments
        return ["ssh", *arguments[:at], *options, "127.0.0.1", *code]

    def ssh(self, *arguments, key=None, input=""):
        done = subprocess.run(self.command(*arguments, key=key), input=input.encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        return done

    def assert_enters(self, *arguments, **named):
        self.entered += 1
        done = self.ssh(*arguments, "", "print('in')", **named)
        self.assertEqual((done.returncode, done.stdout), (0, "in\n"), done.stderr)

    def assert_refused(self, *arguments, why="Permission denied (publickey)", **named):
        done = self.ssh(*arguments, "", "print('in')", **named)
        count_attempts(1, done.stdout.count("in"))
        self.assertEqual((done.returncode, done.stdout), (255, ""), done.stderr)
        self.assertIn(why, done.stderr)

    def assert_logged(self, part):
        self.assertTrue(eventually(lambda: part in self.host.log()),
                        f"{part!r} is not in {self.host.log()}")
