// Files that say who may come in, and who this is: what is wrong with them is told, and lets nobody in.
#include <backdoor/error.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <vector>

#include "ssh/host_key.hpp"
#include "ssh/key_ring.hpp"
#include "ssh/trusted_file.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

using namespace ssh;

void write_file(const std::string& path, std::string_view text, mode_t mode = 0600) {
    std::ofstream{path, std::ios::trunc} << text;
    chmod(path.c_str(), mode);
}

template <class F>
std::string refusal_of(F f) {
    try {
        f();
    } catch (const error& refused) {
        return refused.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

mode_t mode_of(const std::string& path) {
    struct stat found {};
    EXPECT_EQ(stat(path.c_str(), &found), 0);
    return found.st_mode & 0777;
}

/// A key, and its line.
struct key_pair {
    key_pair() {
        ssh_key made = nullptr;
        EXPECT_EQ(ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &made), SSH_OK);
        key.reset(made);
        char* blob = nullptr;
        EXPECT_EQ(ssh_pki_export_pubkey_base64(made, &blob), SSH_OK);
        line = "ssh-ed25519 " + std::string{blob} + " alice\n";
        ssh_string_free_char(blob);
    }
    key_handle key;
    std::string line;
};

// ---- trusted files ----------------------------------------------------------------------------

TEST(a_trusted_file, is_read) {
    const scratch_directory folder;
    write_file(folder / "keys", "one\ntwo", 0644);
    EXPECT_EQ(read_trusted_file(folder / "keys"), "one\ntwo");
}

TEST(a_trusted_file, is_not_for_others_to_change) {
    const scratch_directory folder;
    for (const mode_t mode : {0620U, 0602U, 0666U}) {
        write_file(folder / "keys", "", mode);
        EXPECT_NE(refusal_of([&] { read_trusted_file(folder / "keys"); }).find("chmod go-w"),
                  std::string::npos);
    }
}

TEST(a_trusted_file, is_in_no_folder_for_others_to_change) {
    const scratch_directory folder;
    write_file(folder / "keys", "");
    chmod(folder.path().c_str(), 0770);
    const auto told = refusal_of([&] { read_trusted_file(folder / "keys"); });
    EXPECT_NE(told.find(folder.path() + ": "), std::string::npos) << told;
    chmod(folder.path().c_str(), 01777);
    EXPECT_EQ(read_trusted_file(folder / "keys"), "");
}

TEST(a_trusted_file, is_looked_for_where_links_lead) {
    const scratch_directory folder;
    mkdir((folder / "open").c_str(), 0700);
    write_file(folder / "open/keys", "");
    chmod((folder / "open").c_str(), 0777);
    std::filesystem::create_symlink(folder / "open/keys", folder / "keys");
    EXPECT_NE(refusal_of([&] { read_trusted_file(folder / "keys"); }).find("/open"),
              std::string::npos);
}

TEST(a_trusted_file, belongs_to_nobody_else) {
    if (geteuid() != 0) {
        return;  // the name of the game is to give a file away
    }
    const scratch_directory folder;
    write_file(folder / "keys", "");
    ASSERT_EQ(chown((folder / "keys").c_str(), 12345, 0), 0);
    EXPECT_NE(refusal_of([&] { read_trusted_file(folder / "keys"); }).find("user 12345"),
              std::string::npos);
}

TEST(a_trusted_file, is_a_file) {
    const scratch_directory folder;
    EXPECT_NE(refusal_of([&] { read_trusted_file(folder / "keys"); }).find("No such file"),
              std::string::npos);
    EXPECT_NE(refusal_of([&] { read_trusted_file(folder.path()); }).find("no file"),
              std::string::npos);
    mkfifo((folder / "pipe").c_str(), 0600);
    EXPECT_NE(refusal_of([&] { read_trusted_file(folder / "pipe"); }).find("no file"),
              std::string::npos);
}

TEST(a_trusted_file, has_an_end) {
    const scratch_directory folder;
    write_file(folder / "keys", std::string(2 * 1024 * 1024, 'x'));
    EXPECT_NE(refusal_of([&] { read_trusted_file(folder / "keys"); }).find("longer"),
              std::string::npos);
}

// ---- the host key -----------------------------------------------------------------------------

TEST(a_host_key, is_made_once) {
    const scratch_directory folder;
    const auto made = fingerprint(load_or_make_host_key(folder / "key").get());
    EXPECT_EQ(made.substr(0, 7), "SHA256:");
    EXPECT_EQ(mode_of(folder / "key"), 0600U);
    EXPECT_EQ(fingerprint(load_or_make_host_key(folder / "key").get()), made);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder.path()}, {}), 1);
}

TEST(a_host_key, is_one_where_several_make_it) {
    const scratch_directory folder;
    std::vector<std::future<std::string>> makers;
    for (int i = 0; i < 8; ++i) {
        makers.push_back(std::async(std::launch::async, [&] {
            return fingerprint(load_or_make_host_key(folder / "key").get());
        }));
    }
    const auto first = makers.front().get();
    for (std::size_t i = 1; i < makers.size(); ++i) {
        EXPECT_EQ(makers[i].get(), first);
    }
}

TEST(a_host_key, is_secret) {
    const scratch_directory folder;
    load_or_make_host_key(folder / "key");
    chmod((folder / "key").c_str(), 0640);
    const auto told = refusal_of([&] { load_or_make_host_key(folder / "key"); });
    EXPECT_NE(told.find("chmod 600"), std::string::npos) << told;
    EXPECT_NE(told.find(folder / "key"), std::string::npos) << told;
}

