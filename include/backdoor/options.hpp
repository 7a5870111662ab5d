// Everything that can be chosen about a server. Each field has a default that is safe to keep.
#pragma once

#include <backdoor/audit.hpp>
#include <backdoor/executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor {

/// Whether clients are asked for telnet's character mode, in which they get line editing, history
/// and completion.
enum class telnet_mode {
    automatic,  ///< a telnet client is; a TCP client that stays silent for a moment is asked whether
                ///< it is one, by bytes that a terminal does not show
    always,     ///< every client is, at once: for a port that only telnet clients use
    never,      ///< none is: a port of scripts
};

class hub_lease;

struct options {
    /// The host's loop, for turns and for what was exposed from C++. None: no turns.
    backdoor::executor executor{};

    /// The host's asyncio loop, where it has one, in Python: `await` at the prompt runs on it, and
    /// turns without an executor do. None: `await` is for clients with a line editor, each on a loop of its
    /// own.
    asyncio_loop loop{};

    /// One namespace for all consoles, as eventlet's locals: what one client defines the others
    /// see. Off: each console works in its own copy and cannot trip another.
    bool share_locals = false;

    /// Starts Python with the server rather than with the first command: the 9 MB and 15 ms it
    /// takes are then spent at start, not when the machine is in trouble.
    bool preload = false;

    /// Gets each log line, without newline: "backdoor server listening on 127.0.0.1:3000",
    /// "backdoor to 127.0.0.1:51234", "backdoor closed to 127.0.0.1:51234". Called on the thread
    /// that starts the server and on the IO thread; it must not block for long: all consoles
    /// would wait, the host would not. Empty: lines go to standard output.
    std::function<void(std::string_view)> log{};

    /// Tracebacks quote the lines that were typed, and inspect and pdb find them, for plain clients too.
    /// Off: theirs are those of `python3 -i`, which before 3.13 knows only the files' lines. At
    /// terminals they always do.
    bool source_in_tracebacks = false;

    /// Printed before the first prompt in place of Python's version and help lines.
    std::string banner{};

    /// A file in which what is typed at terminals is kept from one run to the next, beside memory:
    /// made with mode 0600, shared by all processes that name it, 8 MB at most. Users other than the
    /// process's own have their own, with ".USER" behind its name. Blocks that name a password, secret,
    /// token, credential or key are not written, and answers to input() and getpass() are no history.
    /// Empty: memory only.
    std::string history_file{};

    /// How long a command takes before a terminal is told how long it took. Zero: it is never told.
    std::chrono::milliseconds slow_command{1000};

    /// A client on a unix socket is never asked by itself, whatever this says.
    telnet_mode telnet = telnet_mode::automatic;

    // ---- who may come in ------------------------------------------------------------------

    /// Who may enter beside the process's own user and root: users by name or number. Whoever
    /// enters is this process, with all of its rights.
    std::vector<std::string> allowed_users{};

    /// The same for groups. On unix sockets alone: of a TCP client the kernel tells the user only.
    std::vector<std::string> allowed_groups{};

    /// What a client must send as its first line, beside being who it has to be: keeps out other
    /// programs of the same user that were talked into connecting. 16 bytes at least. A right one
    /// enters at once, whatever others try; a wrong one is told so after a second. Empty: none.
    std::string token{};

    // ---- who may come in from the network --------------------------------------------------

    /// A PEM file with this server's certificate and those of its issuers. With it TCP clients must
    /// speak TLS 1.3 and show a certificate, and no other user's question is asked; only with it may
    /// a server listen on an address that the network reaches. Unix sockets are as ever. The three
    /// files are read again when they have changed, for the clients that come then.
    std::string tls_certificate{};

    /// A PEM file with its private key, without a passphrase.
    std::string tls_key{};

    /// A PEM file with the certificates of those who issue clients' certificates, and their lists of
    /// revoked ones, if there are any: then these must be up to date.
    std::string tls_client_ca{};

    /// Who may enter, by the name in his certificate: its common name, or where it has none its first
    /// alternative name (an e-mail address, DNS name or URI). Empty: whoever has a certificate.
    std::vector<std::string> tls_allowed_names{};

