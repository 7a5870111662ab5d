#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace backdoor::editor {

enum class key_name {
    text,     // characters to insert, in `text`
    control,  // 0x00 to 0x1F and 0x7F, in `byte`; Enter is always '\r'
    meta,     // Escape, then `byte`
    up,
    down,
    left,
    right,
    home,
    end,
    delete_,
    word_left,
    word_right,
    quoted,         // what followed C-q or C-v, in `text`
    paste,          // a whole bracketed paste, in `text`, its line ends '\n'
    paste_refused,  // one beyond the limit
};

struct key {
    key_name name;
    char byte = 0;
    std::string text;
    bool operator==(const key&) const = default;
};

constexpr bool is_text(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }

// Keys out of the bytes that xterm, rxvt, the Linux console and their like send for them. Knows
// no time: an Escape waits for what follows. What it does not know is taken out whole.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class key_decoder {
public:
    explicit key_decoder(std::size_t max_paste) : max_paste_(max_paste) {}

    // The next key, whose bytes are taken from the front of `bytes`; nothing when it needs more.
    // Characters typed in a row are one key.
    std::optional<key> next(std::string_view& bytes);

    // Back to where nothing was received.
    void reset();

private:
    enum class state {
        ground,
        escape,
        ss3,
        csi,
        csi_linux,
        mouse,
        string_start,
        string,
        quote,
        paste
    };

    std::optional<key> take_text(std::string_view& bytes);
    std::optional<key> take_paste(std::string_view& bytes);
    std::optional<key> decode(char byte);
    std::optional<key> decode_ground(char byte);
    std::optional<key> decode_escape(char byte);
    std::optional<key> decode_csi(char byte);
    std::optional<key> decode_string(char byte);
    std::optional<key> cursor_key(char final, bool word) const;
    std::optional<key> finish_csi(char final);
    void back_to_ground(state next = state::ground);

    std::size_t max_paste_;
    state state_ = state::ground;
    std::string parameters_;
    std::string partial_;  // the beginning of a UTF-8 character
    std::string paste_;
    bool paste_refused_ = false;
    bool alt_ = false;  // a second Escape came before the sequence
    bool after_cr_ = false;
    char string_kind_ = 0;
    int mouse_bytes_ = 0;
};

}  // namespace backdoor::editor
