#!/usr/bin/python3
"""What a look at a C++ object costs the program: `cpp` at a prompt, gdb, drgn.

usage: look.py BUILD      (a build folder with examples/reflect in it)

Each looks at the same three things of the same running program: a member, an entry of an unordered_map,
an object behind a unique_ptr. `stopped` is how long the program's threads stood still, as the kernel tells
it (state t of /proc/PID/stat, asked all the time); `whole` is from the call to the answer. gdb and drgn are
left out where they are not installed.
"""
import pathlib
import shutil
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests" / "python"))
from client import Client  # noqa: E402

LOOKS = ["cpp.store.limit_", "cpp.cache.totals['asked']", "cpp.store.sources_[0]"]
REPEATED = 200


class Stopped:
    """How long a process is stopped, while it lives."""

    def __init__(self, pid):
        self.path = "/proc/%d/stat" % pid
        self.total = 0.0
        self.ending = False
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        last = time.perf_counter()
        while not self.ending:
            with open(self.path) as file:
                state = file.read().rpartition(")")[2].split()[0]
            now = time.perf_counter()
            if state in "tT":
                self.total += now - last
            last = now

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exception):
        self.ending = True
        self.thread.join()


def row(name, stopped, times, said):
    print("| %s | %.1f ms | %.3f ms | %s |" % (
        name, stopped * 1e3, statistics.median(times) * 1e3, said.strip().splitlines()[-1][:60]))


def look_through(name, pid, command):
    if not shutil.which(command[0]):
        print("| %s | not installed | | |" % name)
        return
    with Stopped(pid) as watched:
        begun = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              stdin=subprocess.DEVNULL, timeout=120)
        took = time.perf_counter() - begun
    row(name, watched.total, [took], done.stdout or "(nothing)")


def main(build):
    program = subprocess.Popen([str(pathlib.Path(build) / "examples/reflect/reflect"), "127.0.0.1:0"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    line = program.stdout.readline()
    while not line.startswith("console: "):
        line = program.stdout.readline()
    print("| look | stopped | whole | said |\n|---|---|---|---|")
    with Client(line.split()[-1]) as console:
        begun = time.perf_counter()
        console.run("cpp")  # reads the debug information
        print("| (names are read, once) | | %.0f ms | |" % ((time.perf_counter() - begun) * 1e3))
        for look in LOOKS:
            times = []
            with Stopped(program.pid) as watched:
                for _ in range(REPEATED):
                    begun = time.perf_counter()
                    said = console.run(look)
                    times.append(time.perf_counter() - begun)
            row("`%s`" % look, watched.total, times, said)
    pid = str(program.pid)
    look_through("gdb: a global map", program.pid,
                 ["gdb", "-nx", "-batch", "-p", pid, "-ex", "print cache::totals"])
    look_through("drgn: a global map", program.pid,
                 ["drgn", "-p", pid, "-e", "print(prog['totals'])"])
    program.communicate()


if __name__ == "__main__":
    main(sys.argv[1])
