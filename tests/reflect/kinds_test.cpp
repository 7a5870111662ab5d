// Each kind of object, and what is shown of it.
#include "checks.hpp"
#include "looking.hpp"

#include <gtest/gtest.h>

namespace backdoor::reflect::test {
namespace {

// One test: reading this program's debug information takes longer than all of them.
TEST(each_kind, is_shown_as_what_it_is) {
    for (const auto& one : specimen::checks()) {
        EXPECT_EQ(shown(one.path), one.expected) << one.path;
    }
}

TEST(a_thread_local, is_of_the_thread_that_looks) {
    (void)this_program();
    EXPECT_EQ(shown("::specimen::per_thread"), "12");
}

TEST(a_mapping, finds_keys_without_going_through_all) {
    const auto ages = find_member("ages");
    const auto found = this_program().find_key(ages, std::string{"bob"});
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(std::get<std::int64_t>(**found), 42);
    const auto none = this_program().find_key(ages, std::string{"nobody"});
    EXPECT_TRUE(none && !*none);
    EXPECT_FALSE(this_program().find_key(find_member("several_hashes"), std::int64_t{1}));  // a hash of its own
}

TEST(a_mapping, finds_keys_by_their_hash) {
    auto& all = this_program();
    const auto numbers = find_object("specimen::scattered");
    for (std::int64_t key = -3500; key < 3500; key += 7) {
        const auto found = all.find_key(numbers, key);
        ASSERT_TRUE(found && *found) << key;
        EXPECT_EQ(std::get<std::int64_t>(**found), key * 2);
        const auto none = all.find_key(numbers, key + 1);
        EXPECT_TRUE(none && !*none) << key;
    }
    EXPECT_FALSE(all.find_key(numbers, 7.0));  // is walked through
    const auto words = find_object("specimen::scattered_words");
    for (std::int64_t i = 0; i < 200; ++i) {
        const auto found = all.find_key(words, "word " + std::to_string(i));
        ASSERT_TRUE(found && *found) << i;
        EXPECT_EQ(std::get<std::int64_t>(**found), i);
        const auto none = all.find_key(words, std::to_string(i));
        EXPECT_TRUE(none && !*none) << i;
    }
}

TEST(a_type, is_told_with_offsets_and_padding) {
    EXPECT_EQ(this_program().layout(this_program().find_type("specimen::session")),
              "specimen::session: 64 bytes, aligned to 8\n"
              "  offset    size\n"
              "       0      32  std::string user\n"
              "      32       4  int port\n"
              "      36       4  (padding)\n"
              "      40      24  std::vector<int> history\n");
    EXPECT_EQ(this_program().layout(this_program().find_type("specimen::color")),
              "specimen::color: 4 bytes, aligned to 4\n  red = 1\n  green = 2\n  blue = 200\n");
}

TEST(an_object, is_reached_by_its_address_and_type) {
    const auto at = find_object("specimen::the_server").at;
    auto& all = this_program();
    const auto again = all.at(at, all.find_type("specimen::server"));
    EXPECT_EQ(all.describe(member_of(again, "name"), {}), "'main'");
}

TEST(an_object, is_seen_as_its_base_class) {
    auto& all = this_program();
    EXPECT_EQ(all.describe(all.base(find_member("many"), "specimen::right"), {}),
              "specimen::right(right_id=22, base_id=24)");
}

TEST(a_text, keeps_to_its_limits) {
    text_limits narrow;
    narrow.elements = 2;
    narrow.string = 4;
    narrow.depth = 1;
    auto& all = this_program();
    EXPECT_EQ(all.describe(find_member("linked"), narrow), "[1, 2, ...1 more]");
    EXPECT_EQ(all.describe(find_member("long_text"), narrow), "'a te...'");
    EXPECT_EQ(all.describe(find_member("words"), narrow), "['one', 'two']");
    EXPECT_TRUE(all.describe(find_member("sessions"), narrow).starts_with("[<specimen::session at 0x"));
    narrow.characters = 40;
    EXPECT_LT(all.describe(find_object("specimen::the_server"), narrow).size(), 200U);
}

TEST(a_tree, has_a_line_for_each_member) {
    const auto text = this_program().tree(find_member("sessions"), {});
    EXPECT_NE(text.find("    user: 'ann'  (std::string)\n"), std::string::npos) << text;
    EXPECT_NE(text.find("      [1]: 2\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace backdoor::reflect::test