    /// An authorized_keys file, as sshd has them: with it TCP clients must speak SSH and show one of its
    /// keys, and may come from the network, too. Its options from=, command= (what is run, whatever
    /// the client wants), restrict, pty, no-pty and expiry-time= are kept to; a line with one that is
    /// not known lets nobody in. It, and the folders it is in, must be for nobody but this process's
    /// user and root to change. It is read for each client: what is taken out of it enters no more.
    /// Not together with TLS or a token. libssh is needed (Debian: libssh-4), and loaded then.
    std::string ssh_authorized_keys{};

    /// The file of the private key that this server is known by to SSH clients, for nobody else to
    /// read. Made where there is none.
    std::string ssh_host_key{};

    /// Clients at the same time that have not shown yet who they are. One more closes the one that
    /// has taken longest, so that nobody is locked out by those who never will.
    std::size_t max_handshakes = 64;

    /// How many clients of one address may begin to show who they are within a second; one more is closed.
    std::size_t max_handshake_rate = 50;

    // ---- the audit log --------------------------------------------------------------------

    /// Where every connection, refusal, login, command (before it runs), result, interrupt and
    /// hang-up is written, one JSON object a line: a file's path (made with mode 0600, appended to,
    /// made anew when it was rotated away), "syslog" for the system's log or the journal, or
    /// "syslog:/path" for another socket than /dev/log. Empty: nowhere.
    std::string audit_log{};

    /// Gets the same events. Called on the IO thread and on consoles' threads, never on two at once
    /// and never with the GIL; the command waits for it to return. An exception means that the event could
    /// not be recorded.
    std::function<void(const audit_event&)> audit{};

    /// What cannot be recorded does not happen: the server does not start, clients are turned away,
    /// commands are not run. Off: it happens, and the log says once that the audit log fails.
    bool audit_required = false;

    // ---- limits ---------------------------------------------------------------------------

    /// Clients at the same time; one more is told so and closed.
    std::size_t max_connections = 10'000;

    /// The same for those from one address, or on a unix socket of one user.
    std::size_t max_connections_per_peer = 10'000;

    /// Bytes in one line, and in all that waits to be read by a console. A longer line is refused
    /// with an error, the connection lives; a longer queue makes the client wait.
    std::size_t max_input = 16 * 1024 * 1024;

    /// Bytes of output kept for a client that reads slowly; more makes its console wait.
    std::size_t max_output = 256 * 1024;

    /// How long a client may take to show its key or certificate, and then its token.
    std::chrono::milliseconds login_limit{std::chrono::seconds{30}};

    /// How long a command may run before it is interrupted, as by Ctrl-C, and the client told so. The
    /// time in which it waits for its client, as input() does, is given to it anew. Zero: for ever.
    std::chrono::milliseconds command_limit{0};

    /// How long a client may send nothing at its prompt before it is told so and closed. One whose
    /// command runs is not idle. Zero: for ever.
    std::chrono::milliseconds idle_limit{0};

    /// How long a client may take none of the output that waits for it before it is closed: its
    /// command is then interrupted. Zero: for ever.
    std::chrono::milliseconds output_stall{std::chrono::minutes{10}};

    /// How long an Enter or a Tab in the line editor waits for Python, which may be busy, to say
    /// whether a block is whole, or how a name goes on. Then the block is taken as it is, and a
    /// name does not go on.
    std::chrono::milliseconds editor_wait{500};

    /// How long code may hold the host's loop in one turn, before it is interrupted.
    std::chrono::milliseconds turn_budget{50};

    /// How long a console waits for the host's loop to grant a turn, before it is told that the
    /// loop does not answer.
    std::chrono::milliseconds turn_wait{2000};

    /// How long a command on a greenlet may keep its hub from running, and so the whole application,
    /// before it is interrupted. Zero: for ever. Of no meaning for consoles on threads.
    std::chrono::milliseconds stall_limit{1000};

    /// How long a command on a greenlet runs before its hub, on Python's main thread, runs in the
    /// middle of it, whatever it does: other greenlets see what it has half done, as those of threads
    /// do, and a lock that is not the hub's own does not keep them out, or stops the process
    /// (docs/greenlets.md). Zero: it is not cut short. Of no meaning for consoles on threads.
    std::chrono::milliseconds time_slice{0};

    /// How long stopping waits for commands that run, before it leaves them to themselves. A caller that has the
    /// GIL waits beyond it for a command that does not let go of that.
    std::chrono::milliseconds shutdown_limit{2000};

    /// The Python package's own: the hub of eventlet or gevent on whose greenlets consoles run. Null:
    /// each has a thread of its own.
    std::shared_ptr<hub_lease> hub{};
};

}  // namespace backdoor
