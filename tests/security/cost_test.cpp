// What those who are refused cost the host: nothing of it runs on the host's own threads.
#include "security/tls.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <thread>

namespace backdoor::test {
namespace {

/// How often the calling thread has waited. One that sleeps on in a join() has run nothing.
long waits_here() {
    rusage used{};
    getrusage(RUSAGE_THREAD, &used);
    return used.ru_nvcsw;
}
constexpr long join = 2;  // and its lock

class refused_clients : public tls {
protected:
    /// While many such clients come, this thread is the host's.
    static void expect_no_cost(const host& h, const std::string& bytes, int many = 200) {
        std::thread clients{[&] {
            for (int i = 0; i < many; ++i) {
                client one{h.door.address()};
                try {
                    one.send(bytes);
                    one.read_to_end();
                } catch (const std::runtime_error&) {
                    // Reset, with what it had sent unread.
                }
            }
        }};
        const auto before = waits_here();
        clients.join();
        EXPECT_LE(waits_here() - before, join);
        int refused = 0;
        for (const auto& line : h.log.lines()) {
            refused += line.starts_with("backdoor refused ") ? 1 : 0;
        }
        EXPECT_EQ(refused, many);
    }
};

TEST_F(refused_clients, of_another_protocol_cost_the_hosts_threads_nothing) {
    expect_no_cost(host{}, "GET / HTTP/1.0\r\n\r\n");
}

TEST_F(refused_clients, with_a_wrong_token_cost_the_hosts_threads_nothing) {
    options choices;
    choices.token = "0123456789abcdef";
    // Each is told so after a second.
    expect_no_cost(host{{}, choices}, std::string(2000, 'x'), 5);
}

TEST_F(refused_clients, without_tls_cost_the_hosts_threads_nothing) {
    options choices;
    choices.max_handshake_rate = 10'000;
    expect_no_cost(host{{}, with_tls(choices)}, "attack()\n");
}

TEST_F(refused_clients, without_a_certificate_cost_the_hosts_threads_nothing) {
    const host h{{}, with_tls()};
    std::thread clients{[&] {
        for (int i = 0; i < 10; ++i) {
            program one{"openssl s_client -quiet -connect " + h.door.address() + " 2>/dev/null"};
            one.io().read_to_end();
        }
    }};
    const auto before = waits_here();
    clients.join();
    EXPECT_LE(waits_here() - before, join);
    EXPECT_TRUE(h.log.wait_for_part("it shows no certificate"));
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
    expect_no_cost(host{{}, choices}, "SSH-2.0-x\r\n" + std::string(1000, 'x'));
}

TEST_F(refused_ssh_clients, with_a_wrong_key_cost_the_hosts_threads_nothing) {
    const host h{{}, choices};
    std::thread clients{[&] {
        for (int i = 0; i < 10; ++i) {
            program one{"ssh -F none -o StrictHostKeyChecking=no -o BatchMode=yes "
                        "-o IdentityAgent=none -o IdentitiesOnly=yes -o UserKnownHostsFile=/dev/null "
                        "-i " + scratch / "mallory" + " -p " + std::to_string(h.door.port()) +
                        " 127.0.0.1 'attack()' 2>/dev/null"};
            EXPECT_EQ(one.io().read_to_end(), "");
        }
    }};
    const auto before = waits_here();
    clients.join();
    EXPECT_LE(waits_here() - before, join);
    EXPECT_TRUE(h.log.wait_for_part("no authorized key: SHA256:"));
}

#endif

}  // namespace
}  // namespace backdoor::test
