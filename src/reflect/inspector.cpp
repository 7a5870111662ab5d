#include "reflect/inspector.hpp"

#include "reflect/std_values.hpp"

#include <algorithm>
#include <cstring>

namespace backdoor::reflect {

namespace {

constexpr int max_depth = 32;  // of bases and anonymous members; damaged files may have rings
constexpr std::size_t longest_text = 4096;

std::uint64_t mask(unsigned bits) { return bits >= 64 ? ~0ULL : (1ULL << bits) - 1; }

std::int64_t sign_extended(std::uint64_t value, unsigned bits) {
    if (bits == 0 || bits >= 64) {
        return static_cast<std::int64_t>(value);
    }
    const auto sign = 1ULL << (bits - 1);
    return static_cast<std::int64_t>((value ^ sign) - sign);
}

/// Little or big endian as the machine is: at most eight bytes, or the bits of a field within them.
std::uint64_t read_bits(const memory& bytes, const object& at, std::size_t size) {
    if (at.bit_size == 0) {
        std::uint64_t value = 0;
        bytes.read(at.at, &value, std::min(size, sizeof value));
        return value;
    }
    std::uint64_t value = 0;
    const auto width = (at.bit_offset + at.bit_size + 7) / 8;
    bytes.read(at.at, &value, std::min<std::size_t>(width, sizeof value));
    return (value >> at.bit_offset) & mask(at.bit_size);
}

std::string utf8(std::uint64_t point) {
    std::string text;
    const auto add = [&](std::uint64_t byte) { text += static_cast<char>(byte); };
    if (point < 0x80) {
        add(point);
    } else if (point < 0x800) {
        add(0xC0 | (point >> 6U));
        add(0x80 | (point & 0x3FU));
    } else if (point < 0x10000) {
        add(0xE0 | (point >> 12U));
        add(0x80 | ((point >> 6U) & 0x3FU));
        add(0x80 | (point & 0x3FU));
    } else {
        add(0xF0 | ((point >> 18U) & 7U));
        add(0x80 | ((point >> 12U) & 0x3FU));
        add(0x80 | ((point >> 6U) & 0x3FU));
        add(0x80 | (point & 0x3FU));
    }
    return text;
}

wide_integer wide(const memory& bytes, const object& at, bool is_signed) {
    const auto both = bytes.read<std::array<std::uint64_t, 2>>(at.at);
    wide_integer result{false, both[1], both[0]};
    if (is_signed && (both[1] >> 63U) != 0) {
        result.is_negative = true;
        result.low = ~both[0] + 1;
        result.high = ~both[1] + (result.low == 0 ? 1 : 0);
    }
    return result;
}

bool is_plain_char(const type* of) {
    const auto* const bare = of != nullptr ? of->bare() : nullptr;
    return bare != nullptr && bare->kind == type_kind::character && bare->size == 1;
}

}  // namespace

std::string hexadecimal(address at) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(at));
    return text;
}

void require_complete(const type& of) {
    if (!of.is_complete) {
        throw not_available{of.short_name() +
                            " is only declared in the debug information: the file that defines it "
                            "was compiled without -g (or by clang without -fstandalone-debug)"};
    }
}

// ---- values -----------------------------------------------------------------------------------

content inspector::read(const object& of) {
    const auto* const bare = of.of != nullptr ? of.of->bare() : nullptr;
    if (bare == nullptr) {
        throw not_available{"a void has no value"};
    }
    switch (bare->kind) {
        case type_kind::boolean:
            return read_bits(memory_, of, bare->size) != 0;
        case type_kind::character:
            return utf8(read_bits(memory_, of, bare->size));
        case type_kind::integer:
        case type_kind::unsigned_integer:
        case type_kind::floating:
            return read_number(*bare, of);
        case type_kind::enumeration:
            return read_enumeration(*bare, of);
        case type_kind::reference: {
            if (bare->target() == nullptr) {
                return memory_.read_pointer(of.at);
            }
            return read(dynamic({bare->target(), memory_.read_pointer(of.at)}));
        }
        case type_kind::pointer:
            return read_pointer(*bare, of);
        case type_kind::member_pointer:
            return read_member_pointer(*bare, of);
        case type_kind::array:
            if (is_plain_char(bare->target())) {
                return memory_.read_text(of.at, std::min<std::size_t>(bare->size, longest_text));
            }
            return view{of, shape::sequence};
        case type_kind::record:
        case type_kind::union_:
            return read_std_value(*this, *bare, of);
        case type_kind::function:
        case type_kind::alias:
        case type_kind::other:
            break;
    }
    return raw_bytes{memory_.read_bytes(of.at, std::min<std::uint64_t>(bare->size, longest_text))};
}

content inspector::read_number(const type& of, const object& at) {
    if (of.kind == type_kind::floating) {
        switch (of.size) {
            case sizeof(float):
                return static_cast<double>(memory_.read<float>(at.at));
            case sizeof(double):
                return memory_.read<double>(at.at);
            case sizeof(long double):
                if (of.name() == "long double") {
                    return static_cast<double>(memory_.read<long double>(at.at));
                }
                [[fallthrough]];
            default:
                return raw_bytes{memory_.read_bytes(at.at, of.size)};
        }
    }
    const bool is_signed = of.kind == type_kind::integer;
    if (of.size == 16) {
        return wide(memory_, at, is_signed);
    }
    const auto bits = at.bit_size != 0 ? at.bit_size : static_cast<unsigned>(of.size) * 8;
    const auto value = read_bits(memory_, at, of.size);
    return is_signed ? content{sign_extended(value, bits)} : content{value};
}

