#include "console/pretty_layout.hpp"

#include <gtest/gtest.h>

namespace backdoor {
namespace {

pretty_node leaf(std::string text, std::string key = {}) {
    return {std::move(key), std::move(text), {}, {}, 0, false};
}

pretty_node list_of(std::vector<pretty_node> items, std::size_t left_out = 0, std::string key = {}) {
    return {std::move(key), "[", std::move(items), "]", left_out, true};
}

pretty_node numbers(int count, std::size_t left_out = 0) {
    std::vector<pretty_node> items;
    for (int i = 0; i < count; ++i) {
        items.push_back(leaf(std::to_string(10 + i)));
    }
    return list_of(std::move(items), left_out);
}

TEST(pretty_layout, of_what_fits_is_one_line) {
    EXPECT_EQ(lay_out(numbers(3), 20, ""), "[10, 11, 12]");
    EXPECT_EQ(lay_out(numbers(3), 13, ""), "[10, 11, 12]");
    EXPECT_EQ(lay_out(numbers(0), 13, ""), "[]");
}

TEST(pretty_layout, fills_lines) {
    EXPECT_EQ(lay_out(numbers(5), 11, ""), "[10, 11,\n 12, 13,\n 14]");
}

TEST(pretty_layout, has_a_line_for_each_entry_of_a_dict) {
    const pretty_node dict{{}, "{", {leaf("1", "'a': "), leaf("2", "'b': ")}, "}", 0, true};
    EXPECT_EQ(lay_out(dict, 80, ""), "{'a': 1, 'b': 2}");
    EXPECT_EQ(lay_out(dict, 12, ""), "{'a': 1,\n 'b': 2}");
}

TEST(pretty_layout, says_how_many_are_left_out) {
    EXPECT_EQ(lay_out(numbers(2, 9950), 80, " (go on)"), "[10, 11,\n … 9,950 more (go on)]");
    EXPECT_EQ(lay_out(numbers(2, 1'234'567), 80, ""), "[10, 11,\n … 1,234,567 more]");
}

TEST(pretty_layout, says_so_of_what_is_within_as_well) {
    const auto inner = numbers(2, 7);
    EXPECT_EQ(lay_out(list_of({inner, inner}), 80, " (go on)"),
              "[[10, 11, … 7 more], [10, 11, … 7 more]]");
    EXPECT_EQ(lay_out(list_of({inner, inner}), 12, " (go on)"),
              "[[10, 11,\n  … 7 more],\n [10, 11,\n  … 7 more]]");
}

TEST(pretty_layout, keeps_to_the_width_as_far_as_there_is_room) {
    const auto deep = list_of({list_of({leaf("'aaaa'"), leaf("'bbbb'")}, 0, "'a long key': ")});
    EXPECT_EQ(lay_out(deep, 20, ""), "['a long key': [\n  'aaaa', 'bbbb']]");
}

TEST(pretty_layout, counts_characters_not_bytes) {
    EXPECT_EQ(lay_out(list_of({leaf("'ééé'"), leaf("'é'")}), 13, ""), "['ééé', 'é']");
}

TEST(pretty_layout, ends_in_any_width) {
    for (std::size_t columns = 1; columns < 30; ++columns) {
        const auto text = lay_out(list_of({numbers(9, 3), numbers(9), leaf("'x'")}, 4), columns, "");
        EXPECT_NE(text.find("… 4 more]"), std::string::npos) << columns;
    }
}

}  // namespace
}  // namespace backdoor
