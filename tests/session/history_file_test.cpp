#include "history/history_file.hpp"

#include <backdoor/error.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

using blocks = std::vector<std::string>;

class a_history_file : public testing::Test {
protected:
    std::string text() const {
        std::ostringstream all;
        all << std::ifstream{path}.rdbuf();
        return all.str();
    }
    void write(const std::string& content) const { std::ofstream{path} << content; }
    mode_t mode() const {
        struct stat found {};
        return stat(path.c_str(), &found) == 0 ? found.st_mode & 0777u : 0;
    }
    std::string refusal() const {
        try {
            (void)file.append("x");
        } catch (const error& failure) {
            return failure.what();
        }
        return {};
    }

    const scratch_directory folder;
    const std::string path = folder / "history";
    const history_file file{path};
};

TEST_F(a_history_file, gives_back_what_it_was_given) {
    EXPECT_EQ(file.read(), blocks{});
    const blocks all = {"x = 1", "def f():\n    return '''\n# no comment\n+\n'''", "'\xc3\xa9\xff'"};
    for (const auto& block : all) {
        EXPECT_TRUE(file.append(block));
    }
    EXPECT_EQ(file.read(), all);
}

TEST_F(a_history_file, has_lines_that_other_programs_know) {
    (void)file.append("if x:\n    y");
    const auto shown = text();
    EXPECT_TRUE(shown.starts_with("\n# 2")) << shown;
    EXPECT_TRUE(shown.ends_with("\n+if x:\n+    y\n")) << shown;
}

TEST_F(a_history_file, is_the_owners_alone) {
    (void)file.append("x");
    EXPECT_EQ(mode(), 0600u);
    chmod(path.c_str(), 0644);
    (void)file.append("y");
    EXPECT_EQ(mode(), 0600u);
}

TEST_F(a_history_file, takes_no_others_for_one) {
    ASSERT_EQ(symlink("/dev/null", path.c_str()), 0);
    EXPECT_EQ(refusal(), "cannot use the history file " + path + ": it is a link");
    unlink(path.c_str());
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    EXPECT_NE(refusal(), "");
    unlink(path.c_str());
    ASSERT_EQ(mkdir(path.c_str(), 0700), 0);
    EXPECT_NE(refusal(), "");
    EXPECT_THROW((void)history_file{folder / "nowhere/history"}.append("x"), error);
}

TEST_F(a_history_file, of_another_user_is_refused) {
    if (geteuid() == 0) {
        (void)file.append("x");
        ASSERT_EQ(chown(path.c_str(), 12345, 12345), 0);
        EXPECT_EQ(refusal(), "cannot use the history file " + path + ": it belongs to user 12345");
    }
}

TEST_F(a_history_file, loses_nothing_but_a_block_that_was_cut_off) {
    (void)file.append("first");
    write(text() + "\n# 2026-01-01 00:00:00\n+cut o");
    (void)file.append("last");
    EXPECT_EQ(file.read(), (blocks{"first", "cut o", "last"}));
    write("no history at all\n\n\n+\xff\n" + std::string(3, '\0') + "\n+");
    EXPECT_EQ(file.read(), (blocks{"\xff", ""}));
}

TEST_F(a_history_file, loses_its_older_half_when_it_has_grown) {
    const history_file small{path, 1000};
    for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(small.append("block " + std::to_string(i)));
        EXPECT_LE(text().size(), 1000u);
    }
    const auto left = small.read();
    EXPECT_GT(left.size(), 10u);
    for (std::size_t i = 0; i < left.size(); ++i) {
        EXPECT_EQ(left[i], "block " + std::to_string(200 - left.size() + i));
    }
    EXPECT_EQ(mode(), 0600u);
}

TEST_F(a_history_file, is_added_to_by_several_at_a_time) {
    constexpr int each = 200;
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
        writers.emplace_back([this, writer] {
            const history_file mine{path};
            for (int i = 0; i < each; ++i) {
                EXPECT_TRUE(mine.append(std::to_string(writer) + "\n" + std::to_string(i)));
            }
        });
    }
    writers.clear();
    const auto all = file.read();
    EXPECT_EQ(all.size(), 4u * each);
    EXPECT_EQ((std::set<std::string>{all.begin(), all.end()}).size(), 4u * each);
}

TEST_F(a_history_file, stays_whole_while_several_cut_it_down) {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
        writers.emplace_back([this] {
            const history_file mine{path, 2000};
            for (int i = 0; i < 200; ++i) {
                (void)mine.append("one\ntwo\nthree");
            }
        });
    }
    writers.clear();
    const history_file last{path, 2000};
    EXPECT_TRUE(last.append("the end"));
    auto all = last.read();
    ASSERT_GT(all.size(), 1u);
    EXPECT_EQ(all.back(), "the end");
    all.pop_back();
    for (const auto& block : all) {
        EXPECT_EQ(block, "one\ntwo\nthree");
    }
    EXPECT_LE(text().size(), 3000u);
}

TEST(a_block, may_hold_a_secret) {
    EXPECT_TRUE(may_hold_secret("db.login(PassWord='x')"));
    EXPECT_TRUE(may_hold_secret("os.environ['API_KEY']"));
    EXPECT_FALSE(may_hold_secret("for key in keys: pass"));
}

}  // namespace
}  // namespace backdoor::test
