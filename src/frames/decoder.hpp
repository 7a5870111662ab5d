#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "frames/frame.hpp"

namespace backdoor::frames {

// Bytes to frames, in pieces of any size; the sizes do not change what comes out. Keeps at most one
// frame. What a type means at this time is its user's business, also that it means nothing.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class decoder {
public:
    // Those that are whole now. After a frame that is too large there are no more.
    std::vector<frame> receive(std::string_view bytes);

    // A frame was too large: what follows cannot be understood.
    bool failed() const { return failed_; }
    // It stands between two frames.
    bool idle() const { return partial_.empty(); }

private:
    std::string partial_;
    bool failed_ = false;
};

}  // namespace backdoor::frames
