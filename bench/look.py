#!/usr/bin/python3
"""What a look at a C++ object costs the program: `cpp` at a prompt, gdb, drgn.

usage: look.py BUILD      (a build folder with examples/reflect in it)

Each looks at the same three things of the same running program. `stopped` is how long the program's threads stood still, as the kernel tells
it (state t of /proc/PID/stat, asked all the time); `whole` is from the call to the answer, for gdb and drgn with
their start. Medians. What is not installed is left out (Debian: gdb, python3-drgn).
"""
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests" / "python"))
from client import Client  # noqa: E402

# What is looked at, and how `cpp`, gdb and drgn are asked for it. The store is on main's stack: gdb and drgn
# are told where.
LOOKS = {
    "a private member": (
        "cpp.store.limit_",
        "((cache::store*)STORE)->limit_",
        "Object(prog, 'class cache::store', address=STORE).limit_"),
    "a `std::map`": (
        "cpp.cache.totals",
        "cache::totals",
        "prog['cache::totals']"),
    "what a `unique_ptr<base>` points to": (
        "cpp.store.sources_[0]",
        "*((cache::store*)STORE)->sources_[0]",
        "Object(prog, 'class cache::store', address=STORE).sources_"),
}
REPEATED = 200
REPEATED_DEBUGGER = 5


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


def milliseconds(seconds):
    return "%.3g ms" % (seconds * 1e3)


def row(name, look, stopped, times, said):
    said = " ".join(said.split())
    print("| %s | %s | %s | %s | `%s` |" % (
        look, name, milliseconds(stopped) if stopped else "-", milliseconds(statistics.median(times)),
        said if len(said) < 90 else said[:90] + "..."), flush=True)


def look_with(name, look, pid, command, shown):
    if not shutil.which(command[0]):
        print("| %s | %s | not installed | | |" % (look, name))
        return
    stopped, times = [], []
    for _ in range(REPEATED_DEBUGGER):
        with Stopped(pid) as watched:
            begun = time.perf_counter()
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  stdin=subprocess.DEVNULL, timeout=120)
            times.append(time.perf_counter() - begun)
        stopped.append(watched.total)
    row(name, look, statistics.median(stopped), times, shown(done.stdout))


def shown_by_gdb(text):
    answers = [line for line in text.splitlines() if line.startswith("$")]
    return answers[-1] if answers else text.splitlines()[-1]


def shown_by_drgn(text):
    return text.partition("SAYS ")[2] or "(nothing)"


DRGN = """
from drgn import Object
import sys
STORE = int(sys.argv[1])
try:
    print("SAYS", %s)
except Exception as failure:
    print("SAYS", type(failure).__name__, failure)
"""


def main(build):
    program = subprocess.Popen([str(pathlib.Path(build) / "examples/reflect/reflect"), "127.0.0.1:0"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    line = program.stdout.readline()
    while not line.startswith("console: "):
        line = program.stdout.readline()
    print("| look | with | stopped | whole | said |\n|---|---|---|---|---|")
    with Client(line.split()[-1]) as console, tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        begun = time.perf_counter()
        console.run("cpp")  # reads the debug information
        print("| (the names are read, once) | `cpp` | - | %s | |" % milliseconds(time.perf_counter() - begun))
        store = console.run("cpp.address(cpp.store)").strip()
        pid = str(program.pid)
        for look, (command, for_gdb, for_drgn) in LOOKS.items():
            times = []
            with Stopped(program.pid) as watched:
                for _ in range(REPEATED):
                    begun = time.perf_counter()
                    said = console.run(command)
                    times.append(time.perf_counter() - begun)
            row("`cpp`", look, watched.total, times, said)
            look_with("gdb", look, program.pid,
                      ["gdb", "-nx", "-batch", "-p", pid, "-ex", "frame function main", "-ex",
                       "set print object on", "-ex", "print " + for_gdb.replace("STORE", store)],
                      shown_by_gdb)
            script.seek(0)
            script.truncate()
            script.write(DRGN % for_drgn)
            script.flush()
            look_with("drgn", look, program.pid, ["drgn", "-q", "-p", pid, script.name, store], shown_by_drgn)
    program.communicate()


if __name__ == "__main__":
    main(sys.argv[1])
