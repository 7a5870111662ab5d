#include <backdoor/audit.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace backdoor {

namespace {

constexpr std::array<std::string_view, 11> names = {"listen",  "connect", "refuse",    "login",
                                                    "command", "result",  "interrupt", "overrun",
                                                    "disconnect", "stop",    "change"};

/// How many bytes the UTF-8 character at the start has; 0 where there is none.
std::size_t character_size(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::size_t size = byte(0) < 0x80   ? 1
                             : byte(0) < 0xC2 ? 0
                             : byte(0) < 0xE0 ? 2
                             : byte(0) < 0xF0 ? 3
                             : byte(0) < 0xF5 ? 4
                                              : 0;
    if (size == 0 || size > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) {
            return 0;
        }
    }
    // Too long for what they say, surrogates, and what is beyond Unicode.
    const bool wrong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xED && byte(1) > 0x9F) ||
                       (byte(0) == 0xF0 && byte(1) < 0x90) || (byte(0) == 0xF4 && byte(1) > 0x8F);
    return wrong ? 0 : size;
}

/// Ends a line, to some readers, or turns the order around in which a terminal shows what follows.
bool misleads(std::string_view character) {
    static constexpr std::array<std::string_view, 14> all = {
        "\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b",
        "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"};
    return std::find(all.begin(), all.end(), character) != all.end();
}

/// Of two or three bytes.
unsigned code_point(std::string_view character) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
    return character.size() == 2 ? (byte(0) & 0x1FU) << 6 | (byte(1) & 0x3FU)
                                 : (byte(0) & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
}

void append_escape(std::string& json, unsigned code) {
    std::array<char, 8> escape{};
    std::snprintf(escape.data(), escape.size(), "\\u%04x", code);
    json += escape.data();
}

void append_string(std::string& json, std::string_view text) {
    json += '"';
    while (!text.empty()) {
        const auto first = static_cast<unsigned char>(text[0]);
        const auto size = character_size(text);
        if (size == 0) {
            append_escape(json, 0xFFFD);
        } else if (first == '"' || first == '\\') {
            (json += '\\') += text[0];
        } else if (first == '\n') {
            json += "\\n";
        } else if (first < 0x20 || first == 0x7F) {
            append_escape(json, first);
        } else if ((first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0) ||
                   misleads(text.substr(0, size))) {
            append_escape(json, code_point(text.substr(0, size)));  // control characters too
        } else {
            json += text.substr(0, size);
        }
        text.remove_prefix(size == 0 ? 1 : size);
    }
    json += '"';
}

std::string show(std::chrono::system_clock::time_point time) {
    using namespace std::chrono;
    const auto whole = floor<seconds>(time);
    const std::time_t number = system_clock::to_time_t(whole);
    std::tm utc{};
    gmtime_r(&number, &utc);
    std::array<char, 32> date{};
    const auto length = std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    std::array<char, 16> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%06dZ",
                  static_cast<int>(duration_cast<microseconds>(time - whole).count()));
    return std::string{date.data(), length} + fraction.data();
}

std::string show(std::chrono::microseconds time) {
    std::array<char, 40> seconds{};
    std::snprintf(seconds.data(), seconds.size(), "%lld.%06lld",
                  static_cast<long long>(time.count() / 1'000'000),
                  static_cast<long long>(time.count() % 1'000'000));
    return seconds.data();
}

/// The longest beginning of at most that many bytes that ends with a whole character.
std::string_view cut(std::string_view text, std::size_t size) {
    while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
        --size;
    }
    return text.substr(0, size);
}

}  // namespace

std::string_view name_of(audit_event::kind what) { return names.at(static_cast<std::size_t>(what)); }

std::string to_json(const audit_event& event, std::size_t max_text) {
    std::string json = R"({"time":")" + show(event.time) + R"(","event":")";
    json += name_of(event.what);
    json += '"';
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) {
            append_string((json += ",\"").append(name) += "\":", value);
        }
    };
    add("server", event.server);
    if (event.session != 0) {
        json += ",\"session\":" + std::to_string(event.session);
    }
    add("peer", event.peer);
    add("user", event.user);
    add("text", cut(event.text, max_text));
    if (event.text.size() > max_text) {
        json += ",\"cut\":" + std::to_string(event.text.size());
    }
    if (event.what == audit_event::kind::result) {
        json += ",\"seconds\":" + show(event.took);
    }
    return json += '}';
}

}  // namespace backdoor
