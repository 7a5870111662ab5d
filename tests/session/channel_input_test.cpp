#include "a_channel.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace backdoor::test {
namespace {

TEST_F(a_channel, hands_over_lines_one_by_one_each_behind_its_prompt) {
    io.push("one\ntwo\n");
    EXPECT_EQ(read(), (read_result{outcome::done, "one\n"}));
    EXPECT_EQ(read(), (read_result{outcome::done, "two\n"}));
    io.flush();
    EXPECT_EQ(client.received, "> > ");
}

TEST_F(a_channel, tells_whether_a_read_would_wait) {
    std::string line;
    EXPECT_FALSE(io.try_read_line({read_kind::statement, "> "}, line));
    io.push("one\n");
    EXPECT_TRUE(io.try_read_line({read_kind::statement, "> "}, line));
    EXPECT_EQ(line, "one\n");
    EXPECT_FALSE(io.try_read_line({read_kind::statement, "> "}, line));
}

/// What a console receives by itself comes here.
class a_channel_with_a_socket : public a_channel {
protected:
    a_channel_with_a_socket() {
        EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        client.socket = ends[0];
    }
    ~a_channel_with_a_socket() override {
        close(ends[0]);
        close(ends[1]);
    }
    void send(std::string_view text) { EXPECT_EQ(write(ends[1], text.data(), text.size()), text.size()); }

