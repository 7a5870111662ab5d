#include <backdoor/value.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <list>

namespace backdoor::test {
namespace {

template <class T>
T there_and_back(const T& source) {
    return value{source}.as<T>();
}

template <class T>
std::string complaint(const value& v) {
    try {
        (void)v.as<T>();
        return "none";
    } catch (const bad_argument& refused) {
        return refused.what();
    }
}

enum class colour : unsigned char { red = 1, blue = 200 };

TEST(value, keeps_numbers) {
    EXPECT_EQ(there_and_back(-1), -1);
    EXPECT_EQ(there_and_back(std::numeric_limits<std::int64_t>::min()),
              std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(there_and_back(std::numeric_limits<std::uint64_t>::max()),
              std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(there_and_back(0.5), 0.5);
    EXPECT_EQ(there_and_back(1.5F), 1.5F);
    EXPECT_EQ(there_and_back(true), true);
    EXPECT_EQ(there_and_back(colour::blue), colour::blue);
}

TEST(value, keeps_texts_and_bytes) {
    EXPECT_EQ(value{"text"}.as<std::string>(), "text");
    EXPECT_EQ(value{std::string_view{"text"}}.as<std::string>(), "text");
    EXPECT_EQ(there_and_back(std::string{"with\0nul", 8}), (std::string{"with\0nul", 8}));
    EXPECT_EQ(there_and_back(bytes{"\xff"}), bytes{"\xff"});
}

TEST(value, keeps_containers) {
    EXPECT_EQ(there_and_back(std::vector{1, 2}), (std::vector{1, 2}));
    EXPECT_EQ(value{std::vector<bool>({true, false})}.as<std::vector<bool>>(),
              (std::vector<bool>{true, false}));
    EXPECT_EQ(there_and_back(std::list<std::string>{"a"}), std::list<std::string>{"a"});
    EXPECT_EQ(value{(std::deque{1, 2})}.as<std::vector<int>>(), (std::vector{1, 2}));
    using limits = std::map<std::string, std::vector<int>>;
    EXPECT_EQ(there_and_back(limits{{"a", {1}}, {"b", {}}}), (limits{{"a", {1}}, {"b", {}}}));
}

TEST(value, keeps_pairs_and_tuples_as_tuples) {
    const value v{std::tuple{1, "two", 3.0}};
    const auto& items = std::get<tuple>(v.content()).items;
    EXPECT_EQ(items.at(0).as<int>(), 1);
    EXPECT_EQ(items.at(1).as<std::string>(), "two");
    EXPECT_EQ(items.at(2).as<double>(), 3.0);
    EXPECT_EQ((value{std::pair{1, 2}}.as<std::vector<int>>()), (std::vector{1, 2}));
}

TEST(value, keeps_optionals) {
    EXPECT_TRUE(value{}.is_none());
    EXPECT_TRUE(value{nullptr}.is_none());
    EXPECT_TRUE(value{std::optional<int>{}}.is_none());
    EXPECT_EQ(there_and_back(std::optional{5}), std::optional{5});
    EXPECT_EQ(there_and_back(std::optional<int>{}), std::nullopt);
}

TEST(value, is_copied_whole) {
    value first{std::vector{1}};
    const value second = first;
    first = value{2};
    EXPECT_EQ(second.as<std::vector<int>>(), std::vector{1});
}

TEST(value, converts_between_numbers_where_nothing_is_lost) {
    EXPECT_EQ(value{5}.as<double>(), 5.0);
    EXPECT_EQ(value{5U}.as<float>(), 5.0F);
    EXPECT_EQ(value{true}.as<int>(), 1);
    EXPECT_EQ(value{255}.as<unsigned char>(), 255);
}

TEST(value, says_what_it_expected) {
    EXPECT_EQ(complaint<int>(value{"1"}), "expected an integer");
    EXPECT_EQ(complaint<int>(value{1.0}), "expected an integer");
    EXPECT_EQ(complaint<int>(value{}), "expected an integer");
    EXPECT_EQ(complaint<unsigned char>(value{256}), "expected an integer in the parameter's range");
    EXPECT_EQ(complaint<unsigned>(value{-1}), "expected an integer in the parameter's range");
    EXPECT_EQ(complaint<std::int64_t>(value{std::numeric_limits<std::uint64_t>::max()}),
              "expected an integer in the parameter's range");
    EXPECT_EQ(complaint<colour>(value{300}), "expected an integer in the parameter's range");
    EXPECT_EQ(complaint<bool>(value{1}), "expected True or False");
    EXPECT_EQ(complaint<double>(value{"1"}), "expected a number");
    EXPECT_EQ(complaint<std::string>(value{1}), "expected a string");
    EXPECT_EQ(complaint<bytes>(value{"text"}), "expected bytes");
    EXPECT_EQ(complaint<std::vector<int>>(value{1}), "expected a list");
    EXPECT_EQ((complaint<std::map<std::string, int>>(value{1})), "expected a dict");
    EXPECT_EQ(complaint<std::vector<int>>(value{std::vector{"a"}}), "expected an integer");
}

// ---- functions --------------------------------------------------------------------------------

template <class F>
value call(F f, arguments given) {
    return std::get<std::shared_ptr<const function>>(value{f}.content())->call(given);
}

int twice(int n) { return 2 * n; }

TEST(function_value, is_called_with_what_it_takes) {
    EXPECT_EQ(call([](int a, const std::string& b) { return b + std::to_string(a); },
                   {{value{1}, value{"n"}}, {}})
                  .as<std::string>(),
              "n1");
    EXPECT_EQ(call(&twice, {{value{4}}, {}}).as<int>(), 8);
    EXPECT_TRUE(call([] {}, {}).is_none());
    EXPECT_EQ(call([n = 0]() mutable { return ++n; }, {}).as<int>(), 1);
}

TEST(function_value, may_take_all_arguments_as_they_are) {
    EXPECT_EQ(call([](const arguments& given) { return given.keywords.at("k"); },
                   {{}, {{"k", value{5}}}})
                  .as<int>(),
              5);
}

TEST(function_value, refuses_other_arguments) {
    const auto one = [](int) {};
    EXPECT_THROW(call(one, {}), bad_argument);
    EXPECT_THROW(call(one, {{value{1}}, {{"k", value{}}}}), bad_argument);
    EXPECT_THROW(call(one, {{value{"1"}}, {}}), bad_argument);
}

}  // namespace
}  // namespace backdoor::test
