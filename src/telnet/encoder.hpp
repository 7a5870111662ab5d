#pragma once

#include <string>
#include <string_view>

namespace backdoor::telnet {

// Text as a telnet client wants it: LF becomes CR LF, 0xFF is doubled. A CR LF stays as it is,
// also when the two come in separate calls.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class encoder {
public:
    // Appends to `out`.
    void encode(std::string_view text, std::string& out);

private:
    bool after_cr_ = false;
};

}  // namespace backdoor::telnet
