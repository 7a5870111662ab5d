// Clients that take their time, at each stage of a connection: what they hold up is themselves, and not
// for ever.
#include "security/tls.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace backdoor::test {
namespace {

constexpr std::size_t many = 200;
constexpr const char* token = "0123456789abcdef";

struct stage {
    const char* name;
    std::function<options()> choose;
    std::function<void(client&)> begin;
    const char* reason;
};

class slow_clients : public tls, public testing::WithParamInterface<stage> {
public:
    static std::vector<stage> stages() {
        return {
            {"before_anything",
             [] {
                 options choices;
                 choices.idle_limit = 500ms;
                 return choices;
             },
             [](client&) {}, "nothing was typed for 500 ms (options.idle_limit)"},
            {"within_their_first_line",
             [] {
                 options choices;
                 choices.idle_limit = 500ms;
                 return choices;
             },
             [](client& one) { one.send("attack("); },
             "nothing was typed for 500 ms (options.idle_limit)"},
            {"within_their_token",
             [] {
                 options choices;
                 choices.token = token;
                 choices.login_limit = 500ms;
                 return choices;
             },
             [](client& one) { one.send("0123"); },
             "no token came within 500 ms (options.login_limit)"},
            {"within_their_handshake",
             [] {
                 options choices;
                 choices.login_limit = 500ms;
                 choices.max_handshakes = 2 * many;
                 choices.max_handshake_rate = 100 * many;
                 return with_tls(choices);
             },
             [](client& one) { one.send({"\x16\x03\x01\x02", 4}); },
             "its handshake took more than 500 ms (options.login_limit)"},
            {"with_their_output",
             [] {
                 options choices;
                 choices.output_stall = 500ms;
                 return choices;
             },
             [](client& one) { one.send("print('x' * 50_000_000)\n"); },
             "it took no output for 500 ms (options.output_stall)"},
        };
    }
};

TEST_P(slow_clients, hold_up_themselves) {
    const auto& at = GetParam();
    const auto choices = at.choose();
    const host h{{}, choices};
    // Those that do not read have an interpreter each.
    const bool typing = std::string{at.name} == "with_their_output";
    std::vector<client> slow;
    for (std::size_t i = 0; i < (typing ? many / 20 : many); ++i) {
        slow.emplace_back(h.door.address());
        at.begin(slow.back());
    }
    if (choices.tls_certificate.empty()) {
        client good{h.door.address()};
        if (!choices.token.empty()) {
            good.send(choices.token + "\n");
        }
        EXPECT_EQ(good.greeted().run("6 * 7"), "42\n");
    } else {
        program good{openssl(h.door.address(), of_alice())};
        EXPECT_EQ(good.io().greeted().run("6 * 7"), "42\n");
    }
    EXPECT_TRUE(eventually([&] {
        std::size_t closed = 0;
        for (const auto& line : h.log.lines()) {
            closed += line.ends_with(at.reason) ? 1 : 0;
        }
        return closed >= slow.size();
    }));
}

INSTANTIATE_TEST_SUITE_P(at, slow_clients, testing::ValuesIn(slow_clients::stages()),
                         [](const auto& instance) { return std::string{instance.param.name}; });

}  // namespace
}  // namespace backdoor::test
