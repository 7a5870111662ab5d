"""Who must not come in by ssh, and what those must not do who may."""

import base64
import contextlib
import os
import socket
import struct
import subprocess
import threading
import time
import unittest

import paramiko

from ssh_hosts import PATIENCE, Host, SshTest, count_attempts, eventually, fingerprint, make_key


class Keys(SshTest):
    def test_of_others_do_not_enter(self):
        make_key(self.path("mallory"), comment="mallory")
        self.assert_refused(key=self.path("mallory"))
        reason = f"no authorized key: {fingerprint(self.path('mallory'))}"
        self.assert_logged(reason)
        (refusal,) = self.host.audit("refuse")
        self.assertEqual(refusal["text"], reason)
        self.assertEqual(self.host.audit("login"), [])
        self.assert_enters()

    def test_that_are_taken_out_do_not_enter_any_more(self):
        self.assert_enters()
        self.authorize("")
        self.assert_refused()
        self.authorize("# again\n" + self.key_line())
        self.assert_enters()

    def test_do_not_enter_by_a_file_that_others_may_change(self):
        os.chmod(self.path("keys"), 0o666)
        self.assert_refused()
        self.assert_logged("chmod go-w")
        os.chmod(self.path("keys"), 0o600)
        self.assert_enters()

    def test_enter_from_where_they_may(self):
        self.authorize(self.key_line('from="192.0.2.0/24,10.*"'))
        self.assert_refused()
        self.assert_logged("(it may not come from 127.0.0.1 (from=))")
        self.authorize(self.key_line('from="127.0.0.0/8"'))
        self.assert_enters()

    def test_enter_until_their_time_is_over(self):
        self.authorize(self.key_line('expiry-time="20200101Z"'))
        self.assert_refused()
        self.assert_logged("its time is over")

    def test_may_be_for_one_thing_only(self):
        self.authorize(self.key_line('command="print(\'fixed\')"'))
        self.assertEqual(self.ssh("print('mine')").stdout, "fixed\n")
        self.assertEqual(self.ssh("-T", "", input="print('mine')\n").stdout, "fixed\n")

    def test_may_be_without_a_terminal(self):
        self.authorize(self.key_line("restrict"))
        done = self.ssh("-tt", "", "print('in')")
        self.assertEqual((done.returncode, done.stdout), (255, ""))
        self.assert_enters()
        self.authorize(self.key_line("restrict,pty"))
        self.assertEqual(self.ssh("-tt", "", "print('in')").stdout, "in\r\n")

    def test_are_not_tried_without_end(self):
        keys = []
        for number in range(8):
            make_key(self.path(f"key{number}"))
            keys += ["-i", self.path(f"key{number}")]
        done = self.ssh(*keys, "", "print('in')", key=self.path("key0"))
        self.assertEqual((done.returncode, done.stdout), (255, ""))
        (refusal,) = self.host.audit("refuse")
        self.assertEqual(refusal["text"].count("SHA256:"), 6)

    def test_that_are_old_do_not_enter(self):
        make_key(self.path("rsa"), "rsa", bits=3072)
        self.authorize(self.key_line(key=self.path("rsa")))
        self.assert_enters(key=self.path("rsa"))
        self.assert_refused("-o", "PubkeyAcceptedAlgorithms=ssh-rsa", key=self.path("rsa"))
        make_key(self.path("short"), "rsa", bits=1024)
        self.authorize(self.key_line(key=self.path("short")))
        self.assert_refused("-o", "RequiredRSASize=1024", key=self.path("short"))


class Start(SshTest):
    def assert_does_not_start(self, why):
        with self.assertRaises(AssertionError) as failure:
            Host(self.folder)
        self.assertIn(why, str(failure.exception))

    def test_is_refused_with_a_host_key_that_others_may_read(self):
        os.chmod(self.path("host_key"), 0o644)
        self.assert_does_not_start("chmod 600")

    def test_is_refused_without_keys(self):
        os.remove(self.path("keys"))
        self.assert_does_not_start("No such file")

    def test_keeps_the_host_key(self):
        os.chmod(self.path("host_key"), 0o600)
        before = fingerprint(self.path("host_key"))
        self.assert_logged(before)
        self.assertEqual(os.stat(self.path("host_key")).st_mode & 0o777, 0o600)
        self.assertEqual(self.host.stop(), 0)
        self.host = Host(self.folder)
        self.assert_logged(before)


