// The sequences that terminals send for keys, and for answers.

#include <string_view>
#include <utility>

#include "editor/key_decoder.hpp"

namespace backdoor::editor {
namespace {

constexpr char escape_byte = '\x1b';
constexpr std::size_t max_parameters = 32;  // of a sequence that we know

}  // namespace

std::optional<key> key_decoder::decode_escape(char byte) {
    if (byte == escape_byte) {
        alt_ = true;
        return {};
    }
    if (byte == '[' || byte == 'O') {
        state_ = byte == '[' ? state::csi : state::ss3;
        return {};
    }
    if (byte == ']' || byte == 'P' || byte == '_') {
        state_ = state::string_start;
        string_kind_ = byte;
        return {};
    }
    back_to_ground();
    if (byte == 0x03)
        return key{key_name::control, byte, {}};
    after_cr_ = byte == '\r';
    return key{key_name::meta, byte, {}};
}

std::optional<key> key_decoder::decode_csi(char byte) {
    if (byte == '[' && parameters_.empty()) {
        state_ = state::csi_linux;
        return {};
    }
    if (!is_text(byte) || static_cast<unsigned char>(byte) >= 0x80) {
        back_to_ground();
        return decode_ground(byte);
    }
    // rxvt ends a shifted key by '$', which is not a final byte by the book.
    const bool shifted = byte == '$' && !parameters_.empty() && parameters_.front() != '?';
    if (byte >= 0x40 || shifted)
        return finish_csi(byte);
    if (parameters_.size() < max_parameters)
        parameters_ += byte;
    return {};
}

// Answers of the terminal, which the program may have asked for. Meta-] and its like are keys
// when nothing of an answer follows.
std::optional<key> key_decoder::decode_string(char byte) {
    if (state_ == state::string_start) {
        const std::string_view first = string_kind_ == ']'   ? "0123456789"
                                       : string_kind_ == 'P' ? "01>!$+|"
                                                             : "G";
        if (first.find(byte) != std::string_view::npos) {
            state_ = state::string;
            return {};
        }
        back_to_ground();
        if (!is_text(byte))
            return decode_ground(byte);
        return key{key_name::text, 0, std::string(1, byte)};
    }
    if (static_cast<unsigned char>(byte) >= 0x20)
        return {};
    if (byte == escape_byte) {
        // Escape \ ends the string; \ is no Meta key, so nothing is lost by reading it as one.
        back_to_ground(state::escape);
        return {};
    }
    back_to_ground();
    return byte == '\a' ? std::nullopt : decode_ground(byte);
}

std::optional<key> key_decoder::cursor_key(char final, bool word) const {
    switch (final) {
        case 'A':
            return key{key_name::up, 0, {}};
        case 'B':
            return key{key_name::down, 0, {}};
        case 'C':
            return key{word ? key_name::word_right : key_name::right, 0, {}};
        case 'D':
            return key{word ? key_name::word_left : key_name::left, 0, {}};
        case 'H':
            return key{key_name::home, 0, {}};
        case 'F':
            return key{key_name::end, 0, {}};
        case 'M':
            return key{key_name::control, '\r', {}};  // Enter of the keypad
        default:
            return {};
    }
}

std::optional<key> key_decoder::finish_csi(char final) {
    const std::string parameters = std::exchange(parameters_, {});
    const bool alt = alt_;
    back_to_ground();
    if (final == 'M') {
        if (parameters.empty()) {
            state_ = state::mouse;
            mouse_bytes_ = 3;
        }
        return {};
    }
    if (final != '~' && final != '^' && final != '$' && final != '@') {
        // The second parameter is 1 plus: 1 for Shift, 2 for Alt, 4 for Control.
        const char modifier = parameters.empty() ? '1' : parameters.back();
        const bool word = modifier == '3' || (modifier >= '5' && modifier <= '8');
        return cursor_key(final, alt || word);
    }
    const std::string number = parameters.substr(0, parameters.find(';'));
    if (number == "1" || number == "7")
        return key{key_name::home, 0, {}};
    if (number == "4" || number == "8")
        return key{key_name::end, 0, {}};
    if (number == "3")
        return key{key_name::delete_, 0, {}};
    if (number == "200" && final == '~')
        state_ = state::paste;
    return {};
}

}  // namespace backdoor::editor
