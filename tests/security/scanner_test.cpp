// What port scanners and misled programs send first, each followed by a line that would be noticed
// if it were run.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "support/attempts.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

using namespace std::string_literals;

struct opening {
    const char* name;
    std::string bytes;
};

const std::vector<opening>& openings() {
    static const std::vector<opening> all = {
        {"http_get", "GET / HTTP/1.0\r\n"},
        {"http_post", "POST / HTTP/1.1\r\n"},
        {"http_options", "OPTIONS / HTTP/1.0\r\n"},
        {"http_connect", "CONNECT example.com:80 HTTP/1.1\r\n"},
        {"http_lock", "LOCK / HTTP/1.1\r\n"},
        {"http_method_in_lower_case", "patch / HTTP/1.1\r\na: attack()\r\n"},
        {"http_method_of_no_letters", "-1 /x HTTP/1.1\r\na: attack()\r\n"},
        {"http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        {"rtsp", "OPTIONS / RTSP/1.0\r\n"},
        {"sip", "OPTIONS sip:nm SIP/2.0\r\n"},
        {"icap", "REQMOD icap://x/ ICAP/1.0\r\n"},
        {"ssh", "SSH-2.0-OpenSSH_9.2p1\r\n"},
        {"tls", "\x16\x03\x01\x00\x75\x01\x00\x00\x71\x03\x03"s},
        {"sslv2", "\x80\x80\x01\x03\x01\x00\x57"s},
        {"smtp", "EHLO nmap.scanme.org\r\n"},
        {"smtp_helo", "HELO x\r\n"},
        {"ftp", "USER anonymous\r\n"},
        {"irc", "NICK scanner\r\n"},
        {"redis", "*1\r\n$4\r\nPING\r\n"},
        {"proxy", "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n"},
        {"vnc", "RFB 003.008\n"},
        {"rsync", "@RSYNCD: 31.0\n"},
        {"jdwp", "JDWP-Handshake\n"},
        {"amqp", "AMQP\x00\x00\x09\x01\n"s},
        {"java_rmi", "JRMI\x00\x02\x4b\n"s},
        {"xmpp", "<stream:stream to='x'>\n"},
        {"xml_rpc", "<?xml version='1.0'?>\n"},
        {"dns", "\x00\x1e\x00\x06\x01\x00\x00\x01\x00\x00\n"s},
        {"rpc", "\x80\x00\x00\x28\x72\xfe\x1d\x13\x00\x00\n"s},
        {"smb", "\x00\x00\x00\xa4\xffSMB\x72\x00\n"s},
        {"x11", "\x6c\x00\x0b\x00\x00\x00\n"s},
        {"ldap", "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00\n"s},
        {"postgresql", "\x00\x00\x00\x08\x04\xd2\x16\x2f\n"s},
        {"mongodb", "\x3f\x00\x00\x00\x7e\x00\n"s},
        {"mqtt", "\x10\x10\x00\x04MQTT\x04\x02\n"s},
        {"socks5", "\x05\x01\x00\n"s},
        {"tds", "\x12\x01\x00\x34\x00\x00\n"s},
        {"kerberos", "\x00\x00\x00\x71\x6a\x81\n"s},
    };
    return all;
}

constexpr const char* scanners = "port scanners and misled programs";

/// A client that takes its time is not asked whether it is telnet, for which it would get a second prompt.
options without_probes() {
    options choices;
    choices.telnet = telnet_mode::never;
    return choices;
}

class scanner : public testing::TestWithParam<opening> {};

TEST_P(scanner, runs_nothing) {
    std::atomic<int> calls = 0;
    locals names;
    names.function("attack", [&] { return ++calls; });
    const host h{names, without_probes()};
    client one{h.door.address()};
    one.greeted();
    one.send(GetParam().bytes + "attack()\nattack()\n");
    try {
        EXPECT_EQ(one.read_to_end().find(">>>"), std::string::npos);
    } catch (const std::runtime_error&) {
        // Reset, with what it had sent unread.
    }
    EXPECT_EQ(h.greeted_client().run("1 + 1"), "2\n");
    EXPECT_EQ(calls, 0);
    count_attempts(scanners, 1, calls);
    bool told = false;
    for (const auto& line : h.log.lines()) {
        told = told || line.find("it speaks ") != std::string::npos;
    }
    EXPECT_TRUE(told);
}

// A request line that comes in pieces, and then, with its end, what would make us forget it.
TEST(scanner, runs_nothing_behind_an_interrupt) {
    std::atomic<int> calls = 0;
    locals names;
    names.function("attack", [&] { return ++calls; });
    const host h{names, without_probes()};
    for (const std::string forget : {"\x03", "\xff\xf4", "\xff\xf8", "\n\x04"}) {
        client one{h.door.address()};
        one.greeted();
        // More than is received at once.
        one.send("POST /" + std::string(70'000, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n" + forget +
                 "\nattack()\nattack()\n");
        try {
            EXPECT_EQ(one.read_to_end().find(">>>"), std::string::npos);
        } catch (const std::runtime_error&) {
        }
    }
    EXPECT_EQ(h.greeted_client().run("1 + 1"), "2\n");
    EXPECT_EQ(calls, 0);
    count_attempts(scanners, 4, calls);
}

TEST(scanner, runs_nothing_behind_a_request_line_that_is_too_long) {
    std::atomic<int> calls = 0;
    locals names;
    names.function("attack", [&] { return ++calls; });
    auto choices = without_probes();
    choices.max_input = 10'000;
    const host h{names, choices};
    const std::string much(100'000, 'x');
    for (const auto& line : {"POST /" + much + " HTTP/1.1", much + " / HTTP/1.1"}) {
        client one{h.door.address()};
        one.greeted();
        one.send(line + "\r\n\r\nattack()\nattack()\n");
        try {
            EXPECT_EQ(one.read_to_end().find(">>>"), std::string::npos);
        } catch (const std::runtime_error&) {
        }
    }
    EXPECT_TRUE(h.log.wait_for_part("its first line, of more than 10000 bytes (options.max_input), "
                                    "may be HTTP's"));
    EXPECT_EQ(h.greeted_client().run("1 + 1"), "2\n");
    EXPECT_EQ(calls, 0);
    count_attempts(scanners, 2, calls);
}

TEST(scanner, runs_nothing_without_the_end_of_a_line) {
    const host h{{}, without_probes()};
    client one{h.door.address()};
    one.greeted();
    one.send("GET / HTTP/1.0");
    one.half_close();
    const auto answer = one.read_to_end();
    EXPECT_EQ(answer, "");
    EXPECT_TRUE(h.log.wait_for_part("it speaks HTTP"));
    count_attempts(scanners, 1, answer.empty() ? 0 : 1);
}

// When it has been asked whether it is telnet.
TEST(scanner, runs_nothing_however_late_it_begins) {
    std::atomic<int> calls = 0;
    locals names;
    names.function("attack", [&] { return ++calls; });
    log_book log;
    const server door{"127.0.0.1:0", names, logging_to(log)};
    const std::string beginnings[] = {"POST / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n",
                                      "SSH-2.0-x\r\n", "\x16\x03\x01\x02\n"};
    for (const auto& beginning : beginnings) {
        client one{door.address()};
        one.greeted();
        one.read_until(prompt);
        one.send(beginning + "attack()\nattack()\n");
        try {
            EXPECT_EQ(one.read_to_end().find(">>>"), std::string::npos);
        } catch (const std::runtime_error&) {
            // Reset, with what it had sent unread.
        }
    }
    for (const auto* const protocol : {"it speaks HTTP", "it speaks SSH", "it speaks TLS"}) {
        EXPECT_TRUE(log.wait_for_part(protocol));
    }
    EXPECT_EQ(calls, 0);
    count_attempts(scanners, 4, calls);
}

INSTANTIATE_TEST_SUITE_P(speaking, scanner, testing::ValuesIn(openings()),
                         [](const auto& instance) { return std::string{instance.param.name}; });

}  // namespace
}  // namespace backdoor::test
