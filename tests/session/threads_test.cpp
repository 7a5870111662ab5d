#include "session/threads.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <future>
#include <string>

namespace backdoor::test {
namespace {

TEST(thread_of_ours, has_the_mask_and_the_name_it_is_given) {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    std::promise<std::pair<std::string, sigset_t>> told;
    start_thread("a-name-of-15-ch", mask, [&] {
        char name[16] = {};
        pthread_getname_np(pthread_self(), name, sizeof name);
        told.set_value({name, current_signal_mask()});
    });
    const auto [name, found] = told.get_future().get();
    EXPECT_EQ(name, "a-name-of-15-ch");
    for (int signal = 1; signal <= SIGSYS; ++signal) {
        EXPECT_EQ(sigismember(&found, signal), signal == SIGUSR1 ? 1 : 0) << signal;
    }
}

TEST(thread_of_ours, may_block_all_signals) {
    std::promise<sigset_t> told;
    start_thread("quiet", all_signals(), [&] { told.set_value(current_signal_mask()); });
    const auto found = told.get_future().get();
    for (int signal = 1; signal <= SIGSYS; ++signal) {
        const bool cannot_be_blocked = signal == SIGKILL || signal == SIGSTOP;
        EXPECT_EQ(sigismember(&found, signal), cannot_be_blocked ? 0 : 1) << signal;
    }
}

TEST(starting_a_thread, leaves_the_callers_mask_as_it_is) {
    const auto before = current_signal_mask();
    std::promise<void> ran;
    start_thread("other", all_signals(), [&] { ran.set_value(); });
    ran.get_future().wait();
    const auto after = current_signal_mask();
    for (int signal = 1; signal <= SIGSYS; ++signal) {
        EXPECT_EQ(sigismember(&before, signal), sigismember(&after, signal)) << signal;
    }
}

TEST(thread_of_ours, has_room_for_deep_recursion) {
    std::promise<std::size_t> told;
    start_thread("deep", all_signals(), [&] {
        pthread_attr_t attributes;
        pthread_getattr_np(pthread_self(), &attributes);
        std::size_t size = 0;
        pthread_attr_getstacksize(&attributes, &size);
        pthread_attr_destroy(&attributes);
        told.set_value(size);
    });
    EXPECT_GE(told.get_future().get(), 8U * 1024 * 1024);
}

}  // namespace
}  // namespace backdoor::test
