"""oslo.service's eventlet_backdoor, in whose place of eventlet.backdoor stands backdoor.

usage: oslo_eventlet.py OPTION...     (--backdoor_port, --backdoor_socket)
Ends when it is told to.
"""
import os
import posix
import sys

import eventlet

import backdoor

eventlet.monkey_patch()
eventlet.backdoor = sys.modules["eventlet.backdoor"] = backdoor
from oslo_config import cfg
from oslo_service import _options as options
from oslo_service import eventlet_backdoor

conf = cfg.ConfigOpts()
conf.register_cli_opts(options.eventlet_backdoor_opts)
conf(sys.argv[1:], project="x", default_config_files=[])
where = eventlet_backdoor.initialize_if_enabled(conf)
eventlet.sleep(0)
print("READY", where if "/" in str(where) else "127.0.0.1:%s" % where, flush=True)
os.set_blocking(0, False)
told = None
while told is None:
    eventlet.sleep(0.005)
    try:
        told = posix.read(0, 100)
    except BlockingIOError:
        pass
