// Clients that are slow, endless, many, or gone: no harm to others, and nothing of them stays.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "support/host.hpp"
#include "support/process.hpp"

namespace backdoor::test {
namespace {

/// A host of which nothing is left at the end but what was there before.
class hostile_client : public testing::Test {
protected:
    void SetUp() override {
        h.greeted_client().run("1");  // Python has started
        EXPECT_TRUE(eventually([&] { return greeted.run("len(consoles())") == "1\n"; }));
        threads_ = thread_count();
        descriptors_ = descriptor_count();
    }
    void TearDown() override {
        EXPECT_EQ(greeted.run("'alive'"), "'alive'\n");
        EXPECT_TRUE(eventually([&] { return greeted.run("len(consoles())") == "1\n"; }));
        EXPECT_TRUE(eventually([&] { return thread_count() <= threads_; })) << thread_count();
        EXPECT_TRUE(eventually([&] { return descriptor_count() <= descriptors_; }))
            << descriptor_count();
    }

    const host h;
    client greeted{h.greeted_client()};

private:
    std::size_t threads_ = 0;
    std::size_t descriptors_ = 0;
};

TEST_F(hostile_client, that_sends_a_million_empty_lines) {
    auto one = h.greeted_client();
    const std::string lines(100'000, '\n');
    for (int i = 0; i < 10; ++i) {
        one.send(lines);
        // Each is answered by a prompt; a script that never reads would be made to wait.
        for (std::size_t shown = 0; shown < lines.size() * prompt.size();) {
            shown += one.read_until(prompt).size();
        }
    }
    EXPECT_EQ(one.run("6 * 7"), "42\n");
}

TEST_F(hostile_client, that_sends_a_byte_at_a_time) {
    auto one = h.greeted_client();
    const int on = 1;
    setsockopt(one.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (const char byte : std::string{"len('"} + std::string(300, 'x') + "')\n") {
        one.send({&byte, 1});
    }
    EXPECT_EQ(one.read_until(prompt), "300\n>>> ");
}

TEST_F(hostile_client, that_sends_every_byte_there_is) {
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("1"), "1\n");
    for (int byte = 0; byte < 256; ++byte) {
        if (byte == 0x03 || byte == 0x04 || byte == 0xff) {
            continue;  // Ctrl-C, Ctrl-D and telnet's escape have a meaning, and tests of their own
        }
        one.send(std::string{"x"} + static_cast<char>(byte) + "\n\n");
    }
    one.send("'done'\n");
    one.read_until("'done'\n>>> ");
    EXPECT_EQ(one.run("6 * 7"), "42\n");
}

TEST_F(hostile_client, that_sends_a_megabyte_without_a_newline_and_goes) {
    for (int i = 0; i < 5; ++i) {
        auto one = h.greeted_client();
        one.send(std::string(1024 * 1024, 'x'));
        i % 2 == 0 ? one.reset() : one.close();
    }
}

TEST(half_a_line_and_silence, is_idleness) {
    options choices;
    choices.idle_limit = 100ms;
    const host h{{}, choices};
    auto one = h.greeted_client();
    one.send("print('never run'");
    EXPECT_EQ(one.read_to_end(),
              "\nbackdoor: closed: nothing was typed for 100 ms (options.idle_limit)\n");
}

TEST_F(hostile_client, of_which_there_are_ten_thousand) {
    constexpr int all = sanitized ? 2'000 : 10'000;
    std::vector<client> some;
    for (int i = 0; i < all; ++i) {
        some.emplace_back(h.door.address());
        if (some.size() == 200) {
            // Half of them without having read anything, and a quarter with an error.
            for (std::size_t n = 0; n < some.size(); n += 2) {
                some[n].greeted();
            }
            for (std::size_t n = 0; n < some.size(); n += 4) {
                some[n].reset();
            }
            some.clear();
        }
    }
}

// ---- resets -------------------------------------------------------------------------------------

struct stage {
    const char* name;
    const char* sent;
    const char* awaited;
};

class client_that_resets : public testing::TestWithParam<stage> {};

TEST_P(client_that_resets, leaves_nothing) {
    options choices;
    choices.telnet = telnet_mode::always;
    log_book log;
    const server door{"127.0.0.1:0", {}, logging_to(log, choices)};
    const auto visit = [&] {
        client one{door.address()};
        one.send(GetParam().sent);
        one.read_until(GetParam().awaited);
        one.reset();
    };
    const auto is_empty = [&] {
        std::size_t came = 0;
        std::size_t went = 0;
        for (const auto& line : log.lines()) {
            came += line.starts_with("backdoor to ") ? 1 : 0;
            went += line.starts_with("backdoor closed to ") ? 1 : 0;
        }
        return came == went;
    };
    visit();
    EXPECT_TRUE(eventually(is_empty));
    // Its command ends, too.
    auto threads = thread_count();
    EXPECT_TRUE(eventually([&] {
        const auto before = std::exchange(threads, thread_count());
        std::this_thread::sleep_for(20ms);
        return before == threads && thread_count() == threads;
    }));
    const auto descriptors = descriptor_count();
    for (int i = 0; i < 20; ++i) {
        visit();
    }
    EXPECT_TRUE(eventually(is_empty));
    EXPECT_TRUE(eventually([&] { return thread_count() <= threads; })) << thread_count();
    EXPECT_TRUE(eventually([&] { return descriptor_count() <= descriptors; }));
}

INSTANTIATE_TEST_SUITE_P(
    at, client_that_resets,
    testing::Values(stage{"once", "", ""}, stage{"its_prompt", "", ">>> "},
                    stage{"half_a_line", "print(", ">>> "},
                    stage{"a_second_prompt", "if True:\n", "... "},
                    stage{"an_answer", "6 * 7\n", "42"},
                    stage{"a_command_that_runs", "print('run')\nwhile True: x = 1\n\n", "run"},
                    stage{"a_flood_of_output", "while True: print('x' * 1000)\n\n", "xxx"},
                    stage{"input", "input('name? ')\n", "name? "},
                    stage{"a_terminal", "\xff\xfd\x01\xff\xfd\x03", ">>> "},
                    stage{"a_key", "\xff\xfd\x01\xff\xfd\x03" "xyz", "z"},
                    stage{"a_block", "\xff\xfd\x01\xff\xfd\x03" "if True:\r", "..."},
                    stage{"a_question", "\xff\xfd\x01\xff\xfd\x03" "impor\t", "import"}),
    [](const auto& instance) { return std::string{instance.param.name}; });

}  // namespace
}  // namespace backdoor::test
