#include <backdoor/audit.hpp>
#include <backdoor/error.hpp>

#include "session/audit_log.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

using kind = audit_event::kind;
using namespace std::chrono_literals;

std::vector<std::string> lines_of(const std::string& path) {
    std::vector<std::string> all;
    std::ifstream file{path};
    for (std::string line; std::getline(file, line);) {
        all.push_back(line);
    }
    return all;
}

audit_event command(std::string_view text) { return {.what = kind::command, .text = text}; }

// ---- JSON -------------------------------------------------------------------------------------

TEST(audit_json, has_every_field_that_is_known) {
    const auto time = std::chrono::system_clock::time_point{1'700'000'000'000'042us};
    EXPECT_EQ(to_json({kind::result, time, "/run/door", 7, "127.0.0.1:5", "uid 0", "ok", 1'500'000us}),
              R"({"time":"2023-11-14T22:13:20.000042Z","event":"result","server":"/run/door",)"
              R"("session":7,"peer":"127.0.0.1:5","user":"uid 0","text":"ok","seconds":1.500000})");
    EXPECT_EQ(to_json({kind::stop, time}),
              R"({"time":"2023-11-14T22:13:20.000042Z","event":"stop"})");
}

TEST(audit_json, is_one_line_that_no_text_breaks_out_of) {
    const auto text_of = [](std::string_view text) {
        const auto json = to_json(command(text));
        return json.substr(json.find("\"text\":") + 7);
    };
    EXPECT_EQ(text_of("a\n{\"event\":\"login\"}"), R"("a\n{\"event\":\"login\"}"})");
    EXPECT_EQ(text_of("\\"), R"("\\"})");
    EXPECT_EQ(text_of("\x1b[2J\r\t\x7f"), R"("\u001b[2J\u000d\u0009\u007f"})");
    EXPECT_EQ(text_of("\xc2\x9b" "31m"), R"("\u009b31m"})");
    // What ends a line to some readers, and what has a terminal show things in another order.
    EXPECT_EQ(text_of("a\u2028{\"event\":\"login\"}\u2029"),
              R"("a\u2028{\"event\":\"login\"}\u2029"})");
    EXPECT_EQ(text_of("\u202e\u2066\u200f\u061c"), R"("\u202e\u2066\u200f\u061c"})");
    EXPECT_EQ(text_of("naïve 漢 😀"), "\"naïve 漢 😀\"}");
    for (const char* wrong : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
        EXPECT_TRUE(text_of(wrong).starts_with(R"("\ufffd)")) << wrong;
    }
}

TEST(audit_json, says_how_much_was_cut) {
    const auto json = to_json(command("ab漢cd"), 4);
    EXPECT_TRUE(json.ends_with(R"("text":"ab","cut":7})")) << json;
}

// ---- the file ---------------------------------------------------------------------------------

TEST(audit_file, is_its_owners_alone_whatever_the_umask) {
    const scratch_directory scratch;
    const auto before = umask(0);
    const auto sink = make_audit_file(scratch / "log");
    umask(before);
    struct stat found {};
    ASSERT_EQ(stat((scratch / "log").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, 0600U);
}

TEST(audit_file, is_appended_to) {
    const scratch_directory scratch;
    std::ofstream{scratch / "log"} << "before\n";
    make_audit_file(scratch / "log")->write(command("1"));
    make_audit_file(scratch / "log")->write(command("2"));
    EXPECT_EQ(lines_of(scratch / "log").size(), 3U);
}

TEST(audit_file, is_made_anew_where_it_was_rotated_away) {
    const scratch_directory scratch;
    const auto sink = make_audit_file(scratch / "log");
    sink->write(command("1"));
    ASSERT_EQ(rename((scratch / "log").c_str(), (scratch / "log.1").c_str()), 0);
    sink->write(command("2"));
    EXPECT_NE(lines_of(scratch / "log.1").at(0).find(R"("text":"1")"), std::string::npos);
    EXPECT_NE(lines_of(scratch / "log").at(0).find(R"("text":"2")"), std::string::npos);
    ASSERT_EQ(rename((scratch / "log").c_str(), (scratch / "log.2").c_str()), 0);
    ASSERT_EQ(symlink((scratch / "log.2").c_str(), (scratch / "log").c_str()), 0);
    EXPECT_THROW(sink->write(command("3")), error) << "by another name it is not ours";
}

TEST(audit_file, is_no_link_and_no_pipe) {
    const scratch_directory scratch;
    std::ofstream{scratch / "precious"} << "content";
    ASSERT_EQ(symlink((scratch / "precious").c_str(), (scratch / "link").c_str()), 0);
    ASSERT_EQ(mkfifo((scratch / "pipe").c_str(), 0600), 0);
    EXPECT_THROW(make_audit_file(scratch / "link"), error);
    EXPECT_THROW(make_audit_file(scratch / "pipe"), error);
    EXPECT_THROW(make_audit_file(scratch.path()), error);
    EXPECT_EQ(lines_of(scratch / "precious"), std::vector<std::string>{"content"});
}

TEST(audit_file, stays_where_it_is_when_the_process_changes_its_folder) {
    const scratch_directory scratch;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(scratch.path());
    const auto sink = make_audit_file("log");
    std::filesystem::current_path(before);
    ASSERT_EQ(rename((scratch / "log").c_str(), (scratch / "log.1").c_str()), 0);
    sink->write(command("1"));
    EXPECT_EQ(lines_of(scratch / "log").size(), 1U);
}

// As logrotate's copytruncate does it.
TEST(audit_file, may_be_cut_down) {
    const scratch_directory scratch;
    const auto sink = make_audit_file(scratch / "log");
    sink->write(command("1"));
    ASSERT_EQ(truncate((scratch / "log").c_str(), 0), 0);
    sink->write(command("2"));
    ASSERT_EQ(lines_of(scratch / "log").size(), 1U);
    EXPECT_TRUE(lines_of(scratch / "log").at(0).starts_with("{\"time\""));
}

std::string why_not(const std::string& path) {
    try {
        make_audit_file(path);
        return "it was opened";
    } catch (const error& failure) {
        return failure.what();
    }
}

TEST(audit_file, is_not_one_that_somebody_else_has_put_there) {
    const scratch_directory scratch;
    const auto path = scratch / "log";
    std::ofstream{scratch / "precious"} << "content";
    ASSERT_EQ(link((scratch / "precious").c_str(), path.c_str()), 0);
    EXPECT_TRUE(why_not(path).ends_with("/log: it has other names (hard links)")) << why_not(path);
    ASSERT_EQ(unlink(path.c_str()), 0);
    std::ofstream{path} << "{}\n";
    ASSERT_EQ(chmod(path.c_str(), 0666), 0);
    EXPECT_TRUE(why_not(path).ends_with("/log: others may write to it; chmod o-w")) << why_not(path);
    ASSERT_EQ(chmod(path.c_str(), 0640), 0);
    EXPECT_EQ(why_not(path), "it was opened");
    if (geteuid() == 0) {
        ASSERT_EQ(chown(path.c_str(), 65534, 65534), 0);
        EXPECT_TRUE(why_not(path).ends_with("/log: it belongs to user 65534")) << why_not(path);
    }
    EXPECT_EQ(lines_of(scratch / "precious"), std::vector<std::string>{"content"});
}

TEST(audit_file, that_meets_a_limit_of_the_process_is_an_error_and_no_signal) {
    const scratch_directory scratch;
    const auto sink = make_audit_file(scratch / "log");
    sink->write(command("1"));
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{50, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    EXPECT_THROW(sink->write(command("2")), error);
    sigset_t pending;
    sigpending(&pending);
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_EQ(sigismember(&pending, SIGXFSZ), 0);
    sink->write(command("3"));
    EXPECT_EQ(lines_of(scratch / "log").size(), 2U);
}

TEST(audit_file, that_is_full_is_an_error) {
    if (access("/dev/full", W_OK) != 0) {
        GTEST_SKIP() << "no /dev/full here";
    }
    // A device is no file; what matters is that it is never taken for written.
    EXPECT_THROW(make_audit_file("/dev/full")->write(command("1")), error);
}

// ---- the system's log -------------------------------------------------------------------------

/// What listens at /dev/log.
class log_daemon {
public:
    explicit log_daemon(const std::string& path) : fd_{socket(AF_UNIX, SOCK_DGRAM, 0)} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        unlink(path.c_str());
        EXPECT_EQ(bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }

    std::string next() {
        std::array<char, 64 * 1024> buffer;
        const auto size = recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        return size < 0 ? "nothing" : std::string{buffer.data(), static_cast<std::size_t>(size)};
    }

private:
    unique_fd fd_;
};

TEST(audit_syslog, sends_what_syslog_reads) {
    const scratch_directory scratch;
    log_daemon daemon{scratch / "log"};
    make_audit_syslog(scratch / "log")->write(command("import os"));
    const auto message = daemon.next();
    EXPECT_TRUE(message.starts_with("<85>session_test[" + std::to_string(getpid()) +
                                    R"(]: backdoor {"time":)"))
        << message;
    EXPECT_TRUE(message.ends_with(R"("text":"import os"})")) << message;
}

TEST(audit_syslog, survives_a_new_daemon_and_tells_of_a_missing_one) {
    const scratch_directory scratch;
    std::optional<log_daemon> daemon{scratch / "log"};
    const auto sink = make_audit_syslog(scratch / "log");
    daemon.reset();
    EXPECT_THROW(sink->write(command("1")), error);
    daemon.emplace(scratch / "log");
    sink->write(command("2"));
    EXPECT_NE(daemon->next().find(R"("text":"2")"), std::string::npos);
}

TEST(audit_syslog, never_waits_for_a_daemon_that_does_not_read) {
    const scratch_directory scratch;
    const log_daemon daemon{scratch / "log"};
    const auto sink = make_audit_syslog(scratch / "log");
    const std::string text(100'000, 'x');
    EXPECT_THROW(
        for (int i = 0; i < 10'000; ++i) { sink->write(command(text)); }, error);
}

// ---- the log ----------------------------------------------------------------------------------

TEST(audit_log, that_fails_is_told_of_once_and_gone_on_without) {
    const scratch_directory scratch;
    options choices;
    choices.audit_log = scratch / "missing" + "/log";
    std::vector<std::string> said;
    audit_log log{choices, "door", [&](std::string_view line) { said.emplace_back(line); }};
    EXPECT_EQ(log.record(command("1")), "");
    EXPECT_EQ(log.record(command("2")), "");
    EXPECT_EQ(said, std::vector{"backdoor: cannot write the audit log " + choices.audit_log +
                                ": No such file or directory; going on without it"});
    ASSERT_EQ(mkdir((scratch / "missing").c_str(), 0700), 0);
    EXPECT_EQ(log.record(command("3")), "");
    EXPECT_EQ(lines_of(choices.audit_log).size(), 1U);
}

TEST(audit_log, that_is_required_gives_the_reason_when_it_fails) {
    options choices;
    choices.audit = [](const audit_event&) { throw std::runtime_error{"out of paper"}; };
    choices.audit_required = true;
    audit_log log{choices, "door", [](std::string_view) {}};
    EXPECT_EQ(log.record(command("1")), "out of paper (options.audit_required)");
}

}  // namespace
}  // namespace backdoor::test
