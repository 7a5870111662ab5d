"""A session in examples/reflect, which has not one binding. usage: session_test.py PROGRAM"""
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests" / "python"))
from client import Client  # noqa: E402


class Session(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = subprocess.Popen([sys.argv[1], "127.0.0.1:0"], text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = cls.program.stdout.readline()
        while not line.startswith("console: "):
            line = cls.program.stdout.readline()
        cls.client = Client(line.split()[-1])

    @classmethod
    def tearDownClass(cls):
        cls.client.__exit__()
        cls.program.communicate(timeout=20)
        assert cls.program.returncode == 0

    def says(self, command, answer):
        self.assertEqual(self.client.run(command), answer + "\n" if answer else "")

    def test_private_members_and_containers(self):
        self.says("cpp.store.limit_", "100")
        self.says("len(cpp.store.oldest_) <= 101, cpp.store.evicted_ >= 0", "(True, True)")
        self.says("cpp.store.sources_[0].folder_, cpp.store.sources_[1].port_", "('/srv/data', 443)")
        self.says("cpp.store.sources_[1].state_.name in ('good', 'slow')", "True")

    def test_globals_move_meanwhile(self):
        self.client.run("before = cpp.cache.totals['asked']")
        self.client.run("while cpp.cache.totals['asked'] == before: pass\n")
        self.says("cpp.cache.totals['asked'] > before", "True")

    def test_types(self):
        self.assertIn("cache::source (base)", self.client.run("cpp.type('cache::network_source')"))
        self.says("cpp.search('cache::*_source')", "['cache::file_source', 'cache::network_source']")

    def test_objects_that_nothing_leads_to(self):
        self.says("len(cpp.find('cache::source', limit=60)) >= 2", "True")

    def test_one_moment(self):
        self.client.run("s = cpp.store")
        self.client.run("with cpp.locked(s.mutex_): "
                        "n = len(s.entries_), len(list(s.entries_)), len(s.oldest_)\n")
        self.says("n[0] == n[1] == n[2] > 0", "True")
        self.client.run("before = cpp.snapshot(); _ = before.__enter__()")
        self.client.run("asked = cpp.cache.totals['asked']")
        self.says("all(cpp.cache.totals['asked'] == asked for i in range(1000))", "True")
        self.client.run("before.__exit__(None, None, None)")

    def test_a_change(self):
        for limit in 50, 100:
            self.client.run("with cpp.locked(cpp.store.mutex_), cpp.writable(): "
                            "cpp.store.limit_ = %d\n" % limit)
            self.says("cpp.store.limit_", str(limit))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
