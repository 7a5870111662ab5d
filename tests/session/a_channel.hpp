// A channel between a test and a client that takes as many bytes as it is told to.
#pragma once

#include "session/channel.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <string>
#include <utility>

#include "support/deadline.hpp"

namespace backdoor::test {

/// A client that takes as many bytes as it is told to.
class fake_client : public transport {
public:
    std::ptrdiff_t send(std::string_view bytes) noexcept override {
        if (gone) {
            return -1;
        }
        const auto taken = bytes.substr(0, room);
        room -= taken.size();
        received += taken;
        ++packets;
        return static_cast<std::ptrdiff_t>(taken.size());
    }
    int input_descriptor() noexcept override { return socket; }
    std::size_t receive_lines(std::string& lines, std::size_t most) override {
        std::array<char, 100> buffer;
        const auto size = recv(socket, buffer.data(), std::min(buffer.size(), most), MSG_DONTWAIT);
        lines.append(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
        return size > 0 ? static_cast<std::size_t>(size) : 0;
    }
    void want_writable() noexcept override { ++asked_writable; }
    void want_input() noexcept override { ++asked_input; }
    void want_attention() noexcept override { ++asked_attention; }

    std::string received;
    int socket = -1;  // where lines come that nobody has been told of
    std::size_t room = 1'000'000'000;
    std::atomic<int> packets{0};
    std::atomic<int> asked_writable{0};
    std::atomic<int> asked_input{0};
    std::atomic<int> asked_attention{0};
    bool gone = false;
};

class a_channel : public testing::Test {
protected:
    struct read_result {
        outcome how;
        std::string line;
        bool operator==(const read_result&) const = default;
    };
    read_result read(std::string_view prompt = "> ") {
        read_result a{};
        a.how = io.read_line({read_kind::statement, prompt}, a.line);
        return a;
    }
    /// A read that waits, when this returns.
    std::future<read_result> begin_read() {
        const int before = client.packets;
        auto result = std::async(std::launch::async, [this] { return read("wait> "); });
        // The prompt is sent with the lock that the read keeps until it waits.
        EXPECT_TRUE(eventually([&] { return client.packets > before; }));
        return result;
    }
    std::future<outcome> begin_write(std::string text) {
        return std::async(std::launch::async,
                          [this, text = std::move(text)] { return io.write(text); });
    }

    fake_client client;
    channel io{{100, 1000}, client};
};

}  // namespace backdoor::test
