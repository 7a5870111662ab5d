// A channel whose client has a terminal.
#include "a_channel.hpp"

namespace backdoor::test {
namespace {

class a_channel_with_an_editor : public a_channel {
protected:
    a_channel_with_an_editor() { io.attach_editor(false, {100, 30, true}); }

    std::future<read_result> begin_to_read(reading what) {
        const int before = client.asked_attention;
        auto waiting = std::async(std::launch::async, [this, what] {
            read_result r{};
            r.how = io.read_line(what, r.line);
            return r;
        });
        EXPECT_TRUE(eventually([&] { return client.asked_attention > before; }));
        return waiting;
    }
};

TEST_F(a_channel_with_an_editor, gives_it_what_is_written_and_sends_nothing_itself) {
    io.write("text\n");
    io.flush();
    EXPECT_EQ(client.received, "");
    EXPECT_EQ(io.take_news().text, "text\n");
    io.show("TEXT");
    EXPECT_EQ(client.received, "TEXT");
    EXPECT_TRUE(io.drained());
}

TEST_F(a_channel_with_an_editor, asks_it_to_read) {
    auto waiting = begin_to_read({read_kind::statement, ">>> ", "... "});
    EXPECT_EQ(io.take_news().wanted, (request{read_kind::statement, ">>> ", "... "}));
    io.push("block\n");
    EXPECT_EQ(waiting.get(), (read_result{outcome::done, "block\n"}));
}

TEST_F(a_channel_with_an_editor, answers_input_with_what_was_typed_for_it_alone) {
    io.push("the rest of a block\n");
    auto waiting = begin_to_read({read_kind::line});
    EXPECT_EQ(io.take_news().wanted, (request{read_kind::line, "", ""}));
    io.reply("typed\n");
    EXPECT_EQ(waiting.get(), (read_result{outcome::done, "typed\n"}));
    EXPECT_EQ(io.take_block(), "the rest of a block\n");
}

TEST_F(a_channel_with_an_editor, has_room_for_input_again_when_a_block_is_taken) {
    const std::string block(100, 'x');
    io.push(block + "\n");
    EXPECT_TRUE(io.is_input_full());
    EXPECT_EQ(io.take_block(), block + "\n");
    EXPECT_FALSE(io.is_input_full());
    EXPECT_EQ(client.asked_input, 1);
}

TEST_F(a_channel_with_an_editor, passes_a_question_and_its_answer) {
    auto waiting = begin_to_read({read_kind::statement, ">>> "});
    io.take_news();
    io.ask(editor::wants_judgement{"x\n"});
    EXPECT_EQ(waiting.get().how, outcome::asked);
    EXPECT_EQ(std::get<editor::wants_judgement>(io.take_question()).text, "x\n");
    io.give(editor::verdict::incomplete);
    const auto news = io.take_news();
    ASSERT_TRUE(news.answered);
    EXPECT_EQ(std::get<editor::verdict>(*news.answered), editor::verdict::incomplete);
}

TEST_F(a_channel_with_an_editor, drops_an_answer_that_comes_behind_an_interrupt) {
    io.ask(editor::wants_judgement{"x\n"});
    io.take_question();
    EXPECT_TRUE(io.interrupt());
    io.give(editor::verdict::whole);
    EXPECT_FALSE(io.take_news().answered);
    EXPECT_EQ(read().how, outcome::interrupted);
}

TEST_F(a_channel_with_an_editor, makes_a_writer_wait_for_the_screen) {
    auto writing = begin_write(std::string(5000, 'x'));
    std::size_t seen = 0;
    EXPECT_TRUE(eventually([&] { return (seen += io.take_news().text.size()) == 5000; }));
    EXPECT_EQ(writing.get(), outcome::done);
}

TEST_F(a_channel_with_an_editor, shows_a_waiting_prompt_when_the_editor_goes) {
    auto waiting = begin_to_read({read_kind::statement, ">>> "});
    io.detach_editor();
    EXPECT_TRUE(eventually([&] { return client.packets > 0; }));
    EXPECT_EQ(client.received, ">>> ");
    io.push("line\n");
    EXPECT_EQ(waiting.get(), (read_result{outcome::done, "line\n"}));
}

}  // namespace
}  // namespace backdoor::test
