#include "session.hpp"

#include "protocol.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <sstream>
#include <utility>

namespace orders {

using error_code = boost::system::error_code;

namespace {

std::string peer_of(const boost::asio::ip::tcp::socket& client) {
    error_code gone_already;
    std::ostringstream text;
    text << client.remote_endpoint(gone_already);
    return text.str();
}

}  // namespace

session::session(boost::asio::ip::tcp::socket client, book& orders)
    : client_{std::move(client)}, orders_{orders}, peer_{peer_of(client_)} {}

void session::read() {
    auto answer_line = [self = shared_from_this()](error_code failure, std::size_t length) {
        if (failure == boost::asio::error::not_found) {
            return self->write("ERROR line too long\n", false);
        }
        if (failure) {
            return;
        }
        const auto line = self->input_.substr(0, self->input_.find_first_of("\r\n"));
        self->input_.erase(0, length);
        ++self->lines_;
        const bool quits = line == "QUIT";
        self->write(quits ? "BYE\n" : answer(self->orders_, line), !quits);
    };
    boost::asio::async_read_until(client_, boost::asio::dynamic_buffer(input_, longest_line), '\n',
                                  std::move(answer_line));
}

void session::write(std::string reply, bool goes_on) {
    reply_ = std::move(reply);
    auto next = [self = shared_from_this(), goes_on](error_code failure, std::size_t) {
        if (!failure && goes_on) {
            self->read();
        }
    };
    boost::asio::async_write(client_, boost::asio::buffer(reply_), std::move(next));
}

}  // namespace orders
