"""Real clients on a terminal, tmux's, and what its screen shows."""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import unittest

PATIENCE = 20


class Host:
    """The program under test: says its port, and serves until its input ends."""

    def __init__(self, program, *arguments, environment=None):
        self.process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True,
                                        env=dict(os.environ, **(environment or {})))
        self.port = ""
        while not re.fullmatch(r"\d+\n", self.port):
            self.port = self.process.stdout.readline()
        self.port = self.port.strip()

    def stop(self):
        self.process.stdin.close()
        status = self.process.wait(PATIENCE)
        self.process.stdout.close()
        return status


class Screen:
    """A client in a window of a tmux of its own."""

    def __init__(self, *command, columns=80, rows=24, term="xterm-256color"):
        self.folder = tempfile.TemporaryDirectory()
        self.socket = os.path.join(self.folder.name, "tmux")
        shell = "export TERM=%s; stty sane; %s; echo client ended; sleep %d" % (
            shlex.quote(term), shlex.join(command), 10 * PATIENCE)
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
                  "sh", "-c", shell)

    def tmux(self, *arguments, text=None):
        return subprocess.run(["tmux", "-S", self.socket, *arguments], check=True, input=text,
                              stdout=subprocess.PIPE, text=True,
                              env=dict(os.environ, LC_ALL="C.UTF-8")).stdout

    def lines(self, colours=False):
        shown = self.tmux("capture-pane", "-p", *(["-e"] if colours else []))
        return shown.rstrip("\n").split("\n")

    def press(self, *keys):
        """Names of keys, as tmux has them: Enter, C-c, Up."""
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def run(self, line):
        self.type(line)
        self.press("Enter")

    def paste(self, text):
        """As a terminal does: in brackets where the program has asked for them."""
        self.tmux("load-buffer", "-", text=text)
        self.tmux("paste-buffer", "-p", "-r")

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def wait_for(self, condition, what, patience=PATIENCE):
        end = time.monotonic() + patience
        while True:
            lines = self.lines()
            if condition(lines):
                return lines
            if time.monotonic() > end:
                raise AssertionError("%s did not come, but:\n%s" % (what, "\n".join(lines)))
            time.sleep(0.02)

    def wait_for_end(self, *last):
        """Until these are the last lines."""
        return self.wait_for(lambda lines: lines[-len(last):] == list(last), repr(last))

    def wait_for_text(self, text):
        return self.wait_for(lambda lines: text in "\n".join(lines), repr(text))

    def modes(self):
        """Of the terminal, as stty tells them."""
        terminal = self.tmux("display-message", "-p", "#{pane_tty}").strip()
        return subprocess.run(["stty", "-F", terminal, "-a"], stdout=subprocess.PIPE,
                              text=True).stdout

    def wait_for_character_mode(self):
        """Until the client has its terminal send each key as it is typed."""
        self.wait_for(lambda _: "-icanon" in self.modes(), "character mode")

    def wait_for_line_mode(self):
        self.wait_for(lambda _: " icanon" in self.modes(), "line mode")

    def close(self):
        try:
            self.tmux("kill-server")
        finally:
            self.folder.cleanup()


class OnATerminal(unittest.TestCase):
    """Of a test that is given a host's program first."""
    environment = {}

    def setUp(self):
        self.host = Host(sys.argv[1], environment=self.environment)
        self.addCleanup(lambda: self.assertEqual(self.host.stop(), 0))

    def open(self, *command, **choices):
        screen = Screen(*command, **choices)
        self.addCleanup(screen.close)
        screen.wait_for_end(">>>")
        return screen

    def telnet(self, **choices):
        screen = self.open("inetutils-telnet", "localhost", self.host.port, **choices)
        screen.wait_for_character_mode()
        return screen
