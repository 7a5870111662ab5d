#include "console/statement.hpp"

#include "console/first_error.hpp"
#include "console/syntax_error.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace backdoor {

namespace {

constexpr std::string_view blanks = " \t\f\r\n";

bool is_one_line(std::string_view source) {
    return source.find('\n') == source.size() - 1 || source.find('\n') == std::string_view::npos;
}

/// A first line of nothing but blanks and a comment is no statement.
bool says_nothing(std::string_view source) {
    const auto first = source.find_first_not_of(blanks);
    return first == std::string_view::npos || (source[first] == '#' && is_one_line(source));
}

/// A statement that starts thus may have a body, and then ends with an empty line only.
bool may_be_compound(std::string_view source) {
    static constexpr std::array<std::string_view, 10> keywords = {
        "if", "for", "while", "try", "with", "def", "class", "async", "match", "@"};
    const auto begin = source.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        return false;
    }
    const auto text = source.substr(begin);
    return std::any_of(keywords.begin(), keywords.end(),
                       [&](std::string_view word) { return text.starts_with(word); });
}

bool has_body(PyObject* node) {
    return PyObject_HasAttrString(node, "body") != 0 || PyObject_HasAttrString(node, "cases") != 0;
}

std::vector<ref> nodes_of(PyObject* tree) {
    std::vector<ref> nodes;
    const auto body = ref::take(PyObject_GetAttrString(tree, "body"));
    for (Py_ssize_t i = 0; body && i < PyList_GET_SIZE(body.get()); ++i) {
        nodes.push_back(ref::share(PyList_GET_ITEM(body.get(), i)));
    }
    return nodes;
}

/// The number of the line a node ends in, or 0.
std::size_t last_line_of(const ref& node) {
    const auto number = ref::take(PyObject_GetAttrString(node.get(), "end_lineno"));
    const long line = number ? PyLong_AsLong(number.get()) : 0;
    PyErr_Clear();
    return static_cast<std::size_t>(std::max(line, 0L));
}

/// Each with the lines from the end of the one before to its own; what shares a line has it alike.
std::vector<statement::part> with_source(std::vector<ref> nodes, std::string_view block) {
    std::vector<statement::part> parts;
    std::string_view lines;  // of the part before
    std::size_t line = 0;    // its last
    for (auto& node : nodes) {
        const auto last = last_line_of(node);
        std::size_t size = 0;
        for (; line < last && size < block.size(); ++line) {
            size = std::min(block.find('\n', size), block.size() - 1) + 1;
        }
        if (size > 0) {
            lines = block.substr(0, size);
            block.remove_prefix(size);
        }
        parts.push_back({std::move(node), std::string{lines}});
    }
    return parts;
}

/// The one statement of an ast.Interactive has a body.
bool is_compound(PyObject* tree) {
    const auto nodes = nodes_of(tree);
    return nodes.size() == 1 && has_body(nodes.front().get());
}

/// A line that ends a body: an empty one, be it behind a form feed, which takes the column back to 0.
bool is_empty_line(std::string_view line) {
    return line == "\n" ||
           (line.ends_with("\f\n") && line.find_first_not_of(" \t\f") == line.size() - 1);
}

std::string_view last_line(std::string_view source) {
    const auto before = source.find_last_of('\n', source.size() - 2);
    return source.substr(before == std::string_view::npos ? 0 : before + 1);
}

constexpr int tentatively = PyCF_DONT_IMPLY_DEDENT | compat::allow_incomplete_input;

}  // namespace

void statement::clear() {
    // A long one leaves nothing behind.
    source_.size() > 4096 ? std::string{}.swap(source_) : source_.clear();
    code_ = {};
    node_ = {};
}

void statement::allow_await(bool allowed) {
    flags_.cf_flags = allowed ? flags_.cf_flags | PyCF_ALLOW_TOP_LEVEL_AWAIT
                              : flags_.cf_flags & ~PyCF_ALLOW_TOP_LEVEL_AWAIT;
}

bool makes_coroutine(PyObject* code) {
    return (reinterpret_cast<PyCodeObject*>(code)->co_flags & CO_COROUTINE) != 0;
}

std::string_view statement::text() const {
    return std::string_view{source_}.substr(0, source_.find_last_not_of('\n') + 1);
}

ref statement::compile(const std::string& source, int extra_flags) {
    PyCompilerFlags flags = flags_;
    flags.cf_flags |= extra_flags;
    auto code = ref::take(
        Py_CompileStringExFlags(source.c_str(), file_name_.c_str(), Py_single_input, &flags, -1));
    if (code && (extra_flags & PyCF_ONLY_AST) == 0) {
        // Its own `from __future__ import`, for all that follow.
        flags_.cf_flags |= flags.cf_flags & PyCF_MASK;
    }
    return code;
}

ref statement::error_of(const std::string& source, int extra_flags) {
    if (compile(source, extra_flags | PyCF_ONLY_AST)) {
        return {};
    }
    return ref::take(compat::take_exception());
}

statement::ending statement::ending_by(std::string_view line) {
    if (!is_empty_line(line)) {
        return ending::open;
    }
    const auto before = std::string_view{source_}.substr(0, source_.size() - line.size());
    if (!before.ends_with("\\\n")) {
        return ending::closed;
    }
    // Behind a backslash it is the rest of a line. But the backslash may stand in a comment: does
    // the tokenizer mind what follows it?
    std::string probe{before};
    probe.back() = ' ';
    const auto error = error_of(probe + "\n", tentatively);
    return syntax_text(error.get()).starts_with("unexpected character after line continuation")
               ? ending::open
               : ending::closed;
}

