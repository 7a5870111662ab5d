// One client of the service: reads its lines, writes the replies.
#pragma once

#include "book.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace orders {

// Lives as long as its connection: a pending read or write holds it, nothing else need.
// The next line is read once the reply to the last is written, so a client that does not read
// makes only itself wait.
class session : public std::enable_shared_from_this<session> {
public:
    session(boost::asio::ip::tcp::socket client, book& orders);

    void start() { read(); }

    const std::string& peer() const { return peer_; }
    std::uint64_t lines() const { return lines_; }

private:
    static constexpr std::size_t longest_line = 1024;

    void read();
    void write(std::string reply, bool goes_on);

    boost::asio::ip::tcp::socket client_;
    book& orders_;
    std::string peer_;
    std::uint64_t lines_ = 0;
    std::string input_;
    std::string reply_;
};

}  // namespace orders
