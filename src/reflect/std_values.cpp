#include "reflect/std_values.hpp"

#include "reflect/containers.hpp"
#include "reflect/std_parts.hpp"

#include <algorithm>
#include <unordered_map>

namespace backdoor::reflect {

namespace {

using reader = content (*)(inspector&, const type&, const object&);

object part(const object& at, const type& of, std::uint64_t offset = 0) {
    return {&of, at.at + offset};
}

// ---- none or one of several -------------------------------------------------------------------

content read_optional(inspector& with, const type& of, const object& at) {
    const auto& held = argument(of, 0);
    require_size(of, aligned(held.size + 1, held.alignment()));
    const bool engaged = with.bytes().read<unsigned char>(at.at + held.size) != 0;
    return engaged ? with.read(part(at, held)) : content{};
}

content read_variant(inspector& with, const type& of, const object& at) {
    auto index = with.find_member(at, "_M_index");
    for (const auto* holder : {"__impl", "__impl_"}) {  // libc++, before its version 15 and after
        const auto inner = index ? std::nullopt : with.find_member(at, holder);
        index = inner ? with.find_member(*inner, "__index") : index;
    }
    if (!index) {
        throw not_available{of.short_name() + " is of a standard library that is not known"};
    }
    std::uint64_t which = 0;
    with.bytes().read(index->at, &which, std::min<std::size_t>(index->of->size, sizeof which));
    const auto& all = of.details().arguments;
    // Without a value the index is the largest there is.
    return which < all.size() ? with.read(part(at, argument(of, which))) : content{};
}

// ---- several together -------------------------------------------------------------------------

content read_pair(inspector& with, const type&, const object& at) {
    group both;
    for (const auto& one : with.members(at)) {
        both.parts.push_back(one.what);
    }
    return both;
}

/// libstdc++ nests them from the last to the first; libc++ has a base for each.
void add_tuple_parts(inspector& with, const object& at, int depth,
                     std::vector<std::pair<std::int64_t, object>>& out) {
    constexpr int deepest = 256;
    const auto* const bare = at.of->bare();
    if (bare == nullptr || !bare->has_members() || depth > deepest) {
        return;
    }
    const auto& name = bare->name();
    const bool is_leaf = name.find("::_Head_base<") != std::string::npos ||
                         name.find("::__tuple_leaf<") != std::string::npos;
    if (is_leaf) {
        const auto& details = bare->details();
        const auto number = details.arguments.empty() ? 0 : details.arguments[0].value.value_or(0);
        if (!details.members.empty()) {
            out.emplace_back(number, object{details.members[0].of,
                                            at.at + details.members[0].offset});
        } else if (!details.bases.empty()) {  // an empty class
            out.emplace_back(number, with.base(at, details.bases[0]));
        }
        return;
    }
    for (const auto& one : bare->details().bases) {
        add_tuple_parts(with, with.base(at, one), depth + 1, out);
    }
    for (const auto& one : bare->details().members) {
        if (one.name == "__base_") {
            add_tuple_parts(with, {one.of, at.at + one.offset}, depth + 1, out);
        }
    }
}

content read_tuple(inspector& with, const type&, const object& at) {
    std::vector<std::pair<std::int64_t, object>> parts;
    add_tuple_parts(with, at, 0, parts);
    std::sort(parts.begin(), parts.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    group all;
    for (const auto& [number, one] : parts) {
        all.parts.push_back(one);
    }
    return all;
}

// ---- pointers ---------------------------------------------------------------------------------

content follow(inspector& with, const type* target, const object& pointer) {
    const auto to = with.bytes().read_pointer(pointer.at);
    if (to == 0) {
        return {};
    }
    if (target == nullptr || target->bare() == nullptr) {
        return to;  // of void: an address
    }
    if (target->bare()->kind == type_kind::array) {
        const auto* const element = target->bare()->target();
        return element == nullptr
                   ? content{to}
                   : view{{&with.types().pointer_to(*element), pointer.at}, shape::pointer};
    }
    return with.read(with.dynamic({target, to}));
}

const type* pointed_to(const type& of) {
    const auto& all = of.details().arguments;
    return all.empty() ? nullptr : all[0].of;
}

content read_unique_ptr(inspector& with, const type& of, const object& at) {
    object pointer = at;
    if (of.size > sizeof(address) && !is_libcxx(of)) {
        // Its deleter has a state, and stands first.
        std::vector<std::pair<std::int64_t, object>> parts;
        auto inner = with.find_member(at, "_M_t");
        for (int i = 0; inner && i < 3 && parts.empty(); ++i) {
            add_tuple_parts(with, *inner, 0, parts);
            inner = with.find_member(*inner, "_M_t");
        }
        const auto first = std::find_if(parts.begin(), parts.end(),
                                        [](const auto& one) { return one.first == 0; });
        if (first == parts.end()) {
            throw not_available{of.short_name() + " is of a standard library that is not known"};
        }
        pointer = first->second;
    }
    return follow(with, pointed_to(of), pointer);
}

content read_shared_ptr(inspector& with, const type& of, const object& at) {
    require_size(of, 16);
    return follow(with, pointed_to(of), at);
}

content read_weak_ptr(inspector& with, const type& of, const object& at) {
    require_size(of, 16);
    const auto counts = with.bytes().read_pointer(at.at + 8);
    // libc++ counts from 0 and with 64 bits.
    const bool expired = counts == 0 ||
                         (is_libcxx(of) ? with.bytes().read<std::int64_t>(counts + 8) < 0
                                        : with.bytes().read<std::int32_t>(counts + 8) <= 0);
    return expired ? content{} : follow(with, pointed_to(of), at);
}

content read_reference_wrapper(inspector& with, const type& of, const object& at) {
    require_size(of, sizeof(address));
    return follow(with, pointed_to(of), at);
}

// ---- others -----------------------------------------------------------------------------------

content read_atomic(inspector& with, const type& of, const object& at) {
    const auto& held = argument(of, 0);
    if (of.size < held.size) {
        require_size(of, held.size);
    }
    return with.read(part(at, held));
}

content read_duration(inspector& with, const type& of, const object& at) {
    const auto& count = argument(of, 0);
    require_size(of, count.size);
    const auto& ratio = argument(of, 1).bare()->details().arguments;
    const auto value = with.read(part(at, count));
    const auto* const whole = std::get_if<std::int64_t>(&value);
    if (whole == nullptr || ratio.size() < 2) {
        return value;
    }
    return time_span{*whole, ratio[0].value.value_or(1), ratio[1].value.value_or(1), false};
}

content read_time_point(inspector& with, const type& of, const object& at) {
    const auto& duration = argument(of, 1);
    require_size(of, duration.size);
    auto value = read_duration(with, *duration.bare(), at);
    if (auto* const span = std::get_if<time_span>(&value)) {
        span->is_date = argument(of, 0).name().ends_with("::system_clock");
    }
    return value;
}

content read_adaptor(inspector& with, const type& of, const object& at) {
    const auto inner = with.find_member(at, "c");
    return inner ? with.read(*inner) : content{view{part(at, of), shape::record}};
}

content read_nothing(inspector&, const type&, const object&) { return {}; }

const std::unordered_map<std::string_view, reader>& readers() {
    static const std::unordered_map<std::string_view, reader> all{
        {"basic_string", read_string},
        {"basic_string_view", read_string_view},
        {"filesystem::path", read_path},
        {"optional", read_optional},
        {"variant", read_variant},
        {"pair", read_pair},
        {"tuple", read_tuple},
        {"unique_ptr", read_unique_ptr},
        {"shared_ptr", read_shared_ptr},
        {"weak_ptr", read_weak_ptr},
        {"reference_wrapper", read_reference_wrapper},
        {"function", read_function},
        {"atomic", read_atomic},
        {"chrono::duration", read_duration},
        {"chrono::time_point", read_time_point},
        {"queue", read_adaptor},
        {"stack", read_adaptor},
        {"priority_queue", read_adaptor},
        {"monostate", read_nothing},
    };
    return all;
}

}  // namespace

content read_std_value(inspector& with, const type& of, const object& at) {
    if (const auto name = of.std_template(); !name.empty()) {
        if (const auto found = readers().find(name); found != readers().end()) {
            return found->second(with, of, at);
        }
        if (const auto as = container_shape(of)) {
            return view{{&of, at.at}, *as};
        }
    }
    return view{{at.of, at.at}, shape::record};
}

void require_size(const type& of, std::uint64_t size) {
    if (of.is_complete && of.size != size) {
        throw not_available{of.short_name() + " has " + std::to_string(of.size) + " bytes here, not " +
                            std::to_string(size) + ": its layout is not known"};
    }
}

bool is_libcxx(const type& of) { return of.name().starts_with("std::__1::"); }

const type& argument(const type& of, std::size_t number) {
    require_complete(of);
    const auto& all = of.details().arguments;
    if (number >= all.size() || all[number].of == nullptr || all[number].of->bare() == nullptr) {
        throw not_available{"the debug information of " + of.short_name() +
                            " does not say what its template arguments are"};
    }
    return *all[number].of;
}

std::uint64_t aligned(std::uint64_t offset, std::uint64_t alignment) {
    const auto rest = offset % alignment;
    return rest == 0 ? offset : offset + (alignment - rest);
}

}  // namespace backdoor::reflect
