// options.tls_*: who has a certificate, with the programs that people have.
#include "security/tls.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "support/child.hpp"
#include "support/process.hpp"

namespace backdoor::test {
namespace {

/// An address of this machine that others on its network can reach, if it is on one.
std::optional<std::string> network_address() {
    ifaddrs* all = nullptr;
    if (getifaddrs(&all) != 0) {
        return std::nullopt;
    }
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner{all, freeifaddrs};
    for (const auto* one = all; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr != nullptr && one->ifa_addr->sa_family == AF_INET &&
            (one->ifa_flags & (IFF_LOOPBACK | IFF_UP)) == IFF_UP) {
            char text[INET_ADDRSTRLEN] = "";
            inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr, text,
                      sizeof text);
            return text;
        }
    }
    return std::nullopt;
}

TEST_F(tls, gives_a_prompt_to_a_certificate) {
    const host h{{}, with_tls()};
    program one{openssl(h.door.address(), of_alice())};
    one.io().greeted();
    EXPECT_EQ(one.io().run("6 * 7"), "42\n");
    EXPECT_NE(one.io().run("consoles()").find(" (certificate alice) since "), std::string::npos);
    EXPECT_TRUE(h.log.wait_for_part("backdoor to 127.0.0.1:"));
    EXPECT_TRUE(h.log.wait_for_part(" (certificate alice)"));
    one.io().send("exit()\n");
    one.io().read_to_end();
    EXPECT_EQ(one.wait(), 0);
    EXPECT_TRUE(h.log.wait_for_part("backdoor closed to 127.0.0.1:"));
}

TEST_F(tls, answers_who_has_ended_its_input) {
    const host h{{}, with_tls()};
    program one{"socat -t 20 - " + socat(h.door.address(), of_alice())};
    one.io().send("import time; time.sleep(0.3)\nprint('the', 'answer')\n6 * 7");
    one.io().half_close();
    const auto answer = one.io().read_to_end();
    EXPECT_NE(answer.find("the answer\n"), std::string::npos) << answer;
    EXPECT_NE(answer.find("42\n"), std::string::npos) << answer;
    EXPECT_EQ(one.wait(), 0);
}

// On a terminal in raw mode: with the first Enter there is an editor.
TEST_F(tls, gives_a_terminal_an_editor) {
    const scratch_directory scratch;
    log_book log;
    const server door{"127.0.0.1:0", {}, logging_to(log, with_tls())};
    program one{"script -q -c 'socat -,raw,echo=0 " + socat(door.address(), of_alice()) + "' " +
                scratch / "typescript"};
    one.io().greeted();
    one.io().send("6*7\r");
    one.io().read_until("6*7");
    one.io().read_until("42\r\n");
    one.io().read_until(prompt);
    one.io().send("8*7");
    one.io().read_until("8*7");
    one.io().send("\r");
    one.io().read_until("56\r\n");
}

TEST_F(tls, answers_openssl_that_is_piped_into) {
    const host h{{}, with_tls()};
    program one{"sh -c \"printf '6 * 7\\nexit()\\n' | " + openssl(h.door.address(), of_alice()) + "\""};
    EXPECT_NE(one.io().read_to_end().find("42\n"), std::string::npos);
}

TEST_F(tls, is_version_1_3_and_resumes_nothing) {
    const host h{{}, with_tls()};
    program one{"openssl s_client -CAfile " + ours().file() + " -cert " + of_alice().file +
                " -key " + of_alice().key + " -connect " + h.door.address() + " 2>&1"};
    one.io().send("exit()\n");
    const auto shown = one.io().read_to_end();
    EXPECT_NE(shown.find("TLSv1.3"), std::string::npos) << shown;
    EXPECT_NE(shown.find("Verify return code: 0 (ok)"), std::string::npos) << shown;
    EXPECT_EQ(shown.find("New Session Ticket"), std::string::npos) << shown;
}

TEST_F(tls, is_in_the_audit_log) {
    const scratch_directory scratch;
    options choices;
    choices.audit_log = scratch / "log";
    const host h{{}, with_tls(choices)};
    program one{openssl(h.door.address(), of_alice())};
    one.io().greeted();
    one.io().run("6 * 7");
    std::ifstream log{scratch / "log"};
    std::string line;
    bool connected = false;
    bool logged_in = false;
    bool ran = false;
    while (std::getline(log, line)) {
        const bool by_alice = line.find(R"("user":"certificate alice")") != std::string::npos;
        connected = connected || (by_alice && line.find(R"("event":"connect")") != std::string::npos);
        logged_in = logged_in || line.find(R"("event":"login")") != std::string::npos;
        ran = ran || (by_alice && line.find(R"("text":"6 * 7")") != std::string::npos);
    }
    EXPECT_TRUE(connected);
    EXPECT_TRUE(logged_in);
    EXPECT_TRUE(ran);
}

