#!/usr/bin/python3
"""A gevent program to measure a console in."""
import gevent.monkey

gevent.monkey.patch_all()
import gevent
import gevent.server
import backdoor
import host


def echo(connection, _):
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)


chosen = host.settings(__doc__)
application = gevent.server.StreamServer(("127.0.0.1", chosen.app_port), echo)
application.start()
with backdoor.Server(chosen.address, chosen.locals) as server:
    host.ready(chosen, server.address, application.address)
    while True:
        if chosen.tick_file:
            gevent.sleep(chosen.tick_file.delay())
            chosen.tick_file.fire()
        else:
            gevent.sleep(3600)
