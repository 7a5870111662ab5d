#include "service.hpp"

#include <boost/asio/ip/address_v4.hpp>

#include <chrono>
#include <utility>

namespace orders {

using boost::asio::ip::tcp;

service::service(boost::asio::io_context& io, unsigned short port, book& orders)
    : acceptor_{io, tcp::endpoint{boost::asio::ip::address_v4::loopback(), port}},
      retry_{io},
      orders_{orders} {
    accept();
}

std::vector<std::shared_ptr<session>> service::sessions() const {
    std::vector<std::shared_ptr<session>> present;
    for (const auto& each : sessions_) {
        if (auto alive = each.lock()) {
            present.push_back(std::move(alive));
        }
    }
    return present;
}

void service::accept() {
    acceptor_.async_accept([this](boost::system::error_code failure, tcp::socket client) {
        if (failure) {
            return accept_later();
        }
        std::erase_if(sessions_, [](const auto& each) { return each.expired(); });
        const auto newcomer = std::make_shared<session>(std::move(client), orders_);
        sessions_.push_back(newcomer);
        newcomer->start();
        accept();
    });
}

// The process may be out of descriptors: trying again at once would only keep the loop busy.
void service::accept_later() {
    retry_.expires_after(std::chrono::milliseconds{100});
    retry_.async_wait([this](boost::system::error_code stopped) {
        if (!stopped) {
            accept();
        }
    });
}

}  // namespace orders
