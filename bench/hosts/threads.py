#!/usr/bin/python3
"""A Python program of threads to measure a console in."""
import socket
import threading
import time

import backdoor
import host


def spawn(function, *arguments):
    threading.Thread(target=function, args=arguments, daemon=True).start()


chosen = host.settings(__doc__)
application = socket.create_server(("127.0.0.1", chosen.app_port))
spawn(host.accept, application, spawn)
with backdoor.Server(chosen.address, chosen.locals) as server:
    host.ready(chosen, server.address, application.getsockname())
    host.tick(chosen, time.sleep)
