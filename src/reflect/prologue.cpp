#include "reflect/prologue.hpp"

#include <array>
#include <cstring>

namespace backdoor::reflect {

namespace {

using code = std::array<unsigned char, 40>;

bool starts_with(const code& bytes, std::size_t at, std::initializer_list<unsigned char> wanted) {
    return at + wanted.size() <= bytes.size() &&
           std::equal(wanted.begin(), wanted.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

std::optional<std::uint64_t> frame_size(const memory& bytes, address function) {
    const auto from = bytes.read<code>(function);
    std::size_t at = starts_with(from, 0, {0xf3, 0x0f, 0x1e, 0xfa}) ? 4 : 0;  // endbr64
    if (!starts_with(from, at, {0x55, 0x48, 0x89, 0xe5})) {
        return std::nullopt;
    }
    std::uint64_t size = 0;
    for (at += 4; at + 7 <= from.size();) {
        if (from[at] >= 0x50 && from[at] <= 0x57) {  // push
            size += sizeof(address);
            ++at;
        } else if (from[at] == 0x41 && from[at + 1] >= 0x50 && from[at + 1] <= 0x57) {
            size += sizeof(address);
            at += 2;
        } else if (starts_with(from, at, {0x48, 0x83, 0xec})) {  // sub $byte, %rsp
            return size + from[at + 3];
        } else if (starts_with(from, at, {0x48, 0x81, 0xec})) {
            std::uint32_t more = 0;
            std::memcpy(&more, &from[at + 3], sizeof more);
            return size + more;
        } else {
            return size;
        }
    }
    return std::nullopt;
}

}  // namespace backdoor::reflect
