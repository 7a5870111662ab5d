// The `backdoor` client's side of its protocol, in a test's hands.
#pragma once

#include "frames/decoder.hpp"
#include "frames/fields.hpp"
#include "support/client.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor::test {

/// How a program ended, and what it said.
struct ended_program {
    int status = -1;
    std::string output;
    std::string errors;
    bool operator==(const ended_program&) const = default;
};

class framed_client {
public:
    explicit framed_client(const std::string& address, const std::string& token = {});

    void send(frames::type what, std::string_view payload = {});
    /// Throws std::runtime_error where none comes.
    frames::frame next();

    void begin(std::string_view kind, std::string_view source,
               const std::vector<std::string>& arguments = {});
    /// `input` is given to the program when it asks; then its input ends.
    ended_program end(std::string_view input = {});
    ended_program run(std::string_view kind, std::string_view source,
                      const std::vector<std::string>& arguments = {}, std::string_view input = {});
    ended_program command(std::string_view source) { return run("command", source); }

    client& connection() { return client_; }
    const std::string& skipped() const { return skipped_; }
    const frames::fields& about() const { return about_; }

private:
    client client_;
    std::string skipped_;
    frames::fields about_;
    frames::decoder decoder_;
    std::deque<frames::frame> waiting_;
};

}  // namespace backdoor::test
