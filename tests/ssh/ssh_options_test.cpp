// What is asked for in part, or cannot be had, is told when a server starts.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

options ssh_options() {
    options choices;
    choices.ssh_authorized_keys = "/etc/orders/keys";
    choices.ssh_host_key = "/etc/orders/host_key";
    return choices;
}

std::string refusal_of(const options& choices) {
    try {
        listen("0.0.0.0:0", choices);
    } catch (const error& refused) {
        return refused.what();
    }
    return {};
}

TEST(ssh_options, open_the_network) {
    EXPECT_NE(refusal_of({}).find("options.ssh_authorized_keys"), std::string::npos);
    EXPECT_EQ(refusal_of(ssh_options()), "");
}

TEST(ssh_options, need_both_files) {
    auto choices = ssh_options();
    choices.ssh_host_key = "";
    EXPECT_NE(refusal_of(choices).find("both"), std::string::npos);
    choices = ssh_options();
    choices.ssh_authorized_keys = "";
    EXPECT_NE(refusal_of(choices).find("both"), std::string::npos);
}

TEST(ssh_options, go_with_no_token_and_no_tls) {
    auto choices = ssh_options();
    choices.token = "0123456789abcdef";
    EXPECT_NE(refusal_of(choices).find("options.token"), std::string::npos);
    choices = ssh_options();
    choices.tls_certificate = choices.tls_key = choices.tls_client_ca = "/etc/orders/pem";
    EXPECT_NE(refusal_of(choices).find("TLS or SSH"), std::string::npos);
}

// Beside this program, which has the library linked in, there is no module.
TEST(ssh_options, need_a_module_and_libssh) {
    log_book log;
    try {
        const server door{"127.0.0.1:0", {}, logging_to(log, ssh_options())};
        ADD_FAILURE() << "it started";
    } catch (const error& refused) {
        const std::string told = refused.what();
        EXPECT_NE(told.find("backdoor-ssh.so"), std::string::npos) << told;
        EXPECT_NE(told.find("libssh-4"), std::string::npos) << told;
    }
}

}  // namespace
}  // namespace backdoor::test
