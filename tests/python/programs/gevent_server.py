"""A program with gevent.backdoor's server. Ends when it is told to."""
import os
import posix

import gevent
from gevent.queue import Empty, Queue

from backdoor.gevent import BackdoorServer


def bad():
    print("switching out")
    try:
        Queue().get(block=True, timeout=0.01)
    except Empty:
        print("Got Empty")
    gevent.sleep(0.01)
    print("switched in")


server = BackdoorServer(("127.0.0.1", 0), locals={"bad": bad}, banner="Welcome stranger!",
                        telnet="never")
server.start()
os.set_blocking(0, False)
with server:
    print("READY 127.0.0.1:%d" % server.server_port, flush=True)
    told = None
    while told is None:
        gevent.sleep(0.005)
        try:
            told = posix.read(0, 100)
        except BlockingIOError:
            pass
print("STOPPED", flush=True)
