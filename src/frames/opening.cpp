#include "frames/opening.hpp"

#include "frames/frame.hpp"

#include <algorithm>
#include <charconv>

namespace backdoor::frames {

namespace {

constexpr std::string_view opening_begins = "# backdoor frames ";
constexpr std::string_view answer_begins{"\0backdoor frames ", 17};
constexpr std::size_t max_digits = 4;

enum class match { not_yet, no, yes };

// "`begins`" NUMBER "\n".
match is_line(std::string_view text, std::string_view begins, unsigned& number) {
    const auto known = std::min(text.size(), begins.size());
    if (text.substr(0, known) != begins.substr(0, known)) {
        return match::no;
    }
    const auto rest = text.substr(known);
    const auto* const end = rest.data() + rest.size();
    const auto [stop, failure] = std::from_chars(rest.data(), end, number);
    const auto digits = stop - rest.data();
    const bool is_number = failure == std::errc{} && number > 0 &&
                           digits <= static_cast<std::ptrdiff_t>(max_digits);
    if (rest.empty() || (is_number && stop == end)) {
        return match::not_yet;
    }
    return is_number && *stop == '\n' ? match::yes : match::no;
}

std::string line(std::string_view begins, unsigned number) {
    return std::string{begins} + std::to_string(number) + "\n";
}

}  // namespace

std::string opening_line(unsigned newest) { return line(opening_begins, newest); }

std::string answer(unsigned chosen) { return line(answer_begins, chosen); }

opening::verdict opening::receive(std::string_view& bytes) {
    while (!bytes.empty()) {
        held_.push_back(bytes.front());
        bytes.remove_prefix(1);
        unsigned newest = 0;
        switch (is_line(held_, opening_begins, newest)) {
            case match::not_yet:
                break;
            case match::no:
                return verdict::plain;
            case match::yes:
                held_ = {};
                chosen_ = std::min(newest, version);
                return verdict::framed;
        }
    }
    return verdict::more;
}

std::optional<unsigned> answer_finder::receive(std::string_view& bytes) {
    while (!bytes.empty() && !failed_) {
        const char byte = bytes.front();
        bytes.remove_prefix(1);
        if (answer_.empty() && byte != answer_begins.front()) {
            skipped_.push_back(byte);
            failed_ = skipped_.size() > max_skipped;
            continue;
        }
        answer_.push_back(byte);
        unsigned chosen = 0;
        switch (is_line(answer_, answer_begins, chosen)) {
            case match::not_yet:
                break;
            case match::no:
                failed_ = true;
                break;
            case match::yes:
                return chosen;
        }
    }
    return std::nullopt;
}

}  // namespace backdoor::frames
