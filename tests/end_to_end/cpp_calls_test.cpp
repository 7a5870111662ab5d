// C++ functions called from the prompt, and the objects that threads are at work in.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "cpp_look.hpp"

#define KEPT __attribute__((noinline, used))

namespace works {

enum class color { red = 1, green };

struct account {
    virtual ~account() = default;
    virtual int fee(int amount) const;
    KEPT int number() const { return number_; }
    int number_ = 7;
};
KEPT int account::fee(int amount) const { return amount / 10; }

struct rich_account : account {
    int fee(int amount) const override;
};
KEPT int rich_account::fee(int) const { return 0; }

rich_account ann;
account bob;

struct till {
    int open(int by);
    double total(double rate, float more) const;
    static int doubled(int n);
    std::int64_t cash = 0;
};
KEPT int till::open(int by) {
    static int times = 0;
    ++times;
    cash += by;
    return times;
}
KEPT double till::total(double rate, float more) const { return static_cast<double>(cash) * rate + static_cast<double>(more); }
KEPT int till::doubled(int n) { return 2 * n; }
till front;

KEPT int sum(int a, signed char b, std::uint64_t c) { return a + b + static_cast<int>(c); }
KEPT int kind_of(int) { return 1; }
KEPT int kind_of(double) { return 2; }
KEPT const char* word(bool big) { return big ? "BIG" : "small"; }
KEPT color other(color one) { return one == color::red ? color::green : color::red; }
KEPT account* choose(rich_account* a, account& b) { return a != nullptr ? a : &b; }
KEPT float half(float of) { return of / 2; }
KEPT void fails(int with) { throw std::out_of_range{"no " + std::to_string(with)}; }
KEPT std::size_t length(std::string text) { return text.size(); }
KEPT std::string text() { return "text"; }
KEPT int seven(int a, int b, int c, int d, int e, int f, int g) { return a + b + c + d + e + f + g; }
KEPT void nothing() {}

/// Works in a thread of its own, until it is told to end; no global leads to it.
class worker {
public:
    KEPT void run() {
        std::unique_lock lock{mutex_};
        is_in_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return is_over_; });
        ++rounds_;
    }
    void wait_until_in() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return is_in_; });
    }
    void end() {
        const std::lock_guard lock{mutex_};
        is_over_ = true;
        changed_.notify_all();
    }
    int number = 0;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_in_ = false;
    bool is_over_ = false;
    int rounds_ = 0;
};

struct never_at_work {
    int member = 1;
};
never_at_work idle;

}  // namespace works

namespace shop {

// As cpp_test.cpp has it: here it is known by another unit's debug information.
struct account {
    virtual ~account() = default;
    int number = 7;
};
struct foreign_account : account {
    int fee = 3;
};

}  // namespace shop

