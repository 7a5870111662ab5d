#include "console/statement_reader.hpp"

#include "console/hub.hpp"
#include "console/names.hpp"
#include "console/waiting.hpp"

#include <iterator>
#include <utility>

namespace backdoor {

namespace {

// The file that code comes from where nothing quotes it.
constexpr const char* plain_source_name = "<stdin>";

/// The prompt as the interpreter shows it: the text of any object, nothing where it has none.
std::string prompt_text(console_state& state, sys_name name) {
    const ref object = state[name];
    if (!object) {
        return {};
    }
    const auto text = ref::take(PyObject_Str(object.get()));
    const char* const utf8 = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
    if (utf8 == nullptr) {
        PyErr_Clear();
        return {};
    }
    return utf8;
}

/// `notice` is the session's, if it has one.
void tell_of_interrupt(channel& io, const std::string& notice) {
    if (!notice.empty()) {
        say(io, notice);
    } else {
        say(io, io.has_terminal() ? "KeyboardInterrupt\n" : "\nKeyboardInterrupt\n");
    }
}

}  // namespace

statement_reader::statement_reader(const console_setup& setup, console_state& state)
    : setup_{setup}, io_{*setup.io}, state_{state} {}

statement_reader::result statement_reader::read(const answerer& answers) {
    statement_.clear();
    // Where the host has no loop: an editor's users only, since `python3 -i` has none on a pipe.
    // A hub would not run meanwhile.
    statement_.allow_await(
        !setup_.hub && (io_.has_terminal() ||
                        static_cast<const python_names&>(*setup_.names).asyncio_loop() != nullptr));
    if (block_.empty()) {
        return read_lines(answers);
    }
    if (!others_have_run()) {
        return result::thrown;
    }
    statement_.take_part(std::move(block_.front()));
    block_.pop_front();
    return compiled(verdict::complete);
}

statement_reader::result statement_reader::read_lines(const answerer& answers) {
    std::string line;
    const auto prompt = prompt_text(state_, sys_name::ps1);
    const auto continuation = prompt_text(state_, sys_name::ps2);
    // The session has shown the first prompt, before there was a console.
    reading what{read_kind::statement, prompt, continuation, !std::exchange(greeted_, true)};
    for (;;) {
        const auto how = read_line(what, line, answers);
        if (how != outcome::done) {
            return without_line(how, line);
        }
        if (statement_.empty()) {
            name_source();
            if (take_block(line)) {
                return read(answers);
            }
        }
        const auto judged = add_line(line, continuation);
        if (!line.ends_with('\n') && (judged == verdict::complete || judged == verdict::nothing)) {
            // The input ended in mid-line: the interpreter asks for the rest.
            say(io_, continuation + "\n");
            if (judged == verdict::nothing) {
                return result::ended;
            }
        }
        if (judged != verdict::incomplete) {
            return compiled(judged);
        }
        what = {read_kind::statement, continuation, continuation};
    }
}

/// Nothing where something was thrown in meanwhile.
std::optional<outcome> statement_reader::read_line(const reading& what, std::string& line,
                                                   const answerer& answers) {
    if (!what.is_shown && io_.try_read_line(what, line)) {
        const bool goes_on = !statement_.empty() || others_have_run();
        return goes_on ? std::optional{outcome::done} : std::nullopt;
    }
    for (;;) {
        auto how = outcome::closed;
        try {
            how = backdoor::read_line(io_, what, line);
        } catch (const python_error&) {
            return std::nullopt;
        }
        if (how != outcome::asked) {
            return how;
        }
        if (!answers()) {
            return outcome::closed;  // and this is not to be touched any more
        }
    }
}

statement_reader::result statement_reader::without_line(std::optional<outcome> how,
                                                        const std::string& notice) {
    if (!how) {
        return result::thrown;
    }
    if (*how == outcome::program) {
        return result::program;
    }
    if (*how == outcome::interrupted) {
        tell_of_interrupt(io_, notice);
        return result::nothing;
    }
    if (*how != outcome::ended) {
        return result::closed;
    }
    if (statement_.empty()) {
        return result::ended;
    }
    say(io_, "\n");
    const auto rest = compiled(statement_.finish());
    return rest == result::nothing ? result::ended : rest;
}

statement_reader::result statement_reader::compiled(verdict judged) {
    if (judged == verdict::complete) {
        if (!statement_.is_part()) {
            remember_source(statement_.source());
        }
        return statement_.make_code() ? result::statement : result::error;
    }
    return judged == verdict::wrong ? result::error : result::nothing;
}

/// The application runs between two commands, also where the next one is there already. False where
/// something was thrown in meanwhile.
bool statement_reader::others_have_run() {
    if (setup_.hub) {
        try {
            (*setup_.hub)->pause();
        } catch (const python_error&) {
            return false;
        }
    }
    return true;
}

statement::state statement_reader::add_line(const std::string& line,
                                            const std::string& next_prompt) {
    auto judged = statement_.add(line);
    std::string block;
    // A paste is judged as a whole where it can be.
    while (judged == verdict::incomplete) {
        block.clear();
        const auto count = io_.peek_block(block);
        if (count < 2) {
            break;
        }
        std::size_t used = 0;
        judged = statement_.add_block(block, count, used);
        io_.skip_lines(used);
        if (io_.has_terminal()) {
            continue;  // it shows them itself
        }
        std::string prompts;
        for (std::size_t i = 0; i < used; ++i) {
            prompts += next_prompt;
        }
        say(io_, prompts);
    }
    return judged;
}

bool statement_reader::take_block(const std::string& first_line) {
    if (!io_.has_terminal()) {
        return false;
    }
    const auto block = first_line + io_.take_block();
    auto how = verdict::wrong;
    auto parts = statement_.parse_block(block, how);
    if (how != verdict::complete || parts.size() < 2) {
        // As it would be typed: that is how its error is told, too.
        io_.push(block.substr(first_line.size()));
        return false;
    }
    block_.assign(std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
    remember_source(block);
    return true;
}

void statement_reader::drop_block() {
    io_.take_block();
    block_.clear();
}

void statement_reader::name_source() {
    if (state_.shows_source()) {
        statement_.set_file_name(typed_source::new_name());
    } else {
        statement_.set_file_name(plain_source_name);
    }
}

void statement_reader::remember_source(const std::string& source) {
    if (statement_.file_name() == plain_source_name) {
        return;
    }
    if (!source_) {
        source_.emplace();
    }
    source_->add(statement_.file_name(), source);
}

}  // namespace backdoor
