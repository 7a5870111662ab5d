// SocketConsole.switch(*args, **kwargs), as the seed describes it.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

/// Hands back what it is given, for ever.
value echo(SocketConsole& self, const arguments& given) {
    arguments next = given;
    for (;;) {
        next = {{self.switch_back(next)}, {}};
    }
}

/// The pair of the args tuple and kwargs dict.
std::pair<std::vector<int>, std::map<std::string, int>> as_pair(const value& v) {
    const auto& both = std::get<tuple>(v.content()).items;
    EXPECT_EQ(both.size(), 2U);
    return {both.at(0).as<std::vector<int>>(), both.at(1).as<std::map<std::string, int>>()};
}

using positional = std::vector<int>;
using keywords = std::map<std::string, int>;

// "If this greenlet has never been run, then this greenlet will be switched to using the body of
// self.run(*args, **kwargs)."
TEST(socket_console, never_run_is_switched_to_with_the_body_and_its_arguments) {
    SocketConsole console{[](SocketConsole&, const arguments& given) {
        return value{given.positional.at(0).as<int>() + given.keywords.at("more").as<int>()};
    }};
    EXPECT_FALSE(console.dead());
    EXPECT_EQ(console.switch_to(arguments{{value{1}}, {{"more", value{2}}}}).as<int>(), 3);
    EXPECT_TRUE(console.dead());
}

TEST(socket_console, never_run_gives_what_its_body_first_hands_back) {
    SocketConsole console{[](SocketConsole& self, const arguments&) {
        self.switch_back({{value{"first"}}, {}});
        return value{"result"};
    }};
    EXPECT_EQ(console.switch_to().as<std::string>(), "first");
    EXPECT_FALSE(console.dead());
    EXPECT_EQ(console.switch_to().as<std::string>(), "result");
    EXPECT_TRUE(console.dead());
}

// "If the greenlet is active (has been run, but was switch()'ed out before leaving its run
// function), then this greenlet will be resumed and the return value to its switch call will be
// None if no arguments are given, the given argument if one argument is given, or the args tuple
// and keyword args dict if multiple arguments are given."
TEST(socket_console, active_is_resumed_and_gets_the_arguments_by_the_rules) {
    SocketConsole console{echo};
    console.switch_to();
    EXPECT_TRUE(console.switch_to().is_none());
    EXPECT_EQ(console.switch_to(5).as<int>(), 5);
    EXPECT_EQ(as_pair(console.switch_to(1, 2)), std::pair(positional{1, 2}, keywords{}));
}

TEST(socket_console, active_gets_keyword_arguments_as_a_dict) {
    SocketConsole console{echo};
    console.switch_to();
    EXPECT_EQ(as_pair(console.switch_to(arguments{{value{1}}, {{"k", value{2}}}})),
              std::pair(positional{1}, (keywords{{"k", 2}})));
    EXPECT_EQ(as_pair(console.switch_to(arguments{{}, {{"k", value{2}}}})),
              std::pair(positional{}, (keywords{{"k", 2}})));
}

// "If the greenlet is dead, or is the current greenlet then this function will simply return the
// arguments using the same rules as above."
TEST(socket_console, dead_returns_the_arguments_by_the_rules) {
    SocketConsole console{[](SocketConsole&, const arguments&) { return value{}; }};
    console.switch_to();
    ASSERT_TRUE(console.dead());
    EXPECT_TRUE(console.switch_to().is_none());
    EXPECT_EQ(console.switch_to(5).as<int>(), 5);
    EXPECT_EQ(as_pair(console.switch_to(1, 2)), std::pair(positional{1, 2}, keywords{}));
    EXPECT_EQ(as_pair(console.switch_to(arguments{{}, {{"k", value{2}}}})),
              std::pair(positional{}, (keywords{{"k", 2}})));
}

TEST(socket_console, current_returns_the_arguments_by_the_rules) {
    SocketConsole console{[](SocketConsole& self, const arguments&) {
        EXPECT_TRUE(self.switch_to().is_none());
        EXPECT_EQ(self.switch_to(5).as<int>(), 5);
        EXPECT_EQ(as_pair(self.switch_to(1, 2)), std::pair(positional{1, 2}, keywords{}));
        EXPECT_FALSE(self.dead());
        return value{"went on"};
    }};
    EXPECT_EQ(console.switch_to().as<std::string>(), "went on");
}

TEST(socket_console, throws_what_leaves_its_body_once) {
    SocketConsole console{
        [](SocketConsole&, const arguments&) -> value { throw std::out_of_range{"too far"}; }};
    EXPECT_THROW(console.switch_to(), std::out_of_range);
    EXPECT_TRUE(console.dead());
    EXPECT_EQ(console.switch_to(5).as<int>(), 5);
}

TEST(socket_console, throws_what_leaves_a_resumed_body) {
    SocketConsole console{[](SocketConsole& self, const arguments&) -> value {
        self.switch_back();
        throw bad_argument{"resumed, and failed"};
    }};
    console.switch_to();
    EXPECT_THROW(console.switch_to(), bad_argument);
    EXPECT_TRUE(console.dead());
}

TEST(socket_console, does_not_run_at_the_same_time_as_who_switched_to_it) {
    int turn = 0;  // not atomic: the thread sanitizer looks too
    SocketConsole console{[&](SocketConsole& self, const arguments&) {
        for (int i = 0; i < 100; ++i) {
            ++turn;
            self.switch_back();
        }
        return value{};
    }};
    for (int i = 1; i <= 100; ++i) {
        console.switch_to();
        EXPECT_EQ(turn, i);
    }
}

TEST(socket_console, makes_a_second_caller_wait_for_the_first) {
    std::promise<void> entered;
    std::promise<void> go_on;
    SocketConsole console{[&](SocketConsole& self, const arguments& given) {
        entered.set_value();
        go_on.get_future().wait();
        return self.switch_back(given);
    }};
    auto first = std::async(std::launch::async, [&] { return console.switch_to("first"); });
    entered.get_future().wait();
    auto second = std::async(std::launch::async, [&] { return console.switch_to("second"); });
    go_on.set_value();
    EXPECT_EQ(first.get().as<std::string>(), "first");
    EXPECT_EQ(second.get().as<std::string>(), "second");
}

TEST(socket_console, may_switch_to_another) {
    SocketConsole inner{[](SocketConsole& self, const arguments& given) {
        return self.switch_back({{value{given.positional.at(0).as<int>() * 2}}, {}});
    }};
    SocketConsole outer{[&](SocketConsole&, const arguments& given) {
        return value{inner.switch_to(given).as<int>() + 1};
    }};
    EXPECT_EQ(outer.switch_to(20).as<int>(), 41);
    EXPECT_FALSE(inner.dead());
}

TEST(socket_console, ends_a_switched_out_body_when_it_is_destroyed) {
    struct witness {
        bool& gone;
        ~witness() { gone = true; }
    };
    bool gone = false;
    {
        SocketConsole console{[&](SocketConsole& self, const arguments&) {
            const witness here{gone};
            return self.switch_back();
        }};
        console.switch_to();
        EXPECT_FALSE(gone);
    }
    EXPECT_TRUE(gone);
}

TEST(socket_console, may_be_destroyed_without_having_run) {
    SocketConsole console{[](SocketConsole&, const arguments&) -> value {
        ADD_FAILURE() << "was run";
        return {};
    }};
}

}  // namespace
}  // namespace backdoor::test
