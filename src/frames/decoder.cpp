#include "frames/decoder.hpp"

#include <algorithm>

namespace backdoor::frames {

namespace {

std::size_t payload_size(std::string_view header) {
    std::size_t size = 0;
    for (std::size_t i = 1; i < header_size; ++i) {
        size = size << 8 | static_cast<unsigned char>(header[i]);
    }
    return size;
}

}  // namespace

std::vector<frame> decoder::receive(std::string_view bytes) {
    std::vector<frame> whole;
    const auto take = [&](std::size_t wanted) {
        const auto part = bytes.substr(0, wanted - std::min(wanted, partial_.size()));
        partial_.append(part);
        bytes.remove_prefix(part.size());
        return partial_.size() >= wanted;
    };
    while (!failed_ && take(header_size)) {
        const auto size = payload_size(partial_);
        if (size > max_payload) {
            failed_ = true;
            std::string{}.swap(partial_);
        } else if (!take(header_size + size)) {
            break;
        } else {
            whole.push_back({static_cast<type>(partial_.front()), partial_.substr(header_size)});
            partial_.clear();
        }
    }
    if (partial_.empty()) {
        std::string{}.swap(partial_);
    }
    return whole;
}

}  // namespace backdoor::frames
