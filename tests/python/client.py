"""A client of a console, for tests: it waits for what it expects, not for a time."""
import socket

LIMIT = 60.0
PROMPT = b">>> "


class Client:
    def __init__(self, address, greet=True):
        if isinstance(address, str) and "/" in address:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(LIMIT)
            self.socket.connect(address)
        else:
            if isinstance(address, str):
                host, _, port = address.rpartition(":")
                address = host.strip("[]"), int(port)
            self.socket = socket.create_connection(address, LIMIT)
        self.data = b""
        self.banner = self.read_until(PROMPT) if greet else ""

    def __enter__(self):
        return self

    def speak_tls(self, certificate):
        """To a server of this certificate."""
        import ssl
        self.socket = ssl.create_default_context(cafile=certificate).wrap_socket(
            self.socket, server_hostname="localhost")

    def __exit__(self, *exception):
        self.socket.close()

    def read_until(self, end):
        """What comes up to the first `end`, without it."""
        end = end if isinstance(end, bytes) else end.encode()
        while end not in self.data:
            got = self.socket.recv(65536)
            if not got:
                raise EOFError("closed after %r, before %r" % (self.data, end))
            self.data += got
        text, _, self.data = self.data.partition(end)
        return text.decode()

    def read_to_end(self):
        while True:
            got = self.socket.recv(65536)
            if not got:
                text, self.data = self.data, b""
                return text.decode()
            self.data += got

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode())

    def run(self, line):
        """The reply to a line."""
        self.send(line + "\n")
        return self.read_until(PROMPT)
