// What looking at C++ objects throws.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace backdoor::reflect {

/// An address that cannot be read or written. At the prompt a MemoryError.
class memory_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Nothing is called that. At the prompt an AttributeError.
class no_such_name : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// It is known, and yet cannot be shown: optimised away, dropped by the linker, of a layout that is
/// not the expected one. At the prompt a LookupError.
class not_available : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The container changed under the reader's eyes, or was never one. At the prompt a RuntimeError.
class inconsistent : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace backdoor::reflect
