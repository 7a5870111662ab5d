#!/usr/bin/python3
"""What typing at the prompt feels like: keys, a paste, the first prompt.

    bench/terminal.py build/release/bench/bench_host

keys    from a key to its echo in the line editor, with highlighting and without, in a line and at the
        end of a long block, beside a byte to the echo service of the same host, which is the floor
paste   2,000 lines in brackets, until what they print is there
prompt  from a client's connection to the prompt, of those of nc and the telnets that are installed
"""
import argparse
import os
import pty
import re
import select
import shutil
import socket
import statistics
import tempfile
import time

from host import Host

LINE = b'def function(argument): return [x for x in range(10) if x != argument]'
PAUSE = 0.005  # seconds between keys: nobody types faster, and a system that rests is slower
CHARACTER_MODE = b'\xff\xfd\x01\xff\xfd\x03'  # DO ECHO, DO SUPPRESS-GO-AHEAD
TERMINAL_TYPE = b'\xff\xfb\x18'  # WILL TERMINAL-TYPE
ASKED_FOR_TYPE = b'\xff\xfa\x18\x01\xff\xf0'
SEQUENCE = re.compile(rb'\x1b\[[0-9;?]*[A-Za-z]')
EDITOR_IS_DONE = b'\x1b[?2004l'
PROMPT = b'>>> '
TERMINALS = {'vt100': 'without highlighting', 'xterm-256color': 'with highlighting'}
BLOCK_LINES = 200
# A program that waits for a terminal, and its arguments for a host and a port.
CLIENTS = {
    'nc': ['nc'],
    'inetutils telnet': ['inetutils-telnet'],
    'netkit telnet': ['telnet-ssl', '-z', 'nossl'],
    'busybox telnet': ['busybox', 'telnet'],
}


def connect(address):
    client = socket.create_connection(address, timeout=20)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


class Telnet:
    """A client whose terminal has that name."""

    def __init__(self, address, terminal):
        self.socket = connect(address)
        self.received = b''
        self.read_until(PROMPT)
        self.socket.sendall(CHARACTER_MODE + TERMINAL_TYPE)
        self.read_until(ASKED_FOR_TYPE)
        self.socket.sendall(b'\xff\xfa\x18\x00' + terminal.encode() + b'\xff\xf0')
        self.run(b'1')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def receive(self):
        received = self.socket.recv(65536)
        if not received:
            raise RuntimeError('the console has closed')
        self.received += received

    def read_until(self, mark):
        while mark not in self.received:
            self.receive()
        self.received = self.received.split(mark, 1)[1]

    def run(self, block, mark=PROMPT):
        self.socket.sendall(block + b'\r\0')
        self.read_until(EDITOR_IS_DONE)
        self.read_until(mark)

    def come_to_rest(self):
        """Reads what is still on its way."""
        time.sleep(PAUSE)
        while select.select([self.socket], [], [], 0)[0]:
            self.receive()
        self.received = b''

    def echo_of(self, key):
        """Seconds until it is shown, in whatever colour."""
        began = time.perf_counter()
        self.socket.sendall(key)
        while True:
            self.receive()
            if key in SEQUENCE.sub(b'', self.received):
                return time.perf_counter() - began

    def type_line(self):
        """Yields the time of each key; the line is gone in the end."""
        for byte in LINE:
            yield self.echo_of(bytes([byte]))
            self.come_to_rest()
        self.socket.sendall(b'\x15')
        self.read_until(b'\x1b[K')
        self.come_to_rest()

    def paste(self, lines):
        self.socket.sendall(b'\x1b[200~' + b'\r'.join(lines) + b'\x1b[201~')


def floor_of(echo):
    began = time.perf_counter()
    echo.sendall(b'x')
    echo.recv(1)
    taken = time.perf_counter() - began
    time.sleep(PAUSE)
    return taken


def functions(lines):
    """So many lines of Python."""
    return [line for i in range(lines // 4)
            for line in (b'def f%d(x):' % i, b'    y = x + %d' % i, b'    return y', b'')]


def measure_keys(host, lines):
    """{name: (seconds of each key, seconds of a byte to the echo service in turn with them)}"""
    found = {}
    with connect(host.address_of('app')) as echo:
        for terminal, name in TERMINALS.items():
            for where in '', ', behind a block of %d lines' % BLOCK_LINES:
                keys, floor = found[name + where] = [], []
                with Telnet(host.address_of('console'), terminal) as client:
                    if where:
                        client.paste(functions(BLOCK_LINES) + [b''])
                    client.come_to_rest()
                    for _ in range(lines):
                        for seconds in client.type_line():
                            keys.append(seconds)
                            floor.append(floor_of(echo))
    return found


def measure_pastes(host, count):
    found = {}
    for terminal, name in TERMINALS.items():
        found[name] = []
        for _ in range(count):
            with Telnet(host.address_of('console'), terminal) as client:
                began = time.perf_counter()
                client.paste(functions(1996) + [b'', b'', b'', b"print('do' + 'ne')"])
                client.run(b'', b'done\r\n')
                found[name].append(time.perf_counter() - began)
    return found


def first_prompt(command, console):
    """Seconds from the connection of a program to its prompt's first byte on its way to it."""
    with socket.create_server(('127.0.0.1', 0)) as door:
        program, terminal = pty.fork()
        if program == 0:
            os.execvp(command[0], [*command, '127.0.0.1', str(door.getsockname()[1])])
        try:
            client = door.accept()[0]
            time.sleep(10 * PAUSE)  # it has begun, and said what it says at once
            began = time.perf_counter()
            with client, connect(console) as server:
                received = b''
                while not received.endswith(PROMPT):
                    for ready in select.select([client, server], [], [], 20)[0]:
                        data = ready.recv(65536)
                        if ready is client:
                            server.sendall(data)
                        else:
                            received += data
                return time.perf_counter() - began
        finally:
            os.kill(program, 9)
            os.waitpid(program, 0)
            os.close(terminal)


def measure_prompts(host, count):
    installed = {name: command for name, command in CLIENTS.items() if shutil.which(command[0])}
    found = {name: [] for name in installed}
    for _ in range(count):
        for name, command in installed.items():
            found[name].append(first_prompt(command, host.address_of('console')))
    return found


def p99(times):
    return sorted(times)[len(times) * 99 // 100]


def show_keys(found):
    print('| a key to its echo, µs | median | of the echo service | between them | 99 of 100 |\n'
          '|---|---|---|---|---|')
    for name, (keys, floor) in found.items():
        median, least = statistics.median(keys) * 1e6, statistics.median(floor) * 1e6
        print('| %s | %.0f | %.0f | %.0f | %.0f |' % (name, median, least, median - least, p99(keys) * 1e6))


def show(title, found, digits, factor):
    print('\n| %s | median | 99 of 100 |\n|---|---|---|' % title)
    for name, times in found.items():
        print('| %s | %.*f | %.*f |' % (name, digits, statistics.median(times) * factor,
                                        digits, p99(times) * factor))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program', help='the bench_host to run')
    parser.add_argument('--quick', action='store_true', help='small counts, to try it')
    chosen = parser.parse_args()
    count = 2 if chosen.quick else 20
    with tempfile.TemporaryDirectory() as folder, \
            Host(chosen.program, ['--preload', '--ticks', os.path.join(folder, 'ticks')]) as host:
        show_keys(measure_keys(host, count))
        show('a paste of 2,000 lines, s', measure_pastes(host, count), 3, 1)
        show('connection to prompt, µs', measure_prompts(host, 3 * count), 0, 1e6)


if __name__ == '__main__':
    main()
