"""Everything that can be chosen about a server."""
from __future__ import annotations

from typing import Any, Callable, List, Optional, Tuple, TypedDict, Union

from ._backdoor import AuditEvent


class Options(TypedDict, total=False):
    """Keywords of Server, on_signal, backdoor_server, backdoor and SocketConsole.

    Each has a default that is safe to keep. Durations are in seconds.

    executor:
        Calls the function it gets on the host's loop, soon: what turn() at the prompt takes turns
        on. Not for hosts on a hub, where consoles are on its thread already. It is itself called on
        consoles' threads. None: what the host offers.
    loop:
        The asyncio loop on which await at the prompt, and turns, run. None: the one that runs in
        the thread that starts the server; where none does, clients with a line editor get a loop of
        their own.
    share_locals:
        One namespace for all consoles, as eventlet's; else each works in its own copy. False.
    preload:
        Means something to C++ hosts alone: Python runs here already.
    log:
        Gets each log line, on a thread of ours. None: lines go to standard output.
    source_in_tracebacks:
        Tracebacks quote the lines that were typed, and inspect and pdb find them. False.
    banner:
        Printed before the first prompt in place of Python's version and help lines.
    history_file:
        Where what is typed at terminals is kept from one run to the next, beside memory. Empty:
        nowhere.
    slow_command:
        How long a command takes before a terminal is told how long it took. 1; 0: it is never told.
    telnet:
        Who is asked for telnet's character mode, in which there is line editing: "automatic":
        telnet clients, and silent ones; "always": every client; "never".
    allowed_users:
        Who may enter beside the process's own user and root, by name or number.
    allowed_groups:
        The same for groups, on unix sockets.
    token:
        What a client must send as its first line; 16 bytes at least. Empty: nothing.
    tls_certificate:
        A PEM file with this server's certificate. With it TCP clients must speak TLS 1.3 and show a
        certificate themselves, and a server may listen on any address.
    tls_key:
        A PEM file with its private key.
    tls_client_ca:
        A PEM file with the certificates of those who issue clients' certificates.
    tls_allowed_names:
        Who may enter, by the name in his certificate. Empty: whoever has one.
    ssh_authorized_keys:
        An authorized_keys file, as sshd has them. With it TCP clients must speak SSH and show one
        of its keys, and a server may listen on any address. Read for each client. Not with TLS or a
        token.
    ssh_host_key:
        The file of the private key that this server is known by to SSH clients. Made where there is
        none.
    max_handshakes:
        Clients at the same time that have not shown yet who they are. 64.
    max_handshake_rate:
        How many of one address may begin to do so within a second. 50.
    audit_log:
        A file for one JSON line per event, or "syslog", or "syslog:/path".
    audit:
        Gets the same events, in their order. Called on consoles' threads, which wait for it, and
        for what is no console's (who came, who was refused) on a thread of ours. An exception means
        that the event could not be recorded.
    audit_required:
        What cannot be recorded does not happen. False: it does, and the log says so once.
    max_connections:
        Clients at the same time. 10000.
    max_connections_per_peer:
        The same for those from one address, or on a unix socket of one user. 10000.
    max_input:
        Bytes in one line, and in all that waits to be read by a console. 2**24.
    max_output:
        Bytes of output kept for a client that reads slowly; more makes its console wait. 2**18.
    login_limit:
        How long a client may take to show its key or certificate, and then its token. 30.
    command_limit:
        How long a command may run before it is interrupted. 0: for ever.
    idle_limit:
        How long a client may send nothing at its prompt before it is closed. 0: for ever.
    output_stall:
        How long a client may take none of the output that waits for it before it is closed. 600; 0:
        for ever.
    editor_wait:
        How long an Enter or a Tab in the line editor waits for Python. 0.5.
    turn_budget:
        How long code may hold the host's loop in one turn before it is interrupted. 0.05.
    turn_wait:
        How long a console waits for the host's loop to grant a turn. 2.
    stall_limit:
        How long a command may keep the hub of eventlet or gevent from running, and so the whole
        application, before it is interrupted: 1; 0: for ever.
    time_slice:
        How long a command runs before the hub of eventlet or gevent, on Python's main thread, runs
        in the middle of it: 0.001 keeps a greenlet's loop alive beside `while True: pass`. Not safe
        beside locks that are not the hub's own: see docs/greenlets.md. 0: it is not cut short.
    shutdown_limit:
        How long stopping waits for commands that run. 2.
    """

    executor: Optional[Callable[[Callable[[], None]], object]]
    loop: Any
    share_locals: bool
    preload: bool
    log: Optional[Callable[[str], object]]
    source_in_tracebacks: bool
    banner: str
    history_file: str
    slow_command: float
    telnet: str
    allowed_users: Union[List[Union[str, int]], Tuple[Union[str, int], ...]]
    allowed_groups: Union[List[Union[str, int]], Tuple[Union[str, int], ...]]
    token: str
    tls_certificate: str
    tls_key: str
    tls_client_ca: str
    tls_allowed_names: Union[List[str], Tuple[str, ...]]
    ssh_authorized_keys: str
    ssh_host_key: str
    max_handshakes: int
    max_handshake_rate: int
    audit_log: str
    audit: Optional[Callable[[AuditEvent], object]]
    audit_required: bool
    max_connections: int
    max_connections_per_peer: int
    max_input: int
    max_output: int
    login_limit: float
    command_limit: float
    idle_limit: float
    output_stall: float
    editor_wait: float
    turn_budget: float
    turn_wait: float
    stall_limit: float
    time_slice: float
    shutdown_limit: float