TEST_F(tls, opens_a_server_to_the_network) {
    const auto here = network_address();
    if (!here) {
        GTEST_SKIP() << "this machine is on no network";
    }
    const host h{{}, with_tls(), "0.0.0.0:0"};
    const auto address = *here + ":" + std::to_string(h.door.port());
    program one{openssl(address, of_alice())};
    one.io().greeted();
    EXPECT_EQ(one.io().run("6 * 7"), "42\n");
    EXPECT_TRUE(h.log.wait_for_part("backdoor to " + *here + ":"));
}

TEST_F(tls, works_over_ipv6_and_with_a_token) {
    options choices;
    choices.token = "0123456789abcdef";
    const host h{{}, with_tls(choices), "[::1]:0"};
    program one{openssl(h.door.address(), of_alice())};
    one.io().read_until("token: ");
    one.io().send(choices.token + "\n");
    one.io().greeted();
    EXPECT_EQ(one.io().run("6 * 7"), "42\n");
}

TEST_F(tls, leaves_unix_sockets_as_they_are) {
    const scratch_directory scratch;
    const host h{{}, with_tls(), scratch / "door"};
    EXPECT_EQ(h.greeted_client().run("6 * 7"), "42\n");
}

TEST_F(tls, is_for_connections_of_the_hosts_own_too) {
    const auto door = listen("127.0.0.1:0");
    log_book log;
    program one{openssl(door.address(), of_alice())};
    backdoor(connection{unique_fd{accept4(door.fd(), nullptr, nullptr, SOCK_CLOEXEC)}}, {},
             logging_to(log, with_tls()));
    one.io().greeted();
    EXPECT_EQ(one.io().run("6 * 7"), "42\n");
    one.io().send("exit()\n");
    one.io().read_to_end();
    EXPECT_TRUE(log.wait_for_part("backdoor closed to"));
}

// ---- much, and slowly -------------------------------------------------------------------------

TEST_F(tls, carries_much_both_ways) {
    const host h{{}, with_tls()};
    program one{"socat -t 20 - " + socat(h.door.address(), of_alice())};
    one.io().greeted();
    std::jthread writer{[&] {
        one.io().send("text = '" + std::string(3'000'000, 'x') + "'\n");
        one.io().send("print(len(text), 'y' * 8_000_000, 'the' + ' end')\n");
    }};
    const auto shown = one.io().read_until("the end", 60s);
    EXPECT_TRUE(shown.ends_with("3000000 " + std::string(8'000'000, 'y') + " the end"));
}

TEST_F(tls, lets_a_client_that_does_not_read_wait_alone) {
    options choices;
    choices.output_stall = 200ms;
    const host h{{}, with_tls(choices)};
    program stalled{openssl(h.door.address(), of_alice())};
    stalled.io().greeted();
    stalled.io().send("while True: print('x' * 1000)\n\n");
    program other{openssl(h.door.address(), of_alice())};
    other.io().greeted();
    EXPECT_EQ(other.io().run("6 * 7"), "42\n");
    EXPECT_TRUE(h.log.wait_for_part("it took no output for 200 ms (options.output_stall)"));
    EXPECT_EQ(other.io().run("6 * 7"), "42\n");
}

TEST_F(tls, interrupts_what_runs_when_its_client_has_gone) {
    const host h{{}, with_tls()};
    program one{openssl(h.door.address(), of_alice())};
    one.io().greeted();
    one.io().send("while True: pass\n\n");
    one.kill();
    EXPECT_TRUE(h.log.wait_for_part("backdoor closed to"));
}

// ---- the files --------------------------------------------------------------------------------

TEST_F(tls, reads_its_files_again_when_they_change) {
    const authority before{"before"};
    const authority after{"after"};
    const scratch_directory scratch;
    const auto put = [&](const certificate& server, const std::string& ca) {
        using std::filesystem::copy_file;
        constexpr auto over = std::filesystem::copy_options::overwrite_existing;
        copy_file(server.file, scratch / "server.pem", over);
        copy_file(server.key, scratch / "server.key", over);
        copy_file(ca, scratch / "ca.pem", over);
    };
    const auto alice = before.issue("/CN=alice");
    const auto bob = after.issue("/CN=bob");
    put(before.issue("/CN=server"), before.file());
    options choices;
    choices.tls_certificate = scratch / "server.pem";
    choices.tls_key = scratch / "server.key";
    choices.tls_client_ca = scratch / "ca.pem";
    choices.max_handshake_rate = 10'000;
    const host h{{}, choices};
    const auto connect = [&](const authority& ca, const certificate& one) {
        return "openssl s_client -quiet -verify_return_error -CAfile " + ca.file() + " -cert " +
               one.file + " -key " + one.key + " -connect " + h.door.address() + " 2>/dev/null";
    };
    program first{connect(before, alice)};
    first.io().greeted();

    // Half of a change: it goes on with what it has.
    std::ofstream{scratch / "server.pem"} << "nonsense";
    const auto goes_on = [&] {
        const auto lines = h.log.lines();
        return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
            return line.starts_with("backdoor goes on with the TLS certificates it has: ");
        });
    };
    EXPECT_TRUE(eventually([&] {
        program again{connect(before, alice)};
        again.io().greeted();
        return goes_on();
    }));
    put(after.issue("/CN=server"), after.file());
    EXPECT_TRUE(eventually([&] {
        program again{connect(after, bob)};
        try {
            again.io().greeted();
            return again.io().run("6 * 7") == "42\n";
        } catch (const std::runtime_error&) {
            return false;
        }
    }));
    EXPECT_TRUE(h.log.wait_for("backdoor has read its TLS certificates again"));
    EXPECT_EQ(first.io().run("'still here'"), "'still here'\n");
    EXPECT_EQ(program{connect(before, alice)}.io().read_to_end(), "");
}

