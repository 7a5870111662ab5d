// C++ objects at the prompt, without a line of bindings.
#include <backdoor/backdoor.hpp>
#include <backdoor/root.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "cpp_look.hpp"

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

struct dial {
    int number = 3;
    unsigned char byte = 7;
    double ratio = 0.5;
    bool on = false;
    state now = state::open;
    account* chosen = nullptr;
    std::string text = "fixed";
    unsigned bits : 3 = 1;
    std::mutex mutex;
    std::recursive_mutex again;
    std::shared_mutex shared;
    static inline int turned = 1;
};
dial the_dial;
std::vector<int> many(1'000'001);
const int constant = 4;

}  // namespace shop

namespace backdoor::test {
namespace {

class cpp_names : public cpp_look {};

TEST_F(cpp_names, are_attributes) {
    EXPECT_EQ(one.run("t = cpp.shop.the_till; t.name, t.coins, t.prices"),
              "('front', [1, 2, 5], {'pear': 0.5, 'plum': 0.25})\n");
    EXPECT_EQ(one.run("t.now, t.now.name, t.now == 1"), "(<shop::state.open: 1>, 'open', True)\n");
    EXPECT_EQ(one.run("cpp['shop::the_till'].name, cpp.shop['the_till'] == t"), "('front', True)\n");
    EXPECT_EQ(one.run("cpp.shop"), "<C++ namespace shop>\n");
    EXPECT_EQ(one.run("[n for n in dir(cpp.shop) if n[0] == 't'], 'search' in dir(cpp)"),
              "(['the_dial', 'the_till', 'till'], True)\n");
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

TEST_F(cpp_names, of_long_containers_have_a_limit) {
    EXPECT_EQ(one.run("len(cpp.shop.many), cpp.shop.many[1000000]"), "(1000001, 0)\n");
    EXPECT_EQ(last_line("list(cpp.shop.many)"),
              "RuntimeError: more than 1000000 elements: take a part, with itertools.islice() or [:1000]");
    EXPECT_EQ(one.run("len(repr(cpp.shop.many)) < 100"), "True\n");
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
              "(16, True, ['shop::the_dial', 'shop::the_till'])\n");
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
    EXPECT_EQ(last_line("cpp.shop.the_till.name = 'x'"), "TypeError: C++ objects are read-only here, outside of `with cpp.writable():`");
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

TEST_F(cpp_names, of_libraries_come_and_go_with_them) {
    EXPECT_EQ(last_line("cpp.late"), "AttributeError: there is no C++ name 'late' in the debug information");
    for (int i = 0; i < 3; ++i) {
        void* const library = dlopen(LATE_LIBRARY, RTLD_NOW | RTLD_LOCAL);
        ASSERT_NE(library, nullptr) << dlerror();
        const auto count = reinterpret_cast<int (*)()>(dlsym(library, "late_count"));
        count();
        EXPECT_EQ(one.run("cpp.late.counter, cpp.late.the_guest, cpp.shop.the_till.name"),
                  "(10, late::guest(number=5), 'front')\n");
        EXPECT_EQ(one.run("'the_guest' in dir(cpp.late), cpp.search('late::count*')"),
                  "(True, ['late::counter'])\n");
        dlclose(library);
        const auto gone = last_line("cpp.late.counter");
        EXPECT_NE(gone.find("LookupError: late::counter was in /"), std::string::npos) << gone;
        EXPECT_NE(gone.find("which has been unloaded"), std::string::npos) << gone;
    }
}

TEST_F(cpp_names, need_not_be_waited_for) {
    one.send("print('begun', flush=True); cpp\n");  // the first look of this process, or soon after it
    one.read_until("begun\n");
    one.send("\x03");
    one.read_until("KeyboardInterrupt");
    one.read_until(prompt);
    EXPECT_EQ(one.run("cpp.shop.the_till.name"), "'front'\n");
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

// ---- beyond reading ---------------------------------------------------------------------------

class cpp_changes : public cpp_names {
protected:
    std::string written(const std::string& assignment) {
        auto text = one.run("with cpp.writable(): " + assignment + "\n");
        text = text.substr(std::string_view{"... "}.size());
        return text.empty() ? text : text.substr(text.rfind('\n', text.size() - 2) + 1);
    }
    void SetUp() override { one.run("d = cpp.shop.the_dial"); }
};

TEST_F(cpp_changes, are_made_where_that_was_said) {
    auto& dial = shop::the_dial;
    EXPECT_EQ(written("d.number = -5; d.byte = 255; d.ratio = 2; d.on = True; d.now = 'closed'"), "");
    EXPECT_EQ(dial.number, -5);
    EXPECT_EQ(dial.byte, 255);
    EXPECT_EQ(dial.ratio, 2.0);
    EXPECT_TRUE(dial.on);
    EXPECT_EQ(dial.now, shop::state::closed);
    EXPECT_EQ(written("d.now = d.now.__class__(1)"), "");
    EXPECT_EQ(dial.now, shop::state::open);
    EXPECT_EQ(written("cpp.shop.dial.turned = 9; cpp.shop.the_dial.number = 3"), "");
    EXPECT_EQ(shop::dial::turned + dial.number, 12);
    EXPECT_EQ(written("d.chosen = cpp.shop.the_till.owner['shop::account']"), "");
    EXPECT_EQ(dial.chosen, shop::the_till.owner.get());
    EXPECT_EQ(written("d.chosen.number = 8; d.chosen = None"), "");
    EXPECT_EQ(shop::the_till.owner->number, 8);
    EXPECT_EQ(dial.chosen, nullptr);
    shop::the_till.owner->number = 7;
}

TEST_F(cpp_changes, fit_or_are_refused) {
    EXPECT_NE(written("d.byte = 256").find("ValueError: cannot assign to unsigned char"), std::string::npos);
    EXPECT_NE(written("d.number = 2 ** 31").find("ValueError: "), std::string::npos);
    EXPECT_NE(written("d.number = 0.5").find("it takes a whole number"), std::string::npos);
    EXPECT_NE(written("d.number = None").find("None is for pointers"), std::string::npos);
    EXPECT_NE(written("d.now = 'ajar'").find("it is one of open, closed"), std::string::npos);
    EXPECT_NE(written("d.text = 'x'").find("TypeError: cannot assign"), std::string::npos);
    EXPECT_NE(written("d.bits = 2").find("a bit-field"), std::string::npos);
    EXPECT_NE(written("d.chosen = d").find("TypeError: cannot assign"), std::string::npos);
    EXPECT_NE(written("cpp.shop.constant = 5").find("Error: "), std::string::npos);
    EXPECT_EQ(shop::the_dial.byte != 0 && shop::constant == 4, true);
    EXPECT_EQ(one.run("d.number = 1").find("TypeError") == std::string::npos, false);
}

TEST(cpp_change, is_recorded_before_it_is_made) {
    std::vector<std::string> changes;
    options choices;
    choices.audit = [&](const audit_event& event) {
        if (event.what == audit_event::kind::change) {
            changes.push_back(std::string{event.text} + "|" + std::to_string(shop::the_dial.number));
        }
    };
    shop::the_dial.number = 3;
    {
        const host h{{}, choices};
        auto one = h.greeted_client();
        one.run("with cpp.writable(): cpp.shop.the_dial.number = 4\n");
    }
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0], "cpp.writable()|3");
    EXPECT_TRUE(changes[1].starts_with("int shop::the_dial::number at 0x") ||
                changes[1].starts_with("int shop::dial::number at 0x"))
        << changes[1];
    EXPECT_TRUE(changes[1].ends_with(" = 4, was 3|3")) << changes[1];
    shop::the_dial.number = 3;
}

TEST_F(cpp_changes, wait_for_a_mutex_of_the_programs) {
    auto& dial = shop::the_dial;
    // Whether another thread could have it, while the console holds it.
    const auto held = [&](const char* name, auto& mutex) {
        one.run(std::string{"import threading; go = threading.Event(); block = cpp.locked(d."} + name +
                "); _ = block.__enter__()");
        const bool is_free = mutex.try_lock();
        if (is_free) {
            mutex.unlock();
        }
        one.run("block.__exit__(None, None, None)");
        const bool is_free_then = mutex.try_lock();
        if (is_free_then) {
            mutex.unlock();
        }
        return !is_free && is_free_then;
    };
    EXPECT_TRUE(held("mutex", dial.mutex));
    EXPECT_TRUE(held("again", dial.again));
    EXPECT_TRUE(held("shared", dial.shared));
    const std::lock_guard guard{dial.mutex};
    EXPECT_NE(last_line("with cpp.locked(d.mutex): pass\n").find("nobody let go of it within 2 s"),
              std::string::npos);
    EXPECT_NE(last_line("cpp.locked(d.text)").find("TypeError: "), std::string::npos);
    EXPECT_NE(last_line("cpp.locked(cpp.shop.the_till)").find("is no mutex"), std::string::npos);
}

TEST_F(cpp_changes, find_objects_by_their_vtables) {
    std::vector<std::unique_ptr<shop::account>> accounts;
    for (int i = 0; i < 5; ++i) {
        accounts.push_back(std::make_unique<shop::rich_account>());
        accounts.back()->number = 1000 + i;
    }
    accounts.push_back(std::make_unique<shop::account>());
    accounts.back()->number = 1005;
    EXPECT_EQ(one.run("sorted({a.number for a in cpp.find('shop::account', limit=60) if 1000 <= a.number <= 1005})"),
              "[1000, 1001, 1002, 1003, 1004, 1005]\n");
    EXPECT_EQ(one.run("{a.owner for a in cpp.find('shop::rich_account', 60) if 1000 <= a.number <= 1005}"), "{'ann'}\n");
    EXPECT_NE(last_line("cpp.find('shop::till')").find("has no virtual functions"), std::string::npos);
    EXPECT_NE(last_line("cpp.find('shop::account', limit=1e-9)").find("TimeoutError: "), std::string::npos);
}

TEST_F(cpp_changes, are_not_seen_in_a_snapshot) {
    auto& dial = shop::the_dial;
    dial.number = 3;
    one.run("before = cpp.snapshot(); _ = before.__enter__()");
    dial.number = 50;
    EXPECT_EQ(one.run("d.number"), "3\n");
    EXPECT_NE(one.run("before").find("<a copy of "), std::string::npos);
    EXPECT_EQ(h.greeted_client().run("cpp.shop.the_dial.number"), "50\n");
    EXPECT_NE(written("d.number = 1").find("read-only here"), std::string::npos);
    one.run("before.__exit__(None, None, None)");
    EXPECT_EQ(one.run("d.number"), "50\n");
    dial.number = 3;
}

}  // namespace
}  // namespace backdoor::test
