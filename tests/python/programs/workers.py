"""A program whose workers, as those of a pre-forking server, are forked by multiprocessing."""
import multiprocessing
import os
import sys
import tempfile

import backdoor


def work(server, addresses, end):
    assert not server.is_running
    with server:
        addresses.put((os.getpid(), server.address))
        end.wait()


with tempfile.TemporaryDirectory() as folder:
    forking = multiprocessing.get_context("fork")
    addresses, end = forking.SimpleQueue(), forking.Event()
    with backdoor.Server(folder + "/{pid}", log=lambda line: None) as server:
        workers = [forking.Process(target=work, args=(server, addresses, end)) for _ in range(2)]
        for worker in workers:
            worker.start()
        found = [addresses.get() for _ in workers]
        print("READY", server.address, flush=True)
        for one in found:
            print("WORKER", *one, flush=True)
        sys.stdin.readline()
        end.set()
        for worker in workers:
            worker.join()
sys.exit(any(worker.exitcode for worker in workers))