class Unrecorded(SshTest):
    choices = ("audit_required=1",)

    def test_does_not_enter(self):
        self.assert_enters()
        os.rename(self.path("audit"), self.path("audit.1"))
        os.symlink(self.path("audit.1"), self.path("audit"))
        done = self.ssh("", "print('in')")
        self.assertEqual((done.returncode, done.stdout), (255, ""))
        self.assert_logged("it is a link (options.audit_required)")
        os.remove(self.path("audit"))
        self.assert_enters()


class Protocol(SshTest):
    def offers(self):
        """What it says that it speaks, before anything is encrypted."""
        with socket.create_connection(("127.0.0.1", self.host.port), PATIENCE) as client:
            client.sendall(b"SSH-2.0-curious\r\n")
            with client.makefile("rb") as said:
                said.readline()
                size, padding = struct.unpack(">IB", said.read(5))
                message = paramiko.Message(said.read(size - 1)[:-padding])
        self.assertEqual(message.get_byte(), b"\x14")
        message.get_bytes(16)
        return [message.get_list() for _ in range(10)]

    def test_offers_what_is_good_and_nothing_else(self):
        exchanges, host_keys, *others = self.offers()
        self.assertEqual(exchanges, ["curve25519-sha256", "curve25519-sha256@libssh.org",
                                     "ecdh-sha2-nistp256", "ecdh-sha2-nistp384",
                                     "kex-strict-s-v00@openssh.com"])  # against Terrapin
        self.assertEqual(host_keys, ["ssh-ed25519"])
        ciphers = ["chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com",
                   "aes128-gcm@openssh.com", "aes256-ctr", "aes128-ctr"]
        macs = ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"]
        self.assertEqual(others, [ciphers, ciphers, macs, macs, ["none"], ["none"], [""], [""]])

    def test_has_no_passwords(self):
        for method in ("password", "keyboard-interactive", "hostbased", "gssapi-with-mic", "none"):
            self.assert_refused("-o", "PreferredAuthentications=" + method)

    def test_has_no_old_algorithms(self):
        for choice in ("KexAlgorithms=diffie-hellman-group14-sha1",
                       "KexAlgorithms=diffie-hellman-group14-sha256",
                       "KexAlgorithms=diffie-hellman-group-exchange-sha256",
                       "Ciphers=aes128-cbc", "Ciphers=3des-cbc",
                       "HostKeyAlgorithms=ssh-rsa"):
            self.assert_refused("-o", "LogLevel=INFO", "-o", choice, why="Unable to negotiate")
        for macs in ("hmac-sha1", "hmac-sha2-256", "hmac-sha1-etm@openssh.com", "umac-64@openssh.com"):
            self.assert_refused("-o", "LogLevel=INFO", "-o", "Ciphers=aes256-ctr", "-o", "MACs=" + macs,
                                why="Unable to negotiate")
        self.assert_enters("-o", "Ciphers=aes256-ctr")
        self.assert_logged("kex error")

    def test_forwards_nothing(self):
        door = socket.create_server(("127.0.0.1", 0))
        port = door.getsockname()[1]
        done = self.ssh("-W", f"127.0.0.1:{port}", "")
        self.assertEqual(done.returncode, 255)
        done = self.ssh("-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1", "", "print('in')")
        self.assertEqual((done.returncode, done.stdout), (255, ""))
        done = self.ssh("-A", "-X", "-R", "0:127.0.0.1:1", "", "print('in')")
        self.assertEqual(done.stdout, "in\n")
        door.setblocking(False)
        with self.assertRaises(BlockingIOError):
            door.accept()
        door.close()

    def test_has_no_subsystems(self):
        done = self.ssh("-s", "", "sftp")
        self.assertEqual((done.returncode, done.stdout), (255, ""))
        self.assertIn("subsystem request failed", done.stderr)

    def test_takes_no_environment(self):
        os.environ["LC_BACKDOOR"] = "x"
        done = self.ssh("-o", "SendEnv=LC_BACKDOOR", "",
                        "import os; print(os.environ.get('LC_BACKDOOR'))")
        self.assertEqual(done.stdout, "None\n")


