#!/usr/bin/python3
"""An eventlet program to measure a console in."""
import eventlet

eventlet.monkey_patch()
import backdoor
import host


def echo(connection):
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)


def accept(listener):
    while True:
        connection, _ = listener.accept()
        eventlet.spawn(echo, connection)


chosen = host.settings(__doc__)
application = eventlet.listen(("127.0.0.1", chosen.app_port))
eventlet.spawn(accept, application)
with backdoor.Server(chosen.address, chosen.locals) as server:
    host.ready(chosen, server.address, application.getsockname())
    while True:
        if chosen.tick_file:
            eventlet.sleep(chosen.tick_file.delay())
            chosen.tick_file.fire()
        else:
            eventlet.sleep(3600)
