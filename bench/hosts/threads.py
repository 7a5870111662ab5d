#!/usr/bin/python3
"""A Python program of threads to measure a console in."""
import socket
import threading
import time

import backdoor
import host


def echo(connection):
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)


def accept(listener):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


chosen = host.settings(__doc__)
application = socket.create_server(("127.0.0.1", chosen.app_port))
threading.Thread(target=accept, args=(application,), daemon=True).start()
with backdoor.Server(chosen.address, chosen.locals) as server:
    host.ready(chosen, server.address, application.getsockname())
    while True:
        if chosen.tick_file:
            time.sleep(chosen.tick_file.delay())
            chosen.tick_file.fire()
        else:
            time.sleep(3600)