class Strangers(SshTest):
    """They have no key, and go on for as long as they may."""

    choices = ("login_limit=10000", "max_handshakes=20")

    def tearDown(self):
        refused, ran = self.host.audit("refuse"), self.host.audit("command")
        super().tearDown()
        count_attempts(len(refused), len(ran) - self.entered)

    def connect(self):
        client = socket.create_connection(("127.0.0.1", self.host.port), PATIENCE)
        self.addCleanup(client.close)
        return client

    def assert_closed(self, client):
        try:
            while client.recv(4096):
                pass
        except ConnectionError:
            pass

    def test_are_closed_at_each_stage(self):
        slow = []
        for sent in (b"", b"SSH-2.0-slow", b"SSH-2.0-slow\r\n", b"SSH-2.0-slow\r\n\0\0\1",
                     b"SSH-2.0-slow\r\n" + bytes([0, 0, 1, 0, 4, 20]) + bytes(100)):
            slow.append(self.connect())
            slow[-1].sendall(sent)
        self.assert_enters()
        for client in slow:
            self.assert_closed(client)
        self.assert_logged("options.login_limit")

    def test_are_closed_after_the_key_exchange(self):
        transport = paramiko.Transport(self.connect())
        transport.start_client(timeout=PATIENCE)
        self.assertTrue(eventually(lambda: not transport.is_active()))

    def test_send_a_byte_at_a_time(self):
        client = self.connect()
        try:
            for byte in b"SSH-2.0-" + b"x" * 100_000:
                client.sendall(bytes([byte]))
                time.sleep(0.05)
        except ConnectionError:
            pass
        self.assert_closed(client)

    def test_are_too_many(self):
        crowd = [self.connect() for _ in range(30)]
        self.assert_enters()
        self.assert_logged("options.max_handshakes")
        self.assertEqual(len(crowd), 30)

    def test_speak_something_else(self):
        for sent in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\0\0", b"exit()\n" * 100,
                     b"\0" * 1000, b"SSH-1.5-old\n", b"SSH-2.0-x\n" + b"\xff" * 5000):
            client = self.connect()
            client.sendall(sent)
            self.assert_closed(client)
        self.assertEqual(self.host.audit("command"), [])
        self.assert_enters()

    def meet(self):
        transport = paramiko.Transport(self.connect())
        transport.start_client(timeout=PATIENCE)
        self.addCleanup(transport.close)
        return transport

    def send(self, transport, kind, *parts):
        message = paramiko.Message()
        message.add_byte(bytes([kind]))
        for part in parts:
            message.add_boolean(part) if isinstance(part, bool) else message.add_string(part)
        transport._send_message(message)

    def assert_thrown_out(self, transport):
        self.assertTrue(eventually(lambda: not transport.is_active()))
        self.assertEqual(self.host.audit("login") + self.host.audit("command"), [])
        self.assert_enters()

    def test_say_themselves_that_they_are_in(self):
        # What libssh up to 0.8.3 believed (CVE-2018-10933).
        transport = self.meet()
        self.send(transport, 52)
        self.assert_thrown_out(transport)

    def test_open_a_session_without_logging_in(self):
        transport = self.meet()
        with self.assertRaises((paramiko.SSHException, EOFError)):
            transport.open_session(timeout=PATIENCE).exec_command("print('in')")
        self.assert_thrown_out(transport)

    def test_have_seen_a_key_that_may_enter(self):
        # Its public half: what they sign is not by it.
        transport = self.meet()
        with open(self.alice + ".pub") as file:
            alice = base64.b64decode(file.read().split()[1])
        mallory = paramiko.Message()
        mallory.add_string("ssh-ed25519")
        mallory.add_string(bytes(64))
        self.send(transport, 5, "ssh-userauth")
        try:
            for _ in range(20):
                self.send(transport, 50, "x", "ssh-connection", "publickey", True, "ssh-ed25519", alice,
                          mallory.asbytes())
        except (EOFError, OSError, paramiko.SSHException):
            pass
        self.assert_thrown_out(transport)
        self.assert_logged("it sends wrong signatures, or what needs no answer")

    def test_put_escapes_into_the_log(self):
        client = self.connect()
        client.sendall(b"\xc2\x9b2J\x9b\x1b[2Jno ssh\r\n")
        self.assert_closed(client)
        self.assertTrue(eventually(lambda: self.host.audit("refuse")))
        with open(self.path("log"), "rb") as file:
            log = file.read()
        self.assertEqual([byte for byte in log if byte > 126 or byte < 32 and byte != 10], [])

    def test_send_much_before_they_log_in(self):
        transport = paramiko.Transport(self.connect())
        transport.start_client(timeout=PATIENCE)
        try:
            while transport.is_active():
                transport.send_ignore(1000)
        except (EOFError, OSError, paramiko.SSHException):
            pass
        self.assertTrue(eventually(lambda: not transport.is_active()))
        self.assert_enters()


