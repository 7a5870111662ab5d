// What a client types, as the statements that are run one after the other.
#pragma once

#include "console/console_state.hpp"
#include "console/engine.hpp"
#include "console/statement.hpp"
#include "console/typed_source.hpp"
#include "session/channel.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace backdoor {

/// Reads lines from a console's channel, behind its prompts, until they are a statement; or takes
/// apart a whole block, as an editor and a paste bring it. Guarded by the GIL, which is let go of
/// while it waits.
class statement_reader {
public:
    /// Both outlive it.
    statement_reader(const console_setup& setup, console_state& state);

    enum class result {
        statement,  ///< compiled: current()
        error,      ///< the Python exception is set: what was typed is no Python
        nothing,    ///< a blank line, or an interrupt, of which the client has been told
        thrown,     ///< the Python exception is set, which was thrown into the console's greenlet
        program,    ///< the client wants one run: channel::take_program()
        ended,      ///< no more input will come
        closed,     ///< the client is gone, or `answers` has given up
    };
    /// Sees to channel::take_question(). False where others have taken over the console meanwhile:
    /// then the reader is theirs.
    using answerer = std::function<bool()>;
    result read(const answerer& answers);
    /// Behind read(): the statement; while a question is answered: as much as has been read.
    const statement& current() const { return statement_; }

    /// What was typed behind it, and counted on it, is not read any more.
    void drop_block();

private:
    using verdict = statement::state;

    result read_lines(const answerer& answers);
    std::optional<outcome> read_line(const reading& what, std::string& line,
                                     const answerer& answers);
    result without_line(std::optional<outcome> how, const std::string& notice);
    result compiled(verdict judged);
    bool others_have_run();
    bool take_block(const std::string& first_line);
    verdict add_line(const std::string& line, const std::string& next_prompt);
    void name_source();
    void remember_source(const std::string& source);

    const console_setup& setup_;
    channel& io_;
    console_state& state_;
    statement statement_;
    std::deque<statement::part> block_;   // of one from an editor, what is still to be run
    std::optional<typed_source> source_;  // where tracebacks are to show it: from then on
    bool greeted_ = false;
};

}  // namespace backdoor
