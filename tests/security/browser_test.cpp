// Web pages in a browser on this machine, which runs as the same user: what keeps them out is what
// browsers say first.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include "support/attempts.hpp"
#include "support/host.hpp"
#include "support/program.hpp"
#include "support/required.hpp"

namespace backdoor::test {
namespace {

class browser : public testing::Test {
protected:
    void SetUp() override {
        BACKDOOR_REQUIRE(access("/usr/bin/chromium", X_OK) == 0, "chromium");
        names.function("attack", [this] { return ++calls; });
    }

    /// Chromium, which looks at that page for as long as the test lasts.
    std::string looking_at(const std::string& page, const std::string& more = {}) const {
        return "chromium --headless --no-sandbox --disable-gpu --no-first-run "
               "--disable-dev-shm-usage --remote-debugging-port=0 --user-data-dir=" +
               scratch / "profile" + " " + more + " '" + page + "' >" + scratch / "log" + " 2>&1";
    }

    static int refused(const host& h) {
        int count = 0;
        for (const auto& line : h.log.lines()) {
            count += line.find("it speaks HTTP") != std::string::npos ? 1 : 0;
        }
        return count;
    }

    /// It did come, or this would prove nothing, and nothing was run.
    void expect_refused(const host& h, int times) {
        EXPECT_TRUE(eventually([&] { return refused(h) >= times; }, 60s)) << refused(h);
        EXPECT_EQ(h.greeted_client().run("1 + 1"), "2\n");
        EXPECT_EQ(calls, 0);
        count_attempts("web pages in Chromium", refused(h), calls);
        for (const auto& line : h.log.lines()) {
            EXPECT_EQ(line.find("failed"), std::string::npos) << line;
        }
    }

    std::atomic<int> calls = 0;
    locals names;
    const scratch_directory scratch;
};

TEST_F(browser, runs_nothing_by_a_page_of_another_origin) {
    const host h{names};
    const auto door = h.door.address();
    // What a browser lets any page do unasked, and a WebSocket.
    std::ofstream{scratch / "page.html"}
        << "<script>const body = '\\nattack()\\nattack()\\n';\n"
           "fetch('http://" << door << "/', {method: 'POST', mode: 'no-cors', body});\n"
           "fetch('http://" << door << "/' + 'x'.repeat(100000), {method: 'POST', mode: 'no-cors', "
           "body: '\x03' + body});\n"
           "navigator.sendBeacon('http://" << door << "/', body);\n"
           "new WebSocket('ws://" << door << "/').onopen = e => e.target.send(body);\n"
           "new Image().src = 'http://" << door << "/%0aattack()%0a';\n"
           "</script><form id=f method=post enctype=text/plain action='http://" << door << "/'>"
           "<textarea name=a>\nattack()\n</textarea></form><script>setTimeout(() => "
           "f.submit(), 300)</script>\n";
    const program chromium{looking_at("file://" + scratch / "page.html")};
    expect_refused(h, 6);
}

/// Gives one page to whoever asks for one, until it is destroyed.
class web_server {
public:
    explicit web_server(std::string page)
        : page_{std::move(page)}, thread_{[this] { serve(); }} {}
    web_server(const web_server&) = delete;
    web_server& operator=(const web_server&) = delete;
    ~web_server() {
        shutdown(door_.fd(), SHUT_RDWR);
        thread_.join();
    }

    unsigned short port() const { return door_.port(); }
    int served() const { return served_; }

private:
    void serve() {
        for (;;) {
            unique_fd accepted{accept4(door_.fd(), nullptr, nullptr, SOCK_CLOEXEC)};
            if (!accepted) {
                return;
            }
            client one{std::move(accepted)};
            try {
                one.read_until("\r\n\r\n");
                one.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" +
                         page_);
                ++served_;
            } catch (const std::runtime_error&) {
                // A connection that it has opened for later.
            }
        }
    }

    const std::string page_;
    const listener door_ = listen("127.0.0.1:0");
    std::atomic<int> served_ = 0;
    std::thread thread_;
};

// The page's own name leads to this machine after it was loaded: to the browser the door is where the page
// came from, and lets it send what it likes, with any method and headers.
TEST_F(browser, runs_nothing_by_a_page_whose_name_was_rebound) {
    std::optional<web_server> attacker{
        "<script>const body = '\\nattack()\\nattack()\\n';\n"
        "const headers = {a: 'attack()', b: '0;attack()'};\n"
        "setInterval(() => {\n"
        "  for (const method of ['GET', 'POST', 'PUT', 'patch', 'attack', 'a.b', 'x|y', '-1'])\n"
        "    fetch('/', {method, headers, body: method == 'GET' ? undefined : body})"
        ".catch(() => {});\n"
        "  fetch('/*\"/attack()', {method: 'x', headers}).catch(() => {});\n"
        "  new WebSocket('ws://' + location.host + '/');\n"
        "}, 200)</script>\n"};
    const auto port = std::to_string(attacker->port());
    const program chromium{looking_at("http://rebound.test:" + port + "/",
                                      "--host-resolver-rules='MAP rebound.test 127.0.0.1'")};
    ASSERT_TRUE(eventually([&] { return attacker->served() > 0; }, 60s));
    attacker.reset();
    const host h{names, {}, "127.0.0.1:" + port};
    expect_refused(h, 30);
}

}  // namespace
}  // namespace backdoor::test
