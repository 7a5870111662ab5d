#!/usr/bin/python3
"""What a console server costs a host that nobody, or only the idle, connect to.

    bench/idle_cost.py build/release/bench/bench_host

Start-up time, memory and threads of the host with and without a server, alternating; and what each
further console adds, one that was only opened and one that has typed a command.
"""
import argparse
import contextlib
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import time

VARIANTS = {
    'no server': ['--no-console'],
    'server': [],
    'server, preload': ['--preload'],
}
SETTLE = 0.3  # seconds for a process to come to rest before it is weighed


class Host:
    """A running bench_host; ends with the context."""

    def __init__(self, program, options):
        started = time.perf_counter()
        self.process = subprocess.Popen([program, '--no-ticks', *options],
                                        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.ready = self._read_ready()
        self.start_ms = (time.perf_counter() - started) * 1e3
        # Its log is not ours to read, but a full pipe would stop it.
        self.drain = subprocess.Popen(['cat'], stdin=self.process.stdout,
                                      stdout=subprocess.DEVNULL)
        self.process.stdout.close()

    def _read_ready(self):
        # Unbuffered, byte by byte: what follows the line belongs to the drain.
        line = b''
        while not (line.startswith(b'READY ') and line.endswith(b'\n')):
            if line.endswith(b'\n'):
                line = b''
            byte = os.read(self.process.stdout.fileno(), 1)
            if not byte:
                raise RuntimeError('the host ended before it was ready: exit code %s'
                                   % self.process.wait())
            line += byte
        return json.loads(line[6:])

    def weigh(self):
        """(memory in kB, threads)"""
        # smaps_rollup counts pages; VmRSS is off by up to 64 pages for each thread.
        with open('/proc/%d/smaps_rollup' % self.process.pid) as file:
            memory = next(int(line.split()[1]) for line in file if line.startswith('Rss:'))
        return memory, len(os.listdir('/proc/%d/task' % self.process.pid))

    def connect(self):
        host, port = self.ready['console'].rsplit(':', 1)
        client = socket.create_connection((host, int(port)), 30)
        read_prompt(client)
        return client

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.drain.wait()
        if self.process.returncode != 0:
            print('the host ended with exit code %s' % self.process.returncode, file=sys.stderr)


def read_prompt(client):
    received = b''
    while not received.endswith(b'>>> '):
        data = client.recv(65536)
        if not data:
            raise RuntimeError('the console closed: %r' % received[-200:])
        received = (received + data)[-4096:]


def start_costs(program, runs):
    samples = {name: [] for name in VARIANTS}
    for _ in range(runs):
        for name, options in VARIANTS.items():
            with Host(program, options) as host:
                time.sleep(SETTLE)
                samples[name].append((host.start_ms, *host.weigh()))
    keys = ('start_ms', 'memory_kb', 'threads')
    return {name: dict(zip(keys, map(statistics.median, zip(*rows))))
            for name, rows in samples.items()}


def marginal_memory(program, few, many, command):
    """kB that each console between `few` and `many` adds; `command` is typed into each, or None."""
    with contextlib.ExitStack() as stack:
        host = stack.enter_context(Host(program, ['--preload']))
        weights = []
        opened = 0
        for wanted in (few, many):
            while opened < wanted:
                client = stack.enter_context(host.connect())
                if command:
                    client.sendall(command)
                    read_prompt(client)
                opened += 1
            time.sleep(1)
            weights.append(host.weigh())
    (memory_few, _), (memory_many, threads) = weights
    return {'few': few, 'many': many, 'threads': threads,
            'kb_each': (memory_many - memory_few) / (many - few)}


def allow_many_descriptors():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def measure(program, runs=15, few=1000, many=5000):
    allow_many_descriptors()
    return {
        'runs': runs,
        'start': start_costs(program, runs),
        'opened': marginal_memory(program, few, many, None),
        'typed': marginal_memory(program, few, many, b'1\n'),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program', help='the bench_host to run')
    parser.add_argument('--quick', action='store_true', help='small counts, to try it')
    chosen = parser.parse_args()
    sizes = {'runs': 3, 'few': 50, 'many': 100} if chosen.quick else {}
    json.dump(measure(chosen.program, **sizes), sys.stdout, indent=2)
    print()


if __name__ == '__main__':
    main()
