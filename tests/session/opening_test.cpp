#include "session/opening.hpp"

#include <gtest/gtest.h>

#include <string>

namespace backdoor::test {
namespace {

using namespace std::string_view_literals;

TEST(opening, names_what_is_modelled_on_http) {
    EXPECT_EQ(foreign_protocol("GET / HTTP/1.0\r\n"), "HTTP");
    EXPECT_EQ(foreign_protocol("POST /x?a=b HTTP/1.1"), "HTTP");
    EXPECT_EQ(foreign_protocol("PROPFIND / HTTP/1.1"), "HTTP");
    EXPECT_EQ(foreign_protocol("PRI * HTTP/2.0"), "HTTP");
    EXPECT_EQ(foreign_protocol("patch / HTTP/1.1"), "HTTP");
    EXPECT_EQ(foreign_protocol("-1 /x?y HTTP/1.1\r"), "HTTP");
    EXPECT_EQ(foreign_protocol("OPTIONS / RTSP/1.0"), "RTSP");
    EXPECT_EQ(foreign_protocol("OPTIONS sip:nm SIP/2.0"), "SIP");
}

TEST(opening, names_what_programs_may_be_talked_into) {
    EXPECT_EQ(foreign_protocol("EHLO example.com"), "SMTP");
    EXPECT_EQ(foreign_protocol("*1\r\n"), "Redis");
    EXPECT_EQ(foreign_protocol("PROXY TCP4 10.0.0.1 10.0.0.2 1 2"), "the PROXY protocol");
    EXPECT_EQ(foreign_protocol("<?xml version='1.0'?>"), "XML");
}

TEST(opening, names_what_is_no_text) {
    EXPECT_EQ(foreign_protocol("\x16\x03\x01\x02"), "TLS");
    EXPECT_EQ(foreign_protocol("SSH-2.0-OpenSSH_9.2"), "SSH");
    EXPECT_EQ(foreign_protocol("\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00"sv), "binary data");
    EXPECT_EQ(foreign_protocol("\x05\x01\x00"sv), "binary data");
}

TEST(opening, sees_a_request_by_its_beginning) {
    for (const char* beginning : {"GET /", "GET ", "GET", "x-y /abc", "-1 /x"}) {
        EXPECT_TRUE(may_be_request(beginning)) << beginning;
    }
    for (const char* beginning : {"x = 'y", "f(1, 2, ", "x = 1", "", " GET /", "[1, 2, 3"}) {
        EXPECT_FALSE(may_be_request(beginning)) << beginning;
    }
}

TEST(opening, lets_python_pass) {
    for (const char* line :
         {"1 + 1", "GET = 1", "GET('/ HTTP/1.1')", "USER", "*a, b = [1, 2]", "x = 'GET / HTTP/1.1'", "x / 2", "x = y # HTTP/1.1", "f() / HTTP/1.1",
          "print('SSH-')", "$", "*", "", "\t", "\x1b[A", "# EHLO x", "f(*1, 2)", "naïve = '漢'"}) {
        EXPECT_EQ(foreign_protocol(line), "") << line;
    }
}

}  // namespace
}  // namespace backdoor::test
