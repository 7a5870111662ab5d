"""The client and consoles behind TLS."""

import os
import socket
import subprocess
import sys
import unittest

from hosts import Pipes, eventually


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Authority:

    def __init__(self, folder, name="authority"):
        self.folder, self.name = folder, name
        self.file = self.path(name + ".pem")
        openssl("req", "-x509", "-days", "2", "-subj", "/CN=" + name, *self.new_key(name), "-out", self.file)

    def path(self, name):
        return os.path.join(self.folder, name)

    def new_key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", self.path(name + ".key")]

    def issue(self, name, alternatives=""):
        """A certificate, name.pem and name.key."""
        openssl("req", "-subj", "/CN=" + name, *self.new_key(name), "-out", self.path(name + ".csr"))
        extensions = self.path(name + ".ext")
        with open(extensions, "w") as file:
            file.write("subjectAltName=%s\n" % alternatives if alternatives else "")
        openssl("x509", "-req", "-days", "2", "-in", self.path(name + ".csr"), "-CA", self.file,
                "-CAkey", self.path(self.name + ".key"), "-CAcreateserial", "-extfile", extensions,
                "-out", self.path(name + ".pem"))
        return self.path(name + ".pem"), self.path(name + ".key")


class Tls(Pipes):

    def setUp(self):
        super().setUp()
        self.authority = Authority(self.folder.name)
        certificate, key = self.authority.issue("server", "DNS:localhost,IP:127.0.0.1")
        self.door = self.start("localhost:0", "tls_certificate=" + certificate, "tls_key=" + key,
                               "tls_client_ca=" + self.authority.file)
        self.certificate, self.key = self.authority.issue("alice")
        self.port = self.door.address.split(":")[1]

    def run_tls(self, *arguments, host="localhost", **choices):
        return self.run_client("--cert", self.certificate, "--key", self.key,
                               "--cafile", self.authority.file, *arguments,
                               target="%s:%s" % (host, self.port), **choices)

    def refused(self, why, *arguments, target=None):
        status, output, errors = self.run_client("-c", "print('ran')", *arguments,
                                                 target=target or "localhost:" + self.port)
        self.assertEqual((status, output), (2, ""))
        self.assertIn(why, errors)

    def test_a_command(self):
        for host in "localhost", "127.0.0.1":
            with self.subTest(host):
                self.assertEqual(self.run_tls("-c", "import sys; print(1); print(2, file=sys.stderr); exit(3)",
                                              host=host), (3, "1\n", "2\n"))
        self.assertIn("certificate alice", self.run_tls("-e", "consoles()")[1])

    def test_much_both_ways(self):
        text = "0123456789abcde\n" * 300_000
        self.assertEqual(self.run_tls("-c", "import sys; sys.stdout.write(sys.stdin.read())", input=text),
                         (0, text, ""))

    def test_a_key_in_the_certificates_file(self):
        both = os.path.join(self.folder.name, "both.pem")
        with open(both, "wb") as file:
            for part in self.certificate, self.key:
                with open(part, "rb") as one:
                    file.write(one.read())
        self.assertEqual(self.run_client("--cert", both, "--cafile", self.authority.file, "-e", "1",
                                         target="localhost:" + self.port), (0, "1\n", ""))

    def test_an_interrupt_and_an_end(self):
        status, _, errors = self.run_tls("--timeout", "0.5", "-c", "while True: pass")
        self.assertEqual((status, errors), (124, "backdoor: timed out (--timeout)\n"))
        eventually(lambda: self.run_tls("-e", "len(consoles())")[1] == "1\n", "the end of the other console")

    def test_a_server_that_dies(self):
        status, _, errors = self.run_tls("-c", "import os; os._exit(1)")
        self.assertEqual((status, errors), (3, "backdoor: the connection is lost\n"))
        self.door.ended()

    def test_who_is_not_let_in(self):
        self.refused("it wants a certificate: give --cert and --key", "--cafile", self.authority.file)
        other = Authority(self.folder.name, "other")
        certificate, key = other.issue("mallory")
        self.refused("it does not let this certificate in", "--cert", certificate, "--key", key,
                     "--cafile", self.authority.file)

    def test_a_server_that_is_not_trusted(self):
        own = ["--cert", self.certificate, "--key", self.key]
        self.refused("its certificate is not good", *own)
        other = Authority(self.folder.name, "other")
        self.refused("its certificate is not good", *own, "--cafile", other.file)
        certificate, key = self.authority.issue("elsewhere")
        door = self.start("localhost:0", "tls_certificate=" + certificate, "tls_key=" + key,
                          "tls_client_ca=" + self.authority.file)
        self.refused("its certificate is not for '127.0.0.1'", *own, "--cafile", self.authority.file,
                     target=door.address)

    def test_one_side_alone_speaks_tls(self):
        self.refused("if it speaks TLS, give --cert, --key and --cafile")
        door = self.start("localhost:0")
        self.refused("it does not speak TLS: leave out", "--cafile", self.authority.file, target=door.address)

    def test_a_server_that_says_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = door.getsockname()[1]
            status, _, errors = self.run_tls("--timeout", "0.3", "-e", "1", host="127.0.0.1")
        self.assertEqual(status, 124)
        self.assertIn("timed out", errors)

    def test_wrong_command_lines(self):
        self.refused("--key requires --cert", "--key", self.key)
        self.refused("are for host:port", "--cafile", self.authority.file, target=self.path)
        for name in "--cert", "--cafile":
            self.refused("cannot use /nowhere: No such file", name, "/nowhere")
        self.refused("cannot use %s" % self.certificate, "--cert", self.certificate)

    def test_a_server_of_ssh(self):
        keys = os.path.join(self.folder.name, "keys")
        with open(keys, "w") as file:
            file.write("# none\n")
        os.chmod(keys, 0o600)
        door = self.start("localhost:0", "ssh_authorized_keys=" + keys,
                          "ssh_host_key=" + os.path.join(self.folder.name, "host_key"))
        self.refused("it speaks SSH", target=door.address)


if __name__ == "__main__":
    unittest.main(argv=[__file__, "-v", *sys.argv[3:]])