TEST(a_host_key, is_a_key) {
    const scratch_directory folder;
    for (const char* text : {"", "\n", "ssh-ed25519 AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----\n"}) {
        write_file(folder / "key", text);
        EXPECT_NE(refusal_of([&] { load_or_make_host_key(folder / "key"); }).find("ssh-keygen"),
                  std::string::npos);
    }
}

TEST(a_host_key, has_no_passphrase) {
    const scratch_directory folder;
    const key_pair made;
    char* text = nullptr;
    ASSERT_EQ(ssh_pki_export_privkey_base64(made.key.get(), "secret", nullptr, nullptr, &text),
              SSH_OK);
    write_file(folder / "key", text);
    ssh_string_free_char(text);
    EXPECT_NE(refusal_of([&] { load_or_make_host_key(folder / "key"); }).find("passphrase"),
              std::string::npos);
}

TEST(a_host_key, needs_a_folder) {
    const scratch_directory folder;
    const auto told = refusal_of([&] { load_or_make_host_key(folder / "none/key"); });
    EXPECT_NE(told.find("No such file"), std::string::npos) << told;
}

// ---- the ring of keys -------------------------------------------------------------------------

struct ring {
    ring() { write_file(file, ""); }
    void has(std::string_view text) { write_file(file, text); }

    const scratch_directory folder;
    const std::string file = folder / "keys";
    log_book log;
};

TEST(a_key_ring, lets_in_what_is_in_the_file_now) {
    ring r;
    key_ring keys{r.file, r.log.writer()};
    const key_pair alice;
    const key_pair bob;
    EXPECT_EQ(keys.judge(alice.key.get(), "192.0.2.7").entry, nullptr);
    r.has("# mine\n" + alice.line);
    const auto found = keys.judge(alice.key.get(), "192.0.2.7");
    ASSERT_NE(found.entry, nullptr);
    EXPECT_EQ(found.entry->comment, "alice");
    EXPECT_EQ(keys.judge(bob.key.get(), "192.0.2.7").entry, nullptr);
    r.has(bob.line);
    EXPECT_EQ(keys.judge(alice.key.get(), "192.0.2.7").entry, nullptr);
    EXPECT_NE(keys.judge(bob.key.get(), "192.0.2.7").entry, nullptr);
}

TEST(a_key_ring, keeps_to_what_a_line_says) {
    ring r;
    const key_pair alice;
    r.has("from=\"192.0.2.0/24\" " + alice.line);
    key_ring keys{r.file, r.log.writer()};
    EXPECT_NE(keys.judge(alice.key.get(), "192.0.2.7").entry, nullptr);
    const auto refused = keys.judge(alice.key.get(), "198.51.100.1");
    EXPECT_EQ(refused.entry, nullptr);
    EXPECT_EQ(refused.refusal, "it may not come from 198.51.100.1 (from=)");
    r.has("expiry-time=\"20200101Z\" " + alice.line);
    EXPECT_EQ(keys.judge(alice.key.get(), "192.0.2.7").refusal, "its time is over (expiry-time=)");
    r.has("expiry-time=\"22000101Z\" " + alice.line);
    EXPECT_NE(keys.judge(alice.key.get(), "192.0.2.7").entry, nullptr);
}

TEST(a_key_ring, has_the_first_line_that_lets_a_key_in) {
    ring r;
    const key_pair alice;
    r.has("from=\"10.0.0.1\" " + alice.line + "no-pty " + alice.line + alice.line);
    key_ring keys{r.file, r.log.writer()};
    const auto found = keys.judge(alice.key.get(), "192.0.2.7");
    ASSERT_NE(found.entry, nullptr);
    EXPECT_EQ(found.entry->line, 2U);
}

TEST(a_key_ring, says_which_lines_let_nobody_in) {
    ring r;
    r.has("ssh-ed25519 AAAA\nnonsense\n");
    const key_ring keys{r.file, r.log.writer()};
    EXPECT_EQ(r.log.lines().size(), 2U);
    EXPECT_TRUE(r.log.wait_for_part("line 1 lets nobody in: that is no key"));
    EXPECT_TRUE(r.log.wait_for_part("line 2 lets nobody in"));
}

TEST(a_key_ring, lets_nobody_in_by_a_file_that_others_may_change) {
    ring r;
    const key_pair alice;
    r.has(alice.line);
    key_ring keys{r.file, r.log.writer()};
    chmod(r.file.c_str(), 0666);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(keys.judge(alice.key.get(), "192.0.2.7").entry, nullptr);
    }
    EXPECT_EQ(r.log.lines().size(), 1U);
    chmod(r.file.c_str(), 0600);
    EXPECT_NE(keys.judge(alice.key.get(), "192.0.2.7").entry, nullptr);
    std::filesystem::remove(r.file);
    EXPECT_EQ(keys.judge(alice.key.get(), "192.0.2.7").entry, nullptr);
}

TEST(a_key_ring, has_no_short_keys) {
    ring r;
    ssh_key made = nullptr;
    ASSERT_EQ(ssh_pki_generate(SSH_KEYTYPE_RSA, 1024, &made), SSH_OK);
    const key_handle key{made};
    char* blob = nullptr;
    ASSERT_EQ(ssh_pki_export_pubkey_base64(made, &blob), SSH_OK);
    r.has("ssh-rsa " + std::string{blob} + "\n");
    ssh_string_free_char(blob);
    key_ring keys{r.file, r.log.writer()};
    EXPECT_EQ(keys.judge(made, "192.0.2.7").entry, nullptr);
    EXPECT_TRUE(r.log.wait_for_part("2048"));
}

TEST(a_key_ring, is_not_begun_without_its_file) {
    const scratch_directory folder;
    EXPECT_NE(refusal_of([&] { key_ring{folder / "none", [](auto) {}}; }).find("No such file"),
              std::string::npos);
}

}  // namespace
}  // namespace backdoor::test
