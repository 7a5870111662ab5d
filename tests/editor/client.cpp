#include "client.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace backdoor::editor::test {

verdict judge_by_colon(std::string_view text) {
    if (text.ends_with("\n\n"))
        return verdict::whole;
    const std::size_t first_end = text.find('\n');
    const bool compound = first_end > 0 && text[first_end - 1] == ':';
    return compound ? verdict::incomplete : verdict::whole;
}

client::client(settings chosen)
    : editor(past, chosen),
      shown(chosen.columns > 0 ? chosen.columns : 80, chosen.rows > 0 ? chosen.rows : 24) {}

void client::begin() {
    editor.begin(">>> ", "... ");
    show();
}

events client::type(std::string_view typed) {
    events results;
    do {
        const std::size_t line = std::min(typed.find('\r'), typed.size() - 1) + 1;
        for (event& e : type_at_once(typed.substr(0, line)))
            results.push_back(std::move(e));
        typed.remove_prefix(line);
    } while (!typed.empty());
    return results;
}

events client::type_at_once(std::string_view typed) {
    events results;
    events next = editor.feed(typed);
    while (!next.empty()) {
        events answers;
        for (event& e : next) {
            if (const auto* question = std::get_if<wants_judgement>(&e))
                answers = editor.judge(judge_by_colon(question->text));
            else
                results.push_back(std::move(e));
        }
        next = std::move(answers);
    }
    show();
    return results;
}

events client::feed(std::string_view typed) {
    events results = editor.feed(typed);
    show();
    return results;
}

void client::print(std::string_view output) {
    editor.print_above(output);
    show();
}

void client::resize(int columns, int rows) {
    shown.resize(columns, rows);
    editor.resize(columns, rows);
    show();
}

std::string client::show() {
    sent = editor.take_output();
    shown.write(sent);
    return sent;
}

std::string client::block() const {
    std::string text = editor.text();
    return text.insert(editor.cursor(), "|");
}

}  // namespace backdoor::editor::test
