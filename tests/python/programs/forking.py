"""A program with a console that forks a worker, which opens one of its own.

usage: forking.py threads|eventlet|gevent
"""
import os
import select
import sys
import tempfile

import backdoor

# As each world has it done: not with one epoll descriptor for both.
if sys.argv[1] == "eventlet":
    from eventlet import sleep
    from eventlet.hubs import use_hub

    def fork():
        pid = os.fork()
        if pid == 0:
            use_hub()
        return pid
elif sys.argv[1] == "gevent":
    from gevent import sleep
    from gevent.os import fork
else:
    from os import fork
    from time import sleep
sleep(0)  # a hub is there with the first


def wait_for(file):
    """On a hub the consoles go on meanwhile."""
    while not select.select([file], [], [], 0)[0]:
        sleep(0.005)


with tempfile.TemporaryDirectory() as folder:
    server = backdoor.Server(folder + "/{pid}", log=lambda line: None)
    server.start()
    end, told = os.pipe()
    worker = fork()
    if worker == 0:
        os.close(told)
        assert not server.is_running
        server.start()
        print("CHILD", server.address, flush=True)
        wait_for(end)
        server.stop()
        os._exit(0)
    # Not before: a console that opens meanwhile may hold locks, which the child would have for ever.
    print("READY", server.address, flush=True)
    wait_for(sys.stdin)
    os.close(told)
    status = os.waitpid(worker, 0)[1]
    server.stop()
sys.exit(status)
