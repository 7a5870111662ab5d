// Where errors cross between C++ and Python.
#pragma once

#include "console/ref.hpp"

#include <string_view>
#include <type_traits>

namespace backdoor {

/// Sets the Python exception for the C++ exception being handled. Rethrows what ends threads.
void set_python_error();

/// Runs the body of a function that CPython calls: a C++ exception becomes a Python one, and the
/// result the value by which CPython's functions tell of an error.
template <class Body>
auto at_border(Body body) -> std::invoke_result_t<Body> {
    using result = std::invoke_result_t<Body>;
    try {
        return body();
    } catch (...) {
        set_python_error();
        if constexpr (std::is_pointer_v<result>) {
            return nullptr;
        } else {
            return result(-1);
        }
    }
}

/// A Python str. Throws python_error. Bytes that are no UTF-8 become lone surrogates.
ref to_str(std::string_view text);

/// Puts a Python exception that may be set aside, while we call into Python.
class kept_exception {
public:
    kept_exception() : exception_{ref::take(compat::take_exception())} {}
    kept_exception(const kept_exception&) = delete;
    kept_exception& operator=(const kept_exception&) = delete;
    ~kept_exception() {
        PyErr_Clear();
        if (exception_) {
            compat::set_exception(exception_.release());
        }
    }

private:
    ref exception_;
};

}  // namespace backdoor
