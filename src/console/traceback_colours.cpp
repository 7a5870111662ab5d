#include "console/traceback_colours.hpp"

#include <algorithm>
#include <cstddef>

namespace backdoor {

namespace {

constexpr std::string_view magenta = "\x1b[35m";
constexpr std::string_view bold_magenta = "\x1b[1;35m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view bold_red = "\x1b[1;31m";
constexpr std::string_view plain = "\x1b[0m";

void put(std::string& out, std::string_view colour, std::string_view text) {
    if (!text.empty()) {
        ((out += colour) += text) += plain;
    }
}

/// What stands before the lines of an exception in a group.
std::size_t margin_of(std::string_view line) {
    std::size_t end = 0;
    for (std::size_t at = 0; at + 1 < line.size() && line.substr(at).starts_with("  "); at += 2) {
        if (at + 2 < line.size() && (line[at + 2] == '|' || line[at + 2] == '+')) {
            end = at + 4;
            at += 2;
        }
    }
    return std::min(end, line.size());
}

/// `  File "f.py", line 1, in f`
bool put_place(std::string_view line, std::string& out) {
    constexpr std::string_view file = "  File \"";
    constexpr std::string_view number = "\", line ";
    constexpr std::string_view name = ", in ";
    const auto file_ends = line.rfind(number);
    if (!line.starts_with(file) || file_ends == std::string_view::npos) {
        return false;
    }
    const auto number_begins = file_ends + number.size();
    const auto number_ends = std::min(line.find(name, number_begins), line.size());
    out += line.substr(0, file.size() - 1);
    put(out, magenta, line.substr(file.size() - 1, file_ends + 1 - (file.size() - 1)));
    out += number.substr(1);
    put(out, magenta, line.substr(number_begins, number_ends - number_begins));
    if (number_ends < line.size()) {
        out += name;
        put(out, magenta, line.substr(number_ends + name.size()));
    }
    return true;
}

bool is_of_carets(std::string_view line) {
    return line.find_first_not_of(" ~^") == std::string_view::npos &&
           line.find_first_of("~^") != std::string_view::npos;
}

/// The code that is marked and its marks, each in the mark's colour. Columns are code points.
void put_marked(std::string_view code, std::string_view carets, std::string& out) {
    std::string marks;
    std::size_t mark = 0;
    std::string_view now = plain;
    for (std::size_t at = 0; at < code.size(); ++mark) {
        std::size_t end = at + 1;
        while (end < code.size() && (static_cast<unsigned char>(code[end]) & 0xc0) == 0x80) {
            ++end;
        }
        const char under = mark < carets.size() ? carets[mark] : ' ';
        const auto wanted = under == '^' ? bold_red : under == '~' ? red : plain;
        if (wanted != now) {
            out += now != plain && wanted != plain ? plain : std::string_view{};
            out += wanted;
            now = wanted;
        }
        out += code.substr(at, end - at);
        at = end;
    }
    if (now != plain) {
        out += plain;
    }
    out += '\n';
    for (std::size_t at = 0; at < carets.size();) {
        const auto end = std::min(carets.find_first_not_of(carets[at], at), carets.size());
        const auto run = carets.substr(at, end - at);
        run[0] == ' ' ? void(out += run) : put(out, run[0] == '^' ? bold_red : red, run);
        at = end;
    }
}

/// `ValueError: text`, whose text may have colons too.
bool put_error(std::string_view line, std::string& out) {
    if (line.empty() || line[0] == ' ' || line.ends_with(":") || line.starts_with("During handling") ||
        line.starts_with("The above exception")) {
        return false;
    }
    const auto type_ends = line.find_first_not_of(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.<>");
    if (type_ends == std::string_view::npos) {
        put(out, bold_magenta, line);
        return true;
    }
    if (type_ends == 0 || line.substr(type_ends, 2) != ": ") {
        return false;
    }
    put(out, bold_magenta, line.substr(0, type_ends));
    out += ": ";
    put(out, magenta, line.substr(type_ends + 2));
    return true;
}

std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

}  // namespace

std::string in_colours(std::string_view traceback) {
    std::string out;
    bool error_may_follow = true;  // the lines of its text are no errors
    while (!traceback.empty()) {
        auto line = take_line(traceback);
        const auto margin = margin_of(line);
        out += line.substr(0, margin);
        line.remove_prefix(margin);
        const auto below = traceback.substr(0, traceback.find('\n'));
        const auto carets = below.substr(std::min(margin, below.size()));
        if (line.starts_with("    ") && is_of_carets(carets)) {
            take_line(traceback);
            std::string marked;
            put_marked(line, carets, marked);
            const auto end = marked.find('\n') + 1;
            (out += marked.substr(0, end)) += below.substr(0, margin);
            out += marked.substr(end);
        } else if (!put_place(line, out) && !(error_may_follow && put_error(line, out))) {
            out += line;
        }
        error_may_follow = line.empty() || line[0] == ' ' || line[0] == '+' || line.ends_with(':');
        out += '\n';
    }
    return out;
}

}  // namespace backdoor