statement::state statement::judge(effort how) {
    if (source_.find('\0') != std::string::npos) {
        PyErr_SetString(PyExc_SyntaxError, "source code cannot contain null bytes");
        return state::wrong;
    }
    if (says_nothing(source_)) {
        return state::nothing;
    }
    const auto end = ending_by(last_line(source_));
    const bool compound = may_be_compound(source_);
    code_flags_ = tentatively;
    if (!compound && how == effort::compile) {
        code_ = compile(source_, tentatively);
        return code_ ? state::complete : judge_failure(end);
    }
    // Parsed alone: what only the compiler finds wrong, or warns of, is said once, when the
    // statement is whole and about to run.
    const auto tree = compile(source_, tentatively | PyCF_ONLY_AST);
    if (!tree) {
        return judge_failure(end);
    }
    return compound && end == ending::open && is_compound(tree.get()) ? state::incomplete
                                                                      : state::complete;
}

statement::state statement::judge_failure(ending end) {
    auto failure = ref::take(compat::take_exception());
    int flags = tentatively;
    if (compat::is_incomplete_input(syntax_text(failure.get()))) {
        if (end == ending::open) {
            return state::incomplete;
        }
        // An empty line ends a statement, but for within brackets and quotes.
        flags = 0;
        failure = error_of(source_, flags);
        if (!failure) {
            code_flags_ = flags;
            return state::complete;
        }
        if (is_within_brackets_or_quotes(failure.get())) {
            return state::incomplete;
        }
    }
    if (!syntax_text(failure.get()).empty()) {
        failure = first_error(
            failure, source_, [&](const std::string& source) { return error_of(source, flags); },
            [&](const std::string& source) { return error_of(source, tentatively); });
        tidy_syntax_error(failure.get(), source_);
    }
    compat::set_exception(failure.release());
    return state::wrong;
}

statement::state statement::add(std::string_view line) {
    if (!require_utf8(line, source_)) {
        return state::wrong;
    }
    source_ += line;
    return judge(effort::compile);
}

statement::state statement::add_block(std::string_view lines, std::size_t count,
                                      std::size_t& used) {
    if (!is_utf8(lines)) {
        used = 1;
        return add(lines.substr(0, lines.find('\n') + 1));
    }
    // Judging each line would take a time that grows with the square of their number. All before
    // the one that decides the matter are incomplete, and all from there on are not: so it can be
    // found by halving.
    std::vector<std::size_t> ends;
    for (std::size_t end = 0; ends.size() < count;) {
        end = lines.find('\n', end) + 1;
        ends.push_back(end);
    }
    const auto before = source_.size();
    const auto judge_first = [&](std::size_t n) {
        source_.resize(before);
        source_ += lines.substr(0, ends[n - 1]);
        PyErr_Clear();
        return judge(effort::parse);
    };
    used = count;
    auto result = judge_first(count);
    if (result == state::incomplete || count == 1) {
        return result;
    }
    std::size_t undecided = 0;  // so many lines are known to be incomplete
    while (undecided + 1 < used) {
        const auto middle = undecided + (used - undecided) / 2;
        if (judge_first(middle) == state::incomplete) {
            undecided = middle;
        } else {
            used = middle;
        }
    }
    return judge_first(used);
}

statement::state statement::finish() {
    if (says_nothing(source_)) {
        return state::nothing;
    }
    code_flags_ = 0;
    auto failure = error_of(source_, code_flags_);
    if (!failure) {
        return state::complete;
    }
    tidy_syntax_error(failure.get(), source_);
    compat::set_exception(failure.release());
    return state::wrong;
}

void statement::take_part(part one) {
    node_ = std::move(one.node);
    source_ = std::move(one.source);
}

std::vector<statement::part> statement::parse_block(std::string_view block, state& how) {
    how = state::wrong;
    if (!is_utf8(block) || block.find('\0') != std::string_view::npos) {
        return {};
    }
    PyCompilerFlags flags = flags_;
    flags.cf_flags |= PyCF_ONLY_AST | tentatively;
    const std::string source{block};
    const auto tree = ref::take(Py_CompileStringExFlags(source.c_str(), file_name_.c_str(),
                                                        Py_file_input, &flags, -1));
    if (!tree) {
        const auto failure = ref::take(compat::take_exception());
        if (compat::is_incomplete_input(syntax_text(failure.get()))) {
            how = state::incomplete;
        }
        return {};
    }
    auto nodes = nodes_of(tree.get());
    const bool goes_on = !nodes.empty() && has_body(nodes.back().get()) &&
                         !is_empty_line(last_line(block));
    how = goes_on ? state::incomplete : state::complete;
    return with_source(std::move(nodes), source);
}

/// What the flags of `from __future__ import` in it are is seen in the code, and holds for those
/// that follow.
ref statement::compile_node() {
    try {
        const auto ast = checked(PyImport_ImportModule("ast"));
        const auto list = checked(PyList_New(1));
        PyList_SET_ITEM(list.get(), 0, ref{node_}.release());
        const auto tree = checked(PyObject_CallMethod(ast.get(), "Interactive", "O", list.get()));
        const int inherited = flags_.cf_flags & (PyCF_MASK | PyCF_ALLOW_TOP_LEVEL_AWAIT);
        auto code = checked(PyObject_CallFunction(
            PyDict_GetItemString(PyEval_GetBuiltins(), "compile"), "OssiO", tree.get(),
            file_name_.c_str(), "single", inherited, Py_True));
        flags_.cf_flags |= reinterpret_cast<PyCodeObject*>(code.get())->co_flags & PyCF_MASK;
        return code;
    } catch (const python_error&) {
        return {};
    }
}

bool statement::make_code() {
    if (node_) {
        code_ = compile_node();
    } else if (!code_) {
        code_ = compile(source_, code_flags_);
    }
    return static_cast<bool>(code_);
}

}  // namespace backdoor
