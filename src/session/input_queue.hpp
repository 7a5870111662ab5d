// What a client has sent, and its console has not read.
#pragma once

#include "session/transport.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace backdoor {

/// Whole lines, and at the very end perhaps one without its newline; or a program's bytes. It takes
/// all that it is given: when it is full the client is to be read no more, until half has been
/// taken.
///
/// Thread safety: distinct objects: safe. Shared objects: unsafe.
class input_queue {
public:
    explicit input_queue(std::size_t most) : most_{most} {}

    void push(std::string_view text);
    /// Nothing comes behind `rest`, which is a last line without a newline, or empty.
    void push_end(std::string_view rest);
    /// Appends the lines that have come to the client's socket; false where there are none.
    bool receive_from(transport& client) { return client.receive_lines(text_, most_) > 0; }

    bool empty() const { return text_.empty(); }
    bool has_ended() const { return ended_; }
    bool is_over() const { return ended_ && empty(); }
    bool is_full() const { return full_; }
    /// True once when it was full, and has room again.
    bool make_room();

    /// The next line, with its newline; false where there is no whole one.
    bool take_line(std::string& line);
    /// Appends to `block` the lines that wait, up to and with the first empty one (a form feed is
    /// empty, too). Returns how many. They stay.
    std::size_t peek_block(std::string& block) const;
    void skip_lines(std::size_t count);
    std::string take_all();
    void drop();

private:
    std::size_t size() const { return text_.size() - read_; }

    const std::size_t most_;
    std::string text_;
    std::size_t read_ = 0;  // of it; all of it is none of it
    bool full_ = false;
    bool ended_ = false;
};

}  // namespace backdoor
