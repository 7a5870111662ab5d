#include "reflect/writing.hpp"

#include "reflect/std_values.hpp"
#include "reflect/type.hpp"

#include <limits>
#include <utility>

namespace backdoor::reflect {

void write_scalar(memory& bytes, const object& to, const reflection::scalar& what) {
    const auto* bare = to.of->bare();
    if (bare != nullptr && bare->std_template() == "atomic") {
        bare = argument(*bare, 0).bare();
    }
    const auto refuse = [&](const std::string& why) {
        throw std::invalid_argument{"cannot assign to " + to.of->short_name() + ": " + why};
    };
    if (to.bit_size != 0) {
        refuse("a bit-field shares its bytes with others, which the program may be writing");
    }
    if (bare == nullptr) {
        refuse("it is void");
        return;
    }
    const auto* const number = std::get_if<double>(&what);
    if (bare->kind == type_kind::floating) {
        const auto value = number != nullptr
                               ? *number
                               : std::visit([](auto one) { return static_cast<double>(one); }, what);
        if (bare->size == sizeof(float)) {
            const auto narrow = static_cast<float>(value);
            bytes.write(to.at, &narrow, sizeof narrow);
        } else if (bare->size == sizeof(double)) {
            bytes.write(to.at, &value, sizeof value);
        } else {
            refuse("a number of that format is not known");
        }
        return;
    }
    const bool is_integer = bare->kind == type_kind::integer ||
                            bare->kind == type_kind::unsigned_integer ||
                            bare->kind == type_kind::enumeration ||
                            bare->kind == type_kind::pointer ||
                            bare->kind == type_kind::boolean || bare->kind == type_kind::character;
    if (!is_integer || bare->size > sizeof(std::uint64_t) || bare->size == 0) {
        refuse("only numbers, enumerations and pointers can be");
    }
    if (number != nullptr) {
        refuse("it takes a whole number");
    }
    const bool is_signed =
        bare->kind == type_kind::integer ||
        (bare->kind == type_kind::enumeration && bare->target() != nullptr &&
         bare->target()->bare() != nullptr && bare->target()->bare()->kind == type_kind::integer);
    const auto bits = static_cast<unsigned>(bare->size * 8);
    const auto fits = [&](auto value) {
        if (bare->kind == type_kind::boolean) {
            return value == 0 || value == 1;
        }
        if (is_signed) {
            const auto limit = std::numeric_limits<std::int64_t>::max() >> (64 - bits);
            return std::cmp_less_equal(value, limit) && std::cmp_greater_equal(value, -limit - 1);
        }
        const auto limit = std::numeric_limits<std::uint64_t>::max() >> (64 - bits);
        return std::cmp_less_equal(value, limit) && std::cmp_greater_equal(value, 0);
    };
    std::uint64_t stored = 0;
    bool in_range = true;
    if (const auto* const s = std::get_if<std::int64_t>(&what)) {
        in_range = fits(*s);
        stored = static_cast<std::uint64_t>(*s);
    } else if (const auto* const u = std::get_if<std::uint64_t>(&what)) {
        in_range = fits(*u);
        stored = *u;
    } else {
        stored = std::get<bool>(what) ? 1 : 0;
    }
    if (!in_range) {
        refuse("the number does not fit");
    }
    bytes.write(to.at, &stored, bare->size);  // little endian, as all hosts we run on
}

}  // namespace backdoor::reflect
