// The application that is measured: an Asio loop with a 1 ms tick and an echo service, and a
// console beside them. When all is up it prints one line: READY and a JSON object.
#include "echo_service.hpp"
#include "tick_file.hpp"

#include <backdoor/backdoor.hpp>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace {

struct settings {
    unsigned short console_port = 0;
    unsigned short application_port = 0;
    std::string unix_path;
    std::string tick_path;
    bool no_ticks = false;
    bool no_locals = false;
    bool preload = false;
    bool no_console = false;
};

// Records a tick at each deadline, on the loop.
class ticker {
public:
    ticker(boost::asio::io_context& io, const std::filesystem::path& path)
        : file_{path}, timer_{io} {
        wait();
    }

    const bench::tick_file& file() const { return file_; }

private:
    void wait() {
        timer_.expires_at(file_.due());
        timer_.async_wait([this](boost::system::error_code stopped) {
            if (!stopped) {
                file_.fire();
                wait();
            }
        });
    }

    bench::tick_file file_;
    boost::asio::steady_timer timer_;
};

std::filesystem::path tick_path(const settings& chosen) {
    if (!chosen.tick_path.empty()) {
        return std::filesystem::absolute(chosen.tick_path);
    }
    const char* folder = std::getenv("HB_RUN");
    const auto base = folder != nullptr ? std::filesystem::absolute(folder)
                                        : std::filesystem::temp_directory_path();
    std::filesystem::create_directories(base);
    return base / ("ticks-" + std::to_string(getpid()));
}

std::string console_address(const settings& chosen) {
    return chosen.unix_path.empty()
               ? "127.0.0.1:" + std::to_string(chosen.console_port)
               : "unix:" + std::filesystem::absolute(chosen.unix_path).string();
}

// A JSON string, or null for nothing.
std::string json(const std::optional<std::string>& text) {
    if (!text) {
        return "null";
    }
    std::string quoted = "\"";
    for (const char each : *text) {
        if (each == '"' || each == '\\') {
            quoted += '\\';
        }
        quoted += each;
    }
    return quoted + '"';
}

void run(const settings& chosen) {
    boost::asio::io_context io{1};
    boost::asio::signal_set ending{io, SIGINT, SIGTERM};
    ending.async_wait([&](boost::system::error_code, int) { io.stop(); });

    std::optional<ticker> ticks;
    std::optional<bench::echo_service> echo;
    backdoor::locals names;
    std::optional<std::string> application_address;
    std::optional<std::string> tick_file;
    if (!chosen.no_ticks) {
        ticks.emplace(io, tick_path(chosen));
        tick_file = ticks->file().path().string();
        echo.emplace(io, chosen.application_port);
        std::ostringstream text;
        text << echo->address();
        application_address = text.str();
        if (!chosen.no_locals) {
            names.live("ticks", [&] { return ticks->file().summary(); });
        }
    }

    std::optional<backdoor::server> door;
    std::optional<std::string> door_address;
    if (!chosen.no_console) {
        backdoor::options options;
        options.executor = io.get_executor();
        options.preload = chosen.preload;
        door.emplace(console_address(chosen), names, options);
        door_address = door->address();
    }

    std::cout << "READY {\"console\": " << json(door_address)
              << ", \"app\": " << json(application_address) << ", \"pid\": " << getpid()
              << ", \"ticks\": " << json(tick_file) << "}" << std::endl;
    io.run();
}

}  // namespace

int main(int argc, char** argv) {
    settings chosen;
    CLI::App application{"A C++ host to measure a console in."};
    application.add_option("--port", chosen.console_port, "the console's port; 0: any");
    application.add_option("--app-port", chosen.application_port, "the echo service's; 0: any");
    application.add_option("--unix", chosen.unix_path, "a path for the console, not a port");
    application.add_option("--ticks", chosen.tick_path, "the tick file");
    application.add_flag("--no-ticks", chosen.no_ticks, "no tick and no echo service");
    application.add_flag("--no-locals", chosen.no_locals, "the console gets no names");
    application.add_flag("--preload", chosen.preload, "start Python before READY");
    application.add_flag("--no-console", chosen.no_console, "the same host without a server");
    CLI11_PARSE(application, argc, argv);
    try {
        run(chosen);
    } catch (const std::exception& problem) {
        std::cerr << "bench_host: " << problem.what() << '\n';
        return 1;
    }
}
