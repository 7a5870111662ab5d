"""What people do with ssh: code that is run, prompts, terminals, several sessions."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import unittest

from ssh_hosts import PATIENCE, SshTest, eventually, fingerprint


class Code(SshTest):
    def test_runs_and_has_an_exit_status(self):
        done = self.ssh("print(6 * 7)")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "42\n", ""))
        self.assertEqual(self.ssh("import sys; sys.exit(3)").returncode, 3)

    def test_shows_the_value_of_an_expression(self):
        self.assertEqual(self.ssh("'%d' % 42").stdout, "'42'\n")
        self.assertEqual(self.ssh("print('only')").stdout, "only\n")

    def test_tells_errors_apart(self):
        done = self.ssh("print('before')\n1/0")
        self.assertEqual((done.returncode, done.stdout), (1, "before\n"))
        self.assertTrue(done.stderr.startswith("Traceback (most recent call last):\n"), done.stderr)
        self.assertIn("ZeroDivisionError", done.stderr)

    def test_reads_what_is_piped_in(self):
        text = "line\n" * 100_000
        done = self.ssh("import sys; print(len(sys.stdin.read()))", input=text)
        self.assertEqual((done.returncode, done.stdout), (0, f"{len(text)}\n"), done.stderr)

    def test_need_not_read_what_is_piped_in(self):
        # More than all buffers on the way hold.
        done = self.ssh("print('done')", input="x" * 6_000_000)
        self.assertEqual(done.stdout, "done\n")

    def test_writes_much(self):
        done = self.ssh("print('x' * 10_000_000)")
        self.assertEqual(len(done.stdout), 10_000_001)

    def test_is_audited_with_the_key_that_it_came_by(self):
        self.ssh("print(1)")
        name = f"key {fingerprint(self.alice)} alice@laptop"
        self.assertTrue(eventually(lambda: self.host.audit("disconnect")))
        (login,) = self.host.audit("login")
        self.assertEqual((login["user"], login["text"]), (name, name))
        (command,) = self.host.audit("command")
        self.assertEqual((command["user"], command["text"]), (name, "print(1)"))
        self.assert_logged(f"({name})")

    def test_ends_where_its_client_is_gone(self):
        client = subprocess.Popen(self.command("import time\nfor i in range(10**9): time.sleep(.01)"),
                                  stdin=subprocess.PIPE)
        self.assertTrue(eventually(lambda: self.host.audit("command")))
        client.kill()
        client.communicate()
        self.assertTrue(eventually(lambda: self.host.audit("disconnect")))
        self.assertTrue(eventually(lambda: self.host.audit("result")))


class Sessions(SshTest):
    def end(self, master, shared):
        """Asked, not by a signal: OpenSSH before 9.6 may miss one where it is about to wait."""
        self.ssh("-O", "exit", *shared, "")
        master.wait(PATIENCE)

    def test_are_several_on_one_connection(self):
        shared = ("-o", "ControlPath=" + self.path("control"))
        master = subprocess.Popen(self.command("-N", "-M", *shared, ""))
        self.assertTrue(eventually(lambda: os.path.exists(self.path("control"))))
        clients = [subprocess.Popen(self.command(*shared, "", f"print(input() * {number})"),
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                   for number in range(1, 5)]
        self.assertTrue(eventually(lambda: len(self.host.audit("command")) == 4))
        for number, client in enumerate(clients, 1):
            self.assertEqual(client.communicate("ab\n", timeout=PATIENCE)[0], "ab" * number + "\n")
        self.assertEqual(len(self.host.audit("login")), 1)
        self.end(master, shared)

    def test_are_no_more_than_ten(self):
        shared = ("-o", "ControlPath=" + self.path("control"))
        master = subprocess.Popen(self.command("-N", "-M", *shared, ""))
        self.assertTrue(eventually(lambda: os.path.exists(self.path("control"))))
        clients = [subprocess.Popen(self.command(*shared, "", "name = input()"), stdin=subprocess.PIPE)
                   for _ in range(10)]
        self.assertTrue(eventually(lambda: len(self.host.audit("command")) == 10))
        done = self.ssh(*shared, "-o", "ControlMaster=no", "", "print('one more')")
        # ssh takes a connection of its own then.
        self.assertEqual(done.stdout, "one more\n")
        self.assertEqual(len(self.host.audit("login")), 2)
        for client in clients:
            client.communicate(b"\n", timeout=PATIENCE)
        self.end(master, shared)


class Prompt(SshTest):
    def test_is_plain_without_a_terminal(self):
        done = self.ssh("-T", "", input="1 + 1\nprint('è')\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(">>> 2\n>>> è\n>>> ", done.stdout)
        self.assertNotIn("\x1b", done.stdout)
        self.assertNotIn("\r", done.stdout)

    def test_has_an_exit_status(self):
        self.assertEqual(self.ssh("-T", "", input="exit(4)\n").returncode, 4)


class Terminal:
    """ssh with a terminal, on which we are the user."""

    def __init__(self, command, columns=80, rows=24):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm"
            os.environ.pop("SSH_AUTH_SOCK", None)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvp(command[0], command)
        self.shown = ""

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def resize(self, columns, rows):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self):
        """Nothing where the client is gone. Or slow: then it is the next assertion that fails."""
        if not select.select([self.fd], [], [], PATIENCE)[0]:
            return b""
        try:
            return os.read(self.fd, 65536)
        except OSError:  # how Linux tells that the other end of a terminal is gone
            return b""

    def read_until(self, mark):
        while mark not in self.shown:
            data = self.read()
            if not data:
                raise AssertionError(f"{mark!r} did not come, but {self.shown!r}")
            self.shown += data.decode(errors="replace")
        before, self.shown = self.shown.split(mark, 1)
        return before

    def status(self):
        while self.read():
            pass
        ended = []
        if not eventually(lambda: ended.append(os.waitpid(self.pid, os.WNOHANG)) or ended[-1][0]):
            raise AssertionError("ssh does not end")
        return os.waitstatus_to_exitcode(ended[-1][1])

    def close(self):
        os.close(self.fd)


class Terminals(SshTest):
    def setUp(self):
        super().setUp()
        self.terminal = Terminal(self.command("-t", ""))
        self.terminal.read_until(">>> ")

    def tearDown(self):
        self.terminal.close()
        super().tearDown()

    def test_edit_lines_and_recall_them(self):
        self.terminal.type("6 * 78\x7f\r")
        self.terminal.read_until("42\r\n")
        self.terminal.type("\x1b[A0\r")
        self.terminal.read_until("420\r\n")

    def test_interrupt_what_runs(self):
        self.terminal.type("while True: pass\r\r")
        self.assertTrue(eventually(lambda: self.host.audit("command")))
        self.terminal.type("\x03")
        self.terminal.read_until("KeyboardInterrupt")
        self.terminal.type("'go' + ' on'\r")
        self.terminal.read_until("'go on'")

    def test_have_a_size_that_changes(self):
        self.assertNotIn(" \r", self.shown_for_forty_letters())
        self.terminal.resize(30, 24)
        # When ssh hears of it is its own matter.
        self.assertTrue(eventually(lambda: " \r" in self.shown_for_forty_letters()))

    def shown_for_forty_letters(self):
        """What is wider than the window is wrapped by a blank and a return."""
        self.terminal.type("#" * 40 + "\x03")
        return self.terminal.read_until("KeyboardInterrupt")

    def test_keep_a_password_to_themselves(self):
        self.terminal.type("import getpass; secret = getpass.getpass()\r")
        self.terminal.read_until("Password: ")
        self.terminal.type("hunter2\r")
        self.terminal.read_until(">>> ")
        self.terminal.type("len(secret)\r")
        self.terminal.read_until("7\r\n")
        with open(self.path("audit")) as file:
            audit = file.read()
        self.assertIn("getpass.getpass()", audit)
        self.assertNotIn("hunter2", audit + self.terminal.shown)

    def test_end_with_a_status(self):
        self.terminal.type("exit(4)\r")
        self.assertEqual(self.terminal.status(), 4)

    def test_run_code_too(self):
        one = Terminal(self.command("-t", "", "print(1); print(input('name? ') + '!')"))
        one.read_until("1\r\nname? ")
        one.type("bob\r")
        one.read_until("bob!\r\n")
        self.assertEqual(one.status(), 0)
        one.close()

    def test_interrupt_code_too(self):
        one = Terminal(self.command("-t", "", "while True: pass"))
        self.assertTrue(eventually(lambda: self.host.audit("command")))
        one.type("\x03")
        one.read_until("KeyboardInterrupt\r\n")
        self.assertEqual(one.status(), 130)
        one.close()


if __name__ == "__main__":
    unittest.main(argv=["ssh_client_test"], verbosity=2)
