"""eventlet.backdoor's own names in a program of eventlet's or gevent's.

usage: green_seed.py eventlet|gevent server|backdoor|console|file|ssl [CERTIFICATE KEY]
Each client gets its console in that way. Prints what became of SocketConsole.
"""
import os
import posix
import sys

world, way = sys.argv[1:3]
if world == "eventlet":
    import eventlet
    from eventlet import sleep, spawn
    from eventlet.green import ssl
    listener = eventlet.listen(("localhost", 0))
else:
    import gevent
    import gevent.socket
    from gevent import sleep, spawn, ssl
    listener = gevent.socket.socket()
    listener.bind(("localhost", 0))
    listener.listen()
import greenlet
import backdoor

names = {"sleep": sleep, "greenlet": greenlet}


def wrap(listener):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[3:])
    return context.wrap_socket(listener, server_side=True)


def one_console():
    conn, address = listener.accept()
    console = backdoor.SocketConsole(conn.makefile("rw") if way == "file" else conn, address, names,
                                     telnet="never")
    assert isinstance(console, greenlet.greenlet) and not console.dead
    names["console"] = console
    conn.close()
    spawn(console.switch, "ignored")
    while not console.dead:
        sleep(0.005)
    print("DEAD", console.switch(), console.switch(1), console.switch(1, 2), console.switch(1, a=2),
          flush=True)


def serve():
    backdoor.backdoor_server(listener, names, telnet="never")


def accept():
    while True:
        conn, address = listener.accept()
        backdoor.backdoor((conn, address), names, telnet="never")
        conn.close()


run = {"server": serve, "ssl": serve, "backdoor": accept,
       "console": one_console, "file": one_console}[way]
if way == "ssl":
    listener = wrap(listener)
os.set_blocking(0, False)
running = spawn(run)
sleep(0)
print("READY 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
told = None
while told is None:
    sleep(0.005)
    try:
        told = posix.read(0, 100)
    except BlockingIOError:
        pass
running.kill()
while not running.dead:
    sleep(0.005)
if way == "server":
    try:
        listener.getsockname()
    except OSError:
        print("CLOSED", flush=True)
