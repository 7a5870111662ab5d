#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace backdoor::frames {

// The protocol of the `backdoor` client. A frame is its type, one byte, the size of its payload,
// four bytes, the most significant first, and the payload.

inline constexpr unsigned version = 1;
inline constexpr std::size_t header_size = 5;
inline constexpr std::size_t max_payload = 64 * 1024;

enum class type : unsigned char {
    // Of the client.
    hello = 'H',         // fields: token. The first; welcome is its answer
    source = 'S',        // a piece of what run is to run
    run = 'R',           // fields: kind, name, argument...; ended is its answer
    past = 'Y',          // a piece of the blocks typed before, each with a zero byte behind it
    prompt = 'P',        // fields: terminal, colour, quiet, history. From now on it is interactive;
                         // history: the blocks it knows are those of past, and new ones are told
    input = 'I',         // for the program, which has asked for it, or typed at the prompt
    end_of_input = 'Z',  // in place of input
    interrupt = 'C',
    window_size = 'W',   // columns and rows, two bytes each

    // Of the server.
    welcome = 'h',       // fields: pid, program
    output = 'O',
    error_output = 'E',
    wants_input = 'N',   // the program reads, and there is nothing
    typed = 'B',         // a piece of new blocks, as past
    ended = 'X',         // the program, or the interactive console: its exit status, one byte
};

struct frame {
    frames::type type{};
    std::string payload;
    bool operator==(const frame&) const = default;
};

// Appends a frame to `out`; where the payload is too large for one, several. Of an empty payload
// too there is one.
void append(std::string& out, type what, std::string_view payload = {});

struct window_size {
    std::uint16_t columns = 0;
    std::uint16_t rows = 0;
    bool operator==(const window_size&) const = default;
};

std::string encode(window_size size);
// Nothing that is no window's size becomes one: false.
bool decode(std::string_view payload, window_size& size);

}  // namespace backdoor::frames
