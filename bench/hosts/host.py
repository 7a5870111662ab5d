"""What the hosts have in common: their arguments, their echo service, and the line they print when
all is up."""
import argparse
import json
import os
import sys
import tempfile

import tick_file


def settings(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="the console's; 0: any")
    parser.add_argument("--app-port", type=int, default=0, help="the echo service's; 0: any")
    parser.add_argument("--unix", help="a path for the console, not a port")
    parser.add_argument("--ticks", help="the tick file")
    parser.add_argument("--no-ticks", action="store_true", help="no tick")
    parser.add_argument("--no-locals", action="store_true", help="the console gets no names")
    parser.add_argument("--time-slice", type=float, default=0, help="of a hub's consoles, in s")
    chosen = parser.parse_args()
    chosen.tick_file = None
    if not chosen.no_ticks:
        folder = os.environ.get("HB_RUN", tempfile.gettempdir())
        os.makedirs(folder, exist_ok=True)
        chosen.ticks = chosen.ticks or os.path.join(folder, "ticks-%d" % os.getpid())
        chosen.tick_file = tick_file.TickFile(chosen.ticks)
    chosen.locals = None if chosen.no_locals else {"ticks": chosen.tick_file}
    chosen.address = ("unix:" + os.path.abspath(chosen.unix) if chosen.unix
                      else "127.0.0.1:%d" % chosen.port)
    return chosen


def ready(chosen, console, application):
    found = {"console": console, "app": "%s:%d" % application, "pid": os.getpid(),
             "ticks": chosen.ticks if chosen.tick_file else None}
    print("READY " + json.dumps(found), file=sys.__stdout__, flush=True)


def echo(connection, _=None):
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)


def accept(listener, spawn):
    while True:
        connection, _ = listener.accept()
        spawn(echo, connection)


def tick(chosen, sleep):
    """For ever."""
    while True:
        if chosen.tick_file:
            sleep(chosen.tick_file.delay())
            chosen.tick_file.fire()
        else:
            sleep(3600)
