#!/usr/bin/python3
"""A gevent program to measure a console in."""
import gevent.monkey

gevent.monkey.patch_all()
import gevent
import gevent.server
import backdoor
import host

chosen = host.settings(__doc__)
application = gevent.server.StreamServer(("127.0.0.1", chosen.app_port), host.echo)
application.start()
with backdoor.Server(chosen.address, chosen.locals, time_slice=chosen.time_slice) as server:
    host.ready(chosen, server.address, application.address)
    host.tick(chosen, gevent.sleep)
