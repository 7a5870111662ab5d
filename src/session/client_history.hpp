// The history that a `backdoor` client brings with it.
#pragma once

#include "editor/history.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace backdoor {

/// The blocks that the client knows, and those it is still to be told. Between the two they go as
/// one text, each block with a zero byte behind it.
///
/// Thread safety: distinct objects: safe. Shared objects: unsafe.
class client_history {
public:
    /// The most that is of use.
    static constexpr std::size_t max_size =
        editor::history::default_max_bytes + editor::history::default_max_entries;

    explicit client_history(std::string_view known);

    editor::history& blocks() { return blocks_; }

    /// What the client does not know; from now on it does.
    std::string take_new();

private:
    editor::history blocks_;
    editor::history::number told_;  // all before this one
};

}  // namespace backdoor
