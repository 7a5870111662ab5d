// The keys that may come in, kept up with their file.
#pragma once

#include "ssh/authorized_keys.hpp"
#include "ssh/handles.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor::ssh {

class key_ring {
public:
    /// `log` is told, once per state of the file, of lines that let nobody in. Throws error where
    /// the file cannot be read, or others can change it.
    key_ring(std::string path, std::function<void(std::string_view)> log);

    /// What a key is worth.
    struct verdict {
        const authorized_key* entry = nullptr;  ///< it may enter by that line; until the next call
        std::string refusal;                    ///< else why not, if it is in the file at all
    };

    /// Reads the file, whose keys count from the moment it is changed. Of several lines with one key
    /// the first that lets it in counts. A file that cannot be trusted lets nobody in.
    verdict judge(ssh_key key, std::string_view address);

private:
    struct known_key {
        authorized_key entry;
        key_handle key;
    };

    void read();

    const std::string path_;
    const std::function<void(std::string_view)> log_;
    std::string text_;
    std::string complaint_;  // the last one
    std::vector<known_key> keys_;
};

}  // namespace backdoor::ssh
