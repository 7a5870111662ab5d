#include "console/judgement.hpp"

#include <utility>

namespace backdoor {

namespace {

/// The parser warns of some things each time it sees them; they are said when the block is run.
class silence {
public:
    explicit silence(console_state& console)
        : stream_{console[sys_name::standard_err]},
          before_{std::exchange(stream_, ref::share(Py_None))} {}
    silence(const silence&) = delete;
    silence& operator=(const silence&) = delete;
    ~silence() { stream_ = std::move(before_); }

private:
    ref& stream_;
    ref before_;
};

std::size_t end_of_lines(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    while (count-- > 0) {
        end = text.find('\n', end) + 1;
    }
    return end;
}

/// Up to and with the first empty line, which may end a body.
std::size_t lines_of_part(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        ++count;
        if (end == begin || text[end - 1] == '\f') {
            break;
        }
        begin = end + 1;
    }
    return count;
}

/// A block that is not right line by line, as a paste from a file often is.
editor::verdict judge_as_file(const statement& so_far, std::string_view block) {
    if (!so_far.empty()) {
        return editor::verdict::wrong;
    }
    statement probe = so_far;
    auto how = statement::state::wrong;
    (void)probe.parse_block(block, how);
    switch (how) {
        case statement::state::complete:
            return editor::verdict::whole;
        case statement::state::incomplete:
            return editor::verdict::incomplete;
        default:
            return editor::verdict::wrong;
    }
}

}  // namespace

editor::verdict judge_block(console_state& console, const statement& so_far,
                            std::string_view block) {
    const silence quiet{console};
    const auto whole = block;
    statement probe = so_far;
    while (!block.empty()) {
        std::size_t used = 0;
        const auto result = probe.add_block(block, lines_of_part(block), used);
        block.remove_prefix(end_of_lines(block, used));
        if (result == statement::state::wrong) {
            PyErr_Clear();
            return judge_as_file(so_far, whole);
        }
        if (result != statement::state::incomplete) {
            probe.clear();
        }
    }
    return probe.empty() ? editor::verdict::whole : editor::verdict::incomplete;
}

}  // namespace backdoor
