#include "frames/frame.hpp"

#include <algorithm>

namespace backdoor::frames {

namespace {

void append_number(std::string& out, std::size_t number, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>(number >> shift & 0xff));
    }
}

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    return static_cast<std::uint16_t>(byte(at) << 8 | byte(at + 1));
}

}  // namespace

void append(std::string& out, type what, std::string_view payload) {
    do {
        const auto part = payload.substr(0, max_payload);
        out.reserve(out.size() + header_size + part.size());  // a whole frame, or none of it
        out.push_back(static_cast<char>(what));
        append_number(out, part.size(), 4);
        out.append(part);
        payload.remove_prefix(part.size());
    } while (!payload.empty());
}

std::string encode(window_size size) {
    std::string payload;
    append_number(payload, size.columns, 2);
    append_number(payload, size.rows, 2);
    return payload;
}

bool decode(std::string_view payload, window_size& size) {
    if (payload.size() != 4) {
        return false;
    }
    size = {number_at(payload, 0), number_at(payload, 2)};
    return true;
}

}  // namespace backdoor::frames
