#include "reflect/std_parts.hpp"
#include "reflect/std_values.hpp"

namespace backdoor::reflect {

namespace {

constexpr std::uint64_t longest_string = 16 * 1024 * 1024;

void append_utf8(std::string& text, std::uint32_t point) {
    if (point < 0x80) {
        text += static_cast<char>(point);
        return;
    }
    const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    constexpr std::uint32_t first[] = {0, 0xC0, 0xE0, 0xF0};
    text += static_cast<char>(first[more] | (point >> (6 * more)));
    for (int i = more; i-- > 0;) {
        text += static_cast<char>(0x80 | ((point >> (6 * i)) & 0x3FU));
    }
}

std::string characters(inspector& with, address data, std::uint64_t length, std::uint64_t width) {
    if (length > longest_string / width) {
        throw inconsistent{"a string that claims to have " + std::to_string(length) +
                           " characters: uninitialized, or just being changed"};
    }
    auto bytes = with.bytes().read_bytes(data, length * width);
    if (width == 1) {
        return bytes;
    }
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += width) {
        std::uint32_t unit = 0;
        bytes.copy(reinterpret_cast<char*>(&unit), width, i);
        if (width == 2 && unit >= 0xD800 && unit < 0xDC00 && i + 2 * width <= bytes.size()) {
            std::uint16_t low = 0;
            bytes.copy(reinterpret_cast<char*>(&low), 2, i += 2);
            unit = 0x10000 + ((unit & 0x3FFU) << 10U) + (low & 0x3FFU);
        }
        append_utf8(text, unit & 0x1FFFFFU);
    }
    return text;
}

/// clang leaves std::string declared only, its library having it ready made.
std::uint64_t character_width(const type& of) {
    return of.is_complete ? argument(of, 0).size : sizeof(char);
}

}  // namespace

content read_string(inspector& with, const type& of, const object& at) {
    if (!of.is_complete && of.name().find("<char") == std::string::npos) {
        require_complete(of);
    }
    const auto width = character_width(of);
    if (!is_libcxx(of)) {
        require_size(of, 32);
        const auto head = with.bytes().read<std::array<std::uint64_t, 2>>(at.at);
        return characters(with, head[0], head[1], width);
    }
    require_size(of, 24);
    const auto first = with.bytes().read<unsigned char>(at.at);
    if ((first & 1U) == 0) {
        return characters(with, at.at + width, first >> 1U, width);
    }
    const auto head = with.bytes().read<std::array<std::uint64_t, 3>>(at.at);
    return characters(with, head[2], head[1], width);
}

content read_string_view(inspector& with, const type& of, const object& at) {
    require_size(of, 16);
    const auto head = with.bytes().read<std::array<std::uint64_t, 2>>(at.at);
    const bool length_first = !is_libcxx(of);
    return characters(with, head[length_first ? 1 : 0], head[length_first ? 0 : 1],
                      character_width(of));
}

content read_path(inspector& with, const type& of, const object& at) {
    for (const auto& one : with.members(at)) {
        if (one.member->name == "_M_pathname" || one.member->name == "__pn_") {
            return with.read(one.what);
        }
    }
    return view{{&of, at.at}, shape::record};
}

}  // namespace backdoor::reflect
