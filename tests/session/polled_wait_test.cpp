#include "session/polled_wait.hpp"

#include "a_channel.hpp"

#include <memory>

namespace backdoor::test {
namespace {

class counting_waker final : public waker {
public:
    void wake() override { ++count; }
    int count = 0;
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
