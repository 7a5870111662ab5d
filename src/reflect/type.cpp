#include "reflect/type.hpp"

#include "reflect/type_table.hpp"

#include <algorithm>

namespace backdoor::reflect {

namespace {

constexpr int longest_chain = 64;  // of typedefs; damaged files may have rings
constexpr std::uint64_t largest_alignment = 16;

}  // namespace

const std::string& type::name() const {
    if (!name_) {
        name_ = table->make_name(*this, 0);
    }
    return *name_;
}

std::string type::short_name() const { return shortened(name()); }

const type* type::target() const {
    if (element != nullptr) {
        return element;
    }
    if (!target_) {
        target_ = die ? table->get(type_of(die.die())) : nullptr;
    }
    return *target_;
}

const type_details& type::details() const {
    if (!details_) {
        details_ = die ? table->read_details(die.die()) : std::make_unique<type_details>();
    }
    return *details_;
}

const type* type::bare() const {
    const type* one = this;
    for (int i = 0; i < longest_chain && one != nullptr && one->kind == type_kind::alias; ++i) {
        one = one->target();
    }
    return one;
}

std::uint64_t type::alignment() const {
    if (alignment_ != 0) {
        return alignment_;
    }
    alignment_ = 1;  // what a type within itself, of a damaged file, finds
    std::uint64_t result = 1;
    const auto* const real = bare();
    if (const auto said = die ? number(die.die(), DW_AT_alignment) : std::nullopt) {
        result = *said;
    } else if (real != nullptr && real != this) {
        result = real->alignment();
    } else if (kind == type_kind::array) {
        result = target() != nullptr ? target()->alignment() : 1;
    } else if (has_members()) {
        for (const auto& one : details().members) {
            result = std::max(result, one.of->alignment());
        }
        for (const auto& one : details().bases) {
            result = std::max(result, one.offset ? one.of->alignment() : sizeof(void*));
        }
    } else {
        result = std::clamp<std::uint64_t>(size, 1, largest_alignment);
    }
    alignment_ = std::max<std::uint64_t>(result, 1);
    return alignment_;
}

std::string_view type::std_template() const {
    if (!std_template_) {
        std_template_.emplace();
        const auto* const real = bare();
        if (real != nullptr && real->has_members() && real->name().starts_with("std::")) {
            const auto stem = std::string_view{real->name()}.substr(0, real->name().find('<'));
            for (const auto part : split_path(stem)) {
                if (part != "std" && !part.starts_with("__")) {
                    *std_template_ += (std_template_->empty() ? "" : "::") + std::string{part};
                }
            }
        }
    }
    return *std_template_;
}

}  // namespace backdoor::reflect
