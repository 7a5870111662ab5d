#include "session/polled_wait.hpp"

#include "a_channel.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace backdoor::test {
namespace {

class counting_waker final : public waker {
public:
    void wake() override { ++count; }
    bool watch(int socket) override {
        watched = can_watch ? socket : -1;
        return can_watch;
    }
    void unwatch() override { watched = -1; }

    int count = 0;
    int watched = -1;
    bool can_watch = true;
};

class a_polled_wait : public a_channel {
protected:
    const std::shared_ptr<counting_waker> who = std::make_shared<counting_waker>();
    std::string line;
};

TEST_F(a_polled_wait, reads_at_once_what_is_there) {
    io.push("one\n");
    polled_wait waiting{io, who};
    EXPECT_EQ(waiting.read_line({}, line), outcome::done);
    EXPECT_EQ(line, "one\n");
    EXPECT_EQ(who->count, 0);
}

TEST_F(a_polled_wait, is_woken_once_for_each_piece_that_gave_nothing) {
    polled_wait waiting{io, who};
    EXPECT_FALSE(waiting.read_line({}, line));
    EXPECT_FALSE(waiting.read_line({}, line));
    EXPECT_TRUE(io.is_waiting());
    io.push("one\n");
    io.push("two\n");
    EXPECT_EQ(who->count, 1);
    EXPECT_EQ(waiting.read_line({}, line), outcome::done);
    EXPECT_EQ(line, "one\n");
    EXPECT_FALSE(io.is_waiting());
}

TEST_F(a_polled_wait, shows_its_prompt_once) {
    const reading what{read_kind::statement, "> ", "> "};
    polled_wait waiting{io, who};
    EXPECT_FALSE(waiting.read_line(what, line));
    EXPECT_FALSE(waiting.read_line(what, line));
    EXPECT_EQ(client.received, "> ");
}

class a_polled_wait_at_a_socket : public a_polled_wait {
protected:
    void SetUp() override {
        ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
        client.socket = ends[0];
    }
    void TearDown() override {
        close(ends[0]);
        close(ends[1]);
    }
    void type(std::string_view text) const {
        EXPECT_EQ(send(ends[1], text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    }
    std::array<int, 2> ends{};
};

TEST_F(a_polled_wait_at_a_socket, takes_lines_from_there) {
    polled_wait waiting{io, who};
    EXPECT_FALSE(waiting.read_line({}, line));
    EXPECT_EQ(who->watched, ends[0]);
    EXPECT_EQ(client.asked_input, 0);
    type("one\n");
    EXPECT_EQ(waiting.read_line({}, line), outcome::done);
    EXPECT_EQ(line, "one\n");
    EXPECT_EQ(who->watched, -1);
    EXPECT_FALSE(waiting.read_line({}, line));
    EXPECT_EQ(who->watched, ends[0]);
}

TEST_F(a_polled_wait_at_a_socket, leaves_to_the_session_what_are_no_lines) {
    polled_wait waiting{io, who};
    EXPECT_FALSE(waiting.read_line({}, line));
    EXPECT_FALSE(waiting.read_line({}, line));  // woken for nothing that it could take
    EXPECT_EQ(client.asked_input, 1);
    EXPECT_EQ(who->watched, -1);
    io.push("one\n");
    EXPECT_EQ(waiting.read_line({}, line), outcome::done);
    EXPECT_FALSE(waiting.read_line({}, line));
    EXPECT_EQ(who->watched, ends[0]);
}

TEST_F(a_polled_wait_at_a_socket, asks_the_session_where_there_is_no_watching) {
    who->can_watch = false;
    polled_wait waiting{io, who};
    EXPECT_FALSE(waiting.read_line({}, line));
    EXPECT_EQ(client.asked_input, 1);
}

TEST_F(a_polled_wait_at_a_socket, leaves_it_at_its_end) {
    {
        polled_wait waiting{io, who};
        EXPECT_FALSE(waiting.read_line({}, line));
    }
    EXPECT_EQ(who->watched, -1);
}

TEST_F(a_polled_wait_at_a_socket, watches_no_more_when_the_client_is_gone) {
    polled_wait waiting{io, who};
    EXPECT_FALSE(waiting.read_line({}, line));
    io.close();
    EXPECT_EQ(waiting.read_line({}, line), outcome::closed);
    EXPECT_EQ(who->watched, -1);
}

TEST_F(a_polled_wait, is_interrupted) {
    polled_wait waiting{io, who};
    EXPECT_FALSE(waiting.read_line({}, line));
    EXPECT_TRUE(io.interrupt());
    EXPECT_EQ(who->count, 1);
    EXPECT_EQ(waiting.read_line({}, line), outcome::interrupted);
}

TEST_F(a_polled_wait, ends_when_the_client_is_gone) {
    polled_wait waiting{io, who};
    EXPECT_FALSE(waiting.read_line({}, line));
    io.close();
    EXPECT_EQ(who->count, 1);
    EXPECT_EQ(waiting.read_line({}, line), outcome::closed);
}

TEST_F(a_polled_wait, that_is_given_up_is_not_woken) {
    {
        polled_wait waiting{io, who};
        EXPECT_FALSE(waiting.read_line({}, line));
    }
    EXPECT_FALSE(io.is_waiting());
    io.push("one\n");
    EXPECT_EQ(who->count, 0);
}

}  // namespace
}  // namespace backdoor::test
