#include "console/reflection/raw_call.hpp"

#include <cxxabi.h>

#include <array>
#include <bit>
#include <exception>
#include <stdexcept>

namespace backdoor {

namespace {

// The calling conventions of x86-64 and of AArch64 number the registers for whole numbers and those for floating
// point apart, so that one type does for all functions; more than they take is no harm.
#if defined(__x86_64__) || defined(__aarch64__)
constexpr bool is_known_machine = true;
#else
constexpr bool is_known_machine = false;
#endif

using whole = std::uint64_t;
template <class Result>
using any_function = Result (*)(whole, whole, whole, whole, whole, whole, double, double, double, double,
                                double, double, double, double);

template <class Result>
Result call(reflect::address function, const std::array<whole, most_whole>& w,
            const std::array<double, most_real>& r) {
    return reinterpret_cast<any_function<Result>>(function)(w[0], w[1], w[2], w[3], w[4], w[5], r[0], r[1],
                                                            r[2], r[3], r[4], r[5], r[6], r[7]);
}

std::string name_of(const std::type_info* type) {
    if (type == nullptr) {
        return "something that is not of C++";
    }
    int status = 0;
    char* const text = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
    std::string name = text != nullptr ? text : type->name();
    std::free(text);
    return name;
}

}  // namespace

call_result raw_call(reflect::address function, const std::vector<reflect::in_register>& arguments,
                     bool returns_real) {
    std::array<whole, most_whole> wholes{};
    std::array<double, most_real> reals{};
    std::size_t whole_count = 0;
    std::size_t real_count = 0;
    for (const auto& one : arguments) {
        if (one.is_real ? real_count == most_real : whole_count == most_whole) {
            throw std::invalid_argument{"more arguments than go in registers: at most " +
                                        std::to_string(most_whole) + " numbers and pointers and " +
                                        std::to_string(most_real) + " of floating point"};
        }
        if (one.is_real) {
            reals.at(real_count++) = std::bit_cast<double>(one.bits);
        } else {
            wholes.at(whole_count++) = one.bits;
        }
    }
    if (!is_known_machine) {
        throw std::invalid_argument{"how functions are called on this machine is not known here"};
    }
    call_result result;
    try {
        result.bits = returns_real
                          ? std::bit_cast<std::uint64_t>(call<double>(function, wholes, reals))
                          : call<whole>(function, wholes, reals);
    } catch (const abi::__forced_unwind&) {
        throw;  // the thread is being ended
    } catch (const std::exception& failure) {
        result.thrown = name_of(abi::__cxa_current_exception_type()) + ": " + failure.what();
    } catch (...) {
        result.thrown = name_of(abi::__cxa_current_exception_type());
    }
    return result;
}

}  // namespace backdoor
