// TLS, the client's side.
#pragma once

#include "connect.hpp"
#include "stream.hpp"

#include <memory>
#include <string>

namespace backdoor::client {

/// As --cert, --key and --cafile name them. Without a key it is in the certificate's file; without
/// authorities they are those that this machine trusts.
struct tls_files {
    std::string certificate;
    std::string key;
    std::string authorities;
};

/// Speaks TLS 1.3 on the socket, once the other side has shown a good certificate for `host`, a name
/// or an address. Throws failure, also where that takes longer than `deadline`. Whether this side's
/// certificate is good enough is told by the first stream::receive().
std::unique_ptr<stream> begin_tls(descriptor socket, const tls_files& files, const std::string& host,
                                  clock::time_point deadline);

}  // namespace backdoor::client
