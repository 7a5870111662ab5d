#include "telnet/negotiation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "notation.hpp"
#include "telnet/codec.hpp"

namespace backdoor::telnet::test {
namespace {

using namespace std::string_literals;

using s = q_method::state;

constexpr verb verbs[] = {verb::will, verb::wont, verb::do_, verb::dont};
constexpr s states[] = {
    s::no, s::yes, s::want_no, s::want_no_opposite, s::want_yes, s::want_yes_opposite};

std::string receive(negotiation& n, verb received, unsigned char option) {
    std::string out;
    n.receive(received, option, out);
    return to_hex(out);
}

bool about_them(verb v) { return v == verb::will || v == verb::wont; }

// Brings one side of an option that may be on into a state, by requests and answers.
negotiation in_state(s state, bool theirs, unsigned char option) {
    negotiation n;
    std::string out;
    const auto request = [&](bool on) {
        theirs ? n.request_theirs(option, on, out) : n.request_ours(option, on, out);
    };
    if (state != s::no)
        request(true);
    if (state == s::yes || state == s::want_no || state == s::want_no_opposite)
        n.receive(theirs ? verb::will : verb::do_, option, out);
    if (state == s::want_no || state == s::want_no_opposite || state == s::want_yes_opposite)
        request(false);
    if (state == s::want_no_opposite)
        request(true);
    EXPECT_EQ((theirs ? n.theirs(option) : n.ours(option)).current(), state);
    return n;
}

TEST(telnet_negotiation, answers_every_verb_in_every_state) {
    constexpr unsigned char option = option::suppress_go_ahead;
    for (const s state : states) {
        for (const verb v : verbs) {
            const bool theirs = about_them(v);
            const bool positive = v == verb::will || v == verb::do_;
            negotiation n = in_state(state, theirs, option);

            q_method expected(state);
            const auto message = expected.receive(positive, true);
            std::string bytes;
            if (message == q_method::message::positive)
                bytes = theirs ? "FF FD 03" : "FF FB 03";
            if (message == q_method::message::negative)
                bytes = theirs ? "FF FE 03" : "FF FC 03";

            EXPECT_EQ(receive(n, v, option), bytes);
            EXPECT_EQ((theirs ? n.theirs(option) : n.ours(option)).current(), expected.current());
            EXPECT_EQ((theirs ? n.ours(option) : n.theirs(option)).current(), s::no)
                << "the sides are independent";
        }
    }
}

TEST(telnet_negotiation, agrees_to_few_options) {
    for (int i = 0; i < 256; ++i) {
        const auto option = static_cast<unsigned char>(i);
        if (option == option::timing_mark)
            continue;
        negotiation n;
        const std::string end = " "s + to_hex(std::string(1, static_cast<char>(i)));
        const bool we = i == 0 || i == 1 || i == 3;
        const bool they = i == 0 || i == 3 || i == 24 || i == 31;
        EXPECT_EQ(receive(n, verb::do_, option), (we ? "FF FB" : "FF FC") + end);
        EXPECT_EQ(receive(n, verb::will, option), (they ? "FF FD" : "FF FE") + end);
        EXPECT_EQ(n.ours(option).enabled(), we);
        EXPECT_EQ(n.theirs(option).enabled(), they);
        EXPECT_EQ(receive(n, verb::dont, option), we ? "FF FC" + end : "");
        EXPECT_EQ(receive(n, verb::wont, option), they ? "FF FE" + end : "");
    }
}

TEST(telnet_negotiation, expects_answers_to_its_requests) {
    negotiation n;
    std::string out;
    n.request_ours(option::echo, true, out);
    n.request_theirs(option::window_size, true, out);
    for (const verb v : verbs) {
        EXPECT_EQ(n.expects(v, option::echo), !about_them(v));
        EXPECT_EQ(n.expects(v, option::window_size), about_them(v));
        EXPECT_FALSE(n.expects(v, option::suppress_go_ahead));
    }
    n.receive(verb::dont, option::echo, out);
    EXPECT_FALSE(n.expects(verb::do_, option::echo));
}

TEST(telnet_negotiation, stops_answering_a_peer_that_only_negotiates) {
    negotiation n;
    std::string out;
    for (int i = 0; i < 10 * negotiation::max_replies; ++i)
        n.receive(i % 2 == 0 ? verb::do_ : verb::dont, option::echo, out);
    EXPECT_EQ(out.size(), 3u * negotiation::max_replies);
    EXPECT_EQ(receive(n, verb::do_, option::timing_mark), "FF FB 06")
        << "a mark is always answered";
    EXPECT_EQ(receive(n, verb::do_, option::echo), "");
    EXPECT_FALSE(n.ours(option::echo).enabled()) << "nothing changes without the answer";
    n.application_data();
    EXPECT_EQ(receive(n, verb::do_, option::echo), "FF FB 01");
}

TEST(telnet_negotiation, typing_lets_the_codec_answer_again) {
    codec c;
    for (int i = 0; i < negotiation::max_replies; ++i)
        c.receive("\xff\xfd\x22");
    EXPECT_EQ(c.take_output().size(), 3u * negotiation::max_replies);
    c.receive("\xff\xfd\x22");
    EXPECT_EQ(c.take_output(), "");
    c.receive("a\xff\xfd\x22");
    EXPECT_EQ(c.take_output(), "\xff\xfc\x22");
}

// Peers that might never come to rest -------------------------------------------------------

constexpr std::size_t silence_within = 3 * negotiation::max_replies + 32;

TEST(telnet_no_loop, two_codecs_come_to_rest) {
    constexpr std::string_view openings[] = {"",         "FF FB 01", "FF FD 18 FF FB 18",
                                             "FF FD 06", "FF F6",    "FF FB 1F FF FB 22 FF FD 22"};
    for (const auto opening : openings) {
        for (int requests = 0; requests < 16; ++requests) {
            codec a;
            codec b;
            std::size_t bytes = 0;
            std::string to_b = hex(opening);
            const auto exchange = [&] {
                while (bytes < silence_within) {
                    b.receive(to_b + a.take_output());
                    to_b.clear();
                    const std::string to_a = b.take_output();
                    a.receive(to_a);
                    if (to_a.empty() && (to_b = a.take_output()).empty())
                        return;
                    bytes += to_a.size() + to_b.size();
                }
                ADD_FAILURE() << "not silent";
            };
            if (requests & 1)
                a.request_character_mode();
            if (requests & 2)
                b.request_character_mode();
            exchange();
            if (requests & 4)
                a.request_line_mode();
            if (requests & 8)
                b.request_line_mode();
            exchange();
            EXPECT_LT(bytes, 100u);
        }
    }
}

// The Q method alone does not help when the two sides disagree from the start: here a yes and a
// no for the same option chase each other around.
TEST(telnet_no_loop, two_codecs_out_of_step_come_to_rest) {
    codec a;
    codec b;
    a.receive(hex("FF FD 03 FF FE 03"));
    std::size_t bytes = 0;
    for (std::string out = a.take_output(); !out.empty(); out = a.take_output()) {
        bytes += out.size();
        ASSERT_LE(bytes, silence_within);
        b.receive(out);
        a.receive(b.take_output());
    }
    EXPECT_EQ(bytes, 3u * negotiation::max_replies) << "no chase, nothing tested";
}

// One fixed answer, or none, to each of our verbs: every one of the 625 such peers.
TEST(telnet_no_loop, every_automaton_comes_to_rest) {
    constexpr std::array<int, 5> answers{0, 251, 252, 253, 254};
    for (int strategy = 0; strategy < 625; ++strategy) {
        std::array<int, 4> answer{};
        for (int i = 0, rest = strategy; i < 4; ++i, rest /= 5)
            answer[static_cast<std::size_t>(i)] = answers[static_cast<std::size_t>(rest % 5)];
        for (const char* opening : {"FF F1", "FF FB 01", "FF FD 01", "FF FB 1F", "FF FD 22"}) {
            codec c;
            c.request_character_mode();
            c.receive(hex(opening));
            std::size_t sent = 0;
            for (std::string out = c.take_output(); !out.empty(); out = c.take_output()) {
                sent += out.size();
                ASSERT_LE(sent, silence_within) << "strategy " << strategy;
                std::string back;
                for (std::size_t i = 0; i + 2 < out.size(); i += 3) {
                    const int ours = static_cast<unsigned char>(out[i + 1]);
                    if (ours == 250) {  // SB TERMINAL-TYPE SEND is twice as long
                        i += 3;
                        continue;
                    }
                    const int theirs = answer[static_cast<std::size_t>(ours - 251)];
                    if (theirs != 0)
                        back += {'\xff', static_cast<char>(theirs), out[i + 2]};
                }
                c.receive(back);
            }
        }
    }
}

TEST(telnet_no_loop, an_echo_comes_to_rest) {
    codec c;
    std::string out = c.hidden_probe();
    std::size_t sent = 0;
    while (!out.empty()) {
        sent += out.size();
        ASSERT_LT(sent, 100u);
        c.receive(out);
        out = c.take_output();
    }
}

// Any answer with all four verbs for the same option, for ever.
TEST(telnet_no_loop, a_flood_comes_to_rest) {
    codec c;
    c.request_character_mode();
    std::size_t sent = 0;
    for (std::string out = c.take_output(); !out.empty(); out = c.take_output()) {
        sent += out.size();
        ASSERT_LE(sent, silence_within);
        std::string back;
        for (std::size_t i = 0; i + 2 < out.size(); i += 3)
            for (const char v : {'\xfb', '\xfc', '\xfd', '\xfe'})
                back += {'\xff', v, out[i + 2]};
        c.receive(back);
    }
}

}  // namespace
}  // namespace backdoor::telnet::test
