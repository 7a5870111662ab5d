"""The real telnet in its line mode: a session line by line, with Ctrl-C and Ctrl-D."""

import os
import pty
import re
import select
import subprocess
import sys
import time
import unittest

PATIENCE = 20


class Telnet:
    def __init__(self, port):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            os.execvp("telnet", ["telnet", "localhost", port])
        self.shown = ""

    def read_until(self, mark):
        end = time.monotonic() + PATIENCE
        while mark not in self.shown:
            ready = select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]
            try:
                data = os.read(self.terminal, 65536) if ready else b""
            except OSError:  # how Linux tells that the other end of a terminal is gone
                data = b""
            if not data:
                raise AssertionError(f"{mark!r} did not come, but {self.shown!r}")
            self.shown += data.decode().replace("\r", "")
        before, self.shown = self.shown.split(mark, 1)
        return before

    def type(self, text):
        os.write(self.terminal, text.encode())

    def run(self, line):
        """The answer alone: a terminal shows what is typed too."""
        self.type(line + "\n")
        return self.read_until(">>> ").replace(line + "\n", "", 1)

    def wait(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return status
            time.sleep(0.01)
        raise AssertionError("telnet does not end")


class Session(unittest.TestCase):
    def setUp(self):
        self.host = subprocess.Popen([sys.argv[1], "never"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     text=True)
        port = ""
        while not re.fullmatch(r"\d+\n", port):
            port = self.host.stdout.readline()
        self.telnet = Telnet(port.strip())
        self.telnet.read_until(">>> ")

    def tearDown(self):
        os.close(self.telnet.terminal)
        self.host.stdin.close()
        self.assertEqual(self.host.wait(PATIENCE), 0)
        self.host.stdout.close()

    def test_lines(self):
        self.assertEqual(self.telnet.run("import sys"), "")
        self.assertEqual(self.telnet.run("print('h\u00e9')"), "h\u00e9\n")
        self.assertEqual(self.telnet.run("1 / 0").splitlines()[-1],
                         "ZeroDivisionError: division by zero")

    def test_a_block(self):
        self.telnet.type("for i in range(2):\n")
        self.telnet.read_until("... ")
        self.telnet.type("    print(i)\n")
        self.telnet.read_until("... ")
        self.assertIn("0\n1\n", self.telnet.run(""))

    def test_ctrl_c_in_a_command(self):
        self.telnet.type("while True: pass\n")
        self.telnet.read_until("... ")
        self.telnet.type("\n")
        self.telnet.type("\x03")
        self.assertIn("KeyboardInterrupt\n", self.telnet.read_until(">>> "))
        self.assertIn("alive\n", self.telnet.run("print('alive')"))

    def test_ctrl_c_at_the_prompt(self):
        self.telnet.type("1 / 0\x03")
        self.assertIn("KeyboardInterrupt\n", self.telnet.read_until(">>> "))
        self.assertIn("alive\n", self.telnet.run("print('alive')"))

    def test_ctrl_d(self):
        self.telnet.run("1")
        self.telnet.type("\x04")
        self.telnet.read_until("now exiting InteractiveConsole...")
        self.telnet.read_until("Connection closed by foreign host.")
        self.telnet.wait()

    def test_exit(self):
        self.telnet.type("exit()\n")
        self.telnet.read_until("Connection closed by foreign host.")
        self.telnet.wait()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
