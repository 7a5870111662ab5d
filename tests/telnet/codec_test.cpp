#include "telnet/codec.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "notation.hpp"
#include "telnet/subnegotiation.hpp"

namespace backdoor::telnet::test {
namespace {

using namespace std::string_literals;

constexpr std::string_view probe = "1B 5F FF FB 01 FF FB 03 FF FD 1F 1B 5C 0D 1B 5B 4B";

lines receive(codec& c, std::string_view digits) { return describe(c.receive(hex(digits))); }

std::string output(codec& c) { return to_hex(c.take_output()); }

codec telnet_peer() {
    codec c;
    EXPECT_EQ(receive(c, "FF F1"), lines{"telnet"});
    return c;
}

codec character_mode_peer() {
    codec c;
    c.request_character_mode();
    receive(c, "FF FD 01 FF FD 03 FF FB 1F FF FA 1F 00 50 00 18 FF F0 FF FB 18");
    c.take_output();
    EXPECT_TRUE(c.character_mode());
    return c;
}

// Application data --------------------------------------------------------------------------

TEST(telnet_data, is_unchanged_before_the_first_command) {
    codec c;
    EXPECT_EQ(c.receive("1\r\n2\n3\r4\0\r\0"s), (std::vector<event>{data{"1\r\n2\n3\r4\0\r\0"s}}));
    EXPECT_FALSE(c.is_telnet());
    EXPECT_EQ(output(c), "");
}

TEST(telnet_data, has_one_newline_for_each_enter) {
    codec c = telnet_peer();
    EXPECT_EQ(c.receive("a\r\nb\r\0c\rd\ne\n\nf\r\rg\r\n\nh"s),
              (std::vector<event>{data{"a\nb\nc\nd\ne\n\nf\n\ng\n\nh"}}));
}

TEST(telnet_data, does_not_wait_for_the_byte_after_cr) {
    codec c = telnet_peer();
    EXPECT_EQ(receive(c, "61 0D"), lines{"data \"a\\n\""});
    EXPECT_EQ(receive(c, "0A"), lines{});
    EXPECT_EQ(receive(c, "0D"), lines{"data \"\\n\""});
    EXPECT_EQ(receive(c, "00"), lines{});
    EXPECT_EQ(receive(c, "00"), lines{"data \"\\x00\""});
}

TEST(telnet_data, swallows_the_lf_after_cr_and_a_command) {
    codec c = telnet_peer();
    EXPECT_EQ(receive(c, "0D FF F1 0A 61"), (lines{"data \"\\na\""}));
    EXPECT_EQ(receive(c, "0D FF FF 0A"), (lines{"data \"\\n\\xFF\\n\""}));
}

TEST(telnet_data, keeps_an_lf_whose_cr_came_before_the_first_command) {
    codec c;
    EXPECT_EQ(receive(c, "61 0D FF F1 0A"), (lines{"data \"a\\r\"", "telnet", "data \"\\n\""}));
}

TEST(telnet_data, doubled_iac_is_one_byte) {
    codec c = telnet_peer();
    EXPECT_EQ(receive(c, "61 FF FF 62 FF FF FF FF"), lines{"data \"a\\xFFb\\xFF\\xFF\""});
}

TEST(telnet_data, keeps_its_order_among_events) {
    codec c;
    EXPECT_EQ(
        receive(c, "61 FF F4 62 FF F3 63 0D 0A"),
        (lines{"data \"a\"", "telnet", "interrupt", "data \"b\"", "interrupt", "data \"c\\n\""}));
}

// Which bytes make a peer telnet ------------------------------------------------------------

// Whether these bytes, sent first, are data. Cut anywhere, the answer must be the same.
bool is_plain(const std::string& bytes, bool probed = false) {
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        codec c;
        if (probed)
            c.hidden_probe();
        auto events = c.receive(std::string_view(bytes).substr(0, cut));
        for (const auto& more : {c.receive(std::string_view(bytes).substr(cut)), c.finish()})
            events.insert(events.end(), more.begin(), more.end());
        const bool unchanged = describe(events) == lines{"data "s + quote(bytes)};
        EXPECT_NE(unchanged, c.is_telnet()) << quote(bytes) << " cut at " << cut;
        if (!unchanged)
            return false;
    }
    return true;
}

std::string bytes(std::initializer_list<int> values) {
    std::string out;
    for (const int value : values)
        out += static_cast<char>(value);
    return out;
}

TEST(telnet_detection, believes_a_command_without_operand) {
    for (int byte = 0; byte < 256; ++byte)
        EXPECT_EQ(is_plain(bytes({'a', 255, byte, 'b'})), byte < 236 || byte > 249) << byte;
}

TEST(telnet_detection, believes_an_offer_of_an_assigned_option_at_the_beginning_of_a_line) {
    for (const int verb : {251, 253}) {
        for (int option = 0; option < 256; ++option) {
            EXPECT_EQ(is_plain(bytes({255, verb, option})), option > 49) << verb << " " << option;
            EXPECT_EQ(is_plain(bytes({'a', '\n', 255, verb, option})), option > 49);
            EXPECT_EQ(is_plain(bytes({'a', '\r', 255, verb, option})), option > 49);
            EXPECT_TRUE(is_plain(bytes({'a', 255, verb, option}))) << verb << " " << option;
        }
    }
}

TEST(telnet_detection, believes_a_refusal_only_of_what_was_asked) {
    for (const int verb : {252, 254}) {
        for (int option = 0; option < 256; ++option) {
            const std::string first = bytes({255, verb, option});
            const bool asked = verb == 252 ? option == 31 : option == 1 || option == 3;
            EXPECT_TRUE(is_plain(first)) << verb << " " << option;
            EXPECT_EQ(is_plain(first, true), !asked) << verb << " " << option;
            EXPECT_EQ(is_plain("if 1:" + first, true), !asked) << verb << " " << option;
        }
    }
}

TEST(telnet_detection, believes_an_answer_in_the_middle_of_a_line) {
    EXPECT_TRUE(is_plain("if 1:\xff\xfd\x01", false));
    EXPECT_FALSE(is_plain("if 1:\xff\xfd\x01", true));
    EXPECT_FALSE(is_plain("if 1:\xff\xfb\x1f", true));
    EXPECT_TRUE(is_plain("if 1:\xff\xfb\x01", true)) << "we asked for our own echo, not for theirs";
}

TEST(telnet_detection, takes_invalid_utf8_for_what_it_is) {
    for (const bool probed : {false, true}) {
        for (const char byte : "\xfa\xfb\xfc\xfd\xfe\xff"s)
            EXPECT_TRUE(is_plain("x = \"\xff"s + byte + "\"\n", probed)) << quote({&byte, 1});
        EXPECT_TRUE(is_plain("\xff\xfeh\0i\0\n\0"s, probed)) << "UTF-16 with byte order mark";
        EXPECT_TRUE(is_plain("a\xff\xff\xff\xff\n", probed));
        EXPECT_TRUE(is_plain("\xff", probed));
        EXPECT_TRUE(is_plain("\xff\xfb", probed));
    }
}

TEST(telnet_detection, looks_again_at_an_iac_in_place_of_an_option) {
    codec c;
    EXPECT_EQ(receive(c, "FF FB FF F4"), (lines{"data \"\\xFF\\xFB\"", "telnet", "interrupt"}));
}

TEST(telnet_detection, comes_once) {
    codec c;
    EXPECT_EQ(receive(c, "FF F1 FF F1"), lines{"telnet"});
    EXPECT_TRUE(c.is_telnet());
}

TEST(telnet_detection, finish_drops_what_a_telnet_peer_left_unfinished) {
    for (const char* unfinished : {"FF", "FF FB", "FF FA 1F 00", "FF FA 1F FF"}) {
        codec c = telnet_peer();
        EXPECT_EQ(receive(c, unfinished), lines{});
        EXPECT_EQ(c.finish(), std::vector<event>{});
    }
}

TEST(telnet_detection, finish_is_empty_when_nothing_is_held) {
    codec c;
    receive(c, "61");
    EXPECT_EQ(c.finish(), std::vector<event>{});
}

// Control functions -------------------------------------------------------------------------

TEST(telnet_control, has_an_event_for_each_function) {
    codec c = telnet_peer();
    EXPECT_EQ(receive(c, "FF F4 FF F3 FF EC FF ED FF EE FF F7 FF F8"),
              (lines{"interrupt", "interrupt", "end-of-file", "suspend", "abort", "erase-character",
                     "erase-line"}));
    EXPECT_EQ(output(c), "");
}

TEST(telnet_control, ignores_the_others) {
    codec c = telnet_peer();
    for (int byte = 0; byte < 250; ++byte) {
        switch (byte) {
            case 236:
            case 237:
            case 238:
            case 243:
            case 244:
            case 246:
            case 247:
            case 248:
                continue;
            default:
                EXPECT_EQ(c.receive(bytes({255, byte})), std::vector<event>{}) << byte;
        }
    }
    EXPECT_EQ(output(c), "");
    EXPECT_EQ(receive(c, "61"), lines{"data \"a\""});
}

TEST(telnet_control, answers_are_you_there) {
    codec c;
    EXPECT_EQ(receive(c, "FF F6"), lines{"telnet"});
    EXPECT_EQ(c.take_output(), "\r\n[yes]\r\n");
    EXPECT_EQ(c.take_output(), "");
}

TEST(telnet_control, answers_every_timing_mark) {
    codec c = telnet_peer();
    EXPECT_EQ(receive(c, "FF F4 FF FD 06 FF FD 06"), lines{"interrupt"});
    EXPECT_EQ(output(c), "FF FB 06 FF FB 06");
    receive(c, "FF FE 06 FF FB 06 FF FC 06");
    EXPECT_EQ(output(c), "");
    receive(c, "FF FD 06");
    EXPECT_EQ(output(c), "FF FB 06");
}

// Modes -------------------------------------------------------------------------------------

TEST(telnet_mode, character_mode_needs_echo_and_suppress_go_ahead) {
    codec c;
    c.request_character_mode();
    EXPECT_EQ(output(c), "FF FB 01 FF FB 03 FF FD 1F");
    EXPECT_EQ(receive(c, "FF FD 01"), lines{"telnet"});
    EXPECT_EQ(receive(c, "FF FD 03"), lines{});
    EXPECT_FALSE(c.character_mode()) << "it has not said yet whether it tells its size";
    EXPECT_EQ(receive(c, "FF FC 1F"), lines{"mode character"});
    EXPECT_TRUE(c.character_mode());
}

codec peer_without_a_size() {
    codec c;
    c.request_character_mode();
    EXPECT_EQ(receive(c, "FF FD 01 FF FD 03 FF FB 1F FF FA 1F 00 00 00 00 FF F0"), lines{"telnet"});
    c.take_output();
    return c;
}

TEST(telnet_mode, is_not_that_of_a_peer_with_neither_a_size_nor_a_type) {
    codec c = peer_without_a_size();
    EXPECT_EQ(receive(c, "31 0A FF FC 18 32 0A"), (lines{"data \"1\\n\"", "terminal ", "data \"2\\n\""}));
    EXPECT_FALSE(c.character_mode());
}

TEST(telnet_mode, waits_for_a_type_or_a_size_where_the_first_size_is_none) {
    codec typed = peer_without_a_size();
    EXPECT_EQ(receive(typed, "FF FB 18 FF FA 18 00 78 FF F0"), (lines{"terminal x", "mode character"}));
    codec sized = peer_without_a_size();
    EXPECT_EQ(receive(sized, "FF FA 1F 00 50 00 18 FF F0"), (lines{"window 80 24", "mode character"}));
}

TEST(telnet_mode, is_that_of_who_types_before_it_tells_its_size) {
    codec c;
    c.request_character_mode();
    EXPECT_EQ(receive(c, "FF FD 01 FF FD 03 61"), (lines{"telnet", "mode character", "data \"a\""}));
}

TEST(telnet_mode, follows_a_peer_that_changes_it) {
    codec c = character_mode_peer();
    EXPECT_EQ(receive(c, "61 FF FE 03 62 FF FE 01 63"),
              (lines{"data \"a\"", "mode line", "data \"bc\""}));
    EXPECT_EQ(output(c), "FF FC 03 FF FC 01");
    EXPECT_FALSE(c.character_mode());
    EXPECT_EQ(receive(c, "FF FD 01 FF FD 03"), lines{"mode character"});
    EXPECT_EQ(output(c), "FF FB 01 FF FB 03");
}

TEST(telnet_mode, stays_line_for_a_peer_that_refuses) {
    codec c;
    c.request_character_mode();
    c.take_output();
    EXPECT_EQ(receive(c, "FF FE 01 FF FD 03 FF FC 1F"), lines{"telnet"});
    EXPECT_FALSE(c.character_mode());
    EXPECT_EQ(output(c), "FF FD 18");
}

TEST(telnet_mode, changes_when_the_peer_has_agreed_to_line_mode) {
    codec c = character_mode_peer();
    c.request_line_mode();
    EXPECT_EQ(output(c), "FF FC 01 FF FC 03");
    EXPECT_TRUE(c.character_mode()) << "what is on its way was typed in character mode";
    EXPECT_EQ(receive(c, "61 FF FE 01 62 FF FE 03"),
              (lines{"data \"a\"", "mode line", "data \"b\""}));
    EXPECT_EQ(output(c), "");
    c.request_character_mode();
    EXPECT_EQ(output(c), "FF FB 01 FF FB 03");
    EXPECT_EQ(receive(c, "FF FD 01 FF FD 03"), lines{"mode character"});
}

TEST(telnet_mode, settles_when_the_mind_changes_before_the_answer) {
    codec c = character_mode_peer();
    c.request_line_mode();
    c.request_character_mode();
    EXPECT_EQ(output(c), "FF FC 01 FF FC 03");
    EXPECT_EQ(receive(c, "FF FE 01 FF FE 03"), lines{"mode line"});
    EXPECT_EQ(output(c), "FF FB 01 FF FB 03");
    EXPECT_EQ(receive(c, "FF FD 01 FF FD 03"), lines{"mode character"});
    EXPECT_EQ(output(c), "");
}

TEST(telnet_mode, requests_are_not_repeated) {
    codec c;
    c.request_character_mode();
    c.take_output();
    c.request_character_mode();
    EXPECT_EQ(output(c), "");
    codec line;
    line.request_line_mode();
    EXPECT_EQ(output(line), "");
}

TEST(telnet_mode, hidden_probe_is_exact_and_comes_once) {
    codec c;
    EXPECT_EQ(to_hex(c.hidden_probe()), probe);
    EXPECT_EQ(output(c), "");
    EXPECT_EQ(c.hidden_probe(), "");
    EXPECT_EQ(receive(c, "FF FD 01 FF FD 03 FF FC 1F"), (lines{"telnet", "mode character"}));
}

TEST(telnet_mode, accepts_binary_but_never_asks) {
    codec c = telnet_peer();
    receive(c, "FF FD 00 FF FB 00");
    EXPECT_EQ(output(c), "FF FB 00 FF FD 00");
}

TEST(telnet_mode, accepts_their_suppress_go_ahead_and_refuses_linemode) {
    codec c = telnet_peer();
    receive(c, "FF FB 03 FF FB 22 FF FD 22 FF FB 01");
    EXPECT_EQ(output(c), "FF FD 03 FF FE 22 FF FC 22 FF FE 01");
}

// Window size -------------------------------------------------------------------------------

TEST(telnet_window, is_reported_when_it_changes) {
    codec c = character_mode_peer();
    EXPECT_EQ(receive(c, "FF FA 1F 00 50 00 18 FF F0"), lines{});
    EXPECT_EQ(receive(c, "FF FA 1F 00 50 00 19 FF F0"), lines{"window 80 25"});
    EXPECT_EQ(receive(c, "FF FA 1F 00 51 00 18 FF F0"), lines{"window 81 24"});
    EXPECT_EQ(output(c), "");
}

TEST(telnet_window, may_be_255_wide) {
    codec c = character_mode_peer();
    EXPECT_EQ(receive(c, "FF FA 1F 00 FF FF 00 FF FF FF F0"), lines{"window 255 255"});
}

TEST(telnet_window, ignores_zero_and_clamps) {
    codec c = character_mode_peer();
    EXPECT_EQ(receive(c, "FF FA 1F 00 00 00 00 FF F0"), lines{});
    EXPECT_EQ(receive(c, "FF FA 1F 00 00 00 32 FF F0"), lines{"window 80 50"});
    EXPECT_EQ(receive(c, "FF FA 1F 00 64 00 00 FF F0"), lines{"window 100 50"});
    EXPECT_EQ(receive(c, "FF FA 1F 03 E8 03 E9 FF F0"), lines{"window 1000 1000"});
    EXPECT_EQ(receive(c, "FF FA 1F FF FF FF FF FF FF FF FF FF F0"), lines{});
    EXPECT_EQ(receive(c, "FF FA 1F 00 01 00 01 FF F0"), lines{"window 1 1"});
}

TEST(telnet_window, needs_four_bytes_and_an_agreement) {
    codec c = character_mode_peer();
    EXPECT_EQ(receive(c, "FF FA 1F 00 50 00 FF F0 FF FA 1F 00 50 00 18 00 FF F0 FF FA 1F FF F0"),
              lines{});
    codec stranger = telnet_peer();
    EXPECT_EQ(receive(stranger, "FF FA 1F 00 50 00 18 FF F0"), lines{});
}

// Terminal type -----------------------------------------------------------------------------

TEST(telnet_terminal, is_asked_after_an_answer_and_once) {
    codec c;
    c.request_character_mode();
    c.take_output();
    receive(c, "61");
    EXPECT_EQ(output(c), "");
    receive(c, "FF FD 01");
    EXPECT_EQ(output(c), "FF FD 18");
    receive(c, "FF FD 03 FF FB 18");
    EXPECT_EQ(output(c), "FF FA 18 01 FF F0");
    receive(c, "FF FB 18 FF FC 18 FF FB 18");
    EXPECT_EQ(output(c), "FF FE 18 FF FD 18");
}

TEST(telnet_terminal, is_asked_of_a_peer_that_spoke_first) {
    codec c = telnet_peer();
    c.request_character_mode();
    EXPECT_EQ(output(c), "FF FB 01 FF FB 03 FF FD 1F FF FD 18");
    codec offers;
    receive(offers, "FF FB 18");
    EXPECT_EQ(output(offers), "FF FD 18 FF FA 18 01 FF F0");
}

TEST(telnet_terminal, is_not_asked_without_a_request) {
    codec c = telnet_peer();
    EXPECT_EQ(output(c), "");
}

std::vector<event> send_terminal_type(std::string_view name) {
    codec c = character_mode_peer();
    return c.receive("\xff\xfa\x18"s + '\0' + std::string(name) + "\xff\xf0");
}

TEST(telnet_terminal, is_lower_case) {
    EXPECT_EQ(send_terminal_type("XTERM-256color"),
              (std::vector<event>{terminal_type{"xterm-256color"}}));
    EXPECT_EQ(send_terminal_type("az09AZ-_.+"), (std::vector<event>{terminal_type{"az09az-_.+"}}));
}

codec peer_that_refuses_its_type(std::string_view size, lines& seen) {
    codec c;
    c.request_character_mode();
    receive(c, "FF FD 01 FF FD 03 FF FB 1F " + std::string(size));
    seen = receive(c, "FF FC 18");
    return c;
}

TEST(telnet_terminal, is_none_where_there_is_neither_a_type_nor_a_size) {
    lines seen;
    peer_that_refuses_its_type("FF FA 1F 00 00 00 00 FF F0", seen);
    EXPECT_EQ(seen, lines{"terminal "});
    peer_that_refuses_its_type("FF FA 1F 00 50 00 18 FF F0", seen);
    EXPECT_EQ(seen, lines{});
    codec c = peer_that_refuses_its_type("", seen);
    EXPECT_EQ(seen, lines{});
    EXPECT_EQ(receive(c, "FF FC 18 FF FA 1F 00 00 00 00 FF F0 FF FC 18"), lines{});
}

TEST(telnet_terminal, is_checked) {
    EXPECT_EQ(send_terminal_type(""), std::vector<event>{});
    for (int byte = 0; byte < 255; ++byte) {
        const bool allowed =
            std::string_view("-_.+").find(static_cast<char>(byte)) != std::string_view::npos ||
            (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
            (byte >= 'A' && byte <= 'Z');
        EXPECT_EQ(send_terminal_type("x"s + bytes({byte})).size(), allowed ? 1u : 0u) << byte;
    }
    EXPECT_EQ(send_terminal_type("x\xff\xff"), std::vector<event>{});
    EXPECT_EQ(send_terminal_type(std::string(max_terminal_type, 'x')).size(), 1u);
    EXPECT_EQ(send_terminal_type(std::string(max_terminal_type + 1, 'x')).size(), 0u);
}

TEST(telnet_terminal, needs_is_and_an_agreement) {
    codec c = character_mode_peer();
    EXPECT_EQ(receive(c, "FF FA 18 01 78 FF F0 FF FA 18 FF F0 FF FA FF F0"), lines{});
    codec stranger = telnet_peer();
    EXPECT_EQ(receive(stranger, "FF FA 18 00 78 FF F0"), lines{});
}

// Subnegotiations that are not well formed --------------------------------------------------

TEST(telnet_subnegotiation, is_limited) {
    codec c = character_mode_peer();
    for (const std::size_t size : {codec::max_subnegotiation - 1, codec::max_subnegotiation,
                                   codec::max_subnegotiation + 1, std::size_t{100000}}) {
        EXPECT_EQ(c.receive("\xff\xfa\x1f" + std::string(size, 'x') + "\xff\xf0"),
                  std::vector<event>{});
        EXPECT_EQ(receive(c, "61"), lines{"data \"a\""}) << "recovers at IAC SE";
    }
    std::string doubled = "\xff\xfa\x1f";
    for (int i = 0; i < 1000; ++i)
        doubled += "\xff\xff";
    EXPECT_EQ(c.receive(doubled + "\xff\xf0"), std::vector<event>{});
    EXPECT_EQ(receive(c, "FF FA 1F 00 50 00 19 FF F0"), lines{"window 80 25"});
}

TEST(telnet_subnegotiation, without_end_gives_way_to_a_command) {
    codec c = character_mode_peer();
    EXPECT_EQ(receive(c, "FF FA 1F 00 50 00 18 FF F4 61"), (lines{"interrupt", "data \"a\""}));
    EXPECT_EQ(receive(c, "FF FA 1F 00 FF FD 06 61"), lines{"data \"a\""});
    EXPECT_EQ(output(c), "FF FB 06");
    EXPECT_EQ(receive(c, "FF FA 1F 00 50 FF FA 1F 00 51 00 18 FF F0"), lines{"window 81 24"});
}

TEST(telnet_subnegotiation, with_a_single_ff_is_dropped_whole) {
    codec c = character_mode_peer();
    EXPECT_EQ(receive(c, "FF FA 1F 00 FF 00 18 FF F0 61"), lines{"data \"a\""});
    EXPECT_EQ(receive(c, "FF FA 1F 00 50 FF 00 00 18 FF F0 61"), lines{"data \"a\""})
        << "not even when the rest would do";
}

TEST(telnet_subnegotiation, of_an_unknown_option_is_dropped) {
    codec c = character_mode_peer();
    EXPECT_EQ(receive(c, "FF FA 27 01 02 FF F0 FF FA 55 FF FB 55 61"), lines{"data \"a\""});
    EXPECT_EQ(output(c), "FF FE 55");
}

// Pieces ------------------------------------------------------------------------------------

// Every sequence of four bytes that mean something: whole, cut once, and byte by byte.
TEST(telnet_pieces, of_any_size_give_the_same) {
    const std::string alphabet = hex("FF FA FB FE F0 F4 18 01 00 0D 0A 61");
    constexpr std::size_t length = 4;
    std::string text(length, ' ');
    for (const codec& start : {codec(), telnet_peer(), character_mode_peer()}) {
        std::size_t sequences = 1;
        for (std::size_t i = 0; i < length; ++i)
            sequences *= alphabet.size();
        for (std::size_t n = 0; n < sequences && !HasFailure(); ++n) {
            for (std::size_t i = 0, rest = n; i < length; ++i, rest /= alphabet.size())
                text[i] = alphabet[rest % alphabet.size()];
            codec whole = start;
            const std::vector<event> expected = whole.receive(text);
            const std::string reply = whole.take_output();
            for (const unsigned cuts : {1u, 2u, 4u, 7u}) {
                codec pieces = start;
                std::vector<event> events;
                std::string piece;
                for (std::size_t i = 0; i < length; ++i) {
                    piece += text[i];
                    if (i + 1 == length || (cuts >> i & 1) != 0) {
                        for (event& e : pieces.receive(piece))
                            events.push_back(std::move(e));
                        piece.clear();
                    }
                }
                ASSERT_TRUE(join(events) == expected) << to_hex(text) << " cuts " << cuts;
                ASSERT_EQ(pieces.take_output(), reply) << to_hex(text);
            }
        }
    }
}

}  // namespace
}  // namespace backdoor::telnet::test
