// One statement at a time, as the interactive interpreter takes them.
#pragma once

#include "console/ref.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backdoor {

/// Decides, with each line typed, whether a statement is whole, wrong, or goes on, exactly as
/// `python3 -i` does. CPython's interactive parser cannot be fed from outside; this asks the
/// parser for strings, and makes up for where the two differ.
///
/// Flags of `from __future__ import` stay in force from statement to statement.
class statement {
public:
    enum class state {
        nothing,     ///< a blank line or a comment
        incomplete,  ///< more lines are needed
        complete,    ///< make_code()
        wrong,       ///< the Python exception is set
    };

    /// Forgets all lines.
    void clear();
    /// From now on `await` may stand in a statement, which is then a coroutine; at first it may not.
    void allow_await(bool allowed);
    /// What code and errors call the file they come from; "<stdin>" at first.
    void set_file_name(std::string name) { file_name_ = std::move(name); }
    const std::string& file_name() const { return file_name_; }
    const std::string& source() const { return source_; }
    /// The source without the end of its last line.
    std::string_view text() const;
    bool empty() const { return source_.empty(); }

    /// Adds a line, with its newline, and judges what is there. Needs the GIL.
    state add(std::string_view line);
    /// The same for several lines of which only the last may end a body. `used` tells how many of
    /// them belong to the statement; those behind do not.
    state add_block(std::string_view lines, std::size_t count, std::size_t& used);
    /// No more lines will come: what is there is whole, or wrong.
    state finish();

    /// One of a block's statements, with its source.
    struct part {
        ref node;
        std::string source;
    };

    /// Takes a block from an editor as a file's lines: bodies may have empty lines in them, and none
    /// is needed behind them. Its statements; none where it is not right. Then `how` tells whether it
    /// merely stops too early; no exception is set.
    std::vector<part> parse_block(std::string_view block, state& how);
    /// Is, from now on, one of them, which is complete.
    void take_part(part one);
    bool is_part() const { return static_cast<bool>(node_); }

    /// Compiles a complete statement, with the warnings that come with it. False where the compiler
    /// finds what the parser did not: the Python exception is set.
    bool make_code();
    const ref& code() const { return code_; }

private:
    enum class ending { open, closed };
    enum class effort { parse, compile };

    state judge(effort how);
    state judge_failure(ending end);
    ending ending_by(std::string_view line);
    ref compile(const std::string& source, int extra_flags);
    ref compile_node();
    ref error_of(const std::string& source, int extra_flags);

    std::string source_;
    std::string file_name_ = "<stdin>";
    ref code_;
    ref node_;
    int code_flags_ = 0;
    PyCompilerFlags flags_{PyCF_IGNORE_COOKIE | PyCF_SOURCE_IS_UTF8, PY_MINOR_VERSION};
};

/// Code with `await` in it runs to the end only where what it makes is run on a loop.
bool makes_coroutine(PyObject* code);

}  // namespace backdoor
