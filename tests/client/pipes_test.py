"""The client in scripts: pipes, files, exit statuses, signals."""

import json
import os
import signal
import subprocess
import sys
import unittest

from hosts import CLIENT, PATIENCE, Pipes, eventually


class Programs(Pipes):

    def test_a_command(self):
        self.assertEqual(self.run_client("-c", "2 + 2; print(6 * 7, __name__)"),
                         (0, "42 __main__\n", ""))

    def test_output_and_errors_are_apart(self):
        self.assertEqual(self.run_client("-c", "import sys; print(1); print(2, file=sys.stderr)"),
                         (0, "1\n", "2\n"))

    def test_statuses(self):
        for code, status in (("pass", 0), ("exit()", 0), ("exit(3)", 3), ("1 / 0", 1),
                             ("exit('why')", 1), ("1 +", 1), ("raise KeyboardInterrupt", 130)):
            with self.subTest(code):
                self.assertEqual(self.run_client("-c", code)[0], status)

    def test_an_error_is_told_as_python_tells_it(self):
        self.assertEqual(self.run_client("-c", "1 / 0")[2],
                         'Traceback (most recent call last):\n'
                         '  File "<string>", line 1, in <module>\n'
                         'ZeroDivisionError: division by zero\n')

    def test_several_run_in_their_order_until_one_fails(self):
        script = os.path.join(self.folder.name, "script.py")
        with open(script, "w") as file:
            file.write("x += 1\n")
        self.assertEqual(self.run_client("-c", "x = 1", "-f", script, "-e", "x", "-f", script,
                                         "-e", "x", "-c", "exit(5)", "-c", "print('no')"),
                         (5, "2\n3\n", ""))

    def test_a_file(self):
        script = os.path.join(self.folder.name, "script.py")
        with open(script, "w", encoding="latin-1") as file:
            file.write("# coding: latin-1\nimport sys\nprint('ä', sys.argv[1:], __name__)\n1 / 0\n")
        status, output, errors = self.run_client("-f", "script.py", "--", "a", cwd=self.folder.name)
        self.assertEqual((status, output), (1, "ä ['a'] __main__\n"))
        self.assertIn('File "%s", line 4, in <module>' % os.path.realpath(script), errors)

    def test_a_script_on_standard_input(self):
        self.assertEqual(self.run_client("--", "a", "-c", "--",
                                         input="import sys\nfor i in 1, 2:\n    print(i)\n"
                                               "print(sys.argv)\n"),
                         (0, "1\n2\n['-', 'a', '-c', '--']\n", ""))
        self.assertEqual(self.run_client("-f", "-", input="print(1)"), (0, "1\n", ""))

    def test_values(self):
        self.assertEqual(self.run_client("-e", "'a' * 3", "-e", "None"), (0, "'aaa'\nNone\n", ""))
        status, output, _ = self.run_client("-e", "{'ä': [1, None, (2.5,)]}", "--json")
        self.assertEqual((status, json.loads(output)), (0, {"ä": [1, None, [2.5]]}))
        status, output, errors = self.run_client("-e", "[object()]", "--json")
        self.assertEqual((status, output), (1, ""))
        self.assertIn("this list cannot be told as JSON: Object of type object is not", errors)

    def test_standard_input_is_read_when_the_program_reads(self):
        self.assertEqual(self.run_client("-c", "print(input() + input())", input="a\nb\n"),
                         (0, "ab\n", ""))
        text = "\x03\x04 bytes are bytes\n" * 20_000
        self.assertEqual(self.run_client("-c", "import sys; print(len(sys.stdin.read()))", input=text),
                         (0, "%d\n" % len(text), ""))
        self.assertEqual(self.run_client("-c", "input()")[0], 1)

    def test_standard_input_is_left_alone_otherwise(self):
        done = subprocess.run(
            ["sh", "-c", 'while read word; do "$0" "$1" -c "print(\'$word\')"; done', CLIENT, self.path],
            input="one\ntwo\nthree\n", stdout=subprocess.PIPE, text=True, timeout=3 * PATIENCE)
        self.assertEqual(done.stdout, "one\ntwo\nthree\n")

    def test_ten_megabytes(self):
        status, output, _ = self.run_client("-c", "for i in range(625_000): print('%015d' % i)")
        self.assertEqual((status, len(output)), (0, 10_000_000))
        self.assertTrue(output.endswith("000000000624999\n"))

    def test_a_prompt_on_pipes(self):
        self.assertEqual(self.run_client("-i", "-q", "-c", "x = 42", input="x\nexit(7)\n"),
                         (7, ">>> 42\n>>> ", ""))
        status, output, _ = self.run_client("-i", input="x = 1\n")
        self.assertEqual(status, 0)
        self.assertTrue(output.startswith("Python "), output)
        self.assertTrue(output.endswith(">>> \nnow exiting InteractiveConsole...\n"), output)


