#include "target.hpp"

#include "failure.hpp"

#include <gtest/gtest.h>

namespace backdoor::client {

void PrintTo(const target& one, std::ostream* out) {
    *out << static_cast<int>(one.what) << " '" << one.name << "' '" << one.host << "' '" << one.port
         << "'";
}

namespace {

using kind = target::kind;

target unix_socket(std::string path) { return {kind::unix_socket, std::move(path)}; }

target tcp(std::string given, std::string host, std::string port) {
    return {kind::tcp, std::move(given), std::move(host), std::move(port)};
}

TEST(a_target, with_a_slash_is_a_path) {
    EXPECT_EQ(parse_target("/run/app.sock"), unix_socket("/run/app.sock"));
    EXPECT_EQ(parse_target("./app.sock"), unix_socket("./app.sock"));
    EXPECT_EQ(parse_target("unix:/run/app.sock"), unix_socket("/run/app.sock"));
    EXPECT_EQ(parse_target("/run/a:1"), unix_socket("/run/a:1"));
}

TEST(a_target, with_an_at_sign_is_an_abstract_name) {
    EXPECT_EQ(parse_target("@app"), unix_socket("@app"));
    EXPECT_EQ(parse_target("unix:@app"), unix_socket("@app"));
}

TEST(a_target, with_a_colon_is_a_host_and_a_port) {
    EXPECT_EQ(parse_target("localhost:3000"), tcp("localhost:3000", "localhost", "3000"));
    EXPECT_EQ(parse_target("[::1]:3000"), tcp("[::1]:3000", "::1", "3000"));
    EXPECT_EQ(parse_target(":3000"), tcp(":3000", "localhost", "3000"));
}

TEST(a_target, of_digits_is_a_process) {
    EXPECT_EQ(parse_target("4711"), (target{kind::process, "4711"}));
    EXPECT_EQ(parse_target("unix:4711"), (target{kind::name, "4711"}));
}

TEST(a_target, may_be_a_name) {
    EXPECT_EQ(parse_target("orders"), (target{kind::name, "orders"}));
    EXPECT_EQ(parse_target("orders.4711"), (target{kind::name, "orders.4711"}));
    EXPECT_EQ(parse_target("unix:orders"), (target{kind::name, "orders"}));
}

TEST(a_target, that_is_none_is_refused_with_what_to_write) {
    const auto problem = [](const char* given) -> std::string {
        try {
            parse_target(given);
        } catch (const failure& refused) {
            EXPECT_EQ(refused.status(), 2);
            return refused.what();
        }
        return "accepted";
    };
    EXPECT_EQ(problem(""), "'' names no console");
    EXPECT_EQ(problem("unix:"), "'unix:' names no console");
    for (const auto* const given : {"localhost:", "localhost:x", "localhost:0", "localhost:65536",
                                    "localhost:80x", ":"}) {
        EXPECT_NE(problem(given).find("write host:port"), std::string::npos) << given;
    }
    EXPECT_EQ(problem("::1:3000"), "'::1:3000' has several colons; write [::1]:3000");
}

}  // namespace

}  // namespace backdoor::client
