// A server with TLS, and clients that people have.
#pragma once

#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "support/certificates.hpp"
#include "support/host.hpp"
#include "support/program.hpp"

namespace backdoor::test {

/// Its authority, made once, is the tests' own.
class tls : public testing::Test {
protected:
    static const authority& ours() {
        static const authority one;
        return one;
    }
    static const certificate& of_server() {
        static const auto one = ours().issue("/CN=server");
        return one;
    }
    static const certificate& of_alice() {
        static const auto one = ours().issue("/CN=alice");
        return one;
    }

    static options with_tls(options choices = {}) {
        choices.tls_certificate = of_server().file;
        choices.tls_key = of_server().key;
        choices.tls_client_ca = ours().file();
        return choices;
    }

    /// `openssl s_client`, which ends when the server closes.
    static std::string openssl(const std::string& address, const certificate& one,
                               const std::string& more = {}) {
        return "openssl s_client -quiet -verify_return_error -CAfile " + ours().file() +
               " -cert " + one.file + " -key " + one.key + " -connect " + address + " " + more +
               " 2>/dev/null";
    }
    /// An address for socat, which sends close_notify at the end of its input, and reads on.
    static std::string socat(const std::string& address, const certificate& one) {
        return "OPENSSL:" + address + ",commonname=server,cafile=" + ours().file() +
               ",cert=" + one.file + ",key=" + one.key;
    }
};

}  // namespace backdoor::test
