// options.tls_*: who has no certificate, or not a good one.
#include "security/tls.hpp"

#include "support/attempts.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace backdoor::test {
namespace {

/// A server at which nothing may run.
class tls_refusal : public tls {
protected:
    struct guarded_host {
        explicit guarded_host(const options& choices, const std::string& address = "127.0.0.1:0")
            : names{counting(calls)}, h{names, choices, address} {}
        guarded_host(const guarded_host&) = delete;
        guarded_host& operator=(const guarded_host&) = delete;
        ~guarded_host() { count_attempts("TLS clients without a good certificate", attempts(), calls); }

        int attempts() const {
            int refused = 0;
            for (const auto& line : h.log.lines()) {
                refused += line.starts_with("backdoor refused ") ? 1 : 0;
            }
            return refused;
        }

        static locals counting(std::atomic<int>& calls) {
            locals names;
            names.function("attack", [&calls] { return ++calls; });
            return names;
        }
        std::string address() const { return h.door.address(); }

        std::atomic<int> calls = 0;
        locals names;
        host h;
    };

    /// What the client did was refused for that reason, nothing ran, and alice still gets in.
    static void expect_refused(guarded_host& at, const std::string& reason) {
        EXPECT_TRUE(at.h.log.wait_for_part(": " + reason)) << reason << [&] {
            std::string all;
            for (const auto& line : at.h.log.lines()) {
                all += "\n" + line;
            }
            return all;
        }();
        for (const auto& line : at.h.log.lines()) {
            EXPECT_FALSE(line.starts_with("backdoor to ")) << line;
        }
        program good{openssl(at.address(), of_alice())};
        good.io().greeted();
        EXPECT_EQ(good.io().run("6 * 7"), "42\n");
        EXPECT_EQ(at.calls, 0);
    }

