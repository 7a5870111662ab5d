// A history on disk.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor {

/// Blocks in a file, as prompt_toolkit has them: "# when", and each line behind a '+'. Several
/// processes may add to one file at the same time. It is its owner's alone, who is us: mode 0600.
/// Nothing here waits for another process.
class history_file {
public:
    static constexpr std::size_t default_max_bytes = 8u << 20;

    /// What grows beyond `max_bytes` loses its older half.
    explicit history_file(std::string path, std::size_t max_bytes = default_max_bytes);

    /// The blocks, oldest first; none where there is no file yet. Throws error where it cannot be used.
    std::vector<std::string> read() const;

    /// False where another process cuts the file down just now: try again later. Throws error.
    bool append(std::string_view block) const;

private:
    void cut_down() const;

    const std::string path_;
    const std::size_t max_bytes_;
};

/// It names what people keep secret, so it may hold one.
bool may_hold_secret(std::string_view block);

}  // namespace backdoor
