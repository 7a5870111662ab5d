"""oslo.service's workers on eventlet, each with the backdoor that its launcher opens, which is backdoor's.

Ends by a signal, as such services do.
"""
import os
import sys
import tempfile

import eventlet

import backdoor

eventlet.monkey_patch()
eventlet.backdoor = sys.modules["eventlet.backdoor"] = backdoor
from oslo_config import cfg
from oslo_service import _options as options
from oslo_service import service

folder = tempfile.mkdtemp()
path = folder + "/door-{pid}"


class Counting(service.Service):
    def start(self):
        counted = [0]
        sys.modules["__main__"].counted = counted

        def count():
            counted[0] += 1

        self.tg.add_timer(0.005, count)
        print("WORKER", path.format(pid=os.getpid()), flush=True)


conf = cfg.ConfigOpts()
conf.register_opts(options.service_opts)
conf.register_cli_opts(options.eventlet_backdoor_opts)
conf(["--backdoor_socket", path], project="x", default_config_files=[])
launcher = service.launch(conf, Counting(), workers=2)
print("READY", folder, flush=True)
launcher.wait()
