"""A program whose debug information is damaged looks at itself: that may cost names, never the process.

usage: damage_test.py PROGRAM PLUGIN [--seeds=FIRST:LAST]
"""
import os
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

SEEDS = range(0, 20)
MEMORY = 4 << 30
PATIENCE = 120


def debug_sections(image):
    """(name, offset, size) of an ELF64 file's .debug_* sections."""
    table, = struct.unpack_from("<Q", image, 0x28)
    entry, count, names_at = struct.unpack_from("<HHH", image, 0x3A)
    headers = [struct.unpack_from("<IIQQQQ", image, table + i * entry) for i in range(count)]
    names = headers[names_at][4]
    found = []
    for name, _, _, _, offset, size in headers:
        end = image.index(b"\0", names + name)
        text = bytes(image[names + name:end]).decode()
        if text.startswith(".debug_") and size:
            found.append((text, offset, size))
    return found


def damage(image, seed):
    """Flips, overwrites or zeroes so many bytes, of one section or of all."""
    chance = random.Random(seed)
    sections = debug_sections(image)
    if chance.random() < 0.7:
        sections = [chance.choice(sections)]
    told = []
    for _ in range(chance.choice([1, 3, 10, 100, 1000])):
        name, offset, size = chance.choice(sections)
        at = offset + chance.randrange(size)
        way = chance.randrange(4)
        image[at] = (image[at] ^ (1 << chance.randrange(8)) if way < 2
                     else chance.randrange(256) if way == 2 else 0xFF * chance.randrange(2))
        told.append(name)
    return "%d bytes in %s" % (len(told), ", ".join(sorted(set(told))))


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Damage(unittest.TestCase):
    def look(self, program):
        return subprocess.run([program, PLUGIN], stdout=subprocess.PIPE, text=True, timeout=PATIENCE,
                              preexec_fn=limit_memory)

    def test_whole(self):
        done = self.look(PROGRAM)
        self.assertEqual(done.returncode, 0)
        self.assertGreater(int(done.stdout.split()[0]), 1000)

    def test_damaged(self):
        with open(PROGRAM, "rb") as file:
            image = file.read()
        with tempfile.TemporaryDirectory() as folder:
            for seed in SEEDS:
                damaged = bytearray(image)
                how = damage(damaged, seed)
                path = os.path.join(folder, "program-%d" % seed)
                shutil.copyfile(PROGRAM, path)
                shutil.copymode(PROGRAM, path)
                with open(path, "r+b") as file:
                    file.write(damaged)
                with self.subTest(seed=seed, damage=how):
                    self.assertEqual(self.look(path).returncode, 0)
                os.unlink(path)


if __name__ == "__main__":
    PROGRAM, PLUGIN = sys.argv[1:3]
    for argument in sys.argv[3:]:
        SEEDS = range(*map(int, argument.removeprefix("--seeds=").split(":")))
    unittest.main(argv=sys.argv[:1])
