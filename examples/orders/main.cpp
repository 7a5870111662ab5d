// An order book served over TCP, with a Python prompt inside.
#include "book.hpp"
#include "prompt.hpp"
#include "service.hpp"
#include "traffic.hpp"

#include <backdoor/backdoor.hpp>
#include <backdoor/root.hpp>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <string>

namespace {

struct settings {
    unsigned short console_port = 3000;
    unsigned short service_port = 0;
    std::string unix_path;
    std::string audit_log;

    std::string console_address() const {
        return unix_path.empty() ? "localhost:" + std::to_string(console_port)
                                 : "unix:" + unix_path;
    }
};

void run(const settings& chosen) {
    boost::asio::io_context io{1};
    boost::asio::signal_set ending{io, SIGINT, SIGTERM};
    ending.async_wait([&](boost::system::error_code, int) { io.stop(); });

    orders::book book;
    orders::service clients{io, chosen.service_port, book};
    orders::traffic generator{io, book};

    // Nothing above knows of threads or locks. With the loop lent, nothing below has to either:
    // what a console looks at or calls takes its turn between the loop's other handlers.
    backdoor::options options;
    options.executor = io.get_executor();
    options.audit_log = chosen.audit_log;
    const orders::prompt prompt{book, clients, generator};
    const auto root = backdoor::root("book", book);  // cpp.book, members and all
    backdoor::server door{chosen.console_address(), prompt.names(), options};

    std::cout << "console: " << door.address() << '\n'
              << "service: " << clients.address() << std::endl;
    io.run();
}

}  // namespace

int main(int argc, char** argv) {
    settings chosen;
    CLI::App application{"An order book served over TCP, with a Python prompt inside."};
    application.add_option("--port", chosen.console_port, "the console's port; 0: any")
        ->capture_default_str();
    application.add_option("--service-port", chosen.service_port, "the service's; 0: any")
        ->capture_default_str();
    application.add_option("--unix", chosen.unix_path, "a path for the console, not a port");
    application.add_option("--audit", chosen.audit_log,
                           "a file for who comes and what is run, or syslog");
    CLI11_PARSE(application, argc, argv);
    try {
        run(chosen);
    } catch (const std::exception& problem) {
        std::cerr << "orders: " << problem.what() << '\n';
        return 1;
    }
}
