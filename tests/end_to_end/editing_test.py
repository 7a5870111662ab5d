"""Line editing, history, completion and what else is seen on a terminal, with the telnet that people have."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

from screens import Host, OnATerminal, Screen


class Editing(OnATerminal):

    def test_a_block(self):
        screen = self.telnet()
        screen.run("for i in range(2):")
        screen.wait_for_end(">>> for i in range(2):", "...")
        screen.run("print(i)")  # indented by itself
        screen.press("Enter")
        screen.wait_for_end("...     print(i)", "...", "0", "1", ">>>")
        screen.press("Up", "Up", "End", "BSpace", "BSpace", "BSpace")
        screen.type("3):")
        screen.press("Down", "C-e", "Enter", "Enter")
        screen.wait_for_end(">>> for i in range(3):", "...     print(i)", "...", "0", "1", "2",
                            ">>>")

    def test_a_pasted_block_runs_as_one(self):
        screen = self.telnet()
        screen.paste("def double(x):\n    y = 2 * x\n\n    return y\n\nprint(double(21))")
        screen.wait_for_end("... print(double(21))")
        screen.press("Enter")
        screen.wait_for_end("... print(double(21))", "42", ">>>")

    def test_nothing_of_a_block_runs_behind_an_error(self):
        screen = self.telnet()
        screen.paste("1 / 0\nprint('not', 'this')")
        screen.wait_for_end("... print('not', 'this')")
        screen.press("Enter")
        screen.wait_for_end("ZeroDivisionError: division by zero", ">>>")
        screen.run("6 * 7")
        self.assertNotIn("not this", screen.wait_for_end("42", ">>>"))

    def test_history_outlives_a_session(self):
        first = self.telnet()
        first.run("'from before'")
        first.wait_for_end("'from before'", ">>>")
        first.press("C-d")
        first.wait_for_text("client ended")
        second = self.telnet()
        second.press("C-r")
        second.type("before")
        second.wait_for_text("from before")
        second.press("Enter")
        second.wait_for_end("'from before'", ">>>")

    def test_completion(self):
        screen = self.telnet()
        screen.paste("import collections, os\ntable = {'colour': 1, 3: [{'size': 'x'}]}\nmatched = 3\n"
                     "lists = collections.defaultdict(list, key=[])\n"
                     "Point = collections.namedtuple('Point', 'width height')")
        screen.press("Enter")
        screen.wait_for_end("... Point = collections.namedtuple('Point', 'width height')", ">>>")
        for begun, whole in (("impor", "import"), ("matc", "matched"), ("import optpar", "import optparse"),
                             ("from os impor", "from os import"), ("os.path.abs", "os.path.abspath"),
                             ("print(os.path.abs", "print(os.path.abspath"),
                             ("from os import getlogi", "from os import getlogin"),
                             ("table['", "table['colour']"), ("table[3][-1]['s", "table[3][-1]['size']"),
                             ("table[3][0]['size'].upp", "table[3][0]['size'].upper"), ("open('/etc/passw", "open('/etc/passwd"),
                             ("', '.joi", "', '.join"), ("b'a'.deco", "b'a'.decode"),
                             ("f'{os.path.abs", "f'{os.path.abspath"), ("table['co", "table['colour']"),
                             ("lists['ke", "lists['key']"), ("lists[", "lists['key']"), ("lists[\"ke", "lists[\"key\"]"),
                             ("os.environ['PAT", "os.environ['PATH"), ("from os import (getlogi", "from os import (getlogin"),
                             ("sorted([], ke", "sorted([], key="), ("open('x', enco", "open('x', encoding="),
                             ("Point(wid", "Point(width="), ("Point._mak", "Point._make"),
                             ("Point._make(itera", "Point._make(iterable=")):
            with self.subTest(begun):
                screen.type(begun)
                screen.press("Tab")
                screen.wait_for(lambda lines: lines[-1].startswith(">>> " + whole), whole)
                screen.press("C-c")
                screen.wait_for_end("KeyboardInterrupt", ">>>")

    def test_completion_of_modules_imports_none(self):
        screen = self.telnet()
        screen.run("import sys; before = set(sys.modules)")
        screen.wait_for_end(">>> import sys; before = set(sys.modules)", ">>>")
        for begun, whole in (("import xml.dom.minid", "import xml.dom.minidom"), ("import os, xml.sa", "import os, xml.sax"),
                             ("from xml import sa", "from xml import sax"), ("from xml.sax.sa", "from xml.sax.saxutils"),
                             ("from email.mime import imag", "from email.mime import image")):
            with self.subTest(begun):
                screen.type(begun)
                screen.press("Tab")
                screen.wait_for_end(">>> " + whole)
                screen.press("C-c")
                screen.wait_for_end("KeyboardInterrupt", ">>>")
        screen.run("[name for name in set(sys.modules) - before if name.startswith(('xml', 'email'))]")
        screen.wait_for_end("[]", ">>>")

    def test_completion_of_what_a_call_may_name(self):
        screen = self.telnet()
        screen.run("def connect(address, *, retries=3): pass")
        screen.press("Enter")
        screen.wait_for_end("...", ">>>")
        screen.type("connect('', retr")
        screen.press("Tab")
        screen.wait_for_end(">>> connect('', retries=")

    def test_completion_lists_what_there_is(self):
        screen = self.telnet()
        screen.run("apple = apricot = 1")
        screen.wait_for_end(">>> apple = apricot = 1", ">>>")
        screen.type("ap")
        screen.press("Tab", "Tab")
        screen.wait_for_end(">>> ap", "apple    apricot", ">>> ap")

    def test_completion_runs_no_property(self):
        screen = self.telnet()
        screen.paste("class Trap:\n    ran = False\n    @property\n    def spring(self):\n"
                     "        Trap.ran = True\n        return 'sprung'\n\ntrap = Trap()")
        screen.press("Enter")
        screen.wait_for_end("... trap = Trap()", ">>>")
        screen.type("trap.spring.uppe")
        screen.press("Tab", "C-u")
        screen.run("Trap.ran")
        screen.wait_for_end(">>> Trap.ran", "False", ">>>")

    def test_completion_runs_nothing_of_a_class_that_sees_all(self):
        screen = self.telnet()
        screen.paste("class Proxy:\n    seen = []\n    def __getattribute__(self, name):\n"
                     "        Proxy.seen.append(name)\n        return object.__getattribute__(self, name)\n"
                     "    def visible(self): pass\n\nproxy = Proxy()")
        screen.press("Enter")
        screen.wait_for_end("... proxy = Proxy()", ">>>")
        screen.type("proxy.visi")
        screen.press("Tab")
        screen.wait_for_end(">>> proxy.visible")
        screen.press("C-u")
        screen.run("Proxy.seen")
        screen.wait_for_end(">>> Proxy.seen", "[]", ">>>")

    def test_completion_asks_no_key_and_no_subclass(self):
        screen = self.telnet()
        screen.paste("seen = []\nclass Key(str):\n    __hash__ = str.__hash__\n"
                     "    def __eq__(self, other): seen.append(other); return False\n"
                     "class Table(dict):\n    def __getitem__(self, key): seen.append(key)\n\n"
                     "table = {Key('a'): 1, 'a': {'visible': 1}}\nother = Table(a={'visible': 1}); seen.clear()")
        screen.press("Enter")
        screen.wait_for(lambda lines: lines[-1] == ">>>", "a prompt")
        screen.type("other['a']['vi")
        screen.press("Tab", "C-u")
        screen.type("table['a']['vi")
        screen.press("Tab")
        screen.wait_for_end(">>> table['a']['visible']")
        screen.press("C-u")
        screen.run("seen")
        screen.wait_for_end(">>> seen", "[]", ">>>")

    def test_completion_that_hangs_is_given_up(self):
        screen = self.telnet()
        screen.paste("class Slow:\n    def __dir__(self):\n        while True: pass\n\nslow = Slow()")
        screen.press("Enter")
        screen.wait_for_end("... slow = Slow()", ">>>")
        screen.type("slow.")
        screen.press("Tab", "C-u")
        screen.run("6 * 7")
        screen.wait_for_end(">>> 6 * 7", "42", ">>>")

    def test_completion_that_is_left_behind_reads_no_more(self):
        screen = self.telnet()
        screen.paste("import os, threading, time\ngate = threading.Event()\n"
                     "class Slow:\n    def __dir__(self):\n        gate.wait()\n        return []\n\n"
                     "def threads():\n    return len(os.listdir('/proc/self/task'))\n\n"
                     "slow = Slow()")
        screen.press("Enter")
        screen.wait_for_end("... slow = Slow()", ">>>")
        screen.type("slow.")
        screen.press("Tab", "C-u")
        screen.wait_for_text("cannot be broken off")
        screen.run("before = threads()")
        screen.run("gate.set()")
        screen.run("while threads() >= before: time.sleep(.01)")
        screen.press("Enter")
        screen.run("'it has ended'")
        screen.wait_for_end("'it has ended'", ">>>")

    def test_interrupts(self):
        screen = self.telnet()
        screen.type("1 / 0")
        screen.press("C-c")
        screen.wait_for_end(">>> 1 / 0^C", "KeyboardInterrupt", ">>>")
        screen.run("while True: pass")
        screen.press("Enter")
        screen.wait_for_end(">>> while True: pass", "...")
        screen.press("C-c")
        screen.wait_for_end("KeyboardInterrupt", ">>>")
        screen.run("'alive'")
        screen.wait_for_end("'alive'", ">>>")

    def test_await_on_a_loop_of_its_own(self):
        screen = self.telnet()
        screen.run("import asyncio")
        screen.run("await asyncio.sleep(0, 6 * 7)")
        screen.wait_for_end("42", ">>>")
        screen.run("print('be' 'gun'); await asyncio.Event().wait()")
        screen.wait_for_end("begun")
        screen.press("C-c")
        screen.wait_for_end("KeyboardInterrupt", ">>>")
        screen.run("async def busy():")
        screen.wait_for_end(">>> async def busy():", "...")  # together they would be a paste
        screen.run("while True: x = 1")
        screen.press("Enter")
        screen.wait_for_end("...     while True: x = 1", "...", ">>>")
        screen.run("print('be' 'gun'); await busy()")
        screen.wait_for_end("begun")
        screen.press("C-c")
        screen.wait_for_end("KeyboardInterrupt", ">>>")
        screen.run("'alive'")
        screen.wait_for_end("'alive'", ">>>")

    def test_input(self):
        screen = self.telnet()
        screen.run("name = input('Your name: ')")
        screen.wait_for_end("Your name:")
        screen.type("Jn")
        screen.press("C-b")
        screen.run("oh")
        screen.wait_for_end("Your name: John", ">>>")
        screen.run("name")
        screen.wait_for_end("'John'", ">>>")
        screen.press("Up", "Up")
        screen.wait_for_end(">>> name = input('Your name: ')")  # what was answered is no history

    def test_the_end_of_input(self):
        screen = self.telnet()
        screen.run("input()")
        screen.press("C-d")
        screen.wait_for_end("EOFError: EOF when reading a line", ">>>")
        screen.run("'alive'")
        screen.wait_for_end("'alive'", ">>>")

    def test_a_password_is_not_shown(self):
        screen = self.telnet()
        screen.run("import getpass; word = getpass.getpass()")
        screen.wait_for_end("Password:")
        screen.run("secret")
        screen.wait_for_end("Password:", ">>>")
        screen.run("len(word)")
        screen.wait_for_end("Password:", ">>> len(word)", "6", ">>>")

    def test_the_debugger(self):
        screen = self.telnet()
        screen.paste("def f():\n    x = 42\n    breakpoint()\n    return x\n\nf()")
        screen.press("Enter")
        screen.wait_for_end("(Pdb)")
        screen.run("p x")
        screen.wait_for_end("(Pdb) p x", "42", "(Pdb)")
        screen.run("c")
        screen.wait_for_end("42", ">>>")

    def test_help(self):
        screen = self.telnet()
        screen.run("help(callable)")
        screen.wait_for_text("Return whether the object is callable")
        screen.wait_for_end(">>>")

    def test_output_in_the_background_leaves_the_line_as_it_is(self):
        screen = self.telnet()
        screen.paste("import contextvars, threading\ngo = threading.Event()\n"
                     "here = contextvars.copy_context()\n"
                     "def late():\n    go.wait(); print('background')\n\n"
                     "threading.Thread(target=here.run, args=(late,)).start()\n"
                     "threading.Timer(.3, go.set).start()")
        screen.press("Enter")
        screen.type("6 * 7")
        screen.wait_for_end("background", ">>> 6 * 7")
        screen.press("Enter")
        screen.wait_for_end("background", ">>> 6 * 7", "42", ">>>")

    def test_a_window_that_changes(self):
        screen = self.telnet(columns=80)
        screen.type("'" + "x" * 50)
        screen.resize(40, 24)
        screen.wait_for_end(">>> '" + "x" * 35, "x" * 15)
        screen.run("'")
        screen.wait_for_end("'" + "x" * 39, "x" * 11 + "'", ">>>")

    def test_much_output(self):
        screen = self.telnet()
        screen.run("print('x\\n' * 100_000 + 'the end')")
        screen.wait_for_end("x", "the end", ">>>")

    def test_colours(self):
        screen = self.telnet()
        screen.type("import os  # a comment")
        screen.wait_for_end(">>> import os  # a comment")
        self.assertIn("\x1b[1m\x1b[34mimport", screen.lines(colours=True)[-1])
        plain = self.telnet(term="vt100")
        plain.type("import os")
        plain.wait_for_end(">>> import os")
        self.assertEqual(plain.lines(colours=True)[-1], ">>> import os")

    def test_twenty_columns(self):
        screen = self.telnet(columns=20, rows=12)
        screen.type("first = 'abcdefghij'")
        screen.wait_for_end(">>> first = 'abcdefg", "hij'")
        screen.press("C-a")
        screen.type("a_")
        screen.wait_for_end(">>> a_first = 'abcde", "fghij'")
        screen.press("Enter")
        screen.run("[a_first] * 2")
        screen.wait_for_end(">>> [a_first] * 2", "['abcdefghij',", " 'abcdefghij']", ">>>")

    def test_the_matching_bracket(self):
        screen = self.telnet()
        screen.type("print((1))")
        screen.wait_for_end(">>> print((1))")
        screen.wait_for(lambda _: "\x1b[1m\x1b[36m)" in screen.lines(colours=True)[-1], "a colour")

    def test_the_end_of_the_server(self):
        screen = self.telnet()
        self.host.process.stdin.close()
        screen.wait_for_text("client ended")


class Comfort(OnATerminal):
    """What a terminal shows beyond plain Python."""

    def see_a_traceback(self, screen):
        screen.run("def fail(x): return 1 / x")
        screen.press("Enter")
        screen.wait_for_end("...", ">>>")
        screen.run("fail(0)")
        lines = screen.wait_for_end("ZeroDivisionError: division by zero", ">>>")
        self.assertIn("    fail(0)", lines)
        self.assertIn("    def fail(x): return 1 / x", lines)
        return "\n".join(screen.lines(colours=True))

    def test_tracebacks(self):
        shown = self.see_a_traceback(self.telnet())
        self.assertIn("\x1b[1m\x1b[35mZeroDivisionError", shown)

    def test_tracebacks_where_there_are_no_colours(self):
        shown = self.see_a_traceback(self.telnet(term="vt100"))
        self.assertIn("\nZeroDivisionError: division by zero", shown)

    def test_tracebacks_of_a_pasted_block(self):
        screen = self.telnet()
        screen.paste("x = 1\n\nx.nothing\nprint('not this')")
        screen.press("Enter")
        lines = screen.wait_for_text("has no attribute 'nothing'")
        self.assertIn("    x.nothing", lines)
        self.assertTrue(any(line.endswith(", line 3, in <module>") for line in lines), lines)

    def test_text_of_an_exception_that_hangs(self):
        screen = self.telnet()
        screen.paste("class Hangs(Exception):\n    def __str__(self):\n        while True: pass\n\n"
                     "raise Hangs")
        screen.press("Enter")
        screen.wait_for_end("... raise Hangs")
        for _ in range(3):  # each try to show it
            screen.press("C-c")
            try:
                screen.wait_for(lambda lines: lines[-1] == ">>>", "a prompt", patience=3)
                break
            except AssertionError:
                pass
        screen.run("'alive'")
        screen.wait_for_end("'alive'", ">>>")

    def test_pages(self):
        screen = self.telnet()
        screen.run("list(range(10_000))")
        screen.wait_for_end(" … 9,950 more (more() goes on)]", ">>>")
        screen.run("more()")
        screen.wait_for_end(" … 9,900 more (more() goes on)]", ">>>")
        screen.run("more(9_000)")  # no more than a page may take
        screen.wait_for_end(" … 8,900 more (more() goes on)]", ">>>")
        screen.run("len(_)")
        screen.wait_for_end(">>> len(_)", "10000", ">>>")
        screen.run("more()")
        screen.wait_for_end("RuntimeError: nothing was shown in part", ">>>")

    def test_plain_clients_see_plain_python(self):
        said = subprocess.run(["nc", "-N", "localhost", self.host.port],
                              input="list(range(300))\nx.y\n", stdout=subprocess.PIPE, text=True).stdout
        self.assertIn("%r\n>>> " % list(range(300)), said)
        self.assertIn("Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\n"
                      "NameError: name 'x' is not defined\n>>> ", said)

    def test_the_time_a_command_took(self):
        screen = self.telnet()
        screen.run("import time; time.sleep(1.1)")
        screen.wait_for(lambda lines: re.fullmatch(r"\([\d.]+ s\)", lines[-2]) and lines[-1] == ">>>",
                        "the time")
        self.assertIn("\x1b[2m(", screen.lines(colours=True)[-2])


class WhereNoColourIsWanted(OnATerminal):
    environment = {"NO_COLOR": "1"}

    def test_there_is_none(self):
        screen = self.telnet()
        screen.type("import os")
        screen.wait_for_end(">>> import os")
        self.assertEqual(screen.lines(colours=True)[-1], ">>> import os")
        screen.press("C-u")
        screen.run("1 / 0")
        screen.wait_for_end("ZeroDivisionError: division by zero", ">>>")
        self.assertNotIn("\x1b[", "".join(screen.lines(colours=True)))


class HistoryOnDisk(unittest.TestCase):

    def test_it_outlives_the_process(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "history")
            for command in ("'from before'", None):
                host = Host(sys.argv[1], "history=" + path)
                screen = Screen("inetutils-telnet", "localhost", host.port)
                try:
                    screen.wait_for_end(">>>")
                    screen.wait_for_character_mode()
                    if command:
                        screen.run(command)
                        screen.wait_for_end(command, ">>>")
                        screen.run("token = 'not on disk'")
                        screen.wait_for_end(">>> token = 'not on disk'", ">>>")
                    else:
                        screen.press("Up")
                        screen.wait_for_end(">>> 'from before'")
                finally:
                    screen.close()
                    self.assertEqual(host.stop(), 0)
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
