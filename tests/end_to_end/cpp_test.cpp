// C++ objects at the prompt, without a line of bindings.
#include <backdoor/backdoor.hpp>
#include <backdoor/root.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/host.hpp"

namespace shop {

enum class state { open = 1, closed };

struct account {
    virtual ~account() = default;
    int number = 7;
};
struct rich_account : account {
    std::string owner = "ann";
};

struct till {
    std::string name = "front";
    state now = state::open;
    std::vector<int> coins{1, 2, 5};
    std::map<std::string, double> prices{{"pear", 0.5}, {"plum", 0.25}};
    std::map<std::pair<int, int>, int> places{{{1, 2}, 3}};
    std::unique_ptr<account> owner = std::make_unique<rich_account>();
    account* borrowed = nullptr;
    account* bad = reinterpret_cast<account*>(0xdeadbeef);
};

till the_till;

}  // namespace shop

namespace backdoor::test {
namespace {

class cpp_names : public testing::Test {
protected:
    std::string last_line(std::string_view command) {
        auto text = one.run(command);
        text.pop_back();
        return text.substr(text.rfind('\n') + 1);
    }

    const host h;
    client one{h.greeted_client()};
};

TEST_F(cpp_names, are_attributes) {
    EXPECT_EQ(one.run("t = cpp.shop.the_till; t.name, t.coins, t.prices"),
              "('front', [1, 2, 5], {'pear': 0.5, 'plum': 0.25})\n");
    EXPECT_EQ(one.run("t.now, t.now.name, t.now == 1"), "(<shop::state.open: 1>, 'open', True)\n");
    EXPECT_EQ(one.run("cpp['shop::the_till'].name, cpp.shop['the_till'] == t"), "('front', True)\n");
    EXPECT_EQ(one.run("cpp.shop"), "<C++ namespace shop>\n");
    EXPECT_EQ(one.run("[n for n in dir(cpp.shop) if n[0] == 't'], 'search' in dir(cpp)"),
              "(['the_till', 'till'], True)\n");
    EXPECT_EQ(one.run("dir(t)[:3]"), "['bad', 'borrowed', 'coins']\n");
}

TEST_F(cpp_names, are_read_at_each_access) {
    EXPECT_EQ(one.run("t = cpp.shop.the_till; t.name"), "'front'\n");
    shop::the_till.name = "back";
    EXPECT_EQ(one.run("t.name"), "'back'\n");
    shop::the_till.name = "front";
}

TEST_F(cpp_names, behave_as_pythons_containers) {
    one.run("t = cpp.shop.the_till; c = t.coins; p = t.prices");
    EXPECT_EQ(one.run("len(c), c[0], c[-1], c[1:], list(c), 2 in c, 3 in c"),
              "(3, 1, 5, [2, 5], [1, 2, 5], True, False)\n");
    EXPECT_EQ(one.run("len(p), p['plum'], p.get('x'), 'pear' in p, 'x' in p, list(p), dict(p)"),
              "(2, 0.25, None, True, False, ['pear', 'plum'], {'pear': 0.5, 'plum': 0.25})\n");
    EXPECT_EQ(one.run("list(p.items()), sum(p.values()), t.places[1, 2]"),
              "([('pear', 0.5), ('plum', 0.25)], 0.75, 3)\n");
    EXPECT_EQ(last_line("p['x']"), "KeyError: 'x'");
    EXPECT_EQ(last_line("c[3]"), "IndexError: it has 3 elements");
    EXPECT_EQ(last_line("c[-4]"), "IndexError: it has 3 elements");
}

TEST_F(cpp_names, show_what_a_pointer_points_to) {
    shop::the_till.borrowed = shop::the_till.owner.get();
    one.run("t = cpp.shop.the_till");
    EXPECT_EQ(one.run("t.owner"), "shop::rich_account(owner='ann', number=7)\n");
    EXPECT_EQ(one.run("t.borrowed.owner, t.borrowed[0].number, t.borrowed[0]['shop::account']"),
              "('ann', 7, shop::account(number=7))\n");
    EXPECT_EQ(one.run("cpp.at(cpp.address(t.owner), 'shop::account').owner"), "'ann'\n");
}

TEST_F(cpp_names, tell_types) {
    EXPECT_EQ(one.run("cpp.type('shop::rich_account')"),
              "shop::rich_account: 48 bytes, aligned to 8\n"
              "  offset    size\n"
              "       0      16  shop::account (base)\n"
              "      16      32  std::string owner\n");
    EXPECT_EQ(one.run("cpp.sizeof('shop::account'), cpp.sizeof(cpp.shop.till) > 48, "
                      "cpp.search('shop::the_*')"),
              "(16, True, ['shop::the_till'])\n");
    EXPECT_EQ(one.run("cpp.tree(cpp.shop.the_till.owner)").substr(0, 45),
              "shop::rich_account: <shop::rich_account at 0x");
}

TEST_F(cpp_names, say_what_is_wrong) {
    EXPECT_EQ(last_line("cpp.nothing"),
              "AttributeError: there is no C++ name 'nothing' in the debug information");
    EXPECT_EQ(last_line("cpp.shop.the_till.nothing"),
              "AttributeError: shop::till has no member 'nothing'");
    EXPECT_EQ(last_line("cpp.shop.the_till.bad.number"),
              "MemoryError: cannot read 4 bytes at 0xdeadbef7: Bad address");
    EXPECT_EQ(last_line("cpp.shop.the_till.name = 'x'"), "TypeError: C++ objects are read-only here");
    EXPECT_EQ(last_line("cpp.at(0, 'shop::nothing')"),
              "AttributeError: there is no C++ type 'shop::nothing' in the debug information");
    EXPECT_EQ(last_line("cpp.tree(5)"), "TypeError: this is for C++ objects with parts, not for a int");
}

TEST_F(cpp_names, are_given_by_the_host_for_a_while) {
    shop::rich_account local;
    const shop::account& as_base = local;
    {
        const auto known = root("given", as_base);
        EXPECT_EQ(one.run("cpp.given.owner, 'given' in dir(cpp)"), "('ann', True)\n");
        auto moved = root("second", local);
        const auto kept = std::move(moved);
        EXPECT_EQ(one.run("cpp.second.number"), "7\n");
    }
    EXPECT_EQ(last_line("cpp.given"),
              "AttributeError: there is no C++ name 'given' in the debug information");
    EXPECT_EQ(last_line("cpp.second"),
              "AttributeError: there is no C++ name 'second' in the debug information");
}

TEST_F(cpp_names, survive_their_console) {
    one.run("import builtins; builtins.kept = cpp.shop.the_till");
    auto two = h.greeted_client();
    one.close();
    EXPECT_EQ(two.run("kept.name"), "'front'\n");
    two.run("del builtins.kept");
}

TEST(a_turn, holds_the_loop_while_cpp_objects_are_read) {
    boost::asio::io_context loop;
    std::jthread thread;
    const auto work = boost::asio::make_work_guard(loop);
    thread = std::jthread{[&] { loop.run(); }};
    options choices;
    choices.executor = loop.get_executor();
    choices.turn_budget = std::chrono::seconds{20};  // generous: a busy machine is no overrun
    const host h{{}, choices};
    auto one = h.greeted_client();
    one.run("cpp.shop.the_till.name");  // the names are there before
    EXPECT_EQ(one.run("turn(lambda: (cpp.shop.the_till.name, list(cpp.shop.the_till.coins)))"),
              "('front', [1, 2, 5])\n");
}

}  // namespace
}  // namespace backdoor::test
