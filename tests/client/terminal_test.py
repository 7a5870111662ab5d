"""The client on a terminal: its prompt, and the terminal as it was whatever the end."""

import os
import signal
import sys
import unittest

from hosts import CLIENT, WithHost
from screens import Screen


class OnATerminal(WithHost):

    def setUp(self):
        super().setUp()
        self.screen = Screen("env", "PS1=$ ", "PATH=%s:%s" % (os.path.dirname(CLIENT), os.environ["PATH"]),
                             "bash", "--norc", "--noprofile", "--noediting", "-i")
        self.addCleanup(self.screen.close)
        self.screen.wait_for_end("$")
        self.screen.run("cd %s; clear" % self.folder.name)
        self.screen.wait_for(lambda lines: lines == ["$"], "an empty screen")

    def open(self, *arguments):
        self.screen.run(" ".join(["backdoor -q ./console.sock", *arguments]))
        self.screen.wait_for_end(">>>")
        self.screen.wait_for_character_mode()

    def pid(self):
        """Of the client, which is the terminal's foreground process."""
        terminal = self.screen.tmux("display-message", "-p", "#{pane_tty}").strip()
        for process in os.listdir("/proc"):
            try:
                with open("/proc/%s/comm" % process) as comm:
                    if comm.read() == "backdoor\n" and os.readlink("/proc/%s/fd/0" % process) == terminal:
                        return int(process)
            except OSError:
                pass
        raise AssertionError("there is no client")

    def ended(self, status):
        """The shell has its prompt, the terminal its ways, and the client had that status."""
        self.screen.wait_for_line_mode()
        self.screen.wait_for(lambda lines: lines[-1] == "$", "the shell")
        self.screen.run("echo was $?")
        self.screen.wait_for_end("was %d" % status, "$")
        self.assertIn(" echo ", self.screen.modes())


class Prompt(OnATerminal):

    def test_editing_and_the_end(self):
        self.open()
        self.screen.type("13")
        self.screen.press("C-b")
        self.screen.run("2")
        self.screen.wait_for_end(">>> 123", "123", ">>>")
        self.screen.press("Up", "BSpace")
        self.screen.run("4")
        self.screen.wait_for_end(">>> 124", "124", ">>>")
        self.screen.press("C-d")
        self.screen.wait_for_end("now exiting InteractiveConsole...", "$")
        self.ended(0)

    def test_the_banner(self):
        self.screen.run("backdoor ./console.sock")
        self.screen.wait_for(lambda lines: "\n".join(lines).find("\nPython 3.") > 0 and
                             lines[-2:] == ["(InteractiveConsole)", ">>>"], "a banner")

    def test_the_status_of_exit(self):
        self.open("-i", "-c", "'x = 3'")
        self.screen.run("exit(x)")
        self.screen.wait_for_end(">>> exit(x)", "$")
        self.ended(3)

    def test_an_interrupt(self):
        self.open()
        self.screen.run("while True: pass")
        self.screen.press("C-c")
        self.screen.wait_for_end("KeyboardInterrupt", ">>>")
        self.screen.type("half")
        self.screen.press("C-c")
        self.screen.wait_for_end("KeyboardInterrupt", ">>>")
        self.screen.run("6 * 7")
        self.screen.wait_for_end("42", ">>>")

    def test_the_size_of_the_window(self):
        self.open()
        self.screen.resize(20, 24)
        self.screen.type("x = '" + "0123456789" * 3)
        self.screen.wait_for_end(">>> x = '01234567890", "123456789012345678" + "9"[:1])

    def test_colours(self):
        for when, coloured in (("always", True), ("never", False)):
            self.open("--color", when)
            self.screen.type("import os")
            self.screen.wait_for_end(">>> import os")
            shown = self.screen.lines(colours=True)[-1]
            self.assertEqual("\x1b[" in shown, coloured, shown)
            self.screen.press("C-c", "C-d")
            self.screen.wait_for_end("now exiting InteractiveConsole...", "$")

    def test_a_history_of_ones_own(self):
        self.open("--history", "typed")
        for line, answer in (("'one'", ["'one'"]), ("if 1:", ["..."])):
            self.screen.run(line)
            self.screen.wait_for_end(">>> " + line, *answer, *([">>>"] if answer != ["..."] else []))
        self.screen.run("'two'")
        self.screen.press("Enter")
        self.screen.wait_for_end("...", "'two'", ">>>")
        self.screen.run("'a secret'")
        self.screen.wait_for_end("'a secret'", ">>>")
        self.screen.press("C-d")
        self.ended(0)
        path = os.path.join(self.folder.name, "typed")
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        with open(path) as file:
            self.assertEqual([line for line in file.read().split("\n") if line.startswith("+")],
                             ["+'one'", "+if 1:", "+    'two'"])
        self.screen.run("clear")
        self.open("--history", "typed")  # the server has nothing of it
        self.screen.press("Up")
        self.screen.wait_for_end(">>> if 1:", "...     'two'")
        self.screen.press("C-c", "C-d")
        self.ended(0)
        self.open()
        self.screen.press("Up")
        self.screen.type("'nothing before this'")
        self.screen.wait_for_end(">>> 'nothing before this'")

    def test_a_history_that_cannot_be_used(self):
        self.screen.run("backdoor -q ./console.sock --history .")
        self.screen.wait_for_text("cannot use the history file .: it is no file")
        self.ended(2)

    def test_a_dumb_terminal_has_lines(self):
        self.screen.run("TERM=dumb backdoor -q ./console.sock")
        self.screen.wait_for_end(">>>")
        self.assertIn(" icanon", self.screen.modes())
        self.screen.run("6 * 7")
        self.screen.wait_for_end(">>> 6 * 7", "42", ">>>")
        self.screen.run("while True: pass")
        self.screen.press("C-c")
        self.screen.wait_for_end("KeyboardInterrupt", ">>>")
        self.screen.press("C-d")
        self.screen.wait_for_end("now exiting InteractiveConsole...", "$")


