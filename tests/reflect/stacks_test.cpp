// Objects that threads are at work in, and functions.
#include "looking.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace backdoor::reflect::test {
namespace {

using namespace std::chrono_literals;

std::vector<callable> callables(std::string_view path) {
    std::optional<object> none;
    return this_program().callables(path, none);
}

TEST(this_of, is_the_object_whose_member_function_waits) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    std::thread waits{[&] { specimen::wait_in_member(ends[0]); }};
    std::vector<object> found;
    const auto late = std::chrono::steady_clock::now() + 60s;
    while (found.empty() && std::chrono::steady_clock::now() < late) {  // until it waits
        try {
            found = this_program().this_of(this_program().find_type("specimen::waiter"), 60s);
        } catch (const not_available&) {
            std::this_thread::yield();
        }
    }
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(this_program().describe(found[0], {}), "specimen::waiter(number=31)");
    EXPECT_THROW(this_program().this_of(this_program().find_type("specimen::waiter"), 0s), std::length_error);
    EXPECT_EQ(write(ends[1], "x", 1), 1);
    waits.join();
    EXPECT_NE(told<not_available>([] {
                  this_program().this_of(this_program().find_type("specimen::waiter"), 60s);
              }).find("none is in a member function of specimen::waiter"),
              std::string::npos);
    close(ends[0]);
    close(ends[1]);
}

TEST(a_function, is_known_by_where_it_begins) {
    const auto found = callables("specimen::twice");
    ASSERT_EQ(found.size(), 1U);
    ASSERT_EQ(found[0].parameters.size(), 1U);
    EXPECT_FALSE(found[0].is_member);
    EXPECT_EQ(this_program().name_of(*found[0].result), "int");
    EXPECT_EQ(reinterpret_cast<int (*)(int)>(found[0].at)(21), 42);
    EXPECT_EQ(this_program().names_in("specimen::bump"), (std::vector<std::string>{"calls"}));
    EXPECT_THROW(callables("specimen::nothing"), not_available);
}

TEST(a_member_function, takes_its_object_first) {
    const auto found = callables("specimen::waiter::wait");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].is_member);
    EXPECT_EQ(found[0].parameters.size(), 2U);
}

TEST(a_function, without_code_of_its_own_says_so) {
    EXPECT_NE(told<not_available>([] { callables("specimen::waiter::never_called"); }).find("has no code of its own"),
              std::string::npos);
}

}  // namespace
}  // namespace backdoor::reflect::test
