#include "frames/opening.hpp"

#include "frames/frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace backdoor::frames::test {
namespace {

using namespace std::string_literals;
using verdict = opening::verdict;

struct result {
    opening::verdict what = verdict::more;
    std::string rest;
};

result receive(opening& one, std::string_view bytes, std::size_t piece) {
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        auto part = bytes.substr(at, piece);
        const auto what = one.receive(part);
        if (what != verdict::more) {
            return {what, std::string{part} + std::string{bytes.substr(std::min(at + piece, bytes.size()))}};
        }
    }
    return {};
}

TEST(an_opening, is_told_from_what_comes_behind_it) {
    const auto wire = opening_line(version) + "H\0\0\0\0"s;
    for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
        opening one;
        const auto got = receive(one, wire, piece);
        EXPECT_EQ(got.what, verdict::framed);
        EXPECT_EQ(got.rest, "H\0\0\0\0"s);
        EXPECT_EQ(one.chosen(), version);
    }
}

TEST(an_opening, of_a_newer_client_gets_our_version) {
    opening one;
    EXPECT_EQ(receive(one, opening_line(999), 100).what, verdict::framed);
    EXPECT_EQ(one.chosen(), version);
}

TEST(an_opening, is_nothing_that_people_type) {
    for (const auto& typed : {"1+1\n"s, "#\n"s, "# backdoor\n"s, "# backdoor frames\n"s,
                              "# backdoor frames one\n"s, "# backdoor frames 0\n"s,
                              "# backdoor frames 12345\n"s, "# backdoor frames -1\n"s,
                              "# backdoor frames 1\r\n"s, " # backdoor frames 1\n"s, "\n"s,
                              "\xff\xfb\x1f"s, "\0"s}) {
        for (std::size_t piece = 1; piece <= typed.size(); ++piece) {
            opening one;
            const auto got = receive(one, typed, piece);
            EXPECT_EQ(got.what, verdict::plain) << typed;
            EXPECT_EQ(one.take() + got.rest, typed) << "nothing is lost";
        }
    }
}

TEST(an_opening, is_waited_for_only_while_it_may_come) {
    opening one;
    std::string_view bytes = "# backdoor";
    EXPECT_EQ(one.receive(bytes), verdict::more);
    EXPECT_TRUE(bytes.empty());
    EXPECT_EQ(one.take(), "# backdoor") << "the client has gone";
}

TEST(an_opening, is_a_comment_to_any_other_console) {
    EXPECT_EQ(opening_line(1), "# backdoor frames 1\n");
}

TEST(an_answer, is_found_behind_a_banner) {
    const auto wire = "Python 3\n>>> "s + answer(1) + "h\0\0\0\0"s;
    for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
        answer_finder one;
        std::string rest;
        std::optional<unsigned> chosen;
        for (std::size_t at = 0; at < wire.size(); at += piece) {
            auto part = std::string_view{wire}.substr(at, piece);
            if (!chosen) {
                chosen = one.receive(part);
            }
            rest += part;
        }
        EXPECT_EQ(chosen, 1u);
        EXPECT_EQ(one.skipped(), "Python 3\n>>> ");
        EXPECT_EQ(rest, "h\0\0\0\0"s);
    }
}

TEST(an_answer, is_not_looked_for_in_all_the_world) {
    answer_finder one;
    const std::string endless(answer_finder::max_skipped + 1, 'x');
    std::string_view bytes = endless;
    EXPECT_FALSE(one.receive(bytes));
    EXPECT_TRUE(one.failed());

    answer_finder other;
    bytes = std::string_view{"\0binary", 7};
    EXPECT_FALSE(other.receive(bytes));
    EXPECT_TRUE(other.failed());
}

}  // namespace
}  // namespace backdoor::frames::test