class Guests(SshTest):
    """They have a key, but not the process's best in mind."""

    choices = ("output_stall=10000",)

    def enter(self):
        transport = paramiko.Transport(socket.create_connection(("127.0.0.1", self.host.port)))
        transport.start_client(timeout=PATIENCE)
        transport.auth_publickey("x", paramiko.Ed25519Key.from_private_key_file(self.alice))
        self.addCleanup(transport.close)
        return transport

    def test_want_output_in_crumbs(self):
        for size in (1, 9, 10, 11, 100):
            transport = self.enter()
            transport._sanitize_packet_size = lambda given: given
            channel = transport.open_session(max_packet_size=size)
            channel.exec_command("print('x' * 100_000)")
            self.assertTrue(eventually(lambda: not transport.is_active() or channel.closed))
        self.assert_enters()

    def test_send_more_than_they_were_allowed_to(self):
        transport = self.enter()
        channel = transport.open_session()
        channel.exec_command("import time; time.sleep(600)")
        channel.settimeout(PATIENCE)
        channel.out_window_size = 1 << 40
        before = self.host.resident_kb()
        # What libssh keeps of that, before 0.11, ends the connection; later ones drop it.
        with contextlib.suppress(OSError, EOFError):
            for _ in range(2000):
                channel.sendall(b"x" * 30_000)
        if not self.host.is_sanitized():
            self.assertLess(self.host.resident_kb() - before, 16 * 1024)
        self.assert_enters()

    def test_open_channels_without_end(self):
        transport = self.enter()
        channels = []
        with self.assertRaises(paramiko.ChannelException):
            for _ in range(11):
                channels.append(transport.open_session())
        self.assertEqual(len(channels), 10)
        channels.pop().close()
        self.assertTrue(eventually(lambda: self.opens_one(transport)))

    def opens_one(self, transport):
        try:
            transport.open_session()
            return True
        except paramiko.ChannelException:
            return False

    def test_ask_twice(self):
        channel = self.enter().open_session()
        channel.exec_command("print(input())")
        with self.assertRaises(paramiko.SSHException):
            channel.invoke_shell()

    def test_flood_with_requests(self):
        transport = self.enter()
        channel = transport.open_session()
        channel.get_pty("xterm")
        channel.invoke_shell()
        for number in range(20_000):
            channel.resize_pty(20 + number % 80, 24)
        channel.sendall(b"1 + 1\r")
        shown = b""
        while b"2\r\n" not in shown:
            shown += channel.recv(4096)
        self.assert_enters()

    def test_do_not_read(self):
        client = subprocess.Popen(self.command("print('x' * 100_000_000)"), stdout=subprocess.PIPE)
        self.assertTrue(eventually(lambda: self.host.audit("disconnect")))
        self.assert_enters()
        client.kill()
        client.communicate()

    def test_say_that_they_are_others_in_the_log(self):
        with open(self.alice + ".pub") as file:
            kind, key, _ = file.read().split()
        self.authorize(f"{kind} {key} eve\x1b[2K\rroot\n")
        self.assert_enters()
        self.assertIn("eve?[2K?root", self.host.log())


if __name__ == "__main__":
    unittest.main(argv=["ssh_attack_test"], verbosity=2)
