// Replays the transcripts in golden/, recorded from real clients unless they say otherwise.
//
//   > FF FD 01        the client sends; adjacent lines are one piece
//   < FF FB 01        we send
//   = interrupt       an event, see notation.cpp
//   ! hidden_probe    we call that function of the codec; its bytes follow as <
//   # a comment       at the end of > and < lines too
//
// Each is replayed as recorded, byte by byte, and with every piece cut in two at every place.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "notation.hpp"

namespace backdoor::telnet::test {
namespace {

struct step {
    int line;
    char kind;
    std::string text;
};

std::vector<step> load(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::vector<step> steps;
    std::string text;
    for (int line = 1; std::getline(file, text); ++line) {
        if (text.empty() || text[0] == '#')
            continue;
        const char kind = text[0];
        text.erase(0, 2);
        if (kind == '>' || kind == '<') {
            text = hex(text.substr(0, text.find('#')));
            if (!steps.empty() && steps.back().kind == kind) {
                steps.back().text += text;
                continue;
            }
        }
        steps.push_back({line, kind, text});
    }
    return steps;
}

class replay {
public:
    // Cuts each piece after `cut` bytes, and then again and again if `repeat`.
    replay(std::size_t cut, bool repeat) : cut_(cut), repeat_(repeat) {}

    void run(const std::vector<step>& steps) {
        for (const step& s : steps) {
            SCOPED_TRACE("line " + std::to_string(s.line));
            if (s.kind == '>' || s.kind == '!')
                expect_nothing_left();
            if (s.kind == '>')
                receive(s.text);
            else if (s.kind == '!')
                call(s.text);
            else if (s.kind == '<')
                EXPECT_EQ(to_hex(take(output_, s.text.size())), to_hex(s.text));
            else if (s.kind == '=')
                expect_event(s.text);
            else
                FAIL() << "unknown step " << s.kind;
            if (::testing::Test::HasFailure())
                return;
        }
        expect_nothing_left();
    }

private:
    void receive(std::string_view piece) {
        std::size_t size = cut_;
        while (!piece.empty()) {
            add(codec_.receive(piece.substr(0, size)));
            piece.remove_prefix(std::min(size, piece.size()));
            if (!repeat_)
                size = piece.size();
        }
    }

    void call(const std::string& name) {
        if (name == "hidden_probe")
            output_ += codec_.hidden_probe();
        else if (name == "request_character_mode")
            codec_.request_character_mode();
        else if (name == "request_line_mode")
            codec_.request_line_mode();
        else if (name == "finish")
            add(codec_.finish());
        else if (name.rfind("encode ", 0) == 0)
            codec_.encode(unquote(name.substr(7)), output_);
        else
            FAIL() << "no such function: " << name;
        output_ += codec_.take_output();
    }

    void add(const std::vector<event>& events) {
        events_.insert(events_.end(), events.begin(), events.end());
        output_ += codec_.take_output();
    }

    void expect_event(const std::string& expected) {
        lines described = describe(events_);
        ASSERT_LT(checked_, described.size()) << "no more events, expected " << expected;
        EXPECT_EQ(described[checked_++], expected);
    }

    void expect_nothing_left() {
        EXPECT_EQ(to_hex(output_), "") << "unexpected output";
        const lines described = describe(events_);
        EXPECT_EQ(lines(described.begin() + static_cast<std::ptrdiff_t>(checked_), described.end()),
                  lines{})
            << "unexpected events";
        events_.clear();
        checked_ = 0;
    }

    static std::string take(std::string& from, std::size_t size) {
        std::string taken = from.substr(0, size);
        from.erase(0, size);
        return taken;
    }

    std::size_t cut_;
    bool repeat_;
    codec codec_;
    std::vector<event> events_;
    std::size_t checked_ = 0;
    std::string output_;
};

std::vector<std::string> transcripts() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(TELNET_GOLDEN_DIR))
        names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

class golden : public ::testing::TestWithParam<std::string> {
protected:
    std::vector<step> steps() const {
        return load(std::filesystem::path(TELNET_GOLDEN_DIR) / (GetParam() + ".txt"));
    }
};

TEST_P(golden, as_recorded) { replay(std::string::npos, false).run(steps()); }

TEST_P(golden, byte_by_byte) { replay(1, true).run(steps()); }

TEST_P(golden, cut_at_every_place) {
    const auto all = steps();
    std::size_t longest = 0;
    for (const step& s : all)
        longest = std::max(longest, s.kind == '>' ? s.text.size() : 0);
    for (std::size_t cut = 1; cut < longest && !HasFailure(); ++cut) {
        SCOPED_TRACE("cut at " + std::to_string(cut));
        replay(cut, false).run(all);
    }
}

INSTANTIATE_TEST_SUITE_P(telnet, golden, ::testing::ValuesIn(transcripts()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace backdoor::telnet::test
