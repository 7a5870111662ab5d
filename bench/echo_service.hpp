// What the host is there for: it sends back what it gets.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <memory>
#include <utility>

namespace bench {

// Lives as long as its connection.
class echo_session : public std::enable_shared_from_this<echo_session> {
public:
    explicit echo_session(boost::asio::ip::tcp::socket client) : client_{std::move(client)} {}

    void read() {
        client_.async_read_some(
            boost::asio::buffer(buffer_),
            [self = shared_from_this()](boost::system::error_code failure, std::size_t length) {
                if (!failure) {
                    self->write(length);
                }
            });
    }

private:
    void write(std::size_t length) {
        boost::asio::async_write(
            client_, boost::asio::buffer(buffer_, length),
            [self = shared_from_this()](boost::system::error_code failure, std::size_t) {
                if (!failure) {
                    self->read();
                }
            });
    }

    boost::asio::ip::tcp::socket client_;
    std::array<char, 4096> buffer_{};
};

class echo_service {
public:
    echo_service(boost::asio::io_context& io, unsigned short port)
        : acceptor_{io, {boost::asio::ip::address_v4::loopback(), port}} {
        accept();
    }

    boost::asio::ip::tcp::endpoint address() const { return acceptor_.local_endpoint(); }

private:
    void accept() {
        acceptor_.async_accept(
            [this](boost::system::error_code failure, boost::asio::ip::tcp::socket client) {
                if (failure) {
                    return;  // a benchmark that runs out of descriptors is void anyhow
                }
                client.set_option(boost::asio::ip::tcp::no_delay{true});
                std::make_shared<echo_session>(std::move(client))->read();
                accept();
            });
    }

    boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace bench
