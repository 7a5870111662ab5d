#include "ssh/authorized_keys.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace backdoor::ssh {
namespace {

using namespace std::chrono;

authorized_key only_key(std::string_view text) {
    const auto found = parse_authorized_keys(text);
    for (const auto& line : found.rejected) {
        ADD_FAILURE() << line.line << ": " << line.reason;
    }
    EXPECT_EQ(found.keys.size(), 1U);
    return found.keys.empty() ? authorized_key{} : found.keys.front();
}

/// Why its one line lets nobody in.
std::string rejection(std::string_view text) {
    const auto found = parse_authorized_keys(text);
    EXPECT_TRUE(found.keys.empty()) << text;
    return found.rejected.empty() ? std::string{} : found.rejected.front().reason;
}

TEST(authorized_keys, is_a_kind_a_key_and_a_comment) {
    const auto key = only_key("ssh-ed25519 AAAAC3 alice@laptop, the old one  \n");
    EXPECT_EQ(key.type, "ssh-ed25519");
    EXPECT_EQ(key.blob, "AAAAC3");
    EXPECT_EQ(key.comment, "alice@laptop, the old one");
    EXPECT_TRUE(key.terminal);
    EXPECT_FALSE(key.from || key.command || key.expires);
}

TEST(authorized_keys, may_do_without_comment_and_last_newline) {
    const auto key = only_key(" \tecdsa-sha2-nistp256\tAAAAE2");
    EXPECT_EQ(key.type, "ecdsa-sha2-nistp256");
    EXPECT_EQ(key.blob, "AAAAE2");
    EXPECT_EQ(key.comment, "");
}

TEST(authorized_keys, has_comments_empty_lines_and_those_of_other_systems) {
    const auto found = parse_authorized_keys("# mine\r\n\r\n   \nssh-rsa AAAAB3 a\r\nssh-rsa AAAAB4\n");
    ASSERT_EQ(found.keys.size(), 2U);
    EXPECT_EQ(found.keys[0].line, 4U);
    EXPECT_EQ(found.keys[0].comment, "a");
    EXPECT_EQ(found.keys[1].line, 5U);
    EXPECT_TRUE(found.rejected.empty());
}

TEST(authorized_keys, has_options_in_front) {
    const auto key = only_key(
        R"-(restrict,pty,from="192.0.2.*,!192.0.2.7",command="print(\"a, b\")" ssh-ed25519 AAAA c)-");
    EXPECT_EQ(key.from, "192.0.2.*,!192.0.2.7");
    EXPECT_EQ(key.command, "print(\"a, b\")");
    EXPECT_TRUE(key.terminal);
    EXPECT_EQ(key.blob, "AAAA");
    EXPECT_EQ(key.comment, "c");
}

TEST(authorized_keys, decides_about_terminals_in_order) {
    EXPECT_FALSE(only_key("restrict ssh-ed25519 AAAA").terminal);
    EXPECT_FALSE(only_key("no-pty ssh-ed25519 AAAA").terminal);
    EXPECT_FALSE(only_key("pty,Restrict ssh-ed25519 AAAA").terminal);
    EXPECT_TRUE(only_key("no-pty,PTY ssh-ed25519 AAAA").terminal);
}

TEST(authorized_keys, keeps_backslashes_that_stand_before_no_quote) {
    EXPECT_EQ(only_key(R"-(command="print('\n')" ssh-ed25519 AAAA)-").command,
              R"-(print('\n'))-");
}

TEST(authorized_keys, takes_what_forbids_or_allows_what_does_not_exist) {
    only_key("no-port-forwarding,no-agent-forwarding,no-X11-forwarding,no-user-rc,port-forwarding,"
             "permitopen=\"localhost:80\",permitlisten=\"8080\" ssh-ed25519 AAAA");
}

TEST(authorized_keys, may_end) {
    EXPECT_EQ(only_key("expiry-time=\"20260102Z\" ssh-ed25519 AAAA").expires,
              sys_days{2026y / 1 / 2});
    EXPECT_EQ(only_key("expiry-time=\"202601020304Z\" ssh-ed25519 AAAA").expires,
              sys_days{2026y / 1 / 2} + 3h + 4min);
    EXPECT_EQ(only_key("expiry-time=\"20260102030405Z\" ssh-ed25519 AAAA").expires,
              sys_days{2026y / 1 / 2} + 3h + 4min + 5s);
    EXPECT_EQ(only_key("expiry-time=\"20270101Z\",expiry-time=\"20260101Z\" ssh-ed25519 A").expires,
              sys_days{2026y / 1 / 1});
    EXPECT_TRUE(only_key("expiry-time=\"20260102\" ssh-ed25519 AAAA").expires);
}

TEST(authorized_keys, has_no_times_that_are_none) {
    for (const char* time : {"", "Z", "2026", "20261301Z", "20260230Z", "202601012400Z",
                             "2026-01-01Z", "20260101000060Z", "202601011Z"}) {
        EXPECT_NE(rejection("expiry-time=\"" + std::string{time} + "\" ssh-ed25519 AAAA"), "")
            << time;
    }
}

TEST(authorized_keys, lets_nobody_in_by_a_line_whose_meaning_is_not_known) {
    EXPECT_NE(rejection("verify-required ssh-ed25519 AAAA").find("'verify-required'"),
              std::string::npos);
    EXPECT_NE(rejection("environment=\"A=1\" ssh-ed25519 AAAA"), "");
    EXPECT_NE(rejection("pty=\"no\" ssh-ed25519 AAAA"), "");
    EXPECT_NE(rejection("from ssh-ed25519 AAAA"), "");
    EXPECT_NE(rejection("from=\"a\",from=\"b\" ssh-ed25519 AAAA"), "");
    EXPECT_NE(rejection("command=\"a\",command=\"b\" ssh-ed25519 AAAA"), "");
}

TEST(authorized_keys, lets_nobody_in_by_a_malformed_line) {
    for (const char* line :
         {"command=\"exit() ssh-ed25519 AAAA", "command=exit() ssh-ed25519 AAAA",
          "command=\"a\"b ssh-ed25519 AAAA", "pty, ssh-ed25519 AAAA", ",pty ssh-ed25519 AAAA",
          "ssh-ed25519", "ssh-ed25519 ", "pty", "AAAA", "\"", "=", "pty ssh-ed25519"}) {
        EXPECT_NE(rejection(line), "") << line;
    }
}

TEST(authorized_keys, has_no_old_keys_and_no_kinds_that_cannot_be_checked) {
    EXPECT_NE(rejection("pty ssh-dss AAAA").find("'ssh-dss'"), std::string::npos);
    EXPECT_NE(rejection("pty sk-ssh-ed25519@openssh.com AAAA"), "");
    EXPECT_NE(rejection("ssh-ed25519-cert-v01@openssh.com AAAA"), "");
    EXPECT_NE(rejection("cert-authority ssh-ed25519 AAAA"), "");
}

TEST(authorized_keys, counts_a_bad_line_and_goes_on) {
    const auto found = parse_authorized_keys("nonsense\nssh-ed25519 AAAA\n");
    ASSERT_EQ(found.keys.size(), 1U);
    ASSERT_EQ(found.rejected.size(), 1U);
    EXPECT_EQ(found.keys[0].line, 2U);
    EXPECT_EQ(found.rejected[0].line, 1U);
}

}  // namespace
}  // namespace backdoor::ssh
