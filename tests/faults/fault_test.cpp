// Whatever fails of what we allocate, call or start: an error or a closed session, never a crash, a
// hang or a leak. Each scenario is repeated with the first of all that may fail failing, then the
// second, and so on until none is left; in a process of its own.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>

#include "faults.hpp"
#include "ssh_client.hpp"
#include "support/certificates.hpp"
#include "support/child.hpp"
#include "support/client.hpp"
#include "support/framed_client.hpp"
#include "support/host.hpp"
#include "support/process.hpp"
#include "tls_client.hpp"

namespace backdoor::test {
namespace {

/// What a client does; it may find itself closed at any time, but never without an answer.
void as_client(const std::function<void()>& act) {
    try {
        act();
    } catch (const std::runtime_error& problem) {
        if (std::string{problem.what()}.find("in time") != std::string::npos) {
            throw std::logic_error{std::string{"a client waits: "} + problem.what()};
        }
    }
}

options quiet() {
    options choices;
    choices.log = [](std::string_view) {};
    choices.telnet = telnet_mode::never;
    return choices;
}

/// What may fail from now on, in the scope of a server's life.
class ours {
public:
    explicit ours(long n) { arm_fault(n); }
    ~ours() { disarm_fault(); }
};

void serves_a_client() {
    locals names;
    names.function("twice", [](int x) { return 2 * x; });
    server door{"127.0.0.1:0", names, quiet()};
    {
        const no_faults_here mine;
        as_client([&] {
            client one{door.address()};
            one.greeted();
            one.run("6 * 7");
            one.run("twice(4)");
            one.run("print('x' * 100_000)");
            one.run("1 / 0");
            one.send("for i in range(2): i\n\n");
            one.read_until("1\n");
        });
        as_client([&] {
            client two{door.address()};
            two.greeted();
            two.run("consoles()");
            two.send("exit()\n");
            two.read_to_end();
        });
    }
    door.stop();
}

void serves_a_terminal() {
    auto choices = quiet();
    choices.telnet = telnet_mode::always;
    server door{"127.0.0.1:0", {}, choices};
    {
        const no_faults_here mine;
        as_client([&] {
            client one{door.address()};
            one.send("\xff\xfd\x01\xff\xfd\x03\xff\xfb\x18\xff\xfb\x1f");
            one.greeted();
            one.send("6 * 7\r");
            one.read_until("42");
            one.read_until(prompt);
            one.send("impor\t sys\r");
            one.read_until(prompt);
            one.send("input()\r");
            one.send("\x03");
            one.read_until(prompt);
            one.send("\x04");
            one.read_to_end();
        });
    }
    door.stop();
}

void interrupts_a_command() {
    server door{"127.0.0.1:0", {}, quiet()};
    {
        const no_faults_here mine;
        as_client([&] {
            client one{door.address()};
            one.greeted();
            one.send("print('begun')\nwhile True: pass\n\n");
            one.read_until("begun\n>>> ... ");
            one.send("\x03");
            one.read_until(prompt);
            one.run("6 * 7");
        });
        as_client([&] {
            client two{door.address()};
            two.greeted();
            two.send("print('begun')\nwhile True: pass\n\n");
            two.read_until("begun\n");
        });
    }
    door.stop();
}

void leaves_a_command_behind() {
    server door{"127.0.0.1:0", {}, quiet()};
    {
        const no_faults_here mine;
        as_client([&] {
            client one{door.address()};
            one.greeted();
            one.run("import threading; lock = threading.Lock(); held = lock.acquire()");
            // It ends by itself, should nobody be there to release it.
            one.send("print('begun'); lock.acquire(timeout=0.3)\n");
            one.read_until("begun\n");
            one.send("\x03");
            one.read_until(prompt);
            one.run("lock.release()");
        });
    }
    door.stop();
}

void serves_a_client_accepted_elsewhere() {
    std::pair<unique_fd, unique_fd> ends;
    {
        const no_faults_here mine;
        ends = tcp_pair();
    }
    backdoor(connection{std::move(ends.first)}, {}, quiet());
    const no_faults_here mine;
    as_client([&] {
        client one{std::move(ends.second)};
        one.greeted();
        one.run("6 * 7");
        one.send("exit()\n");
        one.read_to_end();
    });
}

void asks_for_a_token_and_keeps_a_record() {
    auto choices = quiet();
    std::string path;
    std::optional<scratch_directory> scratch;
    {
        const no_faults_here mine;
        scratch.emplace();
        path = *scratch / "door";
        choices.audit_log = *scratch / "log";
        choices.audit_required = true;
        choices.token = "0123456789abcdef";
    }
    server door{path, {}, choices};
    {
        const no_faults_here mine;
        as_client([&] {
            client one{door.address()};
            one.read_until("token: ");
            one.send("0123456789abcdef\n");
            one.greeted();
            one.run("6 * 7");
            one.close();
        });
    }
    door.stop();
    const no_faults_here mine;
    scratch.reset();
}

void serves_a_framed_client() {
    server door{"127.0.0.1:0", {}, quiet()};
    {
        const no_faults_here mine;
        as_client([&] {
            framed_client one{door.address()};
            one.command("6 * 7");
            one.run("file", "print(input())", {"an argument"}, "a line\n");
            one.run("json", "[1, 2]");
            one.run("file", "1 / 0");
        });
        as_client([&] {
            framed_client two{door.address()};
            two.begin("file", "print('begun', flush=True)\nwhile True: n = 1");
            two.next();
            two.send(frames::type::interrupt);
            two.end();
        });
    }
    door.stop();
}

void serves_a_tls_client() {
    static const authority ours;
    static const auto of_server = ours.issue("/CN=server");
    static const auto of_client = ours.issue("/CN=alice");
    auto choices = quiet();
    {
        const no_faults_here mine;
        choices.tls_certificate = of_server.file;
        choices.tls_key = of_server.key;
        choices.tls_client_ca = ours.file();
        choices.max_handshake_rate = 1'000'000;
    }
    server door{"127.0.0.1:0", {}, choices};
    {
        const no_faults_here mine;
        as_client([&] {
            tls_client one{door.address(), of_client, ours.file()};
            one.read_until(prompt);
            one.send("6 * 7\n");
            one.read_until("42\n");
            one.send("print('x' * 100_000)\n");
            one.read_until("x\n");
            one.send("exit()\n");
            one.read_to_end();
        });
        as_client([&] {
            client two{door.address()};
            two.send("this is not TLS\n");
            two.read_to_end();
        });
    }
    door.stop();
}

#ifdef BACKDOOR_SSH
void serves_an_ssh_client() {
    static const scratch_directory scratch;
    static const ssh_key key;
    auto choices = quiet();
    {
        const no_faults_here mine;
        choices.ssh_authorized_keys = scratch / "keys";
        choices.ssh_host_key = scratch / "host_key";
        choices.max_handshake_rate = 1'000'000;
        std::ofstream{choices.ssh_authorized_keys} << key.line();
    }
    server door{"127.0.0.1:0", {}, choices};
    {
        const no_faults_here mine;
        as_client([&] {
            ssh_client one{door.address(), key};
            one.open("print('x' * 100_000)");
            one.read_to_end();
            one.open();
            one.read_until(prompt);
            one.send("6 * 7\r");
            one.read_until("42");
            one.read_until(prompt);
            one.send("\x04");
            one.read_to_end();
        });
        as_client([&] {
            client two{door.address()};
            two.send("this is not SSH\r\n");
            two.read_to_end();
        });
    }
    door.stop();
}
#endif

bool goes_well(const std::function<void()>& scenario) {
    try {
        scenario();
    } catch (const std::logic_error& problem) {
        std::cerr << problem.what() << '\n';
        return false;
    } catch (const std::exception&) {
        // As every caller is told to expect.
    }
    return true;
}

int repeat_until_nothing_fails(const std::function<void()>& scenario) {
    std::signal(SIGPIPE, SIG_IGN);  // of clients whose libraries know no better
    for (int i = 0; i < 3; ++i) {
        scenario();
    }
    const auto threads = thread_count();
    const auto descriptors = descriptor_count();
    const auto memory = live_allocations();
    const char* const only = std::getenv("BACKDOOR_FAULT");
    // Sanitized code is slow; the same places are met by every run of the others.
    const long step = sanitized ? 7 : 1;
    long n = only != nullptr ? std::atol(only) : 1;
    for (bool fired = true; fired; n += step) {
        arm_fault(n);
        const bool well = goes_well(scenario);
        fired = disarm_fault();
        const bool tidy = eventually([&] {
            return thread_count() <= threads && descriptor_count() <= descriptors;
        });
        if (std::getenv("BACKDOOR_FAULT_TRACE") != nullptr) {
            std::cerr << n << ' ' << name_of_fault() << ' ' << live_allocations() - memory << '\n';
        }
        if (!well || !tidy) {
            std::cerr << "fault " << n << " (" << name_of_fault() << "): "
                      << thread_count() << " threads of " << threads << ", " << descriptor_count()
                      << " descriptors of " << descriptors << '\n';
            return 1;
        }
        if (only != nullptr) {
            break;
        }
    }
    scenario();
    // Tasks that only look whether there is still something to do go away by and by.
    const bool all_back = eventually([&] { return live_allocations() <= memory + 30; });
    std::cerr << n - 1 << " faults, " << live_allocations() - memory << " more allocations\n";
    return all_back ? 0 : 2;
}

#define BACKDOOR_SCENARIO(name) \
    HOST_PROGRAM(name##_with_faults) { return repeat_until_nothing_fails(name); }

BACKDOOR_SCENARIO(serves_a_client)
BACKDOOR_SCENARIO(serves_a_terminal)
BACKDOOR_SCENARIO(interrupts_a_command)
BACKDOOR_SCENARIO(leaves_a_command_behind)
BACKDOOR_SCENARIO(serves_a_client_accepted_elsewhere)
BACKDOOR_SCENARIO(asks_for_a_token_and_keeps_a_record)
BACKDOOR_SCENARIO(serves_a_framed_client)
BACKDOOR_SCENARIO(serves_a_tls_client)
#ifdef BACKDOOR_SSH
BACKDOOR_SCENARIO(serves_an_ssh_client)
#endif

class host_with_faults : public testing::TestWithParam<const char*> {};

TEST_P(host_with_faults, lives_on) {
    EXPECT_EQ(child{GetParam() + std::string{"_with_faults"}}.wait(100s), 0);
}

constexpr const char* scenarios[] = {
    "serves_a_client",
    "serves_a_terminal",
    "interrupts_a_command",
    "leaves_a_command_behind",
    "serves_a_client_accepted_elsewhere",
    "asks_for_a_token_and_keeps_a_record",
    "serves_a_framed_client",
    "serves_a_tls_client",
#ifdef BACKDOOR_SSH
    "serves_an_ssh_client",
#endif
};

INSTANTIATE_TEST_SUITE_P(that, host_with_faults, testing::ValuesIn(scenarios),
                         [](const auto& instance) { return std::string{instance.param}; });

}  // namespace
}  // namespace backdoor::test
