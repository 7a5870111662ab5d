#include "a_channel.hpp"

#include <thread>
#include <vector>

namespace backdoor::test {
namespace {

TEST_F(a_channel, sends_at_once_while_its_console_waits) {
    EXPECT_EQ(io.write("from elsewhere"), outcome::done);
    EXPECT_EQ(client.received, "from elsewhere");
}

TEST_F(a_channel, gathers_the_output_of_a_command_for_one_packet) {
    io.push("command\n");
    read("");
    io.write("answer ");
    io.write("in pieces\n");
    EXPECT_EQ(client.received, "");
    const int packets = client.packets;
    auto waiting = begin_read();
    EXPECT_EQ(client.received, "answer in pieces\nwait> ");
    EXPECT_EQ(client.packets, packets + 1);
    io.close();
    waiting.wait();
}

TEST_F(a_channel, sends_what_is_gathered_when_asked_to) {
    io.push("command\n");
    read("");
    io.write("so far");
    EXPECT_TRUE(io.flush());
    EXPECT_EQ(client.received, "so far");
}

TEST_F(a_channel, makes_a_writer_wait_whose_client_does_not_read) {
    client.room = 10;
    auto writing = begin_write(std::string(5000, 'x'));
    EXPECT_TRUE(eventually([&] { return client.asked_writable > 0; }));
    EXPECT_EQ(writing.wait_for(10ms), std::future_status::timeout);
    EXPECT_FALSE(io.drained());
    EXPECT_FALSE(io.try_write("more"));
    client.room = 10'000;
    EXPECT_TRUE(eventually([&] {
        io.drain();
        return writing.wait_for(0ms) == std::future_status::ready;
    }));
    EXPECT_EQ(writing.get(), outcome::done);
    io.drain();
    EXPECT_EQ(client.received, std::string(5000, 'x'));
    EXPECT_TRUE(io.drained());
}

TEST_F(a_channel, makes_a_reader_wait_whose_client_does_not_read) {
    client.room = 0;
    io.write(std::string(1000, 'x'));
    io.push("next\n");
    std::string line;
    EXPECT_FALSE(io.try_read_line({read_kind::statement, "> "}, line));
    auto reading = std::async(std::launch::async, [this] { return read(); });
    EXPECT_EQ(reading.wait_for(10ms), std::future_status::timeout);
    client.room = 10'000;
    io.drain();
    EXPECT_EQ(reading.get(), (read_result{outcome::done, "next\n"}));
}

TEST_F(a_channel, wakes_a_writer_with_an_interrupt) {
    client.room = 0;
    auto writing = begin_write(std::string(5000, 'x'));
    EXPECT_TRUE(eventually([this] { return io.is_waiting(); }));
    EXPECT_TRUE(io.interrupt());
    EXPECT_EQ(writing.get(), outcome::interrupted);
}

TEST_F(a_channel, wakes_a_writer_when_it_is_closed) {
    client.room = 0;
    auto writing = begin_write(std::string(5000, 'x'));
    EXPECT_TRUE(eventually([&] { return client.asked_writable > 0; }));
    io.close();
    EXPECT_EQ(writing.get(), outcome::closed);
    EXPECT_EQ(io.write("more"), outcome::closed);
    EXPECT_FALSE(io.try_write("more"));
}

TEST_F(a_channel, sends_what_is_gathered_before_a_writer_waits) {
    io.push("line\n");
    read();  // the console runs, and its output is gathered
    for (int n = 0; n < 10; ++n) {
        EXPECT_EQ(io.write(std::string(400, 'x')), outcome::done);
    }
}

TEST_F(a_channel, drops_output_for_a_client_that_is_gone) {
    client.gone = true;
    EXPECT_EQ(io.write("text"), outcome::done);
    EXPECT_TRUE(io.drained());
}

TEST_F(a_channel, does_not_use_its_client_once_it_is_closed) {
    io.close();
    io.write("text");
    io.push("line\n");
    io.interrupt();
    io.reject("notice");
    io.send_protocol("bytes");
    io.flush();
    EXPECT_EQ(client.packets, 0);
    EXPECT_EQ(client.asked_input, 0);
}

TEST_F(a_channel, encodes_for_telnet_from_then_on_but_not_the_protocol) {
    io.write("a\n");
    io.encode_for_telnet();
    io.write("b\n\xff");
    io.send_protocol("\xff\xfb");
    EXPECT_EQ(client.received, "a\nb\r\n\xff\xff\xff\xfb");
}

TEST_F(a_channel, serves_many_threads) {
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i) {
        writers.emplace_back([&, text = std::string(1, static_cast<char>('a' + i)) + "\n"] {
            for (int n = 0; n < 500; ++n) {
                EXPECT_EQ(io.write(text), outcome::done);
            }
        });
    }
    std::thread typist{[&] {
        for (int n = 0; n < 500; ++n) {
            io.push("line\n");
        }
        io.push_end("");
    }};
    int lines = 0;
    while (read("").how == outcome::done) {
        ++lines;
    }
    typist.join();
    for (auto& writer : writers) {
        writer.join();
    }
    io.flush();
    EXPECT_EQ(lines, 500);
    EXPECT_EQ(client.received.size(), 4U * 500 * 2);
}

}  // namespace
}  // namespace backdoor::test
