#include "session/client_history.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace backdoor {
namespace {

using namespace std::string_literals;

TEST(client_history, has_the_blocks_that_its_client_knows) {
    client_history history{"one\0two\nlines\0"s};
    EXPECT_EQ(history.blocks().entries(), (std::deque{"one"s, "two\nlines"s}));
    EXPECT_EQ(history.take_new(), "");
}

TEST(client_history, tells_each_new_block_once) {
    client_history history{"one\0"s};
    history.blocks().add("two");
    history.blocks().add("three");
    EXPECT_EQ(history.take_new(), "two\0three\0"s);
    history.blocks().add("four");
    EXPECT_EQ(history.take_new(), "four\0"s);
    EXPECT_EQ(history.take_new(), "");
}

TEST(client_history, tells_no_block_that_it_could_not_tell_apart) {
    client_history history{{}};
    history.blocks().add("t\0wo"s);
    history.blocks().add("three");
    EXPECT_EQ(history.take_new(), "three\0"s);
}

TEST(client_history, tells_what_is_left_of_many) {
    client_history history{{}};
    const auto count = editor::history::default_max_entries + 10;
    for (std::size_t i = 0; i < count; ++i) {
        history.blocks().add(std::to_string(i));
    }
    EXPECT_TRUE(history.take_new().starts_with("10\0"s));
}

}  // namespace
}  // namespace backdoor
