#include "editor/graphemes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace backdoor::editor::test {
namespace {

// The sizes of all clusters.
std::vector<std::size_t> sizes(std::string_view text) {
    std::vector<std::size_t> all;
    for (std::size_t at = 0; at < text.size(); at += all.back())
        all.push_back(cluster_at(text, at).size);
    return all;
}

using sizes_t = std::vector<std::size_t>;

TEST(graphemes, are_what_a_person_counts) {
    EXPECT_EQ(sizes("ab"), (sizes_t{1, 1}));
    EXPECT_EQ(sizes("e\xcc\x81\xcc\x81x"), (sizes_t{5, 1}));
    EXPECT_EQ(sizes("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb."), (sizes_t{11, 1}));
    EXPECT_EQ(sizes("\xf0\x9f\x87\xab\xf0\x9f\x87\xb7\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa"),
              (sizes_t{8, 8}));
    EXPECT_EQ(sizes("\r\n\n"), (sizes_t{1, 1, 1}));
}

TEST(graphemes, take_their_columns) {
    EXPECT_EQ(columns_of("abc"), 3);
    EXPECT_EQ(columns_of("\xe7\x95\x8c"), 2);
    EXPECT_EQ(columns_of("e\xcc\x81"), 1);
    EXPECT_EQ(columns_of("\xf0\x9f\x98\x80"), 2);
    EXPECT_EQ(columns_of("\xe2\x9d\xa4\xef\xb8\x8f"), 2);
    EXPECT_EQ(columns_of("\t"), 2);
}

// Terminals show a joined emoji in 2 columns, or its parts side by side.
TEST(graphemes, reserve_what_any_terminal_needs) {
    const cluster joined = cluster_at("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", 0);
    EXPECT_EQ(joined.columns, 4);
    EXPECT_TRUE(joined.uncertain);
    EXPECT_FALSE(cluster_at("\xe7\x95\x8c", 0).uncertain);
    EXPECT_FALSE(cluster_at("e\xcc\x81", 0).uncertain);
}

TEST(graphemes, that_cannot_be_seen_are_escaped) {
    EXPECT_EQ(escape("\x1b"), "^[");
    EXPECT_EQ(escape("\x7f"), "^?");
    EXPECT_EQ(escape("\xc2\x9b"), "<009b>");
    EXPECT_EQ(escape("\xe2\x80\xae"), "<202e>");
    for (const std::string_view hidden :
         {"\xe2\x80\x8b", "\xe2\x80\xae", "\xcc\x81", "\x01", "\xef\xbb\xbf", "\xf3\xa0\x80\x81"}) {
        const cluster c = cluster_at(hidden, 0);
        EXPECT_EQ(c.shape, form::escaped);
        EXPECT_EQ(c.columns, static_cast<int>(escape(hidden).size()));
    }
}

TEST(graphemes, of_what_is_not_utf8_are_single_bytes) {
    for (const std::string_view invalid :
         {"\xff", "\x80", "\xc0\x80", "\xed\xa0\x80", "\xe2\x82", "\xf4\x90\x80\x80", "\xc3("}) {
        const cluster c = cluster_at(invalid, 0);
        EXPECT_EQ(c.size, 1u);
        EXPECT_EQ(c.shape, form::invalid);
    }
}

TEST(graphemes, have_the_same_boundaries_from_both_sides) {
    const std::string text =
        "a\xcc\x81\n\xcc\x81"
        "b\xff\xf0\x9f\x87\xab\xf0\x9f\x87\xb7\xf0\x9f\x87\xa9xy\xe2\x80\x8b\xcc\x81z\xe0\xb5\x8e"
        "ab\xe7\x95\x8c";
    sizes_t forward;
    for (std::size_t at = 0; at < text.size(); at = next_boundary(text, at))
        forward.push_back(at);
    sizes_t backward;
    for (std::size_t at = text.size(); at > 0;)
        backward.insert(backward.begin(), at = previous_boundary(text, at));
    EXPECT_EQ(forward, backward);
}

TEST(graphemes, may_be_cut_off) {
    EXPECT_EQ(incomplete_tail("ab\xe2\x82"), 2u);
    EXPECT_EQ(incomplete_tail("\xf0\x9f\x98"), 3u);
    EXPECT_EQ(incomplete_tail("\xe2\x82\xac"), 0u);
    EXPECT_EQ(incomplete_tail("\xff"), 0u);
    EXPECT_EQ(incomplete_tail("\x80\x80\x80"), 0u);
    EXPECT_EQ(incomplete_tail(""), 0u);
}

}  // namespace
}  // namespace backdoor::editor::test
