#include "ssh/address_pattern.hpp"

#include <gtest/gtest.h>

namespace backdoor::ssh {
namespace {

TEST(address_pattern, is_an_address) {
    EXPECT_TRUE(matches("192.0.2.7", "192.0.2.7"));
    EXPECT_FALSE(matches("192.0.2.7", "192.0.2.70"));
    EXPECT_TRUE(matches("2001:DB8:0::7", "2001:db8::7"));
    EXPECT_FALSE(matches("2001:db8::7", "2001:db8::8"));
    EXPECT_FALSE(matches("", "192.0.2.7"));
}

TEST(address_pattern, has_wildcards) {
    EXPECT_TRUE(matches("192.0.2.*", "192.0.2.7"));
    EXPECT_TRUE(matches("192.0.?.7", "192.0.2.7"));
    EXPECT_TRUE(matches("*", "2001:db8::7"));
    EXPECT_FALSE(matches("192.0.2.?", "192.0.2.70"));
    EXPECT_FALSE(matches("10.*", "192.0.2.7"));
    EXPECT_TRUE(matches("**.*7*", "192.0.2.7"));
    EXPECT_FALSE(matches("*a*a*a*a*a*a*a*a*a*a*b", "192.0.2.7"));
}

TEST(address_pattern, is_a_network) {
    EXPECT_TRUE(matches("192.0.2.0/24", "192.0.2.7"));
    EXPECT_FALSE(matches("192.0.2.0/24", "192.0.3.7"));
    EXPECT_TRUE(matches("192.0.2.4/30", "192.0.2.7"));
    EXPECT_FALSE(matches("192.0.2.4/30", "192.0.2.8"));
    EXPECT_TRUE(matches("0.0.0.0/0", "192.0.2.7"));
    EXPECT_FALSE(matches("0.0.0.0/0", "2001:db8::7"));
    EXPECT_TRUE(matches("2001:db8::/32", "2001:db8:1::7"));
    EXPECT_FALSE(matches("2001:db8::/32", "2001:db9::7"));
}

TEST(address_pattern, is_one_of_a_list) {
    EXPECT_TRUE(matches("10.0.0.1,192.0.2.7", "192.0.2.7"));
    EXPECT_FALSE(matches("10.0.0.1,192.0.2.8", "192.0.2.7"));
}

TEST(address_pattern, excludes_whatever_else_matches) {
    EXPECT_FALSE(matches("*,!192.0.2.7", "192.0.2.7"));
    EXPECT_FALSE(matches("!192.0.2.0/24,192.0.2.7", "192.0.2.7"));
    EXPECT_TRUE(matches("!192.0.2.8,192.0.2.*", "192.0.2.7"));
    EXPECT_FALSE(matches("!192.0.2.8", "192.0.2.7"));
}

TEST(address_pattern, excludes_all_by_a_network_that_is_none) {
    for (const char* network :
         {"!10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "host/8", "::/129", "/", "!/"}) {
        EXPECT_FALSE(matches("*," + std::string{network}, "192.0.2.7")) << network;
    }
}

TEST(address_pattern, sees_an_old_address_in_new_clothes) {
    EXPECT_TRUE(matches("192.0.2.0/24", "::ffff:192.0.2.7"));
    EXPECT_TRUE(matches("192.0.2.7", "::ffff:192.0.2.7"));
}

}  // namespace
}  // namespace backdoor::ssh
