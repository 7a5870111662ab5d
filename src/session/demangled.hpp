// The name of a type as C++ writes it.
#pragma once

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <typeinfo>

namespace backdoor {

inline std::string demangled(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text{
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free};
    return text != nullptr ? text.get() : type.name();
}

}  // namespace backdoor
