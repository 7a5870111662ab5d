#include "editor/highlighter.hpp"

#include <algorithm>

#include "editor/python_names.hpp"

namespace backdoor::editor {
namespace {

constexpr int max_nested_fields = 16;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c) ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_string_prefix(std::string_view name) {
    constexpr std::string_view letters = "rRbBuUfFtT";
    return name.size() <= 2 && name.find_first_not_of(letters) == std::string_view::npos;
}

bool has_fields(std::string_view prefix) {
    return prefix.find_first_of("fFtT") != std::string_view::npos;
}

class lexer {
public:
    explicit lexer(std::string_view text) : text_(text) {}

    std::vector<span> run() {
        while (at_ < text_.size())
            code();
        return std::move(spans_);
    }

private:
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void add(std::size_t begin, token kind) {
        if (begin < at_)
            spans_.push_back({begin, at_, kind});
    }

    // One token of code.
    void code() {
        const char c = peek();
        if (c == '\n') {
            ++at_;
            line_start_ = true;
            wants_definition_ = false;
        } else if (c == ' ' || c == '\t') {
            ++at_;
        } else if (c == '#') {
            const std::size_t begin = at_;
            at_ = std::min(text_.find('\n', at_), text_.size());
            add(begin, token::comment);
        } else if (c == '"' || c == '\'') {
            string(at_, false);
        } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
            number();
        } else if (is_name(c)) {
            name();
        } else if (c == '@' && line_start_) {
            decorator();
        } else {
            ++at_;
            after_dot_ = c == '.';
            wants_definition_ = false;
            line_start_ = c == ';' || (line_start_ && c == '\\');
        }
    }

    void name() {
        const std::size_t begin = at_;
        while (is_name(peek()))
            ++at_;
        const std::string_view word = text_.substr(begin, at_ - begin);
        if ((peek() == '"' || peek() == '\'') && is_string_prefix(word)) {
            string(begin, has_fields(word));
            return;
        }
        if (wants_definition_) {
            add(begin, token::definition);
            wants_definition_ = false;
        } else if (is_python_keyword(word)) {
            add(begin, token::keyword);
            wants_definition_ = word == "def" || word == "class";
        } else if (line_start_ && is_python_soft_keyword(word) && begins_operand()) {
            add(begin, token::keyword);
        } else if (!after_dot_ && is_python_builtin(word)) {
            add(begin, token::builtin);
        }
        after_dot_ = line_start_ = false;
    }

    // `match x`, but not `match = x` or `match in x`.
    bool begins_operand() const {
        std::size_t at = at_;
        while (at < text_.size() && text_[at] == ' ')
            ++at;
        if (at == at_ || at == text_.size())
            return false;
        const char c = text_[at];
        if (!is_name(c))
            return c == '"' || c == '\'' || c == '(' || c == '[' || c == '{';
        std::size_t end = at;
        while (end < text_.size() && is_name(text_[end]))
            ++end;
        const std::string_view word = text_.substr(at, end - at);
        return !is_python_keyword(word) || word == "None" || word == "True" || word == "False" ||
               word == "not" || word == "lambda" || word == "await";
    }

    void number() {
        const std::size_t begin = at_;
        const bool hexadecimal = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
        while (is_name(peek()) || peek() == '.') {
            const char c = text_[at_++];
            if (!hexadecimal && (c == 'e' || c == 'E') && (peek() == '+' || peek() == '-'))
                ++at_;
        }
        add(begin, token::number);
        after_dot_ = line_start_ = wants_definition_ = false;
    }

    void decorator() {
        const std::size_t begin = at_++;
        while (is_name(peek()) || peek() == '.')
            ++at_;
        add(begin, token::definition);
        after_dot_ = line_start_ = false;
    }

    // From the opening quote on; the span begins at the prefix. A string that ends at the end of
    // its line is a mistake, or not yet complete.
    void string(std::size_t begin, bool fields) {
        after_dot_ = line_start_ = wants_definition_ = false;
        const char quote = peek();
        const bool triple = peek(1) == quote && peek(2) == quote;
        at_ += triple ? 3 : 1;
        while (at_ < text_.size()) {
            const char c = peek();
            const bool escapes = c == '\\' && at_ + 1 < text_.size();
            if (escapes || (c == '{' && fields && peek(1) == '{')) {
                at_ += 2;
            } else if (c == '\n' && !triple) {
                break;
            } else if (c == quote && (!triple || (peek(1) == quote && peek(2) == quote))) {
                at_ += triple ? 3 : 1;
                break;
            } else if (c == '{' && fields && depth_ < max_nested_fields) {
                ++at_;
                add(begin, token::string);
                ++depth_;
                field(triple);
                --depth_;
                begin = at_;
            } else {
                ++at_;
            }
        }
        add(begin, token::string);
    }

    // The code between the braces of an f-string; its format is string again.
    void field(bool triple) {
        int brackets = 0;
        while (at_ < text_.size()) {
            const char c = peek();
            if ((c == '\n' && !triple) || (brackets == 0 && c == '}'))
                return;
            if (brackets == 0 && c == ':') {
                format(triple);
                return;
            }
            if (c == '(' || c == '[' || c == '{')
                ++brackets;
            else if ((c == ')' || c == ']' || c == '}') && brackets > 0)
                --brackets;
            line_start_ = false;
            code();
        }
    }

    void format(bool triple) {
        std::size_t begin = at_;
        while (at_ < text_.size() && peek() != '}' && (peek() != '\n' || triple)) {
            const bool nested = peek() == '{' && depth_ < max_nested_fields;
            ++at_;
            if (!nested)
                continue;
            add(begin, token::string);
            ++depth_;
            field(triple);
            --depth_;
            begin = at_;
            if (peek() == '}')
                ++at_;
        }
        add(begin, token::string);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<span> spans_;
    bool line_start_ = true;
    bool after_dot_ = false;
    bool wants_definition_ = false;
    int depth_ = 0;
};

}  // namespace

std::vector<span> python_highlighter::highlight(std::string_view text) const {
    return lexer(text).run();
}

}  // namespace backdoor::editor
