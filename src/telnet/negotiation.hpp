#pragma once

#include <array>
#include <string>

#include "telnet/protocol.hpp"
#include "telnet/q_method.hpp"

namespace backdoor::telnet {

// All options of one connection, on both sides. Bytes to send are appended to `output`.
//
// A received verb is answered at most once, and no more than max_replies verbs in a row are:
// a peer that answers everything, RFC or not, comes to rest. Application data ends a row.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class negotiation {
public:
    static constexpr int max_replies = 256;

    // WILL or WONT: what we do.
    void request_ours(unsigned char option, bool on, std::string& output);
    // DO or DONT: what the peer does.
    void request_theirs(unsigned char option, bool on, std::string& output);

    void receive(verb received, unsigned char option, std::string& output);
    void application_data() { replies_ = 0; }

    const q_method& ours(unsigned char option) const { return ours_[option]; }
    const q_method& theirs(unsigned char option) const { return theirs_[option]; }

    // Whether such a verb would answer a request of ours.
    bool expects(verb received, unsigned char option) const;

private:
    std::array<q_method, 256> ours_{};
    std::array<q_method, 256> theirs_{};
    int replies_ = 0;
};

}  // namespace backdoor::telnet
