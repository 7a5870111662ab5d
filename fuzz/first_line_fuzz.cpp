// What reads the text of those that have not shown a token yet: the look at who they are, the token,
// the lines. The first byte says in how big pieces the rest comes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "session/line_splitter.hpp"
#include "session/opening.hpp"
#include "session/token_check.hpp"

using namespace backdoor;

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

constexpr std::string_view token = "0123456789abcdef";
constexpr std::size_t max_line = 200;

struct entry {
    token_check::verdict verdict = token_check::verdict::more;
    std::string rest;
};

entry log_in(std::string_view bytes, std::size_t piece) {
    token_check check{token};
    entry e;
    while (!bytes.empty()) {
        auto some = bytes.substr(0, piece);
        bytes.remove_prefix(some.size());
        e.verdict = check.receive(some);
        if (e.verdict != token_check::verdict::more) {
            e.rest = std::string{some} + std::string{bytes};
            break;
        }
    }
    return e;
}

struct typed {
    std::string lines;
    std::size_t too_long = 0;
    bool ended = false;
};

typed split(std::string_view bytes, std::size_t piece) {
    line_splitter splitter{max_line};
    typed t;
    while (!bytes.empty() && !t.ended) {
        auto some = bytes.substr(0, piece);
        bytes.remove_prefix(some.size());
        while (!some.empty() && !t.ended) {
            const auto before = some.size();
            const auto stop = splitter.receive(some, t.lines);
            t.too_long += stop == line_splitter::stop::too_long ? 1 : 0;
            t.ended = stop == line_splitter::stop::end;
            require(some.size() < before || stop == line_splitter::stop::too_long);
        }
    }
    require(splitter.take_rest().size() <= max_line);
    return t;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::size_t piece = 1 + data[0] % 64;
    const std::string bytes{reinterpret_cast<const char*>(data + 1), size - 1};

    // Who has been recognised by a line is so whatever ends it.
    const auto line = bytes.substr(0, bytes.find('\n'));
    const auto protocol = foreign_protocol(line);
    if (!protocol.empty())
        require(!foreign_protocol(line + "\r").empty());
    require(line.find('\0') == std::string::npos || !protocol.empty());

    const auto whole = log_in(bytes, bytes.size() + 1);
    const auto pieces = log_in(bytes, piece);
    require(whole.verdict == pieces.verdict);
    const bool right = line == token || line == std::string{token} + "\r";
    const bool complete = bytes.find('\n') != std::string::npos;
    require((whole.verdict == token_check::verdict::right) == (right && complete));
    if (right && complete) {
        require(whole.rest == bytes.substr(line.size() + 1));
        require(pieces.rest == whole.rest);
    }

    // An interrupt drops the lines that have not been delivered: those of its own piece.
    if (bytes.find('\x03') == std::string::npos) {
        const auto at_once = split(bytes, bytes.size() + 1);
        const auto in_pieces = split(bytes, piece);
        require(at_once.lines == in_pieces.lines);
        require(at_once.too_long == in_pieces.too_long);
        require(at_once.ended == in_pieces.ended);
    } else {
        split(bytes, piece);
    }
    return 0;
}
