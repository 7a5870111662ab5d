// Accepts the service's clients and knows who is there.
#pragma once

#include "session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <vector>

namespace orders {

// Thread safety: none; all of it belongs to the io_context's thread.
class service {
public:
    // Listens on localhost; port 0 lets the system choose.
    service(boost::asio::io_context& io, unsigned short port, book& orders);

    boost::asio::ip::tcp::endpoint address() const { return acceptor_.local_endpoint(); }

    // Who is connected now.
    std::vector<std::shared_ptr<session>> sessions() const;

private:
    void accept();
    void accept_later();

    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer retry_;
    book& orders_;
    std::vector<std::weak_ptr<session>> sessions_;
};

}  // namespace orders