namespace backdoor::test {
namespace {

class cpp_calls : public cpp_look {
protected:
    void SetUp() override { one.run("w = cpp.works; block = cpp.calls(); _ = block.__enter__()"); }
};

TEST_F(cpp_calls, give_numbers_and_take_them_back) {
    EXPECT_EQ(one.run("w.sum(1, -2, 3), w.half(3), w.half(2.5), w.other('red'), w.other(2).name"),
              "(2, 1.5, 1.25, <works::color.green: 2>, 'red')\n");
    EXPECT_EQ(one.run("w.word(True), w.word(False), w.nothing(), w.till.doubled(21)"),
              "('BIG', 'small', None, 42)\n");
    EXPECT_EQ(one.run("cpp['works::kind_of'](1), w.kind_of(1.0)"), "(1, 2)\n");
}

TEST_F(cpp_calls, are_made_on_objects) {
    works::front.cash = 0;
    EXPECT_EQ(one.run("t = w.front; n = t.open(10); t.open(30) - n, t.cash, t.total(0.5, 1.25)"),
              "(1, 40, 21.25)\n");
    EXPECT_EQ(one.run("w.till.open.times == n + 1, dir(w.till.open)"), "(True, ['times'])\n");
    EXPECT_EQ(one.run("w.till.doubled(4), t.doubled(5), w.till.total(t, 0.5, 0)"), "(8, 10, 20.0)\n");
    EXPECT_EQ(one.run("w.ann.fee(50), w.bob.fee(50), w.ann.number(), w.ann['works::account'].number()"),
              "(0, 5, 7, 7)\n");
    EXPECT_EQ(one.run("w.choose(w.ann, w.bob), w.choose(None, w.bob).number_, w.choose(None, w.ann)"),
              "(works::rich_account(number_=7), 7, works::rich_account(number_=7))\n");
    EXPECT_EQ(one.run("t.open"), "<C++ function works::till::open>\n");
}

TEST_F(cpp_calls, are_refused_where_they_do_not_fit) {
    EXPECT_EQ(last_line("w.sum(1, 2)"), "TypeError: works::sum(): it takes 3 arguments");
    EXPECT_EQ(last_line("w.sum(1, 200, 3)"),
              "TypeError: works::sum(): argument 2 is a signed char: the number does not fit");
    EXPECT_NE(last_line("w.sum(1.5, 2, 3)").find("it takes a whole number"), std::string::npos);
    EXPECT_NE(last_line("w.choose(w.front, w.bob)").find("argument 1 is a works::rich_account*: that is a works::till"),
              std::string::npos);
    EXPECT_NE(last_line("w.length('text')").find("argument 1 is a std::string: only numbers"), std::string::npos);
    EXPECT_NE(last_line("w.text()").find("it returns a std::string: only numbers"), std::string::npos);
    EXPECT_NE(last_line("w.seven(1, 2, 3, 4, 5, 6, 7)").find("more arguments than go in registers"), std::string::npos);
    EXPECT_NE(last_line("w.half(of=1)").find("by place, not by name"), std::string::npos);
    EXPECT_NE(last_line("w.till.open(1)").find("the first of which is the object"), std::string::npos);
    EXPECT_NE(last_line("w.front.open = 1").find("read-only here"), std::string::npos);
}

TEST_F(cpp_calls, tell_what_was_thrown) {
    EXPECT_EQ(last_line("w.fails(3)"), "RuntimeError: works::fails() threw std::out_of_range: no 3");
    EXPECT_EQ(one.run("w.half(1)"), "0.5\n");
}

TEST_F(cpp_calls, are_made_only_where_that_was_said) {
    one.run("f = w.half; block.__exit__(None, None, None)");
    EXPECT_EQ(last_line("f(1)"), "TypeError: C++ functions are not called here, outside of `with cpp.calls():`");
    auto two = h.greeted_client();
    one.run("block.__enter__()");
    EXPECT_NE(two.run("cpp.works.half(1)").find("outside of `with cpp.calls():`"), std::string::npos);
    one.run("before = cpp.snapshot(); _ = before.__enter__()");
    EXPECT_NE(last_line("f(1)").find("are not called here"), std::string::npos);
    one.run("before.__exit__(None, None, None)");
    EXPECT_EQ(one.run("f(1)"), "0.5\n");
}

TEST(a_cpp_call, is_recorded_before_it_is_made) {
    std::vector<std::string> changes;
    works::front.cash = 0;
    options choices;
    choices.audit = [&](const audit_event& event) {
        if (event.what == audit_event::kind::change) {
            changes.push_back(std::string{event.text} + "|" + std::to_string(works::front.cash));
        }
    };
    {
        const host h{{}, choices};
        auto one = h.greeted_client();
        one.run("with cpp.calls(): _ = cpp.works.front.open(4)\n");
        one.run("cpp.works.front.open(5)");
        one.run("with cpp.snapshot(): pass\n");
    }
    ASSERT_EQ(changes.size(), 3U);
    EXPECT_TRUE(changes[2].starts_with("cpp.snapshot()")) << changes[2];
    EXPECT_EQ(changes[0], "cpp.calls()|0");
    EXPECT_TRUE(changes[1].starts_with("call works::till::open(4,) of 0x")) << changes[1];
    EXPECT_TRUE(changes[1].ends_with("|0")) << changes[1];
    EXPECT_EQ(works::front.cash, 4);
}

TEST(a_cpp_call, that_cannot_be_recorded_is_not_made) {
    works::front.cash = 0;
    options choices;
    choices.audit_required = true;
    choices.audit = [](const audit_event& event) {
        if (event.text.starts_with("call ")) {
            throw std::runtime_error{"out of paper"};
        }
    };
    const host h{{}, choices};
    auto one = h.greeted_client();
    const auto said = one.run("with cpp.calls(): _ = cpp.works.front.open(4)\n");
    EXPECT_NE(said.find("out of paper (options.audit_required)"), std::string::npos) << said;
    EXPECT_EQ(works::front.cash, 0);
}

TEST(find, knows_a_class_of_several_source_files) {
    const auto abroad = std::make_unique<shop::foreign_account>();
    abroad->number = 2001;
    const host h;
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("{a.fee for a in cpp.find('shop::account', 60) if a.number == 2001}"), "{3}\n");
}

TEST(this_of, finds_what_threads_are_at_work_in) {
    const host h;
    auto one = h.greeted_client();
    works::worker first;
    works::worker second;
    first.number = 11;
    second.number = 22;
    std::jthread thread_of_first{[&] { first.run(); }};
    std::jthread thread_of_second{[&] { second.run(); }};
    first.wait_until_in();
    second.wait_until_in();
    // They go to sleep a moment after they are in.
    one.run("def numbers():\n"
            " while True:\n"
            "  try: found = sorted(w.number for w in cpp.this_of('works::worker', limit=60))\n"
            "  except LookupError: continue\n"
            "  if len(found) > 1: return found\n");
    EXPECT_EQ(one.run("numbers()"), "[11, 22]\n");
    const auto none = one.run("cpp.this_of('works::never_at_work')");
    EXPECT_NE(none.find("LookupError: of "), std::string::npos) << none;
    EXPECT_NE(none.find("none is in a member function of works::never_at_work"), std::string::npos) << none;
    EXPECT_NE(one.run("cpp.this_of('works::worker', 0)").find("ValueError: the limit"), std::string::npos);
    EXPECT_NE(one.run("cpp.this_of('works::worker', 1e-9)").find("TimeoutError: "), std::string::npos);
    one.run("before = cpp.snapshot(); _ = before.__enter__()");
    EXPECT_NE(one.run("cpp.this_of('works::worker')").find("LookupError: a snapshot has no threads"), std::string::npos);
    one.run("before.__exit__(None, None, None)");
    first.end();
    second.end();
}

}  // namespace
}  // namespace backdoor::test
