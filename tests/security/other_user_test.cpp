// Another user's programs, with real user numbers.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <string>

#include "support/attempts.hpp"
#include "support/host.hpp"
#include "support/program.hpp"
#include "support/required.hpp"

namespace backdoor::test {
namespace {

constexpr const char* as_nobody =
    "setpriv --reuid 65534 --regid 65534 --clear-groups timeout 20 ";

std::string output_of(const std::string& command) {
    std::string all;
    FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
    std::array<char, 4096> buffer;
    while (const auto size = fread(buffer.data(), 1, buffer.size(), pipe)) {
        all.append(buffer.data(), size);
    }
    pclose(pipe);
    return all;
}

/// Another user's program that waits to be greeted is told why not. One that does not wait may miss that,
/// and gets no answer to what it sends.
void expect_refused(const std::string& program, const std::string& told) {
    const auto greeting = output_of("sleep 1 | " + program);
    EXPECT_NE(greeting.find(told), std::string::npos) << greeting;
    const auto answer = output_of("(echo 'print(\"en\" + \"tered\")'; sleep 1) | " + program);
    const bool entered = answer.find("entered") != std::string::npos;
    EXPECT_FALSE(entered) << answer;
    count_attempts("other users' programs", 2, entered ? 1 : 0);
}

/// As the kernel tells: a socket's file is there before it listens.
bool listens_at(const std::string& path) {
    std::ifstream sockets{"/proc/net/unix"};
    for (std::string line; std::getline(sockets, line);) {
        if (line.ends_with(' ' + path) && line.find(" 00010000 ") != std::string::npos) {
            return true;
        }
    }
    return false;
}

class other_user : public testing::Test {
protected:
    void SetUp() override {
        BACKDOOR_REQUIRE(geteuid() == 0, "root, to be several users");
        chmod(scratch.path().c_str(), 0755);
    }

    const scratch_directory scratch;
};

TEST_F(other_user, is_refused_on_loopback) {
    const host h;
    expect_refused(std::string{as_nobody} + "socat -t 5 - TCP:" + h.door.address(),
                   "backdoor: only user 0 and root may enter, you are user 65534\n");
}

TEST_F(other_user, is_refused_on_loopback_over_ipv6) {
    const host h{{}, {}, "[::1]:0"};
    expect_refused(std::string{as_nobody} + "socat -t 5 - TCP6:" + h.door.address(),
                   "backdoor: only user 0 and root may enter, you are user 65534\n");
}

// A socket of IPv6 that IPv4's address was given to.
TEST_F(other_user, is_refused_on_loopback_by_an_address_in_new_clothes) {
    const host h;
    const auto connect = "socat -t 5 - TCP6:[::ffff:127.0.0.1]:" + std::to_string(h.door.port());
    expect_refused(as_nobody + connect,
                   "backdoor: only user 0 and root may enter, you are user 65534\n");
    EXPECT_NE(output_of("echo 'print(6*7)' | " + connect).find("42"), std::string::npos);
}

TEST_F(other_user, cannot_open_a_unix_socket) {
    const host h{{}, {}, scratch / "door"};
    expect_refused(as_nobody + ("socat - UNIX-CONNECT:" + scratch / "door"), "Permission denied");
}

TEST_F(other_user, is_refused_at_an_abstract_name) {
    const host h{{}, {}, "unix:@backdoor-security-{pid}"};
    const auto name = h.door.address().substr(1);
    expect_refused(std::string{as_nobody} + "socat -t 5 - ABSTRACT-CONNECT:" + name,
                   "backdoor: only user 0 and root may enter, you are user 65534\n");
}

TEST_F(other_user, enters_as_a_guest_alone) {
    options choices;
    choices.allowed_users = {"65534"};
    const host h{{}, choices, scratch / "door"};
    EXPECT_NE(output_of(std::string{"echo 'print(6*7)' | "} + as_nobody +
                        "socat -t 5 - UNIX-CONNECT:" + scratch / "door")
                  .find("42"),
              std::string::npos);
    expect_refused("setpriv --reuid 65533 --regid 65533 --clear-groups "
                   "timeout 20 socat -t 5 - UNIX-CONNECT:" +
                       scratch / "door",
                   "backdoor: only user 0, root and guests may enter, you are user 65533\n");
}

TEST_F(other_user, cannot_read_the_audit_log) {
    options choices;
    choices.audit_log = scratch / "log";
    const host h{{}, choices};
    h.greeted_client().run("'a command'");
    EXPECT_NE(output_of(as_nobody + ("cat " + scratch / "log")).find("Permission denied"),
              std::string::npos);
}

// A squatter: in a folder for all, another user's socket where ours is to be.
TEST_F(other_user, keeps_a_socket_that_answers_and_we_say_so) {
    chmod(scratch.path().c_str(), 01777);
    const auto path = scratch / "door";
    FILE* const squatter = popen((as_nobody + ("socat UNIX-LISTEN:" + path + " -")).c_str(), "w");
    ASSERT_TRUE(eventually([&] { return listens_at(path); }));
    EXPECT_THROW(listen(path), error);
    pclose(squatter);  // which ends with the one connection that we tried
}

TEST_F(other_user, cannot_lead_us_through_a_link) {
    chmod(scratch.path().c_str(), 01777);
    const auto target = scratch / "target";
    const auto live = listen(target);
    ASSERT_EQ(output_of(as_nobody + ("ln -s " + target + " " + scratch / "door")), "");
    EXPECT_THROW(listen(scratch / "door"), error);
    EXPECT_NO_THROW(client{target});
}

// As fast as he can, in a folder for all.
TEST_F(other_user, cannot_lead_us_through_a_link_that_comes_and_goes) {
    chmod(scratch.path().c_str(), 01777);
    const auto target = scratch / "target";
    std::ofstream{target} << "precious";
    const auto path = scratch / "door";
    const auto log = scratch / "log";
    const std::string race = "while :; do ln -s " + target + " " + path + "; rm -f " + path +
                             "; ln -s " + target + " " + log + "; rm -f " + log + "; done";
    const program racer{as_nobody + ("sh -c '" + race + "' 2>/dev/null")};
    int listened = 0;
    int recorded = 0;
    int refused = 0;
    const auto end = clock::now() + 60s;
    while ((listened < 20 || recorded < 20 || refused < 20) && clock::now() < end) {
        try {
            const auto door = listen(path);
            ++listened;
            // It is ours that was put there, and no link.
            struct stat found {};
            if (lstat(path.c_str(), &found) == 0 && found.st_uid == 0) {
                EXPECT_TRUE(S_ISSOCK(found.st_mode));
                EXPECT_EQ(found.st_mode & 0777, 0600U);
            }
        } catch (const error&) {
            ++refused;
        }
        options choices;
        choices.audit_log = log;
        choices.audit_required = true;
        try {
            const host h{{}, choices, scratch / "other"};
            ++recorded;
        } catch (const error&) {
            ++refused;
        }
        unlink(log.c_str());
    }
    EXPECT_GE(listened, 1);
    EXPECT_GE(recorded, 1);
    EXPECT_GE(refused, 1);
    std::string left;
    std::ifstream{target} >> left;
    EXPECT_EQ(left, "precious");
    struct stat found {};
    ASSERT_EQ(lstat(target.c_str(), &found), 0);
    EXPECT_TRUE(S_ISREG(found.st_mode));
}

}  // namespace
}  // namespace backdoor::test
