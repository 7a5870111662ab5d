#!/usr/bin/python3
"""What a console server costs a host that nobody, or only the idle, connect to.

    bench/idle_cost.py build/release/bench/bench_host

Start-up time, memory and threads of the host with and without a server, alternating; and what each
further console adds, one that was only opened and one that has typed a command.
"""
import argparse
import contextlib
import json
import resource
import socket
import statistics
import sys
import time

from host import Host

VARIANTS = {
    'no server': ['--no-console'],
    'server': [],
    'server, preload': ['--preload'],
}
SETTLE = 0.3  # seconds for a process to come to rest before it is weighed


def connect(host):
    client = socket.create_connection(host.address_of('console'), 30)
    read_prompt(client)
    return client


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
            with Host(program, ['--no-ticks', *options]) as host:
                time.sleep(SETTLE)
                samples[name].append((host.start_ms, *host.weigh()))
    keys = ('start_ms', 'memory_kb', 'threads')
    return {name: dict(zip(keys, map(statistics.median, zip(*rows))))
            for name, rows in samples.items()}


def marginal_memory(program, few, many, command):
    """kB that each console between `few` and `many` adds; `command` is typed into each, or None."""
    with contextlib.ExitStack() as stack:
        host = stack.enter_context(Host(program, ['--no-ticks', '--preload']))
        weights = []
        opened = 0
        for wanted in (few, many):
            while opened < wanted:
                client = stack.enter_context(connect(host))
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
