#!/usr/bin/python3
"""An eventlet program to measure a console in."""
import eventlet

eventlet.monkey_patch()
import backdoor
import host

chosen = host.settings(__doc__)
application = eventlet.listen(("127.0.0.1", chosen.app_port))
eventlet.spawn(host.accept, application, eventlet.spawn)
with backdoor.Server(chosen.address, chosen.locals, time_slice=chosen.time_slice) as server:
    host.ready(chosen, server.address, application.getsockname())
    host.tick(chosen, eventlet.sleep)
