#!/usr/bin/python3
"""Types a session into the real telnet client and prints it as a person would see it.

usage: transcript.py HOST PORT

Fails when a reply is not the expected one, or does not come in time.
"""
import os
import pty
import re
import select
import signal
import sys
import time

LIMIT = 20.0  # seconds for one reply
PROMPT = r"(^|\n)(>>> |\.\.\. )$"
GONE = r"Connection closed by foreign host\.\n$"

# What is typed, and a pattern for the whole reply. `matched` counts while the service runs.
SESSION = [
    ("import os, sys", ""),
    ("dir()", r"\[.*'__builtins__'.*'matched'.*'os'.*\]"),
    ("matched", r"\d+"),
    ("seen = _", ""),
    ("while matched == seen: pass", ""),
    ("", ""),
    ("matched > seen", "True"),
    ("matched", r"\d+"),
    ("best()", r"\((\d+|None), (\d+|None)\)"),
    ("for price, quantity in asks()[:3]:", ""),
    ("    print(f'{quantity} at {price}')", ""),
    ("", r"(\d+ at \d+\n?)*"),
    ("help(cancel)", r".*Take an order out of the book.*"),
    ("cancel(0)", "False"),
    ("cancel('seven')", r"Traceback \(most recent call last\):\n.*TypeError: .*"),
]


class Unexpected(Exception):
    """A reply that is not there, or not the one."""


class Telnet:
    """The telnet program on a terminal of its own."""

    def __init__(self, host, port):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            os.execvp("telnet", ["telnet", host, port])

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def type(self, line):
        os.write(self.terminal, (line + "\n").encode())

    def read_until(self, pattern):
        """The text up to where `pattern` matches its end."""
        data = b""
        deadline = time.monotonic() + LIMIT
        while True:
            text = data.decode(errors="replace").replace("\r\n", "\n")
            if re.search(pattern, text):
                return text
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not select.select([self.terminal], [], [], remaining)[0]:
                raise Unexpected(f"no answer within {LIMIT:.0f} s, only {text!r}")
            try:
                data += os.read(self.terminal, 65536)
            except OSError:  # how a terminal says that its program has ended
                raise Unexpected(f"telnet ended, after {text!r}") from None


def check(line, pattern, text):
    """Holds the reply to `line`, which is `text` less the echoed line and the prompt."""
    reply = re.sub(PROMPT, "", text).partition("\n")[2]
    if not re.fullmatch(pattern, reply, re.DOTALL):
        raise Unexpected(f"{line!r} was answered by {reply!r}, not by what matches {pattern!r}")


def show(text):
    print(text, end="", flush=True)


def play(telnet):
    show(telnet.read_until(PROMPT))
    for line, pattern in SESSION:
        telnet.type(line)
        text = telnet.read_until(PROMPT)
        show(text)
        check(line, pattern, text)
    telnet.type("exit()")
    show(telnet.read_until(GONE))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    host, port = sys.argv[1:]
    show(f"$ telnet {host} {port}\n")
    telnet = Telnet(host, port)
    try:
        play(telnet)
    except Unexpected as problem:
        sys.exit(f"\ntranscript: {problem}")
    finally:
        telnet.close()


if __name__ == "__main__":
    main()
