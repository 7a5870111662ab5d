#include "ssh/authorized_keys.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace backdoor::ssh {

namespace {

// No certificates: they need an authority, which this file can name, and lists of revoked ones. No
// keys on hardware tokens: libssh does not tell whether the token was touched. No DSA.
constexpr std::array<std::string_view, 5> key_types = {
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"};

constexpr std::array<std::string_view, 8> options_without_effect = {
    "port-forwarding", "no-port-forwarding", "agent-forwarding", "no-agent-forwarding",
    "x11-forwarding",  "no-x11-forwarding",  "user-rc",          "no-user-rc"};

constexpr std::string_view blanks = " \t";

std::string lower(std::string_view text) {
    std::string result{text};
    for (char& c : result) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return result;
}

template <class List>
bool contains(const List& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

std::string_view without_blanks_before(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(blanks), text.size()));
}

/// Takes the first word, and the blanks behind it.
std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find_first_of(blanks), text.size());
    const auto word = text.substr(0, end);
    text = without_blanks_before(text.substr(end));
    return word;
}

// ---- options ----------------------------------------------------------------------------------

/// One of a list: name, or name="value".
struct option {
    std::string name;
    std::optional<std::string> value;
};

/// Takes the option in front, and the comma behind it. None where it is malformed.
std::optional<option> take_option(std::string_view& text) {
    option one;
    const auto end = std::min(text.find_first_of(",= \t"), text.size());
    one.name = lower(text.substr(0, end));
    text.remove_prefix(end);
    if (text.starts_with('=')) {
        text.remove_prefix(1);
        if (!text.starts_with('"')) {
            return std::nullopt;
        }
        text.remove_prefix(1);
        one.value.emplace();
        while (!text.empty() && text[0] != '"') {
            if (text.starts_with("\\\"")) {
                text.remove_prefix(1);
            }
            *one.value += text[0];
            text.remove_prefix(1);
        }
        if (text.empty()) {
            return std::nullopt;
        }
        text.remove_prefix(1);
    }
    if (text.starts_with(',')) {
        text.remove_prefix(1);
        return text.empty() || blanks.find(text[0]) != blanks.npos ? std::nullopt
                                                                   : std::optional{one};
    }
    return text.empty() || blanks.find(text[0]) != blanks.npos ? std::optional{one} : std::nullopt;
}

/// YYYYMMDD, or with HHMM or HHMMSS behind it; local time, or with a Z UTC.
std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
    const bool utc = text.ends_with('Z') || text.ends_with('z');
    text.remove_suffix(utc ? 1 : 0);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if ((text.size() != 8 && text.size() != 12 && text.size() != 14) ||
        !std::all_of(text.begin(), text.end(), is_digit)) {
        return std::nullopt;
    }
    const auto field = [&](std::size_t at, std::size_t size) {
        int value = 0;
        for (const char c : text.substr(std::min(at, text.size()), size)) {
            value = value * 10 + (c - '0');
        }
        return value;
    };
    std::tm time{};
    time.tm_year = field(0, 4) - 1900;
    time.tm_mon = field(4, 2) - 1;
    time.tm_mday = field(6, 2);
    time.tm_hour = field(8, 2);
    time.tm_min = field(10, 2);
    time.tm_sec = field(12, 2);
    time.tm_isdst = -1;
    const auto given = time;
    const std::time_t seconds = utc ? timegm(&time) : std::mktime(&time);
    // What it has made another date of is none, as the 30th of February. At a change of clocks the
    // hour may be another.
    if (time.tm_year != given.tm_year || time.tm_mon != given.tm_mon ||
        time.tm_mday != given.tm_mday || given.tm_hour > 23 || given.tm_min > 59 ||
        given.tm_sec > 59) {
        return std::nullopt;
    }
    return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

/// Empty; or why this option makes the line useless.
std::string apply(const option& one, authorized_key& key) {
    const auto set_once = [&](std::optional<std::string>& field) -> std::string {
        if (!one.value) {
            return one.name + " has no value; write " + one.name + "=\"...\"";
        }
        if (field) {
            return one.name + " stands there twice";
        }
        field = one.value;
        return {};
    };
    if (one.name == "from") {
        return set_once(key.from);
    }
    if (one.name == "command") {
        return set_once(key.command);
    }
    if (one.name == "expiry-time") {
        const auto time = one.value ? parse_time(*one.value) : std::nullopt;
        if (!time) {
            return "expiry-time is no time; write \"YYYYMMDD\" or \"YYYYMMDDHHMMZ\"";
        }
        // Of several the first to come counts, as in sshd.
        key.expires = key.expires ? std::min(*key.expires, *time) : *time;
        return {};
    }
    if (one.name == "permitopen" || one.name == "permitlisten") {
        return {};
    }
    if (one.value) {
        return "option '" + one.name + "' is not known here, or has no value";
    }
    if (one.name == "restrict" || one.name == "no-pty") {
        key.terminal = false;
    } else if (one.name == "pty") {
        key.terminal = true;
    } else if (!contains(options_without_effect, one.name)) {
        return "option '" + one.name + "' is not known here";
    }
    return {};
}

/// Takes the options in front, and the blanks behind them. Empty; or what is wrong with them.
std::string take_options(std::string_view& text, authorized_key& key) {
    while (!text.empty() && blanks.find(text[0]) == blanks.npos) {
        const auto one = take_option(text);
        if (!one) {
            return "its options are malformed, or its key is of no known kind";
        }
        if (auto problem = apply(*one, key); !problem.empty()) {
            return problem;
        }
    }
    text = without_blanks_before(text);
    return {};
}

// ---- lines ------------------------------------------------------------------------------------

bool begins_with_key_type(std::string_view text) { return contains(key_types, take_word(text)); }

/// Empty; or why it lets nobody in.
std::string parse_line(std::string_view text, authorized_key& key) {
    if (!begins_with_key_type(text)) {
        if (auto problem = take_options(text, key); !problem.empty()) {
            return problem;
        }
    }
    key.type = take_word(text);
    if (!contains(key_types, key.type)) {
        return "keys of kind '" + key.type + "' are not taken; use ssh-ed25519";
    }
    key.blob = take_word(text);
    if (key.blob.empty()) {
        return "there is no key";
    }
    key.comment = text.substr(0, text.find_last_not_of(blanks) + 1);
    return {};
}

}  // namespace

authorized_keys parse_authorized_keys(std::string_view text) {
    authorized_keys found;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        line = without_blanks_before(line);
        if (line.empty() || line[0] == '#') {
            continue;
        }
        authorized_key key;
        key.line = number;
        if (auto problem = parse_line(line, key); problem.empty()) {
            found.keys.push_back(std::move(key));
        } else {
            found.rejected.push_back({number, std::move(problem)});
        }
    }
    return found;
}

}  // namespace backdoor::ssh
