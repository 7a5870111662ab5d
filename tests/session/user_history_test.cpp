#include "session/user_history.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <deque>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

using blocks = std::deque<std::string>;

class user_histories_of_a_process : public testing::Test {
protected:
    user_history& of(const std::string& user, const std::string& file) {
        return all.of(user, file, log.writer());
    }
    void type(user_history& who, const std::string& block) {
        who.blocks().add(block);
        who.save(log.writer());
    }

    const std::string me = std::to_string(geteuid());
    const scratch_directory folder;
    const std::string path = folder / "history";
    log_book log;
    user_histories all;
};

TEST_F(user_histories_of_a_process, are_each_users_own) {
    type(of("1", {}), "one");
    type(of("2", {}), "two");
    EXPECT_EQ(of("1", {}).blocks().entries(), blocks{"one"});
    EXPECT_EQ(of("2", {}).blocks().entries(), blocks{"two"});
    EXPECT_EQ(of({}, {}).blocks().entries(), blocks{});
}

TEST_F(user_histories_of_a_process, outlive_it_in_their_files) {
    type(of(me, path), "mine");
    type(of("certificate alice/../x", path), "other's");
    type(of(me, path), "mine too");
    all = {};
    EXPECT_EQ(of(me, path).blocks().entries(), (blocks{"mine", "mine too"}));
    EXPECT_EQ(of("certificate alice/../x", path).blocks().entries(), blocks{"other's"});
    EXPECT_EQ(history_file{path + ".certificate_alice____x"}.read(),
              std::vector<std::string>{"other's"});
    type(of(me, path), "later");
    EXPECT_EQ(history_file{path}.read(),
              (std::vector<std::string>{"mine", "mine too", "later"}));
}

TEST_F(user_histories_of_a_process, keep_what_may_be_secret_in_memory) {
    type(of(me, path), "password = 'x'");
    type(of(me, path), "1");
    EXPECT_EQ(of(me, path).blocks().entries(), (blocks{"password = 'x'", "1"}));
    EXPECT_EQ(history_file{path}.read(), std::vector<std::string>{"1"});
}

TEST_F(user_histories_of_a_process, stay_in_memory_where_the_file_is_of_no_use) {
    const auto bad = folder / "nowhere/history";
    type(of(me, bad), "1");
    type(of(me, bad), "2");
    EXPECT_EQ(of(me, bad).blocks().entries(), (blocks{"1", "2"}));
    ASSERT_EQ(log.lines().size(), 1u);
    EXPECT_TRUE(log.lines()[0].starts_with("backdoor cannot use the history file " + bad))
        << log.lines()[0];
}

}  // namespace
}  // namespace backdoor::test
