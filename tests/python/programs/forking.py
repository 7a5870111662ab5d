"""A program with a console that forks a worker, which opens one of its own."""
import os
import sys
import tempfile

import backdoor

with tempfile.TemporaryDirectory() as folder:
    server = backdoor.Server(folder + "/{pid}", log=lambda line: None)
    server.start()
    end, told = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(told)
        assert not server.is_running
        server.start()
        print("CHILD", server.address, flush=True)
        os.read(end, 1)
        server.stop()
        os._exit(0)
    # Not before: a console that opens meanwhile may hold locks, which the child would have for ever.
    print("READY", server.address, flush=True)
    sys.stdin.readline()
    os.close(told)
    status = os.waitpid(worker, 0)[1]
    server.stop()
sys.exit(status)