std::string why_not(const options& choices) {
    try {
        const host h{{}, choices};
        return "it starts";
    } catch (const error& refused) {
        return refused.what();
    }
}

TEST_F(tls, says_what_is_wrong_with_its_files) {
    const scratch_directory scratch;
    auto choices = with_tls();
    choices.tls_client_ca.clear();
    EXPECT_EQ(why_not(choices), "backdoor: TLS needs all of options.tls_certificate, tls_key and "
                                "tls_client_ca: without a client's certificate nobody enters");
    choices = {};
    choices.tls_allowed_names = {"alice"};
    EXPECT_TRUE(why_not(choices).starts_with("backdoor: TLS needs all of"));
    choices = with_tls();
    choices.tls_certificate = "/nowhere.pem";
    EXPECT_EQ(why_not(choices), "backdoor: options.tls_certificate: '/nowhere.pem': No such file or "
                                "directory; a PEM file with certificates is needed");
    choices = with_tls();
    choices.tls_key = of_alice().key;
    EXPECT_EQ(why_not(choices),
              "backdoor: options.tls_key: '" + of_alice().key + "': key values mismatch; a PEM file "
              "with the certificate's private key, without a passphrase, is needed");
    choices.tls_key = scratch / "locked";
    run_command("openssl pkey -in " + of_server().key + " -aes256 -passout pass:x -out " +
                choices.tls_key);
    EXPECT_NE(why_not(choices).find("without a passphrase, is needed"), std::string::npos);
    choices = with_tls();
    choices.tls_client_ca = "/etc/hostname";
    EXPECT_NE(why_not(choices).find("options.tls_client_ca: '/etc/hostname': "), std::string::npos);
}

// ---- the process ------------------------------------------------------------------------------

HOST_PROGRAM(has_no_openssl_without_tls) {
    const server door{"127.0.0.1:0"};
    return has_mapped("libssl") || has_mapped("libcrypto") ? 1 : 0;
}

TEST(openssl, is_not_loaded_where_nobody_asks_for_it) {
    EXPECT_EQ(child{"has_no_openssl_without_tls"}.wait(), 0);
}

HOST_PROGRAM(exits_with_tls_clients) {
    options choices;
    // Its parent's, by the environment.
    choices.tls_certificate = std::getenv("TLS_CERTIFICATE");
    choices.tls_key = std::getenv("TLS_KEY");
    choices.tls_client_ca = std::getenv("TLS_CA");
    choices.log = [](std::string_view) {};
    const auto* const door = new server{"127.0.0.1:0", {}, choices};
    tell(door->address());
    ask();
    std::exit(7);
}

TEST_F(tls, does_not_disturb_a_process_that_exits) {
    setenv("TLS_CERTIFICATE", of_server().file.c_str(), 1);
    setenv("TLS_KEY", of_server().key.c_str(), 1);
    setenv("TLS_CA", ours().file().c_str(), 1);
    child process{"exits_with_tls_clients"};
    const auto address = process.told();
    program busy{openssl(address, of_alice())};
    busy.io().greeted();
    busy.io().send("while True: print('x' * 100)\n\n");
    busy.io().read_until("xxx");
    process.answer();
    EXPECT_EQ(process.wait(), 7);
}

TEST_F(tls, gives_all_back_when_its_server_stops) {
    std::optional<host> first{std::in_place, locals{}, with_tls()};
    first.reset();
    const auto before = descriptor_count();
    {
        host h{{}, with_tls()};
        program one{openssl(h.door.address(), of_alice())};
        one.io().greeted();
        program silent{"socat - TCP:" + h.door.address()};
        EXPECT_TRUE(eventually([&] { return descriptor_count() > before + 4; }));
        one.io().send("print('last', 'words')\n");
        EXPECT_EQ(one.io().read_until("words"), "last words");
        h.door.stop();
        one.io().read_to_end();
        EXPECT_EQ(one.wait(), 0);
    }
    EXPECT_TRUE(eventually([&] { return descriptor_count() <= before; }));
}

}  // namespace
}  // namespace backdoor::test
