#include "reflect/description.hpp"

#include "reflect/containers.hpp"

#include <algorithm>
#include <charconv>

namespace backdoor::reflect {

namespace {

template <class... F>
struct overloaded : F... {
    using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

std::string text_of(double number) {
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    std::string result{text, end};
    return result.find_first_of(".en") == std::string::npos ? result + ".0" : result;
}

std::string text_of(const wide_integer& number) {
    // Decimal, by repeated division.
    std::string digits;
    __extension__ using uint128 = unsigned __int128;
    auto rest = (static_cast<uint128>(number.high) << 64U) | number.low;
    do {
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    return (number.is_negative ? "-" : "") + digits;
}

std::string text_of(const enumerated& one) {
    const auto of = one.of->short_name();
    return one.name.empty() ? of + "(" + std::to_string(one.number) + ")" : of + "::" + one.name;
}

std::string text_of(const time_span& span) {
    const auto seconds = static_cast<double>(span.count) * static_cast<double>(span.numerator) /
                         static_cast<double>(span.denominator == 0 ? 1 : span.denominator);
    return text_of(seconds) + (span.is_date ? " s since 1970" : " s");
}

/// Writes until its limit is reached.
class describer {
public:
    describer(inspector& with, const text_limits& limits) : with_{with}, limits_{limits} {}

    std::string take() && { return std::move(text_); }

    void show(const object& of, int depth) {
        try {
            const auto* const bare = of.of != nullptr ? of.of->bare() : nullptr;
            const memory::excerpt whole{with_.bytes(), of.at, bare != nullptr ? bare->size : 0};
            show(with_.read(of), depth);
        } catch (const std::runtime_error& failure) {
            text_ += std::string{"<"} + failure.what() + ">";
        }
    }

    void show(const content& what, int depth) {
        if (is_full()) {
            return;
        }
        std::visit(
            overloaded{
                [&](std::monostate) { text_ += "None"; },
                [&](bool truth) { text_ += truth ? "True" : "False"; },
                [&](const std::string& text) { text_ += quoted(text, limits_.string); },
                [&](const raw_bytes& raw) { text_ += "b" + quoted(raw.bytes, limits_.string); },
                [&](const callee& one) {
                    text_ += "<" + (one.name.empty() ? "function at " + hexadecimal(one.at)
                                                     : shortened(one.name)) + ">";
                },
                [&](const group& all) {
                    text_ += '(';
                    for (std::size_t i = 0; i < all.parts.size() && !is_full(); ++i) {
                        text_ += i == 0 ? "" : ", ";
                        show(all.parts[i], depth + 1);
                    }
                    text_ += all.parts.size() == 1 ? ",)" : ")";
                },
                [&](const view& one) { show_view(one, depth); },
                [&](std::int64_t number) { text_ += std::to_string(number); },
                [&](std::uint64_t number) { text_ += std::to_string(number); },
                [&](const auto& other) { text_ += text_of(other); },
            },
            what);
    }

    /// The short form of what is not gone into.
    std::string outline(const view& one) {
        const auto name = one.what.of->short_name();
        switch (one.as) {
            case shape::record:
                return "<" + name + " at " + hexadecimal(one.what.at) + ">";
            case shape::pointer:
                return "(" + name + ")" + hexadecimal(with_.bytes().read_pointer(one.what.at));
            default:
                return "<" + name + " of " +
                       std::to_string(open_container(with_, one.what)->length()) + ">";
        }
    }

    bool is_full() {
        if (text_.size() >= limits_.characters && !cut_) {
            cut_ = true;
            text_ += "...";
        }
        return cut_;
    }

private:
    void show_view(const view& one, int depth) {
        if (one.as == shape::pointer || depth >= limits_.depth) {
            text_ += outline(one);
        } else if (one.as == shape::record) {
            show_record(one.what, depth);
        } else {
            show_container(one, depth);
        }
    }

    void show_record(const object& of, int depth) {
        const auto* const bare = of.of->bare();
        const memory::excerpt whole{with_.bytes(), of.at, bare->size};
        text_ += bare->short_name() + "(";
        bool first = true;
        for (const auto& one : with_.members(of)) {
            if (is_full()) {
                return;
            }
            text_ += (first ? "" : ", ") + one.member->name + "=";
            first = false;
            show(one.what, depth + 1);
        }
        text_ += ')';
    }

    void show_container(const view& one, int depth) {
        const auto opened = open_container(with_, one.what);
        const auto count = opened->length();
        const bool braces = one.as != shape::sequence;
        text_ += braces ? "{" : "[";
        const auto elements = opened->begin();
        element_pair next;
        std::uint64_t shown = 0;
        for (; shown < std::min<std::uint64_t>(count, limits_.elements) && !is_full() &&
               elements->next(next);
             ++shown) {
            text_ += shown == 0 ? "" : ", ";
            if (one.as == shape::mapping) {
                show(next.first, depth + 1);
                text_ += ": ";
            }
            show(next.second, depth + 1);
        }
        if (shown < count && !is_full()) {
            text_ += (shown == 0 ? "..." : ", ...") + std::to_string(count - shown) + " more";
        }
        text_ += braces ? "}" : "]";
    }

    inspector& with_;
    const text_limits& limits_;
    std::string text_;
    bool cut_ = false;
};

std::string padded(std::string text, std::size_t width) {
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

}  // namespace

std::string describe(inspector& with, const object& of, const text_limits& limits) {
    describer text{with, limits};
    text.show(of, 0);
    return std::move(text).take();
}

namespace {

/// One line, and below it, deeper, what is in it.
void add_branch(inspector& with, const std::string& label, const object& of, int depth,
                const text_limits& limits, std::string& out) {
    if (out.size() > limits.characters) {
        return;
    }
    const auto line = [&](const std::string& text) {
        out += std::string(static_cast<std::size_t>(depth) * 2, ' ') + label + ": " + text + "\n";
    };
    try {
        const auto what = with.read(of);
        const auto* const one = std::get_if<view>(&what);
        describer text{with, limits};
        if (one == nullptr || depth >= limits.depth) {
            text.show(what, limits.depth);
            line(std::move(text).take() + "  (" + of.of->short_name() + ")");
            return;
        }
        line(text.outline(*one));
        if (one->as == shape::record) {
            for (const auto& member : with.members(one->what)) {
                add_branch(with, member.member->name, member.what, depth + 1, limits, out);
            }
        } else if (one->as == shape::pointer) {
            const auto* const target = one->what.of->bare()->target();
            if (target != nullptr && target->bare() != nullptr && target->bare()->has_members()) {
                add_branch(with, "*", with.pointee(one->what, 0), depth + 1, limits, out);
            }
        } else {
            const auto opened = open_container(with, one->what);
            const auto elements = opened->begin();
            element_pair next;
            for (std::size_t i = 0; i < limits.elements && elements->next(next); ++i) {
                describer key{with, limits};
                key.show(next.first, limits.depth);
                const auto name = one->as == shape::mapping ? std::move(key).take()
                                                            : "[" + std::to_string(i) + "]";
                if (const auto* const inner = std::get_if<view>(&next.second)) {
                    add_branch(with, name, inner->what, depth + 1, limits, out);
                } else {
                    describer value{with, limits};
                    value.show(next.second, limits.depth);
                    out += std::string(static_cast<std::size_t>(depth + 1) * 2, ' ') + name + ": " +
                           std::move(value).take() + "\n";
                }
            }
        }
    } catch (const std::runtime_error& failure) {
        line(std::string{"<"} + failure.what() + ">");
    }
}

}  // namespace

std::string tree_of(inspector& with, const object& of, const text_limits& limits) {
    std::string text;
    add_branch(with, of.of->short_name(), of, 0, limits, text);
    if (text.size() > limits.characters) {
        text += "...\n";
    }
    return text;
}

std::string layout_of(const type& of) {
    const auto& bare = of.bare() != nullptr ? *of.bare() : of;
    require_complete(bare);
    std::string text = of.short_name() + ": " + std::to_string(bare.size) + " bytes, aligned to " +
                       std::to_string(bare.alignment()) + "\n";
    if (bare.kind == type_kind::enumeration) {
        for (const auto& one : bare.details().enumerators) {
            text += "  " + one.name + " = " + std::to_string(one.value) + "\n";
        }
        return text;
    }
    if (!bare.has_members()) {
        return text;
    }
    struct row {
        std::uint64_t at;
        std::uint64_t size;
        std::string what;
    };
    std::vector<row> rows;
    for (const auto& one : bare.details().bases) {
        if (one.offset) {
            const bool is_empty = one.of->bare() != nullptr && one.of->size == 1 &&
                                  one.of->bare()->details().members.empty();
            rows.push_back({*one.offset, is_empty ? 0 : one.of->size, one.of->short_name() + " (base)"});
        } else {
            text += "  " + padded("", 14) + "  " + one.of->short_name() +
                    " (virtual base, its place is in the vtable)\n";
        }
    }
    for (const auto& one : bare.details().members) {
        auto what = one.name.starts_with("_vptr") ? std::string{"(pointer to the vtable)"}
                    : one.name.empty()            ? one.of->short_name()
                                                  : one.of->short_name() + " " + one.name;
        if (one.bit_size != 0) {
            what += " : " + std::to_string(one.bit_size) + "  (from bit " +
                    std::to_string(one.bit_offset) + ")";
        }
        const auto size = one.bit_size != 0 ? (one.bit_offset + one.bit_size + 7) / 8 : one.of->size;
        rows.push_back({one.offset, size, std::move(what)});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    text += "  offset    size\n";
    std::uint64_t end = 0;
    const auto add = [&](const row& one) {
        text += padded(std::to_string(one.at), 8) + padded(std::to_string(one.size), 8) + "  " +
                one.what + "\n";
    };
    for (const auto& one : rows) {
        if (one.at > end) {
            add({end, one.at - end, "(padding)"});
        }
        add(one);
        end = std::max(end, one.at + one.size);
    }
    if (end < bare.size && !rows.empty()) {
        add({end, bare.size - end, "(padding)"});
    }
    return text;
}

std::string quoted(std::string_view text, std::size_t most) {
    const bool is_cut = text.size() > most;
    if (is_cut) {
        text = text.substr(0, most);
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) {
            text.remove_suffix(1);
        }
        if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0xC0U) {
            text.remove_suffix(1);
        }
    }
    std::string result{"'"};
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        constexpr std::string_view digits = "0123456789abcdef";
        if (c == '\'' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (c == '\t') {
            result += "\\t";
        } else if (c == '\r') {
            result += "\\r";
        } else if (byte < 0x20 || byte == 0x7F) {
            result += "\\x";
            result += digits[byte >> 4U];
            result += digits[byte & 15U];
        } else {
            result += c;
        }
    }
    return result + (is_cut ? "...'" : "'");
}

}  // namespace backdoor::reflect
