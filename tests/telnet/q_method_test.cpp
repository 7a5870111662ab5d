#include "telnet/q_method.hpp"

#include <gtest/gtest.h>

#include <string>

namespace backdoor::telnet::test {
namespace {

using s = q_method::state;
using m = q_method::message;

enum class input : unsigned char {
    request_on,
    request_off,
    positive_agree,
    positive_refuse,
    negative
};

struct row {
    s from;
    input what;
    s to;
    m sent;
};

// RFC 1143, section 7, all of it.
constexpr row table[] = {
    {s::no, input::request_on, s::want_yes, m::positive},
    {s::no, input::request_off, s::no, m::none},
    {s::no, input::positive_agree, s::yes, m::positive},
    {s::no, input::positive_refuse, s::no, m::negative},
    {s::no, input::negative, s::no, m::none},

    {s::yes, input::request_on, s::yes, m::none},
    {s::yes, input::request_off, s::want_no, m::negative},
    {s::yes, input::positive_agree, s::yes, m::none},
    {s::yes, input::positive_refuse, s::yes, m::none},
    {s::yes, input::negative, s::no, m::negative},

    {s::want_no, input::request_on, s::want_no_opposite, m::none},
    {s::want_no, input::request_off, s::want_no, m::none},
    {s::want_no, input::positive_agree, s::no, m::none},
    {s::want_no, input::positive_refuse, s::no, m::none},
    {s::want_no, input::negative, s::no, m::none},

    {s::want_no_opposite, input::request_on, s::want_no_opposite, m::none},
    {s::want_no_opposite, input::request_off, s::want_no, m::none},
    {s::want_no_opposite, input::positive_agree, s::yes, m::none},
    {s::want_no_opposite, input::positive_refuse, s::yes, m::none},
    {s::want_no_opposite, input::negative, s::want_yes, m::positive},

    {s::want_yes, input::request_on, s::want_yes, m::none},
    {s::want_yes, input::request_off, s::want_yes_opposite, m::none},
    {s::want_yes, input::positive_agree, s::yes, m::none},
    {s::want_yes, input::positive_refuse, s::yes, m::none},
    {s::want_yes, input::negative, s::no, m::none},

    {s::want_yes_opposite, input::request_on, s::want_yes, m::none},
    {s::want_yes_opposite, input::request_off, s::want_yes_opposite, m::none},
    {s::want_yes_opposite, input::positive_agree, s::want_no, m::negative},
    {s::want_yes_opposite, input::positive_refuse, s::want_no, m::negative},
    {s::want_yes_opposite, input::negative, s::no, m::none},
};

m apply(q_method& q, input what) {
    switch (what) {
        case input::request_on:
            return q.request(true);
        case input::request_off:
            return q.request(false);
        case input::positive_agree:
            return q.receive(true, true);
        case input::positive_refuse:
            return q.receive(true, false);
        case input::negative:
            return q.receive(false, true);
    }
    return m::none;
}

TEST(telnet_q_method, follows_the_table) {
    for (const row& r : table) {
        SCOPED_TRACE("state " + std::to_string(static_cast<int>(r.from)) + " input " +
                     std::to_string(static_cast<int>(r.what)));
        q_method q(r.from);
        EXPECT_EQ(apply(q, r.what), r.sent);
        EXPECT_EQ(q.current(), r.to);
    }
}

TEST(telnet_q_method, is_off_at_first) { EXPECT_EQ(q_method().current(), s::no); }

TEST(telnet_q_method, is_enabled_until_the_peer_agrees_that_it_is_not) {
    for (const s state : {s::yes, s::want_no, s::want_no_opposite})
        EXPECT_TRUE(q_method(state).enabled());
    for (const s state : {s::no, s::want_yes, s::want_yes_opposite})
        EXPECT_FALSE(q_method(state).enabled());
}

TEST(telnet_q_method, awaits_an_answer_to_each_request) {
    for (const s state : {s::want_no, s::want_no_opposite, s::want_yes, s::want_yes_opposite})
        EXPECT_TRUE(q_method(state).awaits_answer());
    for (const s state : {s::no, s::yes})
        EXPECT_FALSE(q_method(state).awaits_answer());
}

}  // namespace
}  // namespace backdoor::telnet::test
