// Turns: the host's loop lends its thread, and holds still.
#include <backdoor/backdoor.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

/// A host's loop on a thread of its own, which counts its rounds.
class loop {
public:
    loop() {
        boost::asio::post(io, [this] { round(); });
    }
    ~loop() {
        over = true;
        io.stop();
        thread.join();
    }
    std::thread::id id() const { return thread.get_id(); }

    boost::asio::io_context io;
    int rounds = 0;  // not atomic: the thread sanitizer sees whether turns hold the loop still
    std::atomic<bool> over{false};

private:
    void round() {
        ++rounds;
        if (!over) {
            boost::asio::post(io, [this] { round(); });
        }
    }

    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        io.get_executor()};
    std::thread thread{[this] { io.run(); }};
};

class turns : public testing::Test {
protected:
    locals names() {
        locals all;
        all.live("rounds", [this] { return l.rounds; });
        all.live("on_the_loop", [this] { return std::this_thread::get_id() == l.id(); });
        all.function("read_rounds", [this] { return l.rounds; });
        return all;
    }
    options choices() {
        options all;
        all.executor = l.io.get_executor();
        all.turn_budget = 2000ms;  // generous: a busy machine is no overrun
        return all;
    }

    loop l;
};

TEST_F(turns, read_live_names_on_the_loops_thread) {
    const host h{names(), choices()};
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("on_the_loop"), "True\n");
    EXPECT_EQ(one.run("rounds >= 0"), "True\n");
    EXPECT_EQ(one.run("read_rounds() >= 0"), "True\n");
}

TEST_F(turns, hold_the_loop_still) {
    const host h{names(), choices()};
    auto one = h.greeted_client();
    one.run("import time");
    EXPECT_EQ(one.run("with turn(): a = rounds; time.sleep(.02); b = read_rounds()\n"), "... ");
    EXPECT_EQ(one.run("a == b"), "True\n");
    EXPECT_EQ(one.run("while rounds <= b: pass\n"), "... ");
}

TEST_F(turns, may_be_nested) {
    const host h{names(), choices()};
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("with turn():\n    with turn(): a = rounds\n    b = rounds\n"), "... ... ... ");
    EXPECT_EQ(one.run("a == b"), "True\n");
}

TEST_F(turns, call_functions) {
    const host h{names(), choices()};
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("turn(lambda x, y: x + y, 1, y=2)"), "3\n");
    EXPECT_TRUE(one.run("turn(lambda: 1 / 0)").ends_with("ZeroDivisionError: division by zero\n"));
    EXPECT_EQ(one.run("rounds >= 0"), "True\n");
}

TEST_F(turns, that_are_overrun_raise_and_the_loop_goes_on) {
    auto shorter = choices();
    shorter.turn_budget = 20ms;
    const host h{names(), shorter};
    auto one = h.greeted_client();
    one.send("with turn():\n    while True: x = 1\n\n");
    const auto shown = one.read_until(prompt);
    EXPECT_NE(shown.find("TurnOverrun"), std::string::npos) << shown;
    EXPECT_EQ(one.run("a = rounds\nwhile rounds <= a: pass\n\n'went on'").find("Error"),
              std::string::npos);
}

TEST_F(turns, that_are_overrun_in_a_call_raise_at_its_end) {
    auto shorter = choices();
    shorter.turn_budget = 20ms;
    const host h{names(), shorter};
    auto one = h.greeted_client();
    one.run("import time");
    one.send("with turn(): time.sleep(.2)\n\n");
    const auto shown = one.read_until(prompt);
    EXPECT_NE(shown.find("TurnOverrun"), std::string::npos) << shown;
    EXPECT_EQ(one.run("'alive'"), "'alive'\n");
}

TEST_F(turns, are_refused_without_an_executor) {
    const host h{names()};
    EXPECT_TRUE(h.greeted_client().run("turn(abs, 1)").ends_with(
        "RuntimeError: there are no turns here: this host lends no loop (options.executor)\n"));
}

TEST(loop_that_does_not_answer, gives_a_timeout_error) {
    boost::asio::io_context never_run;
    options choices;
    choices.executor = never_run.get_executor();
    choices.turn_wait = 50ms;
    locals names;
    names.live("count", [] { return 1; });
    names.function("f", [] { return 1; });
    const host h{names, choices};
    auto one = h.greeted_client();
    const std::string said =
        "TimeoutError: the host's loop did not answer within 50 ms (options.turn_wait)\n";
    EXPECT_TRUE(one.run("count").ends_with(said));
    EXPECT_TRUE(one.run("f()").ends_with(said));
    EXPECT_TRUE(one.run("turn(f)").ends_with(said));
    EXPECT_TRUE(one.run("with turn(): pass\n").ends_with(said));
    // What was posted finds nobody who waits.
    never_run.run();
    EXPECT_EQ(one.run("'alive'"), "'alive'\n");
}

TEST(plain_function, lends_turns_too) {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::function<void()>> queue;
    bool over = false;
    std::jthread thread{[&] {
        std::unique_lock guard{mutex};
        while (!over) {
            changed.wait(guard, [&] { return over || !queue.empty(); });
            const auto ready = std::exchange(queue, {});
            guard.unlock();
            for (const auto& work : ready) {
                work();
            }
            guard.lock();
        }
    }};
    options choices;
    choices.executor = [&](std::function<void()> work) {
        const std::lock_guard guard{mutex};
        queue.push_back(std::move(work));
        changed.notify_all();
    };
    choices.turn_budget = 2000ms;
    locals names;
    const auto loops_id = thread.get_id();
    names.live("on_the_loop", [=] { return std::this_thread::get_id() == loops_id; });
    {
        const host h{names, choices};
        auto one = h.greeted_client();
        EXPECT_EQ(one.run("on_the_loop"), "True\n");
        EXPECT_EQ(one.run("turn(abs, -1)"), "1\n");
    }
    const std::lock_guard guard{mutex};
    over = true;
    changed.notify_all();
}

}  // namespace
}  // namespace backdoor::test
