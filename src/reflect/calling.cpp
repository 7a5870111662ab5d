#include "reflect/calling.hpp"

#include "reflect/writing.hpp"

#include <algorithm>

namespace backdoor::reflect {

namespace {

constexpr int max_depth = 24;

const type* pointed_to(const type& of) {
    const auto* const bare = of.bare();
    const bool points =
        bare != nullptr && (bare->kind == type_kind::pointer || bare->kind == type_kind::reference);
    return points ? bare->target() : nullptr;
}

/// The object as that class, or as that base of it.
std::optional<object> as_part(inspector& with, const object& whole, const std::string& name, int depth = 0) {
    const auto* const bare = whole.of->bare();
    if (bare == nullptr || depth > max_depth) {
        return std::nullopt;
    }
    if (bare->name() == name) {
        return whole;
    }
    if (bare->has_members()) {
        for (const auto& one : bare->details().bases) {
            if (const auto found = as_part(with, with.base(whole, one), name, depth + 1)) {
                return found;
            }
        }
    }
    return std::nullopt;
}

/// The functions of a class or, where it has none of that name, of a base; `self` becomes that part.
std::vector<Dwarf_Die> functions_of(inspector& with, functions& code, std::string_view name, object& self,
                                    int depth = 0) {
    auto found = code.of_class(*self.of, name);
    const auto* const bare = self.of->bare();
    if (!found.empty() || bare == nullptr || !bare->has_members() || depth > max_depth) {
        return found;
    }
    for (const auto& one : bare->details().bases) {
        auto part = with.base(self, one);
        found = functions_of(with, code, name, part, depth + 1);
        if (!found.empty()) {
            self = part;
            break;
        }
    }
    return found;
}

}  // namespace

std::vector<callable> find_callables(inspector& with, functions& code, std::string_view name,
                                     std::optional<object>& self) {
    const auto found = self ? functions_of(with, code, name, *self) : code.named(name);
    const auto path = (self ? self->of->bare()->name() + "::" : "") + std::string{name};
    std::vector<callable> usable;
    std::exception_ptr why_not;
    for (const auto& one : found) {
        try {
            auto made = code.prepare(one, path);
            // Of one that is also inlined there are several entries.
            if (std::none_of(usable.begin(), usable.end(),
                             [&](const auto& each) { return each.at == made.at; })) {
                usable.push_back(std::move(made));
            }
        } catch (const not_available&) {
            why_not = std::current_exception();
        }
    }
    if (usable.empty() && why_not) {
        std::rethrow_exception(why_not);
    }
    if (usable.empty()) {
        throw not_available{path + " is no function that is known by its name"};
    }
    return usable;
}

bool is_real(const type& of) {
    const auto* const bare = of.bare();
    switch (bare != nullptr ? bare->kind : type_kind::other) {
        case type_kind::floating:
            if (bare->size == sizeof(float) || bare->size == sizeof(double)) {
                return true;
            }
            break;
        case type_kind::boolean:
        case type_kind::character:
        case type_kind::integer:
        case type_kind::unsigned_integer:
        case type_kind::enumeration:
        case type_kind::pointer:
        case type_kind::reference:
            if (bare->size != 0 && bare->size <= sizeof(std::uint64_t)) {
                return false;
            }
            break;
        default:
            break;
    }
    throw std::invalid_argument{"only numbers, enumerations, pointers and references cross a call"};
}

in_register argument_of(const type& of, const reflection::scalar& what) {
    const bool real = is_real(of);
    if (of.bare()->kind == type_kind::reference) {
        throw std::invalid_argument{"it takes a C++ object"};
    }
    return {bits_of(of, what), real};
}

in_register argument_of(inspector& with, const type& of, const object& what) {
    const auto* const target = pointed_to(of);
    if (target == nullptr && (of.bare() == nullptr || of.bare()->kind != type_kind::pointer)) {
        throw std::invalid_argument{"that is a " + what.of->short_name()};
    }
    const bool is_pointer = what.of->bare() != nullptr && what.of->bare()->kind == type_kind::pointer;
    const auto whole = is_pointer ? with.pointee(what, 0) : what;
    if (target == nullptr || target->bare() == nullptr) {  // void*
        return {whole.at, false};
    }
    const auto part = as_part(with, whole, target->bare()->name());
    if (!part) {
        throw std::invalid_argument{"that is a " + whole.of->short_name()};
    }
    return {part->at, false};
}

content result_of(inspector& with, const type* of, std::uint64_t bits) {
    if (of == nullptr || of->bare() == nullptr) {
        return {};
    }
    const auto* const target = pointed_to(*of);
    if (target != nullptr && target->bare() != nullptr && target->bare()->has_members()) {
        return bits == 0 ? content{} : with.read(with.dynamic({target, bits}));
    }
    if (of->bare()->kind == type_kind::reference) {
        return with.read({target, bits});
    }
    // As if it stood somewhere.
    const std::string held(reinterpret_cast<const char*>(&bits), sizeof bits);
    const auto where = reinterpret_cast<address>(held.data());
    const memory::excerpt known{with.bytes(), where, held};
    const auto seen = with.read({of, where});
    return std::holds_alternative<view>(seen) ? content{bits} : seen;  // an address, of numbers
}

}  // namespace backdoor::reflect