class Ends(OnATerminal):

    def test_the_escape_key(self):
        self.open()
        self.screen.type("half a li")
        self.screen.wait_for_end(">>> half a li")
        self.screen.press("C-]")
        self.screen.wait_for_end(">>> half a li", "$")
        self.ended(0)

    def test_another_escape_key(self):
        self.open("--escape", "^X")
        self.screen.press("C-]")
        self.screen.run("6 * 7")
        self.screen.wait_for_end("42", ">>>")
        self.screen.press("C-x")
        self.screen.wait_for_end(">>>", "$")
        self.ended(0)

    def test_stopping_and_going_on(self):
        self.open()
        self.screen.type("print(12)")
        self.screen.wait_for_end(">>> print(12)")
        self.screen.press("C-z")
        self.screen.wait_for(lambda lines: "Stopped" in "\n".join(lines) and lines[-1] == "$",
                             "the shell")
        self.screen.wait_for_line_mode()
        self.screen.run("fg")
        self.screen.wait_for_end(">>> print(12)")
        self.screen.wait_for_character_mode()
        self.screen.press("Enter")
        self.screen.wait_for_end(">>> print(12)", "12", ">>>")
        self.screen.press("C-d")
        self.ended(0)

    def test_signals(self):
        for number in signal.SIGTERM, signal.SIGHUP, signal.SIGINT:
            with self.subTest(number):
                self.open()
                os.kill(self.pid(), number)
                if number == signal.SIGINT:  # as from its key
                    self.screen.wait_for_end("KeyboardInterrupt", ">>>")
                    self.screen.press("C-d")
                    self.ended(0)
                else:
                    self.screen.wait_for(lambda lines: lines[-1] == "$", "the shell")
                    self.ended(128 + number)

    def test_a_host_that_dies(self):
        self.open()
        self.screen.type("half a li")
        self.screen.wait_for_end(">>> half a li")
        self.host.kill()
        self.screen.wait_for_text("backdoor: the connection is lost")
        self.ended(3)

    def test_a_host_that_dies_while_code_runs(self):
        self.open()
        self.screen.run("import os; os._exit(1)")
        self.screen.wait_for_text("backdoor: the connection is lost")
        self.ended(3)
        self.assertEqual(self.host.ended(), 1)


if __name__ == "__main__":
    unittest.main(argv=[__file__, "-v", *sys.argv[3:]])
