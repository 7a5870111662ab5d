"""A program with a console on threads. Ends when it is told to."""
import sys

import backdoor

with backdoor.Server("localhost:0", log=lambda line: None) as server:
    print("READY", server.address, flush=True)
    sys.stdin.readline()
