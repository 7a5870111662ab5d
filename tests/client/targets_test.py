"""The client and what it is to reach: its command line, places, names and numbers, and who answers there."""

import os
import pwd
import re
import socket
import subprocess
import sys
import threading
import unittest

from hosts import CLIENT, PATIENCE, Pipes, eventually


class Targets(Pipes):

    def test_wrong_command_lines(self):
        for arguments in (["--bogus"], ["--json"], ["-f", "/nowhere"], ["--escape", "x y"],
                          ["--timeout", "-1"], ["--color", "maybe"]):
            with self.subTest(arguments):
                self.assertEqual(self.run_client(*arguments)[0], 2)
        self.assertEqual(subprocess.run([CLIENT], stderr=subprocess.DEVNULL).returncode, 2)
        for flag in "--help", "--version":
            self.assertEqual(subprocess.run([CLIENT, flag], stdout=subprocess.DEVNULL).returncode, 0)

    def test_every_option_is_described_and_completed(self):
        shown = subprocess.run([CLIENT, "--help"], stdout=subprocess.PIPE, text=True).stdout
        options = set(re.findall(r"--([a-z-]+)", shown.split("Options:", 1)[1])) - {"help"}
        self.assertIn("cafile", options)
        for name in "backdoor.1", "completions/_backdoor", "completions/backdoor.bash", "completions/backdoor.fish":
            with open(os.path.join(os.path.dirname(__file__), "../../apps/backdoor", name)) as file:
                text = file.read().replace("\\-", "-")
            mark = "-l %s " if name.endswith(".fish") else "--%s"
            missing = {option for option in options if mark % option not in text}
            self.assertEqual(missing - ({"version"} if name == "backdoor.1" else set()), set(), name)

    def test_bash_completes(self):
        door = self.start("unix:")
        script = """source "$0"; shift 0
            compopt() { :; }
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _backdoor; printf '%s\\n' "${COMPREPLY[@]}" """
        where = os.path.join(os.path.dirname(__file__), "../../apps/backdoor/completions/backdoor.bash")
        for words, wanted in ((["--caf"], "--cafile"), (["--color", "al"], "always"),
                              (["--cert", "/etc/passw"], "/etc/passwd"), ([str(door.pid)[:-1]], str(door.pid))):
            said = subprocess.run(["bash", "-c", script, where, "backdoor", *words], stdout=subprocess.PIPE,
                                  text=True, env=dict(self.environment, PATH="%s:%s" % (
                                      os.path.dirname(CLIENT), os.environ["PATH"]))).stdout
            self.assertIn(wanted, said.splitlines(), words)

    def test_nobody_there(self):
        for target, why in (("/nowhere/at.all", "No such file"), ("127.0.0.1:1", "nobody listens"),
                            ("999999999", "no console of process 999999999"),
                            ("nobody", "no console of 'nobody'"), (":x", "write host:port")):
            with self.subTest(target):
                status, output, errors = self.run_client("-c", "1", target=target)
                self.assertEqual((status, output), (2, ""))
                self.assertIn(why, errors)

    def test_tcp(self):
        door = self.start("localhost:0")
        self.assertEqual(self.run_client("-c", "print(1)", target=door.address), (0, "1\n", ""))

    def test_a_silent_connection_is_kept(self):
        """Both ends ask, before a NAT between them forgets it."""
        door = self.start("localhost:0")
        client = self.start_client("-c", "print('on', flush=True); input()", target=door.address,
                                   stdin=subprocess.PIPE)
        self.addCleanup(client.stdin.close)
        self.assertEqual(client.stdout.readline(), b"on\n")
        # As the kernel shows a connection: of its timer the kind, 2 for this one, and what is left of it.
        port = ":%04X" % int(door.address.rsplit(":", 1)[1])
        seconds = []

        def ends_that_ask():
            with open("/proc/net/tcp") as table:
                rows = [row.split() for row in table if "%s " % port in row]
            timers = [row[5].split(":") for row in rows if row[3] == "01"]  # established
            seconds[:] = [int(left, 16) / os.sysconf("SC_CLK_TCK") for kind, left in timers if kind == "02"]
            return len(seconds) == 2
        eventually(ends_that_ask, "a timer at both ends")
        self.assertLessEqual(max(seconds), 61)

    def test_names_and_numbers(self):
        door = self.start("unix:")
        program = os.path.basename(door.process.args[0])
        self.assertEqual(door.address, "%s/backdoor/%s.%d" % (self.folder.name, program, door.pid))
        for target in str(door.pid), program, "%s.%d" % (program, door.pid):
            with self.subTest(target):
                self.assertEqual(self.run_client("-c", "import os; print(os.getpid())", target=target),
                                 (0, "%d\n" % door.pid, ""))
        other = self.start("unix:other.sock")
        self.assertEqual(self.run_client("-e", "1", target="other")[0], 0)
        status, _, errors = self.run_client("-e", "1", target=program)
        self.assertEqual(status, 2)
        self.assertIn("several consoles, say which", errors)
        self.assertIn(other.address, errors)

    def listed(self, *arguments):
        return subprocess.run([CLIENT, "--list", *arguments], stdout=subprocess.PIPE, text=True,
                              env=self.environment).stdout.splitlines()

    def test_consoles_elsewhere(self):
        """On TCP, on other paths, with abstract names: they are announced."""
        keys = os.path.join(self.folder.name, "keys")
        with open(keys, "w") as file:
            os.fchmod(file.fileno(), 0o600)
        ssh = ["ssh_authorized_keys=" + keys, "ssh_host_key=" + os.path.join(self.folder.name, "host_key")]
        for address, options, shown in (
                ("localhost:0", [], "%s"), ("[::1]:0", [], "%s"), ("localhost:0", ssh, "%s (SSH)"),
                ("unix:" + os.path.join(self.folder.name, "x", "y.sock"), [], "%s")):
            with self.subTest(address):
                os.makedirs(os.path.join(self.folder.name, "x"), exist_ok=True)
                door = self.start(address, *options)
                about = [line.split(None, 4) for line in self.listed("-q")]
                self.assertEqual([line[4] for line in about if line[0] == str(door.pid)], [shown % door.address])
                status, output, errors = self.run_client("-c", "import os; print(os.getpid())", target=str(door.pid))
                if options:
                    self.assertIn("it speaks SSH", errors)
                else:
                    self.assertEqual((status, output, errors), (0, "%d\n" % door.pid, ""))
                self.assertEqual(door.stop(), 0)
                self.assertFalse([line for line in self.listed() if line.startswith("%d " % door.pid)])

    def test_what_is_announced_falsely_is_no_console(self):
        door = self.start("localhost:0")
        with open("/proc/net/unix") as table:
            inode = [line.split()[6] for line in table if door.address in line][0]
        other = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(other.close)
        address = "127.0.0.1:%d" % other.getsockname()[1]
        for name in ("tcp/1/127.0.0.1:1",  # where its process does not listen
                     "x\n0: 2 0 0 1 1 %s @backdoor/tcp/1/%s" % (inode, address),  # in another's name
                     "x\n0: 2 0 0 1 1 %s @backdoor/unix/1/%s" % (inode, self.folder.name)):
            with self.subTest(name), socket.socket(socket.AF_UNIX) as one:
                one.bind("\0backdoor/" + name)
                shown = "\n".join(self.listed())
                self.assertIn(door.address, shown)
                self.assertNotIn(name.rsplit("/")[-1] + "\n", shown + "\n")
                self.assertEqual(self.run_client("-e", "1", target=str(door.pid))[:2], (0, "1\n"))

    def test_what_is_listed_is_printable(self):
        for strange in "\x1b[2J", "\u009b2J", "\n":
            with socket.socket(socket.AF_UNIX) as one:
                one.bind("\0backdoor/unix/1//tmp/%s.sock" % strange)
                shown = "\n".join(self.listed())
                self.assertNotIn(strange + ".sock", shown)

    def test_the_list(self):
        door = self.start("unix:")
        stale = os.path.join(self.folder.name, "backdoor", "stale")
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(stale)
        listed = self.listed()
        self.assertEqual(listed[0].split(), ["PID", "PROGRAM", "USER", "UPTIME", "ADDRESS"])
        own = [line.split() for line in listed if line.endswith(door.address)]
        self.assertEqual(len(own), 1)
        self.assertEqual(own[0][:3], [str(door.pid), os.path.basename(door.process.args[0]),
                                      pwd.getpwuid(os.geteuid()).pw_name])
        self.assertRegex(own[0][3], r"^00:0\d:\d\d$")
        self.assertNotIn(stale, "\n".join(listed))
        os.fsync(door.log.fileno())
        self.assertNotIn("backdoor opened", os.pread(door.log.fileno(), 1000, 0).decode(),
                         "nobody was connected to")

    def test_waiting(self):
        path = os.path.join(self.folder.name, "late")
        client = subprocess.Popen([CLIENT, path, "--wait", "-c", "print(1)"],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.addCleanup(client.stdout.close)
        with self.assertRaises(subprocess.TimeoutExpired):
            client.wait(0.2)
        self.start(path)
        self.assertEqual((client.wait(PATIENCE), client.stdout.read()), (0, b"1\n"))
        self.assertEqual(self.run_client("--wait", "--timeout", "0.2", "-c", "1", target="/no/where")[0],
                         124)

    def test_a_token(self):
        path = os.path.join(self.folder.name, "token.sock")
        token = "0123456789abcdef"
        self.start(path, "token=" + token)
        file = os.path.join(self.folder.name, "token")
        with open(file, "w") as out:
            out.write(token + "\n")
        self.assertEqual(self.run_client("-e", "1", target=path, environment={"BACKDOOR_TOKEN": token}),
                         (0, "1\n", ""))
        self.assertEqual(self.run_client("-e", "1", "--token-file", file, target=path), (0, "1\n", ""))
        status, _, errors = self.run_client("-e", "1", target=path)
        self.assertEqual(status, 2)
        self.assertIn("it wants a token", errors)
        status, _, errors = self.run_client("-e", "1", target=path,
                                            environment={"BACKDOOR_TOKEN": "wrong"})
        self.assertEqual(status, 2)
        self.assertIn("wrong token", errors)

    def serve(self, answer):
        """What is no console: says something, and closes once it has heard something."""
        door = socket.create_server(("127.0.0.1", 0))
        heard = []

        def talk():
            with door, door.accept()[0] as one:
                one.sendall(answer)
                heard.append(one.recv(1000))
        thread = threading.Thread(target=talk)
        thread.start()
        self.addCleanup(thread.join)
        return "127.0.0.1:%d" % door.getsockname()[1], heard

    def test_what_is_no_console(self):
        for answer, why in ((b"220 mail ESMTP\r\n", "is no console"),
                            (b"backdoor: the server stops\n", "backdoor: the server stops"),
                            (b"\0binary", "is no console")):
            with self.subTest(answer):
                address, heard = self.serve(answer)
                status, _, errors = self.run_client("-c", "secret", target=address)
                self.assertEqual(status, 2)
                self.assertIn(why, errors)
                eventually(lambda: heard)
                self.assertIn(heard[0], (b"# backdoor frames 1\n", b""), "nothing else was said")

    def test_plain_clients_still_have_their_prompt(self):
        for command in (["nc", "-N", "-U", self.path], ["socat", "-t5", "-", "UNIX-CONNECT:" + self.path]):
            with self.subTest(command):
                said = subprocess.run(command, input="6 * 7\n", stdout=subprocess.PIPE, text=True,
                                      timeout=PATIENCE).stdout
                self.assertTrue(said.endswith(
                    ")\n>>> 42\n>>> \nnow exiting InteractiveConsole...\n"), said)


if __name__ == "__main__":
    unittest.main(argv=[__file__, "-v", *sys.argv[3:]])
