// What was typed at the process's terminals, for each user.
#pragma once

#include "editor/history.hpp"
#include "history/history_file.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace backdoor {

/// One user's history: in memory, and where there is a file, on disk as well. What may hold a secret
/// is in memory alone. Lives on the IO thread.
class user_history {
public:
    using log_function = std::function<void(std::string_view)>;

    /// Reads the file, if one is named. `log` is told of one that cannot be used, which is then left
    /// alone.
    user_history(const std::string& file, const log_function& log);

    editor::history& blocks() { return blocks_; }
    /// Writes what was added since.
    void save(const log_function& log);

private:
    editor::history blocks_;
    std::optional<history_file> file_;
    editor::history::number saved_ = 0;  // all before this one
};

/// All users' histories. Servers that name the same file share them, and so do those without one.
class user_histories {
public:
    /// `user`: a number, or what a certificate or key says. Users other than the process's own have
    /// files of their own, `file` with ".USER" behind it. A user that is not known has none.
    user_history& of(const std::string& user, const std::string& file,
                     const user_history::log_function& log);

private:
    std::map<std::pair<std::string, std::string>, user_history> all_;
};

}  // namespace backdoor
