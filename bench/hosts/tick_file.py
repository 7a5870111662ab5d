"""The record of a host's tick, as bench/tick_file.hpp describes and writes it, from Python."""
import mmap
import os
import struct
import time

HEADER = 64
RECORD = struct.Struct("<qq")
PERIOD = 1_000_000  # ns
CAPACITY = 1 << 18


class TickFile:
    """Each deadline gets a record, also those that were missed."""

    def __init__(self, path):
        self.path = path
        size = HEADER + RECORD.size * CAPACITY
        with open(path, "w+b") as file:
            # Each page is touched now, so that memory use stays as it is later.
            file.write(b"\1" * size)
            file.flush()
            self._map = mmap.mmap(file.fileno(), size)
        self._map[:] = b"\0" * size
        self._map[0:8] = b"HBTICK1\0"
        struct.pack_into("<qqqq", self._map, 8, 0, PERIOD, CAPACITY, os.getpid())
        self._count = 0
        self._due = time.monotonic_ns() + PERIOD

    def delay(self):
        """Seconds until the next deadline."""
        return max(0, self._due - time.monotonic_ns()) * 1e-9

    def fire(self):
        """Records each deadline that has passed."""
        now = time.monotonic_ns()
        while self._due <= now:
            RECORD.pack_into(self._map, HEADER + RECORD.size * (self._count % CAPACITY),
                             self._due, now - self._due)
            self._count += 1
            self._due += PERIOD
        # After the records: who sees the count sees what it counts.
        struct.pack_into("<q", self._map, 8, self._count)
