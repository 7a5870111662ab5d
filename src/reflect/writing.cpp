#include "reflect/writing.hpp"

#include "reflect/std_values.hpp"
#include "reflect/type.hpp"

#include <bit>
#include <limits>
#include <utility>

namespace backdoor::reflect {

namespace {

/// Without const and std::atomic.
const type* stored(const type& of) {
    const auto* const bare = of.bare();
    return bare != nullptr && bare->std_template() == "atomic" ? argument(*bare, 0).bare() : bare;
}

bool holds_integer(const type& of) {
    switch (of.kind) {
        case type_kind::integer:
        case type_kind::unsigned_integer:
        case type_kind::enumeration:
        case type_kind::pointer:
        case type_kind::boolean:
        case type_kind::character:
            return of.size != 0 && of.size <= sizeof(std::uint64_t);
        default:
            return false;
    }
}

bool is_signed(const type& of) {
    const auto* const underlying =
        of.kind == type_kind::enumeration && of.target() != nullptr ? of.target()->bare() : &of;
    return underlying != nullptr && underlying->kind == type_kind::integer;
}

template <class Number>
bool fits(const type& of, Number value) {
    if (of.kind == type_kind::boolean) {
        return value == 0 || value == 1;
    }
    const auto unused = static_cast<unsigned>((sizeof(std::uint64_t) - of.size) * 8);
    if (is_signed(of)) {
        const auto limit = std::numeric_limits<std::int64_t>::max() >> unused;
        return std::cmp_less_equal(value, limit) && std::cmp_greater_equal(value, -limit - 1);
    }
    const auto limit = std::numeric_limits<std::uint64_t>::max() >> unused;
    return std::cmp_less_equal(value, limit) && std::cmp_greater_equal(value, 0);
}

}  // namespace

std::uint64_t bits_of(const type& of, const reflection::scalar& what) {
    const auto refuse = [](const char* why) { throw std::invalid_argument{why}; };
    const auto* const bare = stored(of);
    if (bare == nullptr) {
        refuse("it is void");
        return 0;
    }
    if (bare->kind == type_kind::floating) {
        const auto value = std::visit([](auto one) { return static_cast<double>(one); }, what);
        if (bare->size == sizeof(float)) {
            return std::bit_cast<std::uint32_t>(static_cast<float>(value));
        }
        if (bare->size != sizeof(double)) {
            refuse("a number of that format is not known");
        }
        return std::bit_cast<std::uint64_t>(value);
    }
    if (!holds_integer(*bare)) {
        refuse("only numbers, enumerations and pointers can be");
    }
    if (std::holds_alternative<double>(what)) {
        refuse("it takes a whole number");
    }
    if (const auto* const truth = std::get_if<bool>(&what)) {
        return *truth ? 1 : 0;
    }
    const auto* const with_sign = std::get_if<std::int64_t>(&what);
    if (with_sign != nullptr ? !fits(*bare, *with_sign) : !fits(*bare, std::get<std::uint64_t>(what))) {
        refuse("the number does not fit");
    }
    return with_sign != nullptr ? static_cast<std::uint64_t>(*with_sign) : std::get<std::uint64_t>(what);
}

void write_scalar(memory& bytes, const object& to, const reflection::scalar& what) {
    const auto bits = [&] {
        try {
            if (to.bit_size != 0) {
                throw std::invalid_argument{
                    "a bit-field shares its bytes with others, which the program may be writing"};
            }
            return bits_of(*to.of, what);
        } catch (const std::invalid_argument& failure) {
            throw std::invalid_argument{"cannot assign to " + to.of->short_name() + ": " + failure.what()};
        }
    }();
    bytes.write(to.at, &bits, stored(*to.of)->size);  // little endian, as all hosts we run on
}

}  // namespace backdoor::reflect
