#!/usr/bin/env python3
"""How long a key takes to its echo in the line editor, and a paste to its end.

usage: bench/terminal.py HOST:PORT     (a console; what it runs on the same machine does not hurt)
"""

import socket
import sys
import time

KEYS = b'def function(argument): return [x for x in range(10) if x != argument]'
CHARACTER_MODE = b'\xff\xfd\x01\xff\xfd\x03'  # DO ECHO, DO SUPPRESS-GO-AHEAD
TERMINAL_TYPE = b'\xff\xfb\x18'  # WILL TERMINAL-TYPE
ASKED_FOR_TYPE = b'\xff\xfa\x18\x01\xff\xf0'


class Telnet:
    def __init__(self, address, terminal):
        host, port = address.rsplit(':', 1)
        self.socket = socket.create_connection((host, int(port)), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b''
        self.read_until(b'>>> ')
        self.send(CHARACTER_MODE + TERMINAL_TYPE)
        self.read_until(ASKED_FOR_TYPE)
        self.send(b'\xff\xfa\x18\x00' + terminal + b'\xff\xf0')
        self.run(b'import sys', b'>>> ')

    def send(self, keys):
        self.socket.sendall(keys)

    def read_until(self, mark):
        while mark not in self.received:
            received = self.socket.recv(65536)
            if not received:
                sys.exit('the console has closed')
            self.received += received
        self.received = self.received.split(mark, 1)[1]

    def run(self, block, mark):
        self.send(block + b'\r\0')
        self.read_until(b'\x1b[?2004l')  # the editor is done
        self.read_until(mark)

    def echo_of(self, key, echo):
        begin = time.perf_counter()
        self.send(key)
        self.received = b''
        self.read_until(echo)
        return time.perf_counter() - begin


def main():
    for terminal in (b'vt100', b'xterm'):
        client = Telnet(sys.argv[1], terminal)
        client.run(b'1', b'>>> ')
        times = []
        for _ in range(20):
            times += [client.echo_of(bytes([key]), bytes([key])) for key in KEYS]
            client.echo_of(b'\x15', b'\x1b[K')  # to the line's beginning
        times.sort()
        functions = ''.join('def f%d(x):\r    y = x + %d\r    return y\r\r' % (i, i)
                            for i in range(500))
        begin = time.perf_counter()
        client.run(b'\x1b[200~' + functions.encode() + b"print('do' + 'ne')\x1b[201~", b'done\r\n')
        paste = time.perf_counter() - begin
        print('%s: key to echo p50 %.0f us, p99 %.0f us; paste of 2,001 lines %.3f s'
              % (terminal.decode(), times[len(times) // 2] * 1e6, times[-len(times) // 100] * 1e6,
                 paste))


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
