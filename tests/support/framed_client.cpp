#include "support/framed_client.hpp"

#include "frames/opening.hpp"

#include <stdexcept>

namespace backdoor::test {

framed_client::framed_client(const std::string& address, const std::string& token)
    : client_{address} {
    client_.send(frames::opening_line(frames::version));
    skipped_ = client_.read_before(frames::answer(frames::version));
    frames::fields about;
    if (!token.empty()) {
        about.add("token", token);
    }
    send(frames::type::hello, about.encode());
    const auto welcome = next();
    if (welcome.type != frames::type::welcome) {
        throw std::runtime_error{"not welcome: " + welcome.payload};
    }
    about_ = frames::fields::decode(welcome.payload).value();
}

void framed_client::send(frames::type what, std::string_view payload) {
    std::string bytes;
    frames::append(bytes, what, payload);
    client_.send(bytes);
}

frames::frame framed_client::next() {
    while (waiting_.empty()) {
        for (auto& one : decoder_.receive(client_.read_some())) {
            waiting_.push_back(std::move(one));
        }
    }
    auto one = std::move(waiting_.front());
    waiting_.pop_front();
    return one;
}

void framed_client::begin(std::string_view kind, std::string_view source,
                          const std::vector<std::string>& arguments) {
    send(frames::type::source, source);
    frames::fields what;
    what.add("kind", kind);
    what.add("name", "<string>");
    for (const auto& one : arguments) {
        what.add("argument", one);
    }
    send(frames::type::run, what.encode());
}

ended_program framed_client::end(std::string_view input) {
    ended_program result;
    for (;;) {
        const auto one = next();
        switch (one.type) {
            case frames::type::output:
                result.output += one.payload;
                break;
            case frames::type::error_output:
                result.errors += one.payload;
                break;
            case frames::type::wants_input:
                input.empty() ? send(frames::type::end_of_input) : send(frames::type::input, input);
                input = {};
                break;
            case frames::type::ended:
                result.status = static_cast<unsigned char>(one.payload.at(0));
                return result;
            default:
                throw std::runtime_error{"an unexpected frame"};
        }
    }
}

ended_program framed_client::run(std::string_view kind, std::string_view source,
                                 const std::vector<std::string>& arguments,
                                 std::string_view input) {
    begin(kind, source, arguments);
    return end(input);
}

}  // namespace backdoor::test
