#include "editor/key_decoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace backdoor::editor::test {
namespace {

using namespace std::string_literals;
using keys = std::vector<key>;

key text(std::string characters) { return {key_name::text, 0, std::move(characters)}; }
key control(char byte) { return {key_name::control, byte, {}}; }
key meta(char byte) { return {key_name::meta, byte, {}}; }
key named(key_name name) { return {name, 0, {}}; }

// Characters in a row are one key, however they come.
void add(keys& all, key next) {
    if (next.name == key_name::text && !all.empty() && all.back().name == key_name::text)
        all.back().text += next.text;
    else
        all.push_back(std::move(next));
}

keys decode(key_decoder& decoder, std::string_view bytes) {
    keys all;
    while (std::optional<key> next = decoder.next(bytes))
        add(all, std::move(*next));
    EXPECT_TRUE(bytes.empty());
    return all;
}

// The same, whether the bytes come at once or one by one.
keys decode(std::string_view bytes) {
    key_decoder at_once(1000);
    const keys all = decode(at_once, bytes);
    key_decoder slow(1000);
    keys one_by_one;
    for (const char& byte : bytes) {
        for (key& next : decode(slow, {&byte, 1}))
            add(one_by_one, std::move(next));
    }
    EXPECT_EQ(all, one_by_one);
    return all;
}

TEST(key_decoder, joins_characters) {
    EXPECT_EQ(decode("ab \xc3\xa9\x01z"), (keys{text("ab \xc3\xa9"), control(1), text("z")}));
}

TEST(key_decoder, waits_for_the_rest_of_a_character) {
    key_decoder decoder(1000);
    EXPECT_EQ(decode(decoder, "a\xe2\x82"), keys{text("a")});
    EXPECT_EQ(decode(decoder, "\xac"), keys{text("\xe2\x82\xac")});
    EXPECT_EQ(decode(decoder, "\xe2\x82"), keys{});
    EXPECT_EQ(decode(decoder, "\r"), (keys{text("\xe2\x82"), control('\r')}));
    EXPECT_EQ(decode(decoder, "\xff"), keys{text("\xff")});
}

TEST(key_decoder, knows_one_enter) {
    EXPECT_EQ(decode("\r\n\n\r\0\r\r"s), keys(5, control('\r')));
    EXPECT_EQ(decode("\x1bOM"), keys{control('\r')});
}

TEST(key_decoder, knows_the_keys_of_xterm_rxvt_and_linux) {
    const std::vector<std::pair<key_name, std::vector<std::string>>> all = {
        {key_name::up, {"\x1b[A", "\x1bOA", "\x1b[1;2A"}},
        {key_name::down, {"\x1b[B", "\x1bOB"}},
        {key_name::right, {"\x1b[C", "\x1bOC", "\x1b[1;2C"}},
        {key_name::left, {"\x1b[D", "\x1bOD"}},
        {key_name::home, {"\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~", "\x1b[7$", "\x1b[1;5H"}},
        {key_name::end, {"\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~", "\x1b[8^"}},
        {key_name::delete_, {"\x1b[3~", "\x1b[3;5~", "\x1b[3^", "\x1b[3$"}},
        {key_name::word_left, {"\x1b[1;5D", "\x1b[5D", "\x1bOd", "\x1b[1;3D", "\x1b\x1b[D"}},
        {key_name::word_right, {"\x1b[1;5C", "\x1bOc", "\x1b[1;3C", "\x1b\x1b[C"}},
    };
    for (const auto& [name, sequences] : all) {
        for (const std::string& sequence : sequences)
            EXPECT_EQ(decode(sequence + "x"), (keys{named(name), text("x")})) << sequence.substr(1);
    }
}

TEST(key_decoder, takes_escape_as_meta) {
    EXPECT_EQ(decode("\x1b"
                     "b\x1b\x7f\x1b\r"),
              (keys{meta('b'), meta('\x7f'), meta('\r')}));
    EXPECT_EQ(decode("\x1b]x\x1bPy"), keys{text("xy")});
}

TEST(key_decoder, never_swallows_an_interrupt) {
    for (const std::string begun : {"\x1b", "\x1b[", "\x1b[1;", "\x1bO", "\x1b]11;rgb", "\x1bP1"})
        EXPECT_EQ(decode(begun + "\x03"), keys{control(3)}) << begun.substr(1);
}

TEST(key_decoder, swallows_unknown_sequences_whole) {
    for (const std::string unknown :
         {"\x1b[19~", "\x1b[[A", "\x1b[24;80R", "\x1b[?1;2c", "\x1b[>41;354;0c", "\x1b[I",
          "\x1b[M !!", "\x1b[<0;3;4M", "\x1b[?2004;1$y", "\x1b]11;rgb:0/0/0\a",
          "\x1b[200001;31;31;31;31;31;31;31;31;31;31;31;31;31;31;31;31;31~", "\x1bOP", "\x1b[2~",
          "\x1b[27;5;99~", "\x1b[99;5u"})
        EXPECT_EQ(decode(unknown + "x"), keys{text("x")}) << unknown.substr(1);
    EXPECT_EQ(decode("\x1b]11;rgb:0/0/0\x1b\\x\x1bP1$r0m\x1b\\y"),
              (keys{meta('\\'), text("x"), meta('\\'), text("y")}));
}

TEST(key_decoder, begins_anew_after_a_broken_sequence) {
    EXPECT_EQ(decode("\x1b[1;\x1b[A"), keys{named(key_name::up)});
    EXPECT_EQ(decode("\x1b[1;\r"), keys{control('\r')});
    EXPECT_EQ(decode("\x1bO\r"), keys{control('\r')});
}

TEST(key_decoder, quotes_any_byte) {
    const key quoted_escape{key_name::quoted, 0, "\x1b"};
    EXPECT_EQ(decode("\x16\x1b\x11\x1b"), (keys{quoted_escape, quoted_escape}));
    EXPECT_EQ(decode("\x16\r\0x"s), (keys{{key_name::quoted, 0, "\r"}, text("x")}));
}

TEST(key_decoder, takes_a_paste_as_one_key) {
    EXPECT_EQ(decode("\x1b[200~a\rb\r\nc\n\x03\x1b[A\x1b[201~x"),
              (keys{{key_name::paste, 0, "a\nb\nc\n\x03\x1b[A"}, text("x")}));
    EXPECT_EQ(decode("\x1b[200~\x1b[201~"), (keys{{key_name::paste, 0, ""}}));
}

TEST(key_decoder, refuses_a_paste_beyond_its_limit) {
    const std::string large(1001, 'x');
    EXPECT_EQ(decode("\x1b[200~" + large + "\x1b[201~y"),
              (keys{named(key_name::paste_refused), text("y")}));
    EXPECT_EQ(decode("\x1b[200~" + large + large + "\x1b[201~\x1b[200~z\x1b[201~"),
              (keys{named(key_name::paste_refused), {key_name::paste, 0, "z"}}));
    EXPECT_EQ(decode("\x1b[200~" + large.substr(1) + "\x1b[201~"),
              (keys{{key_name::paste, 0, large.substr(1)}}));
}

}  // namespace
}  // namespace backdoor::editor::test
