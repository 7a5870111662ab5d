#include "frames/fields.hpp"

#include <gtest/gtest.h>

namespace backdoor::frames::test {
namespace {

using namespace std::string_literals;

TEST(fields_of_a_frame, are_found_by_name) {
    fields given;
    given.add("kind", "command");
    given.add("argument", "-c");
    given.add("argument", "");
    EXPECT_EQ(given.encode(), "kind\0command\0argument\0-c\0argument\0\0"s);

    const auto decoded = fields::decode(given.encode());
    ASSERT_TRUE(decoded);
    EXPECT_EQ((*decoded)["kind"], "command");
    EXPECT_EQ(decoded->all("argument"), (std::vector<std::string>{"-c", ""}));
    EXPECT_TRUE(decoded->has("argument"));
    EXPECT_FALSE(decoded->has("name"));
    EXPECT_EQ((*decoded)["name"], "");
}

TEST(fields_of_a_frame, have_no_zero_bytes) {
    fields given;
    given.add("na\0me"s, "va\0lue"s);
    EXPECT_EQ(given.encode(), "na\0va\0"s);
}

TEST(fields_of_a_frame, are_whole_pairs) {
    EXPECT_TRUE(fields::decode(""));
    EXPECT_FALSE(fields::decode("kind"));
    EXPECT_FALSE(fields::decode("kind\0"s));
    EXPECT_FALSE(fields::decode("kind\0command"s));
    EXPECT_FALSE(fields::decode("kind\0command\0name\0"s));
}

}  // namespace
}  // namespace backdoor::frames::test
