#include "session/input_queue.hpp"

#include "session/idle_buffer.hpp"

#include <utility>

namespace backdoor {

namespace {

// What has been read is thrown away when it is most of the text, and more than this.
constexpr std::size_t worth_erasing = 1024;

}  // namespace

void input_queue::push(std::string_view text) {
    text_.append(text);
    full_ = size() >= most_;
}

void input_queue::push_end(std::string_view rest) {
    text_.append(rest);
    ended_ = true;
}

bool input_queue::make_room() {
    if (!full_ || (!empty() && size() >= most_ / 2)) {
        return false;
    }
    full_ = false;
    return true;
}

bool input_queue::take_line(std::string& line) {
    const auto end = text_.find('\n', read_);
    if (end == std::string::npos && (!ended_ || empty())) {
        return false;
    }
    const auto next = end == std::string::npos ? text_.size() : end + 1;
    line.assign(text_, read_, next - read_);
    read_ = next;
    if (read_ == text_.size()) {
        drop();
    } else if (read_ > text_.size() / 2 && read_ > worth_erasing) {
        text_.erase(0, std::exchange(read_, 0));
    }
    return true;
}

std::size_t input_queue::peek_block(std::string& block) const {
    std::size_t count = 0;
    for (auto begin = read_;;) {
        const auto end = text_.find('\n', begin);
        if (end == std::string::npos) {
            return count;
        }
        block.append(text_, begin, end + 1 - begin);
        ++count;
        if (end == begin || text_[end - 1] == '\f') {
            return count;
        }
        begin = end + 1;
    }
}

void input_queue::skip_lines(std::size_t count) {
    std::string line;
    while (count-- > 0 && take_line(line)) {
    }
}

std::string input_queue::take_all() {
    text_.erase(0, std::exchange(read_, 0));
    return std::exchange(text_, {});
}

void input_queue::drop() {
    release(text_);
    read_ = 0;
}

}  // namespace backdoor
