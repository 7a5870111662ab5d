// The host's names at the prompt.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

enum class side { buy = 1, sell = 2 };

TEST(name_that_is_set, is_a_copy_with_pythons_type) {
    locals names;
    names.set("number", 42)
        .set("large", std::uint64_t{18446744073709551615U})
        .set("ratio", 0.5)
        .set("truth", true)
        .set("text", "h\u00e9")
        .set("raw", bytes{"\xff"})
        .set("nothing", std::optional<int>{})
        .set("some", std::optional<int>{3})
        .set("items", std::vector<int>{1, 2})
        .set("limits", std::map<std::string, int>{{"orders", 100}})
        .set("pair", std::pair{1, std::string{"one"}})
        .set("side", side::sell);
    const host h{names};
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("number, large, ratio, truth, nothing, some"),
              "(42, 18446744073709551615, 0.5, True, None, 3)\n");
    EXPECT_EQ(one.run("text, raw, items, limits, pair, side.name, side == 2"),
              "('h\u00e9', b'\\xff', [1, 2], {'orders': 100}, (1, 'one'), 'sell', True)\n");
}

TEST(name_that_is_set, belongs_to_each_console_alone) {
    locals names;
    names.set("items", std::vector<int>{1});
    const host h{names};
    auto one = h.greeted_client();
    auto two = h.greeted_client();
    one.run("items.append(2)");
    EXPECT_EQ(one.run("items"), "[1, 2]\n");
    EXPECT_EQ(two.run("items"), "[1]\n");
}

TEST(live_name, is_read_at_each_access) {
    std::atomic<int> count{1};
    locals names;
    names.live("count", [&] { return count.load(); });
    const host h{names};
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("count"), "1\n");
    count = 2;
    EXPECT_EQ(one.run("count"), "2\n");
    EXPECT_EQ(one.run("[count for i in range(2)]"), "[2, 2]\n");
    EXPECT_EQ(one.run("(lambda: count)()"), "2\n");
    EXPECT_EQ(one.run("'count' in dir(), 'count' in globals()"), "(True, True)\n");
}

TEST(live_name, may_be_hidden_and_shown_again) {
    locals names;
    names.live("count", [] { return 1; });
    const host h{names};
    auto one = h.greeted_client();
    one.run("count = 'mine'");
    EXPECT_EQ(one.run("count"), "'mine'\n");
    one.run("del count");
    EXPECT_EQ(one.run("count"), "1\n");
}

TEST(live_name, raises_what_its_getter_throws) {
    locals names;
    names.live("count", []() -> int { throw std::runtime_error{"no count today"}; });
    const host h{names};
    auto one = h.greeted_client();
    EXPECT_TRUE(one.run("count").ends_with("\nRuntimeError: no count today\n"));
    EXPECT_EQ(one.run("'alive'"), "'alive'\n");
}

TEST(live_name, is_seen_in_a_shared_namespace) {
    std::atomic<int> count{1};
    locals names;
    names.live("count", [&] { return ++count; });
    options choices;
    choices.share_locals = true;
    const host h{names, choices};
    EXPECT_EQ(h.greeted_client().run("count"), "2\n");
    EXPECT_EQ(h.greeted_client().run("count"), "3\n");
}

class exposed_function : public testing::Test {
protected:
    static locals names() {
        locals all;
        all.function("add", [](int a, double b) { return a + b; }, "Adds two numbers.");
        all.function("fail", [] { throw std::runtime_error{"as asked"}; });
        all.function("refuse", [](int) { throw bad_argument{"not that one"}; });
        all.function("find", [](int i) -> int { throw std::out_of_range{"no " + std::to_string(i)}; });
        all.function("throw_number", [] { throw 42; });
        all.function("join", [](const std::vector<std::string>& parts) {
            std::string all_parts;
            for (const auto& part : parts) {
                all_parts += part;
            }
            return all_parts;
        });
        all.function("spread", [](const arguments& given) {
            return std::pair{given.positional.size(), given.keywords.size()};
        });
        all.function("again", [](const value& v) { return v; });
        return all;
    }
    std::string last_line(std::string_view command) {
        auto text = one.run(command);
        text.pop_back();
        return text.substr(text.rfind('\n') + 1);
    }

    const host h{names()};
    client one{h.greeted_client()};
};

TEST_F(exposed_function, takes_and_gives_values) {
    EXPECT_EQ(one.run("add(1, 2)"), "3.0\n");
    EXPECT_EQ(one.run("join(['a', 'b'])"), "'ab'\n");
    EXPECT_EQ(one.run("spread(1, 2, k=3)"), "(2, 1)\n");
    EXPECT_EQ(one.run("again({'k': [1, (2, None)], 'b': b'\\xff'})"),
              "{'k': [1, (2, None)], 'b': b'\\xff'}\n");
}

TEST_F(exposed_function, has_a_name_and_documentation) {
    EXPECT_EQ(one.run("add"), "<C++ function add>\n");
    EXPECT_EQ(one.run("add.__name__, add.__doc__"), "('add', 'Adds two numbers.')\n");
    EXPECT_NE(one.run("help(add)").find("Adds two numbers."), std::string::npos);
}

TEST_F(exposed_function, raises_what_it_throws) {
    EXPECT_EQ(last_line("fail()"), "RuntimeError: as asked");
    EXPECT_EQ(last_line("refuse(1)"), "TypeError: refuse(): not that one");
    EXPECT_EQ(last_line("find(3)"), "IndexError: no 3");
    EXPECT_EQ(last_line("throw_number()"),
              "RuntimeError: an exception that is no std::exception");
}

TEST_F(exposed_function, says_what_is_wrong_with_its_arguments) {
    EXPECT_EQ(last_line("add(1)"), "TypeError: add(): takes 2 arguments (1 given)");
    EXPECT_EQ(last_line("add(1, b=2)"), "TypeError: add(): takes no keyword arguments");
    EXPECT_EQ(last_line("add('1', 2)"), "TypeError: add(): argument 1: expected an integer");
    EXPECT_EQ(last_line("add(2 ** 40, 2)"),
              "TypeError: add(): argument 1: expected an integer in the parameter's range");
    EXPECT_EQ(last_line("add(2 ** 70, 2)"), "TypeError: add(): the integer has more than 64 bits");
    EXPECT_EQ(last_line("add(object(), 2)"), "TypeError: add(): cannot pass a object to C++");
    EXPECT_EQ(last_line("l = []; l.append(l); again(l)"),
              "TypeError: again(): the value is nested too deeply for C++");
}

}  // namespace
}  // namespace backdoor::test
