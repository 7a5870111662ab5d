#include "notation.hpp"

#include <cstddef>
#include <stdexcept>
#include <variant>

namespace backdoor::telnet::test {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

void append_hex(std::string& out, char byte) {
    const auto value = static_cast<unsigned char>(byte);
    out += digits[value / 16];
    out += digits[value % 16];
}

char parse_hex(std::string_view two) {
    const std::size_t high = digits.find(two.at(0));
    const std::size_t low = digits.find(two.at(1));
    if (high > 15 || low > 15)
        throw std::invalid_argument("not hexadecimal: " + std::string(two));
    return static_cast<char>(high * 16 + low);
}

struct describer {
    std::string operator()(const data& d) const { return std::string("data ") + quote(d.bytes); }
    std::string operator()(control c) const {
        switch (c) {
            case control::interrupt:
                return "interrupt";
            case control::end_of_file:
                return "end-of-file";
            case control::suspend:
                return "suspend";
            case control::abort:
                return "abort";
            case control::erase_character:
                return "erase-character";
            case control::erase_line:
                return "erase-line";
        }
        return "?";
    }
    std::string operator()(const window_size& w) const {
        return std::string("window ") + std::to_string(w.columns) + " " + std::to_string(w.rows);
    }
    std::string operator()(const terminal_type& t) const { return "terminal " + t.name; }
    std::string operator()(const mode_changed& m) const {
        return m.character_mode ? "mode character" : "mode line";
    }
    std::string operator()(const peer_is_telnet&) const { return "telnet"; }
};

}  // namespace

std::string hex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ') {
            ++i;
        } else {
            bytes += parse_hex(text.substr(i, 2));
            i += 2;
        }
    }
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes) {
        if (!out.empty())
            out += ' ';
        append_hex(out, byte);
    }
    return out;
}

std::string quote(std::string_view bytes) {
    std::string out = "\"";
    for (const char c : bytes) {
        if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c < ' ' || c > '~') {
            out += "\\x";
            append_hex(out, c);
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string unquote(std::string_view quoted) {
    if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"')
        throw std::invalid_argument("not quoted: " + std::string(quoted));
    quoted = quoted.substr(1, quoted.size() - 2);
    std::string out;
    for (std::size_t i = 0; i < quoted.size(); ++i) {
        if (quoted[i] != '\\') {
            out += quoted[i];
            continue;
        }
        const char c = quoted.at(++i);
        if (c == 'x') {
            out += parse_hex(quoted.substr(i + 1, 2));
            i += 2;
        } else {
            out += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
        }
    }
    return out;
}

std::vector<event> join(const std::vector<event>& events) {
    std::vector<event> joined;
    for (const event& e : events) {
        const auto* more = std::get_if<data>(&e);
        auto* last = joined.empty() ? nullptr : std::get_if<data>(&joined.back());
        if (more && last)
            last->bytes += more->bytes;
        else
            joined.push_back(e);
    }
    return joined;
}

lines describe(const std::vector<event>& events) {
    lines out;
    for (const event& e : join(events))
        out.push_back(std::visit(describer{}, e));
    return out;
}

}  // namespace backdoor::telnet::test
