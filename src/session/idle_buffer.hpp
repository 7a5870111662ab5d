// What buffers cost that nobody uses now.
#pragma once

#include <cstddef>
#include <string>

namespace backdoor {

/// Empties a buffer. Of its memory it keeps no more than this: an idle console has no large ones.
inline void release(std::string& buffer, std::size_t most_kept = 1024) {
    if (buffer.capacity() > most_kept) {
        std::string{}.swap(buffer);
    } else {
        buffer.clear();
    }
}

}  // namespace backdoor
