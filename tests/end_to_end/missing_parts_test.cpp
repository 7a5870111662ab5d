// What a server says where a part of it is missing: at its start, not to its first client.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "session/build_config.hpp"
#include "support/child.hpp"
#include "support/host.hpp"
#include "support/process.hpp"

namespace backdoor::test {
namespace {

using std::filesystem::path;

path module_path() {
    return path{mapped_file("libbackdoor.so")}.parent_path() / "backdoor" /
           build_config::module_name;
}

constexpr const char* root_variable = "BACKDOOR_TEST_ROOT";

/// Starts a server where the directory in that variable is all there is of the file system.
HOST_PROGRAM(sees_one_directory_only) {
    const bool root = geteuid() == 0 || unshare(CLONE_NEWUSER) == 0;
    if (!root || chroot(getenv(root_variable)) != 0 || chdir("/") != 0) {
        tell("this test needs root or user namespaces to hide files");
        _exit(1);
    }
    try {
        const server door{"127.0.0.1:0"};
        tell("it started");
    } catch (const error& refused) {
        tell(refused.what());
    }
    _exit(0);  // a leak checker would look for files that are hidden now
}

/// What a server says in a process that sees nothing but what is in `directory`.
std::string told_inside(const scratch_directory& directory) {
    setenv(root_variable, directory.path().c_str(), 1);
    return child{"sees_one_directory_only"}.told();
}

TEST(a_missing_module, is_told_when_the_server_starts) {
    const scratch_directory nothing;
    const auto told = told_inside(nothing);
    EXPECT_NE(told.find(build_config::module_name), std::string::npos) << told;
    EXPECT_NE(told.find("install the whole of backdoor"), std::string::npos) << told;
}

TEST(a_missing_libpython, is_told_when_the_server_starts) {
    const scratch_directory all_but_python;
    const path module = all_but_python.path() + module_path().string();
    create_directories(module.parent_path());
    std::ofstream{module} << "not loaded before the first client";
    const auto told = told_inside(all_but_python);
    EXPECT_NE(told.find(build_config::libpython), std::string::npos) << told;
    EXPECT_NE(told.find(std::string{"install "} + build_config::libpython_package),
              std::string::npos)
        << told;
}

}  // namespace
}  // namespace backdoor::test
