#include "session/opening.hpp"

#include <algorithm>
#include <array>

namespace backdoor {

namespace {

struct opening {
    std::string_view begins_with;
    std::string_view protocol;
};

// None of these is the beginning of a statement that Python would run.
constexpr std::array<opening, 18> openings = {{
    {"PRI * ", "HTTP"},
    {"SSH-", "SSH"},
    {"EHLO ", "SMTP"},
    {"HELO ", "SMTP"},
    {"MAIL FROM:", "SMTP"},
    {"USER ", "FTP"},
    {"NICK ", "IRC"},
    {"PROXY TCP", "the PROXY protocol"},
    {"PROXY UNKNOWN", "the PROXY protocol"},
    {"RFB 00", "VNC"},
    {"@RSYNCD:", "rsync"},
    {"JDWP-Handshake", "JDWP"},
    {{"AMQP\0", 5}, "AMQP"},
    {{"JRMI\0", 5}, "Java RMI"},
    {"<?xml", "XML"},
    {"<stream", "XMPP"},
    {"$MyNick ", "Direct Connect"},
    {"\x80\x80\x01\x03", "TLS"},
}};

/// Of an HTTP method, which a page of the same origin, as after DNS rebinding, chooses freely.
bool is_token(std::string_view word) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

/// "METHOD target NAME/version": of HTTP, and of all that were modelled on it.
std::string_view request_protocol(std::string_view line) {
    static constexpr std::array<opening, 4> kinds = {
        {{" HTTP/", "HTTP"}, {" RTSP/", "RTSP"}, {" SIP/", "SIP"}, {" ICAP/", "ICAP"}}};
    const auto method_ends = line.find(' ');
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (method_ends == std::string_view::npos) {
        return {};
    }
    const auto method = line.substr(0, method_ends);
    const bool has_path = line.substr(method_ends).starts_with(" /");
    if (!is_token(method) ||
        !(has_path || std::all_of(method.begin(), method.end(), is_upper))) {
        return {};
    }
    for (const auto& kind : kinds) {
        if (line.find(kind.begins_with, method_ends) != std::string_view::npos) {
            return kind.protocol;
        }
    }
    return {};
}

/// "*3", "$4": Redis, whose clients a web page or a cache can be made to be.
bool is_redis(std::string_view line) {
    const auto end = line.find_last_not_of("\r\n");
    return line.size() >= 2 && (line[0] == '*' || line[0] == '$') && end != 0 &&
           end != std::string_view::npos &&
           std::all_of(line.begin() + 1, line.begin() + static_cast<std::ptrdiff_t>(end) + 1,
                       [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool may_be_request(std::string_view beginning) {
    const auto method = beginning.substr(0, beginning.find(' '));
    const auto rest = beginning.substr(method.size());
    return is_token(method) && (rest.size() <= 1 || rest.starts_with(" /"));
}

std::string_view foreign_protocol(std::string_view first_line) {
    if (const auto protocol = request_protocol(first_line); !protocol.empty()) {
        return protocol;
    }
    for (const auto& one : openings) {
        if (first_line.starts_with(one.begins_with)) {
            return one.protocol;
        }
    }
    if (first_line.starts_with("\x16\x03")) {
        return "TLS";
    }
    if (is_redis(first_line)) {
        return "Redis";
    }
    // Python refuses it in any source, and nearly all that is not text has some soon.
    return first_line.find('\0') != std::string_view::npos ? "binary data" : std::string_view{};
}

}  // namespace backdoor
