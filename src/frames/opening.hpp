#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace backdoor::frames {

// How a client and a server that both know frames find each other, on a connection whose server has
// greeted already whoever it may be. The client's first line is opening_line(), to any other
// console a comment; the server's answer() cannot be in any banner, and frames follow it both ways.
// The client says nothing else before it has come.

// "# backdoor frames 1\n": the newest version the client knows.
std::string opening_line(unsigned newest);
// The version that both will use.
std::string answer(unsigned chosen);

// The server's side: is what a client sends first the opening line?
//
// Thread safety, here and below: distinct objects: safe. Shared objects: unsafe.
class opening {
public:
    enum class verdict {
        more,    // all that came may be the beginning of it
        plain,   // it is not: take() is what came, before what is left of the bytes
        framed,  // it is; what is left of the bytes stands behind it
    };
    // Takes from `bytes` what it has looked at.
    verdict receive(std::string_view& bytes);

    std::string take() { return std::exchange(held_, {}); }
    // After `framed`: the newest version that both know.
    unsigned chosen() const { return chosen_; }

private:
    std::string held_;
    unsigned chosen_ = 0;
};

// The client's side: looks for the answer behind what was said to whoever it may be.
class answer_finder {
public:
    static constexpr std::size_t max_skipped = 1024 * 1024;

    // Takes from `bytes` all up to and with the answer; the version, once it has come.
    std::optional<unsigned> receive(std::string_view& bytes);
    // This is no answer, or there was too much before it.
    bool failed() const { return failed_; }
    // What has come before it.
    const std::string& skipped() const { return skipped_; }

private:
    std::string skipped_;
    std::string answer_;
    bool failed_ = false;
};

}  // namespace backdoor::frames
