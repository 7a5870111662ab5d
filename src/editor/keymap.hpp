#pragma once

#include "editor/key_decoder.hpp"

namespace backdoor::editor {

enum class command {
    ignore,
    refuse,  // rings the bell
    insert,
    insert_quoted,
    insert_paste,
    enter,
    insert_line,
    complete,
    interrupt,
    delete_or_end,
    suspend,
    line_begin,
    line_end,
    left,
    right,
    word_left,
    word_right,
    up,
    down,
    history_oldest,
    history_newest,
    erase_left,
    erase_right,
    kill_to_line_end,
    kill_to_line_begin,
    kill_blank_word_left,
    kill_word_left,
    kill_word_right,
    yank,
    yank_older,
    transpose_characters,
    transpose_words,
    upper_case,
    lower_case,
    capitalize,
    undo,
    clear_screen,
    search_backward,
    search_forward,
    abort,
    control_x,  // the first of two keys
};

// The Emacs keys of GNU readline. `after_control_x`: the key before was C-x.
command command_for(const key& pressed, bool after_control_x);

}  // namespace backdoor::editor
