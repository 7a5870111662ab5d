// What those who are refused cost the host: nothing of it runs on the host's own threads.
#include "security/tls.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <string>
#include <thread>

#include "support/attempts.hpp"
#include "support/required.hpp"

namespace backdoor::test {
namespace {

/// How often the calling thread has waited. One that sleeps on in a join() has run nothing.
long waits_here() {
    rusage used{};
    getrusage(RUSAGE_THREAD, &used);
    return used.ru_nvcsw;
}
constexpr long join = 2;  // and its lock

/// The calling thread's time on a processor.
std::chrono::nanoseconds taken_here() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}
constexpr std::chrono::microseconds most_for_each{50};

class refused_clients : public tls {
protected:
    /// While many such clients come, each as `comes` does, this thread is the host's.
    template <class Comes>
    static void expect_no_cost_of(const char* kind, int many, const Comes& comes) {
        std::thread clients{[&] {
            for (int i = 0; i < many; ++i) {
                comes();
            }
        }};
        const auto waited = waits_here();
        const auto taken = taken_here();
        clients.join();
        const auto each = (taken_here() - taken) / many;
        EXPECT_LE(waits_here() - waited, join);
        EXPECT_LE(each, most_for_each) << "ns for each";
        tell_cost(kind, many, each);
    }

    static void expect_refused(const host& h, int many) {
        int refused = 0;
        for (const auto& line : h.log.lines()) {
            refused += line.starts_with("backdoor refused ") ? 1 : 0;
        }
        EXPECT_EQ(refused, many);
    }

    static void expect_no_cost(const char* kind, const host& h, const std::string& bytes,
                               int many = 200) {
        expect_no_cost_of(kind, many, [&] {
            client one{h.door.address()};
            try {
                one.send(bytes);
                one.read_to_end();
            } catch (const std::runtime_error&) {
                // Reset, with what it had sent unread.
            }
        });
        expect_refused(h, many);
    }
};

TEST_F(refused_clients, of_another_protocol_cost_the_hosts_threads_nothing) {
    expect_no_cost("clients of another protocol", host{}, "GET / HTTP/1.0\r\n\r\n");
}

TEST_F(refused_clients, with_a_wrong_token_cost_the_hosts_threads_nothing) {
    options choices;
    choices.token = "0123456789abcdef";
    // Each is told so after a second.
    expect_no_cost("clients with a wrong token", host{{}, choices}, std::string(2000, 'x'), 5);
}

TEST_F(refused_clients, without_tls_cost_the_hosts_threads_nothing) {
    options choices;
    choices.max_handshake_rate = 10'000;
    expect_no_cost("clients without TLS", host{{}, with_tls(choices)}, "attack()\n");
}

TEST_F(refused_clients, without_a_certificate_cost_the_hosts_threads_nothing) {
    const host h{{}, with_tls()};
    expect_no_cost_of("clients without a certificate", 10, [&] {
        program one{"openssl s_client -quiet -connect " + h.door.address() + " 2>/dev/null"};
        one.io().read_to_end();
    });
    EXPECT_TRUE(h.log.wait_for_part("it shows no certificate"));
}

TEST_F(refused_clients, of_another_user_cost_the_hosts_threads_nothing) {
    BACKDOOR_REQUIRE(geteuid() == 0, "root, to be several users");
    const host h;
    expect_no_cost_of("programs of another user", 20, [&] {
        program one{"setpriv --reuid 65534 --regid 65534 --clear-groups socat - TCP:" +
                    h.door.address() + " 2>/dev/null"};
        EXPECT_EQ(one.io().read_to_end(),
                  "backdoor: only user 0 and root may enter, you are user 65534\n");
    });
    expect_refused(h, 20);
}

TEST_F(refused_clients, that_are_too_many_cost_the_hosts_threads_nothing) {
    options choices;
    choices.max_connections = 1;
    const host h{{}, choices};
    const auto first = h.greeted_client();
    expect_no_cost("clients that are too many", h, "attack()\n");
}

#ifdef BACKDOOR_SSH

class refused_ssh_clients : public refused_clients {
protected:
    refused_ssh_clients() {
        run_command("ssh-keygen -q -t ed25519 -N '' -f " + scratch / "mallory");
        std::ofstream{scratch / "keys"} << "# nobody's\n";
        chmod((scratch / "keys").c_str(), S_IRUSR | S_IWUSR);
        choices.ssh_authorized_keys = scratch / "keys";
        choices.ssh_host_key = scratch / "host_key";
        choices.max_handshake_rate = 10'000;
    }

    const scratch_directory scratch;
    options choices;
};

TEST_F(refused_ssh_clients, that_speak_no_ssh_cost_the_hosts_threads_nothing) {
    expect_no_cost("clients that speak no SSH", host{{}, choices},
                   "SSH-2.0-x\r\n" + std::string(1000, 'x'));
}

TEST_F(refused_ssh_clients, with_a_wrong_key_cost_the_hosts_threads_nothing) {
    const host h{{}, choices};
    expect_no_cost_of("clients with a wrong SSH key", 10, [&] {
        program one{"ssh -F none -o StrictHostKeyChecking=no -o BatchMode=yes "
                    "-o IdentityAgent=none -o IdentitiesOnly=yes -o UserKnownHostsFile=/dev/null "
                    "-i " + scratch / "mallory" + " -p " + std::to_string(h.door.port()) +
                    " 127.0.0.1 'attack()' 2>/dev/null"};
        EXPECT_EQ(one.io().read_to_end(), "");
    });
    EXPECT_TRUE(h.log.wait_for_part("no authorized key: SHA256:"));
}

#endif

}  // namespace
}  // namespace backdoor::test