    int ends[2]{};
};

TEST_F(a_channel_with_a_socket, takes_lines_of_which_nobody_has_told) {
    EXPECT_FALSE(io.can_watch_input());
    send("one\ntwo\n");
    EXPECT_EQ(read(), (read_result{outcome::done, "one\n"}));
    EXPECT_EQ(read(), (read_result{outcome::done, "two\n"}));
    EXPECT_TRUE(io.can_watch_input());
    auto waiting = begin_read();
    send("three\n");
    EXPECT_EQ(waiting.get(), (read_result{outcome::done, "three\n"}));
    EXPECT_EQ(client.asked_input, 0);
}

TEST_F(a_channel_with_a_socket, is_woken_there_by_all_that_wakes_it) {
    auto waiting = begin_read();
    EXPECT_TRUE(io.interrupt());
    EXPECT_EQ(waiting.get(), (read_result{outcome::interrupted, ""}));
    waiting = begin_read();
    io.push("line\n");
    EXPECT_EQ(waiting.get(), (read_result{outcome::done, "line\n"}));
    waiting = begin_read();
    io.close();
    EXPECT_EQ(waiting.get(), (read_result{outcome::closed, ""}));
    EXPECT_EQ(client.asked_input, 0);
}

TEST_F(a_channel_with_a_socket, asks_for_input_where_no_lines_come_there) {
    shutdown(ends[1], SHUT_WR);
    auto waiting = begin_read();
    EXPECT_TRUE(eventually([&] { return client.asked_input > 0; }));
    io.push("line\n");
    EXPECT_EQ(waiting.get(), (read_result{outcome::done, "line\n"}));
}

TEST_F(a_channel_with_a_socket, asks_for_input_where_nothing_comes_for_a_while) {
    auto waiting = begin_read();
    EXPECT_TRUE(eventually([&] { return client.asked_input > 0; }));
    send("one\n");  // the IO thread's
    io.push("two\n");
    EXPECT_EQ(waiting.get(), (read_result{outcome::done, "two\n"}));
}

TEST_F(a_channel, wakes_a_read_with_a_line) {
    auto waiting = begin_read();
    io.push("line\n");
    EXPECT_EQ(waiting.get(), (read_result{outcome::done, "line\n"}));
}

TEST_F(a_channel, wakes_a_read_with_an_interrupt_once) {
    auto waiting = begin_read();
    EXPECT_TRUE(io.interrupt());
    EXPECT_EQ(waiting.get(), (read_result{outcome::interrupted, ""}));
    io.push("line\n");
    EXPECT_EQ(read(), (read_result{outcome::done, "line\n"}));
}

TEST_F(a_channel, keeps_an_interrupt_for_the_command_that_was_read) {
    io.push("line\n");
    read();
    EXPECT_FALSE(io.take_interrupt());
    EXPECT_FALSE(io.interrupt());
    EXPECT_TRUE(io.take_interrupt());
    EXPECT_FALSE(io.take_interrupt());
    io.push("next\n");
    EXPECT_EQ(read(), (read_result{outcome::done, "next\n"}));
}

TEST_F(a_channel, gives_an_interrupt_that_found_nothing_to_the_next_read) {
    io.push("dropped\n");
    EXPECT_FALSE(io.interrupt());
    io.push("typed behind it\n");
    std::string line;
    EXPECT_FALSE(io.try_read_line({read_kind::statement, "> "}, line));
    EXPECT_EQ(read(), (read_result{outcome::interrupted, ""}));
    EXPECT_EQ(read(), (read_result{outcome::done, "typed behind it\n"}));
}

TEST_F(a_channel, takes_back_an_interrupt_that_came_too_late) {
    EXPECT_FALSE(io.interrupt());
    EXPECT_TRUE(io.take_interrupt());
    io.push("typed behind it\n");
    io.give_back_interrupt();
    EXPECT_EQ(read(), (read_result{outcome::interrupted, ""}));
    EXPECT_EQ(read(), (read_result{outcome::done, "typed behind it\n"}));
}

TEST_F(a_channel, lets_a_read_that_waits_meet_its_interrupt) {
    auto waiting = begin_read();
    EXPECT_TRUE(io.interrupt());
    EXPECT_EQ(waiting.get(), (read_result{outcome::interrupted, ""}));
    EXPECT_FALSE(io.take_interrupt());
}

TEST_F(a_channel, interrupts_a_statement_between_its_lines) {
    const reading more{read_kind::statement, ". ", ". "};
    std::string line;
    io.push("if x:\n");
    read();
    EXPECT_FALSE(io.interrupt());
    io.push("next\n");
    EXPECT_FALSE(io.try_read_line(more, line));
    EXPECT_EQ(io.read_line(more, line), outcome::interrupted);
    EXPECT_EQ(read(), (read_result{outcome::done, "next\n"}));
}

TEST_F(a_channel, wakes_a_read_with_a_notice) {
    auto waiting = begin_read();
    io.reject("too long\n");
    EXPECT_EQ(waiting.get(), (read_result{outcome::interrupted, "too long\n"}));
}

TEST_F(a_channel, shows_a_notice_where_nobody_reads) {
    io.reject("too long\n");
    io.flush();
    EXPECT_EQ(client.received, "too long\n");
}

TEST_F(a_channel, drops_waiting_lines_with_an_interrupt) {
    io.push("one\ntwo\n");
    io.interrupt();
    std::string line;
    EXPECT_FALSE(io.try_read_line({read_kind::statement, "> "}, line));
}

TEST_F(a_channel, wakes_a_read_when_it_is_closed) {
    auto waiting = begin_read();
    io.close();
    EXPECT_EQ(waiting.get(), (read_result{outcome::closed, ""}));
    EXPECT_EQ(read().how, outcome::closed);
}

TEST_F(a_channel, wakes_a_read_at_the_end_of_input_and_stays_so) {
    auto waiting = begin_read();
    io.push_end("");
    EXPECT_EQ(waiting.get(), (read_result{outcome::ended, ""}));
    EXPECT_EQ(read(), (read_result{outcome::ended, ""}));
}

TEST_F(a_channel, hands_over_all_before_the_end_of_input) {
    io.push("one\n");
    io.push_end("no newline");
    EXPECT_EQ(read(), (read_result{outcome::done, "one\n"}));
    EXPECT_EQ(read(), (read_result{outcome::done, "no newline"}));
    EXPECT_EQ(read(), (read_result{outcome::ended, ""}));
}

TEST_F(a_channel, shows_the_lines_up_to_an_empty_one_without_taking_them) {
    io.push("one\ntwo\n\nthree\n");
    std::string block = "before ";
    EXPECT_EQ(io.peek_block(block), 3U);
    EXPECT_EQ(block, "before one\ntwo\n\n");
    io.skip_lines(2);
    EXPECT_EQ(read(), (read_result{outcome::done, "\n"}));
    EXPECT_EQ(read(), (read_result{outcome::done, "three\n"}));
    std::string nothing;
    EXPECT_EQ(io.peek_block(nothing), 0U);
    EXPECT_EQ(nothing, "");
}

TEST_F(a_channel, is_full_until_half_of_its_input_is_read) {
    const std::string line = std::string(24, 'x') + "\n";
    io.push(line + line + line);
    EXPECT_FALSE(io.is_input_full());
    io.push(line);
    EXPECT_TRUE(io.is_input_full());
    read();
    read();
    EXPECT_EQ(client.asked_input, 0);
    read();
    EXPECT_EQ(client.asked_input, 1);
    EXPECT_FALSE(io.is_input_full());
}

TEST_F(a_channel, wants_input_again_when_an_interrupt_has_dropped_it) {
    io.push(std::string(200, 'x') + "\n");
    EXPECT_TRUE(io.is_input_full());
    io.interrupt();
    EXPECT_EQ(client.asked_input, 1);
    EXPECT_FALSE(io.is_input_full());
}

}  // namespace
}  // namespace backdoor::test
