#!/usr/bin/python3
"""A service of native threads with oslo's options for its backdoor.

    $ ./main.py --backdoor_port 3000:3010
    $ telnet localhost 3000
    >>> pnt()
"""
import sys

from oslo_config import cfg

from backdoor import oslo as backdoor

conf = cfg.ConfigOpts()
conf.register_cli_opts([
    cfg.StrOpt("backdoor_port", help="a port, 0 for any free one, or a range as 3000:3010"),
    cfg.StrOpt("backdoor_socket", help="a path; {pid} is filled in"),
])
conf(sys.argv[1:], project="example", default_config_files=[])
print("backdoor:", backdoor.initialize_if_enabled(conf), flush=True)
sys.stdin.readline()  # Enter ends it
