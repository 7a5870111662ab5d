// What is said of what cannot be shown, and what is refused.
#include "looking.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace backdoor::reflect::test {
namespace {

auto& all() { return this_program(); }

TEST(an_error, names_what_there_is_not) {
    EXPECT_EQ(told<no_such_name>([] { all().find("nothing"); }),
              "there is no C++ name 'nothing' in the debug information");
    EXPECT_EQ(told<no_such_name>([] { all().find("nowhere::nothing"); }),
              "there is no C++ name 'nowhere::nothing': nothing is called 'nowhere'");
    EXPECT_EQ(told<no_such_name>([] { find_member("sessions.nothing"); }),
              "std::vector<specimen::session> has no member 'nothing'");
}

TEST(an_error, names_the_address_that_cannot_be_read) {
    const auto pointers = find_object("specimen::dangling_pointers");
    EXPECT_EQ(told<memory_error>([&] { all().read(all().pointee(member_of(pointers, "bad"))); }),
              "cannot read 4 bytes at 0xdeadbeef: Bad address");
    EXPECT_EQ(told<memory_error>([&] { all().read(member_of(member_of(pointers, "worse"), "user")); }),
              "cannot read 16 bytes at 0x10: Bad address");
    EXPECT_EQ(told<memory_error>([&] { all().pointee(find_member("null_pointer")); }),
              "this int* is null");
}

TEST(an_error, says_that_a_void_pointer_says_nothing) {
    EXPECT_NE(told<not_available>([] { all().pointee(find_member("anything")); }).find("cpp.at("),
              std::string::npos);
}

TEST(an_element, that_is_not_there_is_out_of_range) {
    EXPECT_EQ(told<std::out_of_range>([] { all().element(find_member("numbers"), 3); }),
              "it has 3 elements");
}

TEST(memory_that_holds_no_vector, is_none) {
    static std::uint64_t words[] = {16, 8, 24};
    const auto& of = all().find_type("std::vector<int, std::allocator<int>>");
    EXPECT_THROW(all().length({&of, reinterpret_cast<address>(words)}), inconsistent);
    words[1] = 18;
    EXPECT_THROW(all().length({&of, reinterpret_cast<address>(words)}), inconsistent);
}

TEST(memory_that_holds_no_string, is_none) {
    static std::uint64_t words[] = {16, ~0ULL, 0, 0};
    const object text{find_member("name").of, reinterpret_cast<address>(words)};
    EXPECT_THROW(all().read(text), inconsistent);
}

TEST(a_standard_class, of_another_size_is_not_guessed_at) {
    EXPECT_EQ(told<not_available>([] { all().read(find_object("specimen::odd_optional")); }),
              "std::optional<specimen::odd> has 48 bytes here, not 2: its layout is not known");
}

TEST(a_value, is_written_where_it_fits) {
    const auto byte = find_member("byte");
    all().write(byte, std::int64_t{255});
    EXPECT_EQ(shown("byte"), "255");
    EXPECT_EQ(told<std::invalid_argument>([&] { all().write(byte, std::int64_t{256}); }),
              "cannot assign to unsigned char: the number does not fit");
    EXPECT_THROW(all().write(byte, std::int64_t{-1}), std::invalid_argument);
    EXPECT_THROW(all().write(byte, 0.5), std::invalid_argument);
    all().write(byte, std::int64_t{7});

    all().write(find_member("counter"), std::int64_t{9});
    EXPECT_EQ(shown("counter"), "9");
    all().write(find_member("counter"), std::int64_t{8});
    all().write(find_member("ratio"), std::int64_t{3});
    EXPECT_EQ(shown("ratio"), "3.0");
    all().write(find_member("ratio"), 2.5);
    all().write(find_member("large"), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(shown("large"), "-9223372036854775808");
    all().write(find_member("large"), std::int64_t{-5'000'000'000});
}

TEST(a_value, that_is_more_than_a_number_is_not_written) {
    EXPECT_THROW(all().write(find_member("name"), std::int64_t{1}), std::invalid_argument);
    EXPECT_NE(told<std::invalid_argument>([] {
                  all().write(member_of(find_member("bits"), "kind"), std::int64_t{1});
              }).find("bit-field"),
              std::string::npos);
}

}  // namespace
}  // namespace backdoor::reflect::test
