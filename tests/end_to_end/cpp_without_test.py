"""`cpp` at the prompt of a program where a part is missing: a clear error, and a prompt that goes on."""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import screens

PATIENCE = 60


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("localhost", port), PATIENCE)
        self.read_to_prompt()

    def read_to_prompt(self):
        text = ""
        while not text.endswith(">>> "):
            part = self.socket.recv(4096)
            assert part, text
            text += part.decode()
        return text[:-len(">>> ")]

    def run(self, line):
        self.socket.sendall(line.encode() + b"\n")
        return self.read_to_prompt()


class Without(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def client(self, program, libraries):
        host = screens.Host(program, "never", environment={"LD_LIBRARY_PATH": str(libraries)})
        self.addCleanup(host.stop)
        client = Client(int(host.port))
        self.addCleanup(client.socket.close)
        return client

    def test_the_plugin(self):
        libraries = self.path / "lib"
        shutil.copytree(sys.argv[2], libraries, ignore=shutil.ignore_patterns("*reflect*", "*.a"))
        client = self.client(sys.argv[1], libraries)
        self.assertIn("RuntimeError: backdoor: to look at C++ objects takes backdoor-reflect.so, "
                      "which is not installed here", client.run("cpp.anything"))
        self.assertIn("RuntimeError: backdoor: to look at", client.run("cpp"))
        self.assertEqual(client.run("6 * 7"), "42\n")

    def test_debug_information(self):
        stripped = self.path / "stripped"
        subprocess.run(["strip", "-o", stripped, sys.argv[1]], check=True)
        client = self.client(stripped, sys.argv[2])
        told = client.run("cpp.shown_by_name.item")
        self.assertIn("AttributeError: there is no C++ name 'shown_by_name': the program was compiled "
                      "without -g", told)
        self.assertIn("none of the program's own", client.run("cpp"))

    def test_nothing_but_where_its_file_was(self):
        """The program has been replaced since it was started, as an upgrade does."""
        program = self.path / "program"
        shutil.copy(sys.argv[1], program)
        client = self.client(program, sys.argv[2])
        os.remove(program)
        shutil.copy("/bin/true", program)
        self.assertEqual(client.run("cpp.shown_by_name.item.quantity"), "5\n")  # one, two arguments more


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
