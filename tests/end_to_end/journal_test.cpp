// options.audit_log = "syslog" where systemd's journal is the system's log: a journald of our own,
// read by journalctl.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "support/host.hpp"
#include "support/program.hpp"
#include "support/required.hpp"

namespace backdoor::test {
namespace {

constexpr const char* journald = "/lib/systemd/systemd-journald";

class journal : public testing::Test {
protected:
    void SetUp() override {
        BACKDOOR_REQUIRE(access(journald, X_OK) == 0, journald);
        BACKDOOR_REQUIRE(access("/etc/machine-id", R_OK) == 0, "/etc/machine-id, to journald");
        mkdir((scratch / "run").c_str(), 0700);
        mkdir((scratch / "logs").c_str(), 0700);
        if (!start()) {
            GTEST_SKIP() << "journald does not run here";
        }
    }

    /// In folders of ours, as systemd starts one for a namespace.
    bool start() {
        unlink(socket().c_str());
        daemon.emplace("env RUNTIME_DIRECTORY=" + scratch / "run" + " LOGS_DIRECTORY=" +
                       scratch / "logs" + " " + journald + " backdoor-test 2>/dev/null");
        // It is a moment after its socket is there that it asks the kernel whose messages they are.
        const auto before = messages().size();
        return eventually([&] {
            try {
                const host probe{{}, recorded(), scratch / "probe"};
                return messages().size() > before;
            } catch (const error&) {
                return false;
            }
        });
    }

    std::string socket() const { return scratch / "run/dev-log"; }

    /// What this process has sent, which journald has from the kernel, with audit's facility and
    /// priority.
    std::string messages() const {
        program one{"journalctl -q --all -o cat -D " + scratch / "logs" +
                    " _PID=" + std::to_string(getpid()) +
                    " SYSLOG_IDENTIFIER=end_to_end_test SYSLOG_FACILITY=10 "
                    "PRIORITY=5 2>/dev/null </dev/null"};
        return one.io().read_to_end();
    }
    bool has(const std::string& part) const {
        return eventually([&] { return messages().find(part) != std::string::npos; });
    }

    options recorded() const {
        options choices;
        choices.audit_log = "syslog:" + socket();
        choices.audit_required = true;
        return choices;
    }

    const scratch_directory scratch;
    std::optional<program> daemon;
};

TEST_F(journal, has_a_session_in_order) {
    {
        const host h{{}, recorded()};
        auto one = h.greeted_client();
        one.run("6 * 7");
        one.half_close();
        one.read_to_end();
    }
    ASSERT_TRUE(has(R"("event":"disconnect")"));
    const auto all = messages();
    std::size_t at = 0;
    for (const std::string event : {"listen", "connect", "command", "result", "disconnect"}) {
        at = all.find(R"("event":")" + event + '"', at);
        ASSERT_NE(at, std::string::npos) << event << " in " << all;
        ++at;
    }
    EXPECT_NE(all.find(R"("text":"6 * 7")"), std::string::npos) << all;
}

TEST_F(journal, has_one_line_for_whatever_text) {
    const host h{{}, recorded()};
    auto one = h.greeted_client();
    one.send("for i in range(2):\n    i\n\n");
    EXPECT_TRUE(has(R"("text":"for i in range(2):\n    i"})"));
    one.greeted();
    // Of a long one there is the beginning, and how long it was.
    one.run("len('" + std::string(50'000, 'x') + "')");
    EXPECT_TRUE(has(R"(xxx","cut":50007})"));
    const auto all = messages();
    for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1) {
        EXPECT_EQ(all.substr(at, 18), R"(backdoor {"time":")");
    }
}

TEST_F(journal, that_is_gone_stops_what_must_be_recorded_until_it_is_back) {
    const host h{{}, recorded()};
    auto one = h.greeted_client();
    one.run("x = 1");
    daemon->kill();
    EXPECT_NE(one.run("x = 2").find("PermissionError: not run: cannot write the audit log to "),
              std::string::npos);
    ASSERT_TRUE(start());
    EXPECT_EQ(one.run("x"), "1\n");
    EXPECT_TRUE(has(R"("text":"x")"));
    EXPECT_EQ(messages().find(R"("text":"x = 2")"), std::string::npos);
}

}  // namespace
}  // namespace backdoor::test