class Ends(Pipes):

    def begin(self, code, **choices):
        client = self.start_client("-c", "print('on', flush=True)\n" + code, **choices)
        self.assertEqual(client.stdout.readline(), b"on\n")
        return client

    def test_an_interrupt(self):
        for code in ("while True: pass", "import time; time.sleep(60)", "input()"):
            with self.subTest(code):
                client = self.begin(code, stdin=subprocess.PIPE)
                client.send_signal(signal.SIGINT)
                self.assertEqual(client.wait(PATIENCE), 130)
                self.assertIn(b"KeyboardInterrupt", client.stderr.read())
                client.stdin.close()

    def test_a_second_interrupt_does_not_wait(self):
        client = self.start_client("-c", "try:\n print('on')\n while True: pass\n"
                                   "except KeyboardInterrupt: print('no')\nwhile True: pass")
        self.assertEqual(client.stdout.readline(), b"on\n")
        client.send_signal(signal.SIGINT)
        self.assertEqual(client.stdout.readline(), b"no\n")
        client.send_signal(signal.SIGINT)
        self.assertEqual(client.wait(PATIENCE), -signal.SIGINT)

    def test_an_interrupt_of_what_an_exception_says(self):
        hang = "print('on', flush=True)\n  while True: pass"
        for method, end in (("__str__", "raise E"), ("__repr__", "raise KeyError(E())"),
                            ("__str__", "raise SystemExit(E())")):
            code = "class E(Exception):\n def %s(self):\n  %s\n%s" % (method, hang, end)
            with self.subTest(code):
                client = self.start_client("-c", code)
                self.assertEqual(client.stdout.readline(), b"on\n")
                client.send_signal(signal.SIGINT)
                self.assertEqual(client.wait(PATIENCE), 130)
                self.wait_until_alone()
            with self.subTest(code + ", in time"):
                self.assertEqual(self.run_client("--timeout", "1", "-c", code)[0], 124)
                self.wait_until_alone()

    def test_an_interrupt_of_a_value_that_is_shown(self):
        client = self.start_client("-c", "class E:\n def __repr__(self):\n  print('on', flush=True)\n"
                                   "  while True: pass", "-e", "E()")
        self.assertEqual(client.stdout.readline(), b"on\n")
        client.send_signal(signal.SIGINT)
        self.assertEqual(client.wait(PATIENCE), 130)
        self.wait_until_alone()

    def test_an_interrupt_while_nobody_reads(self):
        client = self.begin("while True: print('x' * 1000)")
        eventually(client.stdout.peek, "output")
        client.send_signal(signal.SIGINT)
        client.send_signal(signal.SIGINT)
        client.send_signal(signal.SIGTERM)
        self.assertIn(client.wait(PATIENCE), (-signal.SIGINT, -signal.SIGTERM))
        self.wait_until_alone()

    def test_signals_end_the_program_too(self):
        for number in signal.SIGTERM, signal.SIGHUP, signal.SIGKILL:
            with self.subTest(number):
                client = self.begin("while True: pass")
                client.send_signal(number)
                self.assertEqual(client.wait(PATIENCE), -number)
                self.wait_until_alone()

    def test_a_reader_that_goes(self):
        client = self.begin("while True: print('x' * 1000)")
        client.stdout.close()
        self.assertEqual(client.wait(PATIENCE), -signal.SIGPIPE)
        self.wait_until_alone()

    def test_an_output_that_takes_nothing(self):
        for where, status, why in (("/dev/full", 1, "cannot write to standard output"), ("&-", 0, "")):
            with self.subTest(where):
                done = subprocess.run(["sh", "-c", '"$0" "$1" -c "print(1)" >' + where, CLIENT, self.path],
                                      stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
                self.assertEqual(done.returncode, status)
                self.assertIn(why, done.stderr)

    def test_a_timeout(self):
        status, _, errors = self.run_client("--timeout", "0.3", "-c", "while True: pass")
        self.assertEqual((status, errors), (124, "backdoor: timed out (--timeout)\n"))
        self.wait_until_alone()

    def test_a_lost_connection(self):
        client = self.begin("import time; time.sleep(60)")
        self.host.kill()
        self.assertEqual(client.wait(PATIENCE), 3)
        self.assertEqual(client.stderr.read(), b"backdoor: the connection is lost\n")

    def test_a_console_closed_by_another(self):
        client = self.begin("while True: pass")
        self.run_client("-c", "consoles()[0].close()")
        self.assertEqual(client.wait(PATIENCE), 3)


if __name__ == "__main__":
    unittest.main(argv=[__file__, "-v", *sys.argv[3:]])
