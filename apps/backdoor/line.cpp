#include "line.hpp"

#include "failure.hpp"

#include <cstring>
#include <utility>
#include <vector>

namespace backdoor::client {

line::line(std::unique_ptr<stream> to_server)
    : stream_{std::move(to_server)}, out_{frames::opening_line(frames::version)} {}

void line::send(frames::type what, std::string_view payload) {
    // What is for a console must not be heard by anything else.
    frames::append(answered_ ? out_ : held_, what, payload);
}

void line::flush() {
    while (wants_to_send()) {
        const auto count = stream_->send(std::string_view{out_}.substr(sent_));
        if (count == 0u) {
            break;
        }
        sent_ = count ? sent_ + *count : out_.size();
    }
    if (sent_ == out_.size()) {
        out_.clear();
        sent_ = 0;
    }
}

void line::fail() const {
    if (answered_) {
        throw failure{status::lost, "the connection is lost"};
    }
    // A server that turns a client away says so in words.
    const auto& said = answer_.skipped();
    const auto words = said.rfind("backdoor: ");
    if (words != std::string::npos) {
        const auto begin = words + std::strlen("backdoor: ");
        throw failure{status::usage, said.substr(begin, said.find('\n', begin) - begin)};
    }
    if (said.empty() && !answer_.failed()) {
        throw failure{status::usage, "it closes the connection and says nothing; if it speaks TLS, give "
                                     "--cert, --key and --cafile"};
    }
    if (said.starts_with("SSH-")) {
        throw failure{status::usage, "it speaks SSH: use `ssh -p PORT HOST`"};
    }
    throw failure{status::usage, "what listens there is no console, or one that does not know this "
                                 "client: try `nc -U` or telnet"};
}

void line::receive() {
    std::vector<char> buffer(64 * 1024);
    const auto size = stream_->receive(buffer);
    if (!size) {
        return;
    }
    if (*size == 0) {
        fail();
    }
    std::string_view bytes{buffer.data(), *size};
    if (!answered_) {
        if (!answer_.receive(bytes)) {
            if (answer_.failed()) {
                fail();
            }
            return;
        }
        answered_ = true;
        out_ += std::exchange(held_, {});
    }
    for (auto& one : decoder_.receive(bytes)) {
        waiting_.push_back(std::move(one));
    }
    if (decoder_.failed()) {
        throw failure{status::lost, "the server does not keep to the protocol"};
    }
}

std::optional<frames::frame> line::next() {
    if (waiting_.empty()) {
        return std::nullopt;
    }
    auto one = std::move(waiting_.front());
    waiting_.pop_front();
    return one;
}

}  // namespace backdoor::client
