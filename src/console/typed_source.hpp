// What was typed, for those who want to see it again.
#pragma once

#include "console/ref.hpp"

#include <deque>
#include <string>

namespace backdoor {

/// The source of a console's statements under names of their own in Python's linecache, so that
/// tracebacks, inspect and pdb show the lines. Keeps the last ones; all leave with the console.
/// Guarded by the GIL.
class typed_source {
public:
    static constexpr std::size_t max_statements = 1000;

    typed_source() = default;
    typed_source(const typed_source&) = delete;
    typed_source& operator=(const typed_source&) = delete;
    ~typed_source();

    /// A file name that no other statement in the process has.
    static std::string new_name();
    /// Errors are ignored.
    void add(const std::string& name, const std::string& source);

private:
    static void forget(const std::string& name);

    std::deque<std::string> names_;
};

}  // namespace backdoor
