"""The client in a loop, as cron would have it: as many commands as two a second in an hour, as fast as they go."""

import subprocess
import sys
import unittest

from hosts import CLIENT, PATIENCE, Pipes, eventually


class CronLike(Pipes):
    def test_nothing_is_left_behind(self):
        rounds = 500 if self.host.is_sanitized() else 7200
        kinds = (("-c", "print(1)"), ("-e", "1"), ("-c", "import sys; sys.exit(3)"), ("-c", "1 / 0"),
                 ("-c", "class C: pass\nkept = [C() for _ in range(1000)]\nprint(1)"))
        expected = [(0, b"1\n"), (0, b"1\n"), (3, b""), (1, b""), (0, b"1\n")]
        # What Python caches at first, and where memory settles, is no leak.
        self.run_commands(500, kinds, expected)
        before = self.counts()
        resident = self.host.resident()
        self.run_commands(rounds, kinds, expected)
        eventually(lambda: all(now <= then for now, then in zip(self.counts(), before)),
                   "the end of descriptors and threads")
        if not self.host.is_sanitized():
            self.assertLess(self.host.resident(), resident + 2 * 2**20)

    def counts(self):
        self.wait_until_alone()
        return self.host.count("fd"), self.host.count("task")

    def run_commands(self, count, kinds, expected):
        for i in range(count):
            kind = i % len(kinds)
            done = subprocess.run([CLIENT, self.path, *kinds[kind]], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  env=self.environment, timeout=3 * PATIENCE)
            self.assertEqual((done.returncode, done.stdout), expected[kind], kinds[kind])


if __name__ == "__main__":
    unittest.main(argv=[__file__, "-v", *sys.argv[3:]])
