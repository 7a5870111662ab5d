"""A bench_host that runs while it is measured."""
import json
import os
import subprocess
import sys
import time


class Host:
    """A running bench_host; ends with the context."""

    def __init__(self, program, options):
        started = time.perf_counter()
        self.process = subprocess.Popen([program, *options], stdout=subprocess.PIPE,
                                        stdin=subprocess.DEVNULL)
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

    def address_of(self, service):
        """(host, port) of its 'console' or its 'app', the echo service"""
        host, port = self.ready[service].rsplit(':', 1)
        return host, int(port)

    def weigh(self):
        """(memory in kB, threads)"""
        # smaps_rollup counts pages; VmRSS is off by up to 64 pages for each thread.
        with open('/proc/%d/smaps_rollup' % self.process.pid) as file:
            memory = next(int(line.split()[1]) for line in file if line.startswith('Rss:'))
        return memory, len(os.listdir('/proc/%d/task' % self.process.pid))

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
