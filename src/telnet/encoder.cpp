#include "telnet/encoder.hpp"

#include <algorithm>
#include <cstddef>

namespace backdoor::telnet {

void encoder::encode(std::string_view text, std::string& out) {
    constexpr char iac = '\xff';
    if (text.empty())
        return;

    // Megabytes go through here: whole runs are copied, each ending before a byte that needs
    // company; that byte begins the next run.
    std::size_t line_feed = text.find('\n');
    std::size_t escaped = text.find(iac);
    std::size_t begin = 0;
    while (true) {
        const std::size_t end = std::min({line_feed, escaped, text.size()});
        out.append(text, begin, end - begin);
        if (end == text.size())
            break;
        if (end == line_feed) {
            if (!(end == 0 ? after_cr_ : text[end - 1] == '\r'))
                out += '\r';
            line_feed = text.find('\n', end + 1);
        } else {
            out += iac;
            escaped = text.find(iac, end + 1);
        }
        begin = end;
    }
    after_cr_ = text.back() == '\r';
}

}  // namespace backdoor::telnet
