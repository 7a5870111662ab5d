#include "editor/key_decoder.hpp"

#include <algorithm>
#include <utility>

#include "editor/graphemes.hpp"

namespace backdoor::editor {
namespace {

constexpr char escape_byte = '\x1b';
constexpr std::string_view paste_end = "\x1b[201~";

std::string with_plain_line_ends(std::string_view pasted) {
    std::string lines;
    lines.reserve(pasted.size());
    for (std::size_t i = 0; i < pasted.size(); ++i) {
        if (pasted[i] != '\r')
            lines += pasted[i];
        else if (i + 1 == pasted.size() || pasted[i + 1] != '\n')
            lines += '\n';
    }
    return lines;
}

}  // namespace

std::optional<key> key_decoder::next(std::string_view& bytes) {
    while (!bytes.empty()) {
        std::optional<key> found;
        if (state_ == state::paste) {
            found = take_paste(bytes);
        } else if (state_ == state::ground && (is_text(bytes.front()) || !partial_.empty())) {
            found = take_text(bytes);
        } else {
            const char byte = bytes.front();
            bytes.remove_prefix(1);
            found = decode(byte);
        }
        if (found)
            return found;
    }
    return {};
}

void key_decoder::reset() { *this = key_decoder(max_paste_); }

std::optional<key> key_decoder::take_text(std::string_view& bytes) {
    after_cr_ = false;
    const auto stop = std::find_if_not(bytes.begin(), bytes.end(), is_text);
    const auto size = static_cast<std::size_t>(stop - bytes.begin());
    std::string text = std::exchange(partial_, {});
    text += bytes.substr(0, size);
    bytes.remove_prefix(size);
    if (bytes.empty()) {
        const std::size_t tail = incomplete_tail(text);
        partial_ = text.substr(text.size() - tail);
        text.resize(text.size() - tail);
    }
    if (text.empty())
        return {};
    return key{key_name::text, 0, std::move(text)};
}

std::optional<key> key_decoder::take_paste(std::string_view& bytes) {
    const std::size_t overlap = std::min(paste_.size(), paste_end.size() - 1);
    const std::size_t from = paste_.size() - overlap;
    const std::size_t before = paste_.size();
    paste_ += bytes;
    const std::size_t end = paste_.find(paste_end, from);
    if (end == std::string::npos) {
        bytes = {};
        if (paste_.size() > max_paste_ + paste_end.size()) {
            paste_refused_ = true;
            paste_.erase(0, paste_.size() - paste_end.size());
        }
        return {};
    }
    bytes.remove_prefix(end + paste_end.size() - before);
    paste_.resize(end);
    const bool refused = paste_refused_ || paste_.size() > max_paste_;
    std::string text = with_plain_line_ends(std::exchange(paste_, {}));
    back_to_ground();
    if (refused)
        return key{key_name::paste_refused, 0, {}};
    return key{key_name::paste, 0, std::move(text)};
}

std::optional<key> key_decoder::decode(char byte) {
    switch (state_) {
        case state::ground:
            return decode_ground(byte);
        case state::escape:
            return decode_escape(byte);
        case state::ss3:
            back_to_ground();
            if (!is_text(byte))
                return decode_ground(byte);
            // rxvt sends the arrows in lower case when Control is held.
            return byte >= 'a' && byte <= 'd' ? cursor_key(static_cast<char>(byte - 0x20), true)
                                              : cursor_key(byte, false);
        case state::csi:
            return decode_csi(byte);
        case state::csi_linux:  // F1 to F5
            back_to_ground();
            return {};
        case state::mouse:
            if (--mouse_bytes_ == 0)
                back_to_ground();
            return {};
        case state::string_start:
        case state::string:
            return decode_string(byte);
        case state::quote:
            back_to_ground();
            after_cr_ = byte == '\r';
            return key{key_name::quoted, 0, std::string(1, byte)};
        case state::paste:
            break;
    }
    return {};
}

std::optional<key> key_decoder::decode_ground(char byte) {
    const bool second_of_enter = std::exchange(after_cr_, false) && (byte == '\n' || byte == 0);
    if (second_of_enter)
        return {};
    if (byte == escape_byte) {
        state_ = state::escape;
        return {};
    }
    if (byte == 0x11 || byte == 0x16) {
        state_ = state::quote;
        return {};
    }
    after_cr_ = byte == '\r';
    return key{key_name::control, byte == '\n' ? '\r' : byte, {}};
}

void key_decoder::back_to_ground(state next) {
    state_ = next;
    parameters_.clear();
    paste_refused_ = false;
    alt_ = false;
}

}  // namespace backdoor::editor
