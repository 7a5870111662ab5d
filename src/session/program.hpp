// Code that a client wants run, and does not type.
#pragma once

#include <string>
#include <vector>

namespace backdoor {

struct program {
    enum class kind {
        command,     ///< statements, as `python3 -c` runs them
        file,        ///< the same of a file, which may say what its encoding is
        expression,  ///< its value is shown by repr()
        json,        ///< its value is shown as JSON
        typed,       ///< as at a prompt: statements, and what their values are
    };

    program::kind what = kind::command;
    std::string source;
    std::string name;                    ///< what tracebacks call it
    std::vector<std::string> arguments;  ///< sys.argv
};

/// How a process ends that met KeyboardInterrupt, as shells tell it.
inline constexpr int interrupted_status = 130;

}  // namespace backdoor