    /// Tries to run something by a command that connects.
    static void attack_by(const std::string& command) {
        program one{command};
        try {
            one.io().send("attack()\nattack()\n");
            one.io().half_close();
            EXPECT_EQ(one.io().read_to_end(), "");
        } catch (const std::runtime_error&) {
            // It has ended before it took that.
        }
    }
};

TEST_F(tls_refusal, of_a_client_without_a_certificate) {
    guarded_host at{with_tls()};
    attack_by("openssl s_client -quiet -CAfile " + ours().file() + " -connect " + at.address() +
              " 2>/dev/null");
    expect_refused(at, "it shows no certificate");
}

TEST_F(tls_refusal, of_an_expired_certificate) {
    guarded_host at{with_tls()};
    attack_by(openssl(at.address(), ours().issue("/CN=alice", "-days 0")));
    expect_refused(at, "its certificate is not good: certificate has expired");
}

TEST_F(tls_refusal, of_another_authoritys_certificate) {
    const authority other{"other"};
    const authority of_the_same_name;
    guarded_host at{with_tls()};
    attack_by(openssl(at.address(), other.issue("/CN=alice")));
    expect_refused(at, "its certificate is not good: unable to get local issuer certificate");
    guarded_host again{with_tls()};
    attack_by(openssl(again.address(), of_the_same_name.issue("/CN=alice")));
    expect_refused(again, "its certificate is not good: ");
}

TEST_F(tls_refusal, of_a_certificate_that_signed_itself) {
    const authority alice{"alice"};
    guarded_host at{with_tls()};
    attack_by(openssl(at.address(), {alice.file(), alice.scratch() / "ca.key"}));
    expect_refused(at, "its certificate is not good: self");
}

TEST_F(tls_refusal, of_a_servers_certificate) {
    const scratch_directory scratch;
    run_command("echo extendedKeyUsage=serverAuth > " + scratch / "usage");
    guarded_host at{with_tls()};
    attack_by(openssl(at.address(),
                      ours().issue("/CN=alice", "-days 2 -extfile " + scratch / "usage")));
    expect_refused(at, "its certificate is not good: un");
}

TEST_F(tls_refusal, of_a_revoked_certificate) {
    const authority other{"other"};
    const auto mallory = other.issue("/CN=mallory");
    const auto server = other.issue("/CN=server");
    const auto bob = other.issue("/CN=bob");
    other.revoke(mallory);
    options choices;
    choices.tls_certificate = server.file;
    choices.tls_key = server.key;
    choices.tls_client_ca = other.file();
    guarded_host at{choices};
    const auto by = [&](const certificate& one) {
        return "openssl s_client -quiet -CAfile " + other.file() + " -cert " + one.file + " -key " +
               one.key + " -connect " + at.address() + " 2>/dev/null";
    };
    attack_by(by(mallory));
    EXPECT_TRUE(at.h.log.wait_for_part("its certificate is not good: certificate revoked"));
    program good{by(bob)};
    EXPECT_EQ(good.io().greeted().run("6 * 7"), "42\n");
    EXPECT_EQ(at.calls, 0);
}

TEST_F(tls_refusal, of_a_name_that_is_not_allowed) {
    options choices;
    choices.tls_allowed_names = {"alice", "carol@example.org"};
    guarded_host at{with_tls(choices)};
    for (const auto& [subject, reason] : std::vector<std::pair<std::string, std::string>>{
             {"/CN=mallory", "'mallory' is not among options.tls_allowed_names"},
             {"/CN=alice2", "'alice2' is not among options.tls_allowed_names"},
             {"/O=alice", "its certificate has no name, more than one, or one that cannot be shown"},
             {"/CN=mallory/CN=alice",
              "its certificate has no name, more than one, or one that cannot be shown"}}) {
        attack_by(openssl(at.address(), ours().issue(subject)));
        EXPECT_TRUE(at.h.log.wait_for_part(reason)) << reason;
    }
    expect_refused(at, "'mallory' is not among");
}

TEST_F(tls_refusal, is_not_of_an_alternative_name_where_there_is_no_other) {
    const scratch_directory scratch;
    run_command("echo subjectAltName=email:carol@example.org > " + scratch / "names");
    options choices;
    choices.tls_allowed_names = {"carol@example.org"};
    const host h{{}, with_tls(choices)};
    program one{openssl(h.door.address(),
                        ours().issue("/O=example", "-days 2 -extfile " + scratch / "names"))};
    one.io().greeted();
    EXPECT_TRUE(h.log.wait_for_part("(certificate carol@example.org)"));
}

TEST_F(tls_refusal, of_older_versions) {
    for (const std::string version : {"-tls1_2", "-tls1_1", "-tls1"}) {
        guarded_host at{with_tls()};
        attack_by(openssl(at.address(), of_alice(), version + " -cipher ALL:@SECLEVEL=0"));
        expect_refused(at, "its TLS is not good: unsupported protocol");
    }
}

TEST_F(tls_refusal, of_what_is_no_tls) {
    for (const auto& [bytes, reason] : std::vector<std::pair<std::string, std::string>>{
             {"attack()\nattack()\n", "its TLS is not good: "},
             {"GET / HTTP/1.0\r\n\r\nattack()\n", "it speaks HTTP"},
             {"SSH-2.0-x\r\nattack()\n", "its TLS is not good: "},
             {std::string(300, '\0'), "its TLS is not good: "}}) {
        guarded_host at{with_tls()};
        client one{at.address()};
        one.send(bytes);
        try {
            EXPECT_EQ(one.read_to_end().find(">>>"), std::string::npos);
        } catch (const std::runtime_error&) {
        }
        expect_refused(at, reason);
    }
}

TEST_F(tls_refusal, of_who_is_cut_off_within_a_statement) {
    guarded_host at{with_tls()};
    program one{openssl(at.address(), of_alice())};
    one.io().greeted();
    one.io().send("attack()");  // and more would have followed
    EXPECT_EQ(one.io().read_for(100ms), "");
    one.kill();
    EXPECT_TRUE(at.h.log.wait_for_part("backdoor closed to"));
    EXPECT_EQ(at.calls, 0);
}

// ---- slow, and many ---------------------------------------------------------------------------

const std::string beginning_of_hello{"\x16\x03\x01\x02\x00\x01\x00", 7};

TEST_F(tls_refusal, of_handshakes_that_do_not_end) {
    options choices;
    choices.login_limit = 150ms;
    guarded_host at{with_tls(choices)};
    client silent{at.address()};
    client slow{at.address()};
    slow.send(beginning_of_hello);
    EXPECT_EQ(silent.read_to_end(), "");
    EXPECT_EQ(slow.read_to_end(), "");
    EXPECT_TRUE(at.h.log.wait_for_part(
        "its handshake took more than 150 ms (options.login_limit)"));
    EXPECT_EQ(at.calls, 0);
}

TEST_F(tls_refusal, of_those_that_take_the_longest_where_there_are_many) {
    options choices;
    choices.max_handshakes = 8;
    choices.max_handshake_rate = 1000;
    guarded_host at{with_tls(choices)};
    std::vector<client> silent;
    for (int i = 0; i < 100; ++i) {
        silent.emplace_back(at.address()).send(beginning_of_hello);
    }
    EXPECT_EQ(silent.front().read_to_end(), "");
    expect_refused(at, "its handshake took longer than all others (options.max_handshakes)");
}

TEST_F(tls_refusal, of_an_address_that_begins_too_many) {
    options choices;
    choices.max_handshake_rate = 3;
    guarded_host at{with_tls(choices)};
    EXPECT_TRUE(eventually([&] {
        client one{at.address()};
        one.send(beginning_of_hello);
        for (const auto& line : at.h.log.lines()) {
            if (line.find("its address begins too many handshakes "
                          "(options.max_handshake_rate)") != std::string::npos) {
                return true;
            }
        }
        return false;
    }));
    EXPECT_TRUE(eventually([&] {
        program good{openssl(at.address(), of_alice())};
        try {
            return good.io().greeted().run("6 * 7") == "42\n";
        } catch (const std::runtime_error&) {
            return false;
        }
    }));
    EXPECT_EQ(at.calls, 0);
}

}  // namespace
}  // namespace backdoor::test
