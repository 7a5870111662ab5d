// What must hold of the line editor for any client. The input is a script: a byte that says what
// happens, and how many of the bytes behind it are typed, printed or pasted.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "editor/line_editor.hpp"

namespace editor = backdoor::editor;

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

class script {
public:
    explicit script(std::string_view bytes) : rest_(bytes) {}

    bool done() const { return rest_.empty(); }
    unsigned number() {
        if (rest_.empty())
            return 0;
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return byte;
    }
    std::string_view text(unsigned size) {
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(taken.size());
        return taken;
    }

private:
    std::string_view rest_;
};

constexpr std::size_t max_block = 4096;

class client {
public:
    explicit client(unsigned choices) : editor_(past_, settings_for(choices)) { begin(choices); }

    void step(script& todo) {
        const unsigned what = todo.number();
        const std::string_view text = todo.text(what >> 3);
        std::size_t drawn_from = text.size();
        switch (what & 7) {
            case 0:
            case 1:
            case 2:
                answer(editor_.feed(text), what);
                break;
            case 3:
                answer(editor_.feed("\x1b[200~" + std::string(text) + "\x1b[201~"), what);
                break;
            case 4:
                editor_.print_above(text);
                break;
            case 5:
                editor_.resize(static_cast<int>(what), static_cast<int>(text.size()));
                break;
            case 6:
                begin(what >> 3);
                break;
            case 7:
                editor_.cancel();
                break;
        }
        drawn_from += editor_.text().size();
        // Nothing of the block reaches the terminal but what it shows, twice at most.
        const std::string output = editor_.take_output();
        require(output.size() < 200'000 + 100 * drawn_from);
        require(editor_.take_output().empty());
        require(editor_.cursor() <= editor_.text().size());
        require(editor_.text().size() <= max_block);
    }

    void finish() {
        editor_.cancel();
        editor_.take_output();
        require(!editor_.is_reading());
        for (const std::string& entry : past_.entries())
            require(!entry.empty() && entry.size() <= 1000);
        require(past_.entries().size() <= 10);
    }

private:
    static editor::settings settings_for(unsigned choices) {
        static const editor::python_highlighter python;
        editor::settings chosen;
        chosen.columns = static_cast<int>(choices);
        chosen.rows = static_cast<int>(choices % 30);
        chosen.colour = (choices & 1) != 0;
        chosen.syntax = (choices & 2) != 0 ? &python : nullptr;
        chosen.max_block = max_block;
        return chosen;
    }

    void begin(unsigned how) {
        if (how % 4 == 3)
            answer(editor_.begin_plain("\x1b[1mname\x1b[0m\n? ", (how & 4) != 0), how);
        else
            answer(editor_.begin("\x1b[1;35m>\xc2\xbb>\x1b[0m ", "... "), how);
    }

    void answer(std::vector<editor::event> next, unsigned how) {
        while (!next.empty()) {
            std::vector<editor::event> more;
            for (const editor::event& e : next) {
                if (std::holds_alternative<editor::wants_judgement>(e)) {
                    const bool incomplete = ++questions_ % 3 != 0;
                    more = editor_.judge(incomplete ? editor::verdict::incomplete
                                                    : editor::verdict::whole);
                } else if (std::holds_alternative<editor::wants_completion>(e)) {
                    more = editor_.complete({"len", "le\xc3\xa9", "\x1bx"}, how % 5);
                } else if (const auto* done = std::get_if<editor::submitted>(&e)) {
                    require(done->text.ends_with('\n'));
                    require(done->text.size() <= max_block + 1);
                    require(!editor_.is_reading());
                }
            }
            next = std::move(more);
        }
    }

    editor::history past_{10, 1000};
    editor::line_editor editor_;
    unsigned questions_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    script todo({reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 8192)});
    client one(todo.number());
    while (!todo.done())
        one.step(todo);
    one.finish();
    return 0;
}
