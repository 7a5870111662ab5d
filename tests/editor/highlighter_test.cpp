#include "editor/highlighter.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support/growth.hpp"

namespace backdoor::editor::test {
namespace {

// A letter below each character: keyword, builtin, string, comment, number, definition.
std::string kinds(std::string_view text) {
    std::string all(text.size(), '.');
    std::size_t end = 0;
    for (const span& s : python_highlighter().highlight(text)) {
        EXPECT_LE(end, s.begin);
        EXPECT_LT(s.begin, s.end);
        EXPECT_LE(s.end, text.size());
        end = s.end;
        for (std::size_t at = s.begin; at < s.end; ++at)
            all[at] = ".kbscnd"[static_cast<std::size_t>(s.kind)];
    }
    return all;
}

void expect(std::string_view text, std::string_view wanted) {
    EXPECT_EQ(kinds(text), wanted) << text;
}

TEST(highlighter, knows_keywords_and_builtins) {
    expect("for x in range(None)", "kkk...kk.bbbbb.kkkk.");
    expect("a.print print_ ValueError", "...............bbbbbbbbbb");
    expect("format(f.format)", "bbbbbb..........");
}

TEST(highlighter, knows_definitions) {
    expect("def f(x): pass", "kkk.d.....kkkk");
    expect("class len:\n", "kkkkk.ddd..");
    expect("async def f", "kkkkk.kkk.d");
    expect("@a.b(c)\ndef", "dddd....kkk");
    expect("a @ b", ".....");
}

TEST(highlighter, knows_soft_keywords) {
    expect("match x:", "kkkkk...");
    expect("match = 1", "........n");
    expect("match in x", "......kk..");
    expect("type X = int", "kkkk.....bbb");
    expect("type(x)", "bbbb...");
    expect("x = match", ".........");
}

TEST(highlighter, knows_numbers) {
    expect("1 0xFf 1_0.5e-3 .5j a1 1.", "n.nnnn.nnnnnnnn.nnn....nn");
    expect("0xe+1", "nnn.n");
}

TEST(highlighter, knows_strings) {
    expect("'a' \"b\" rb'c' x'd'", "sss.sss.sssss..sss");
    expect("'a\\'b' c", "ssssss..");
    expect("'''a\n'b''' c", "ssssssssss..");
    expect("'open\nif", "sssss.kk");
    expect("'''open\nif", "ssssssssss");
    expect("# if 'x'\nif", "cccccccc.kk");
    expect("'#'", "sss");
}

TEST(highlighter, knows_the_code_in_f_strings) {
    expect("f'a{len(x)}b'", "ssssbbb...sss");
    expect("f'{{x}}'", "ssssssss");
    expect("f'{x!r:>{w}}'", "sss...sss.sss");
    expect("f'{d[\"k\"]}'", "sss..sss.ss");
    expect("f'{x", "sss.");
    expect("f'{x\nif", "sss..kk");
    expect("f'''{\n1}'''", "sssss.nssss");
}

TEST(highlighter, takes_any_bytes) {
    std::mt19937 random(1);
    const std::string_view pieces = "f'\"{}:!\\\n#@.1e+xdef \xff\xc3\xa9()";
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (int n = 0; n < 30; ++n)
            text += pieces[random() % pieces.size()];
        kinds(text);
    }
}

TEST(highlighter, takes_time_by_the_size_alone) {
    for (const std::string piece : {"f'{", "'", "'''", "(", "{", "match ", "f'{x:", "\\", "@a."}) {
        const auto highlight = [&](std::size_t size) {
            std::string text;
            while (text.size() < size)
                text += piece;
            python_highlighter().highlight(text);
        };
        EXPECT_LT(backdoor::test::growth_of(highlight, 50'000), backdoor::test::most_growth) << piece;
    }
}

}  // namespace
}  // namespace backdoor::editor::test