content inspector::read_enumeration(const type& of, const object& at) {
    require_complete(of);
    const auto bits = at.bit_size != 0 ? at.bit_size : static_cast<unsigned>(of.size) * 8;
    const auto value = read_bits(memory_, at, of.size);
    const auto* const underlying = of.target() != nullptr ? of.target()->bare() : nullptr;
    const bool is_signed = underlying != nullptr && underlying->kind == type_kind::integer;
    enumerated result{&of, is_signed ? sign_extended(value, bits) : static_cast<std::int64_t>(value),
                      {}};
    for (const auto& one : of.details().enumerators) {
        if (((static_cast<std::uint64_t>(one.value) ^ value) & mask(bits)) == 0) {
            result.name = one.name;
            break;
        }
    }
    return result;
}

content inspector::read_pointer(const type& of, const object& at) {
    const auto to = memory_.read_pointer(at.at);
    if (to == 0) {
        return {};
    }
    const auto* const target = of.target() != nullptr ? of.target()->bare() : nullptr;
    if (is_plain_char(target)) {
        return memory_.read_text(to, longest_text);
    }
    if (target != nullptr && target->kind == type_kind::function) {
        const auto symbol = symbol_at(to);
        return callee{symbol ? symbol->name : "", to};
    }
    return view{at, shape::pointer};
}

content inspector::read_member_pointer(const type& of, const object& at) {
    const auto* const target = of.target() != nullptr ? of.target()->bare() : nullptr;
    const auto value = memory_.read_pointer(at.at);
    if (target != nullptr && target->kind == type_kind::function) {
        if (value == 0) {
            return {};
        }
        const auto symbol = (value & 1U) == 0 ? symbol_at(value) : std::nullopt;
        return callee{symbol ? symbol->name : "virtual function " + std::to_string(value / 8), value};
    }
    const auto offset = static_cast<std::int64_t>(value);
    return offset == -1 ? content{} : content{offset};
}

// ---- members ----------------------------------------------------------------------------------

void inspector::add_members(const object& of, bool inherited, int depth,
                            std::vector<placed_member>& out) {
    const auto* const bare = of.of->bare();
    if (bare == nullptr || !bare->has_members() || depth > max_depth) {
        return;
    }
    for (const auto& one : bare->details().members) {
        const object what{one.of, of.at + one.offset, one.bit_size, one.bit_offset};
        if (one.name.empty()) {
            add_members(what, inherited, depth + 1, out);
        } else if (!one.name.starts_with("_vptr")) {
            out.push_back({&one, what, inherited});
        }
    }
    for (const auto& one : bare->details().bases) {
        try {
            add_members(base(of, one), true, depth + 1, out);
        } catch (const std::runtime_error&) {
            // A virtual base of what is no whole object: the other members are shown.
        }
    }
}

std::vector<placed_member> inspector::members(const object& of) {
    require_complete(*of.of->bare());
    std::vector<placed_member> all;
    add_members(of, false, 0, all);
    return all;
}

std::optional<object> inspector::find_member(const object& of, std::string_view name) {
    for (const auto& one : members(of)) {
        if (one.member->name == name) {
            return one.what;
        }
    }
    return std::nullopt;
}

object inspector::base(const object& of, const base_class& one) {
    if (one.offset) {
        return {one.of, of.at + *one.offset};
    }
    const auto offset = offset_by_expression(one, of.at);
    if (!offset) {
        throw not_available{"where " + of.of->short_name() + " has its virtual base " +
                            one.of->short_name() + " is not known"};
    }
    return {one.of, of.at + static_cast<address>(*offset)};
}

std::optional<object> inspector::find_base(const object& of, std::string_view name, int depth) {
    const auto* const bare = of.of->bare();
    if (bare == nullptr || !bare->has_members() || depth > max_depth) {
        return std::nullopt;
    }
    for (const auto& one : bare->details().bases) {
        const auto part = base(of, one);
        const auto& full = part.of->name();
        if (full == name || part.of->short_name() == name ||
            (full.ends_with(name) && full.ends_with("::" + std::string{name}))) {
            return part;
        }
        if (const auto further = find_base(part, name, depth + 1)) {
            return further;
        }
    }
    return std::nullopt;
}

// ---- pointers ---------------------------------------------------------------------------------

object inspector::pointee(const object& pointer, std::int64_t index) {
    const auto* const bare = pointer.of->bare();
    const auto* const target = bare != nullptr ? bare->target() : nullptr;
    if (target == nullptr) {
        throw not_available{"a void* says nothing of what it points to: cpp.at(address, 'type')"};
    }
    const auto to = memory_.read_pointer(pointer.at);
    if (to == 0) {
        throw memory_error{"this " + pointer.of->short_name() + " is null"};
    }
    const object first{target, to + static_cast<address>(index) * target->size};
    return index == 0 ? dynamic(first) : first;
}

}  // namespace backdoor::reflect
