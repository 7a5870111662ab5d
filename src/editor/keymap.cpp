#include "editor/keymap.hpp"

namespace backdoor::editor {
namespace {

constexpr char control(char letter) { return static_cast<char>(letter & 0x1f); }

command for_control(char byte) {
    switch (byte) {
        case control('a'):
            return command::line_begin;
        case control('b'):
            return command::left;
        case control('c'):
            return command::interrupt;
        case control('d'):
            return command::delete_or_end;
        case control('e'):
            return command::line_end;
        case control('f'):
            return command::right;
        case control('g'):
            return command::abort;
        case control('h'):
        case 0x7f:
            return command::erase_left;
        case control('i'):
            return command::complete;
        case control('k'):
            return command::kill_to_line_end;
        case control('l'):
            return command::clear_screen;
        case control('m'):
            return command::enter;
        case control('n'):
            return command::down;
        case control('p'):
            return command::up;
        case control('r'):
            return command::search_backward;
        case control('s'):
            return command::search_forward;
        case control('t'):
            return command::transpose_characters;
        case control('u'):
            return command::kill_to_line_begin;
        case control('w'):
            return command::kill_blank_word_left;
        case control('x'):
            return command::control_x;
        case control('y'):
            return command::yank;
        case control('z'):
            return command::suspend;
        case control('_'):
            return command::undo;
        default:
            return command::refuse;
    }
}

command for_meta(char byte) {
    const char letter = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 0x20) : byte;
    switch (letter) {
        case 'b':
            return command::word_left;
        case 'c':
            return command::capitalize;
        case 'd':
            return command::kill_word_right;
        case 'f':
            return command::word_right;
        case 'l':
            return command::lower_case;
        case 't':
            return command::transpose_words;
        case 'u':
            return command::upper_case;
        case 'y':
            return command::yank_older;
        case '<':
            return command::history_oldest;
        case '>':
            return command::history_newest;
        case '\r':
        case '\n':
            return command::insert_line;
        case control('h'):
        case 0x7f:
            return command::kill_word_left;
        default:
            return command::ignore;
    }
}

}  // namespace

command command_for(const key& pressed, bool after_control_x) {
    switch (pressed.name) {
        case key_name::control:
            // C-x C-c is an interrupt still.
            if (after_control_x && pressed.byte != control('c'))
                return pressed.byte == control('u') ? command::undo : command::refuse;
            return for_control(pressed.byte);
        case key_name::meta:
            return for_meta(pressed.byte);
        case key_name::text:
            return command::insert;
        case key_name::up:
            return command::up;
        case key_name::down:
            return command::down;
        case key_name::left:
            return command::left;
        case key_name::right:
            return command::right;
        case key_name::home:
            return command::line_begin;
        case key_name::end:
            return command::line_end;
        case key_name::delete_:
            return command::erase_right;
        case key_name::word_left:
            return command::word_left;
        case key_name::word_right:
            return command::word_right;
        case key_name::quoted:
            return command::insert_quoted;
        case key_name::paste:
            return command::insert_paste;
        case key_name::paste_refused:
            break;
    }
    return command::refuse;
}

}  // namespace backdoor::editor
