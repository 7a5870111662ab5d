// backdoor: the client of consoles.
#include "command_line.hpp"
#include "connect.hpp"
#include "conversation.hpp"
#include "failure.hpp"
#include "places.hpp"
#include "signals.hpp"
#include "tls_stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>

namespace backdoor::client {

namespace {

// How long --wait waits, where nothing else is said.
constexpr std::chrono::seconds wait_limit{60};
constexpr std::chrono::seconds connect_limit{10};

/// As ps shows it: [days-]hours:minutes:seconds.
std::string show(std::chrono::seconds time) {
    const auto seconds = time.count();
    std::ostringstream text;
    if (seconds >= 24 * 3600) {
        text << seconds / (24 * 3600) << '-';
    }
    text << std::setfill('0') << std::setw(2) << seconds / 3600 % 24 << ':' << std::setw(2)
         << seconds / 60 % 60 << ':' << std::setw(2) << seconds % 60;
    return text.str();
}

/// Some of it is what other users call their programs and sockets, and is shown on a terminal.
std::string printable(std::string text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // UTF-8 has control characters of two bytes, too.
        const bool is_second = i > 0 && text[i - 1] == '\xc2' && byte < 0xa0;
        if (byte < ' ' || byte == 0x7f || is_second) {
            text[i] = '?';
        }
    }
    return text;
}

int list(bool with_titles) {
    const auto row = [](const std::string& pid, const std::string& program, const std::string& user,
                        const std::string& uptime, const std::string& address) {
        std::cout << std::left << std::setw(8) << pid << ' ' << std::setw(20) << printable(program)
                  << ' ' << std::setw(12) << user << ' ' << std::setw(12) << uptime << ' '
                  << printable(address) << '\n';
    };
    if (with_titles) {
        row("PID", "PROGRAM", "USER", "UPTIME", "ADDRESS");
    }
    for (const auto& one : find_consoles(places())) {
        const bool known = one.process != 0;
        row(known ? std::to_string(one.process) : "?", known ? one.program : "?",
            known ? one.user : "?", known ? show(one.uptime) : "?",
            one.where.name + (one.keys.empty() ? "" : " (" + one.keys + ")"));
    }
    return 0;
}

std::unique_ptr<stream> open_stream(const request& wanted, clock::time_point deadline) {
    auto reached = connect_to(parse_target(wanted.target), wanted.wait, deadline);
    if (!wanted.tls) {
        return std::make_unique<stream>(std::move(reached.socket));
    }
    if (reached.where.what != target::kind::tcp) {
        throw failure{status::usage, "--cert, --key and --cafile are for host:port"};
    }
    return begin_tls(std::move(reached.socket), *wanted.tls, reached.where.host, deadline);
}

int talk(const request& wanted) {
    const auto began = clock::now();
    const auto deadline = wanted.timeout ? std::optional{began + *wanted.timeout} : std::nullopt;
    auto to_server = open_stream(wanted, deadline.value_or(began + (wanted.wait ? wait_limit : connect_limit)));
    signals noted;
    conversation with_console{std::move(to_server), noted, deadline};
    with_console.open(wanted.token);
    int status = 0;
    for (const auto& one : wanted.programs) {
        status = with_console.run(one);
        if (status != 0) {
            break;
        }
    }
    return wanted.interactive ? with_console.prompt(wanted.prompt) : status;
}

/// What is opened later must not take the place of a standard stream that is closed.
void open_standard_streams() {
    for (int fd = open("/dev/null", O_RDWR); fd >= 0; fd = open("/dev/null", O_RDWR)) {
        if (fd > STDERR_FILENO) {
            close(fd);
            return;
        }
    }
}

int run(int argc, char** argv) {
    open_standard_streams();
    const auto wanted = parse_command_line(argc, argv);
    return wanted.list ? list(!wanted.prompt.quiet) : talk(wanted);
}

}  // namespace

}  // namespace backdoor::client

int main(int argc, char** argv) {
    using namespace backdoor::client;
    try {
        return run(argc, argv);
    } catch (const failure& problem) {
        if (*problem.what() != '\0') {
            std::cerr << "backdoor: " << problem.what() << std::endl;
        }
        return problem.status();
    } catch (const ended_by_signal& signal) {
        signals::die_by(signal.number);
    } catch (const std::exception& problem) {
        std::cerr << "backdoor: " << problem.what() << std::endl;
        return status::usage;
    }
}
