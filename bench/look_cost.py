#!/usr/bin/python3
"""What `cpp` costs: reading the names of a large program, and one look at an object.

usage: look_cost.py BUILD [UNITS...]     (source files of the program; default: 4 16)

The program is generated: each of its source files has an Asio loop, containers and classes of its own. Memory
is what the process has for itself (RssAnon of /proc/PID/status); the debug information is mapped from its file.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(TOP / "tests" / "python"))
from client import Client  # noqa: E402

UNIT = """
#include <utility>  // which some versions of Asio forget
#include <boost/asio.hpp>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <thread>
#include <unordered_map>
namespace unit_%(number)d {
struct session { std::string user; int port = 80; std::vector<int> history; };
class server {
public:
    explicit server(boost::asio::io_context& loop) : timer_{loop}, acceptor_{loop} {
        for (int i = 0; i < 10000; ++i) {
            by_number_[i] = "n" + std::to_string(i);
            by_name_["n" + std::to_string(i)] = i;
            hashed_[i] = session{"u", i, {}};
            sessions_.push_back(std::make_unique<session>());
        }
    }
    void accept() {
        acceptor_.async_accept([this](boost::system::error_code, boost::asio::ip::tcp::socket) { accept(); });
        timer_.async_wait([this](boost::system::error_code) { std::regex_match("a", std::regex{"a*"}); });
    }
private:
    boost::asio::steady_timer timer_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::map<int, std::string> by_number_;
    std::map<std::string, int> by_name_;
    std::unordered_map<int, session> hashed_;
    std::vector<std::unique_ptr<session>> sessions_;
    int limit_ = 100;
};
boost::asio::io_context loop;
server the_server{loop};
void keep() { the_server.accept(); }
}
"""
MAIN = """
#include <backdoor/backdoor.hpp>
#include <iostream>
int main() {
    const backdoor::server door{"127.0.0.1:0"};
    std::cout << "console: " << door.address() << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {}
}
"""
LOOKS = {
    "a member": "s.limit_",
    "a member of an element": "s.sessions_[3].port",
    "by its full path": "cpp.unit_0.the_server.limit_",
    "`std::map<int, string>` of 10,000, by key": "s.by_number_[7777]",
    "`std::map<string, int>` of 10,000, by key": "s.by_name_['n7777']",
    "`unordered_map` of 10,000, by key": "s.hashed_[7777]",
}


def build(folder, units):
    sources = []
    for number in range(units):
        source = os.path.join(folder, "unit_%d.cpp" % number)
        if not os.path.exists(source):
            pathlib.Path(source).write_text(UNIT % {"number": number})
            subprocess.run(["c++", "-std=c++20", "-g", "-O0", "-c", source, "-o", source + ".o"], check=True)
        sources.append(source + ".o")
    main = os.path.join(folder, "main.cpp")
    pathlib.Path(main).write_text(MAIN)
    program = os.path.join(folder, "program_%d" % units)
    library = str(BUILD / "lib")
    subprocess.run(["c++", "-std=c++20", "-g", "-I", str(TOP / "include"), "-I", str(BUILD / "generated"), main,
                    *sources, "-o", program, "-L", library, "-lbackdoor", "-Wl,-rpath," + library, "-pthread"],
                   check=True)
    return program


def megabytes_of_debug_info(program):
    sections = subprocess.run(["readelf", "-SW", program], stdout=subprocess.PIPE, text=True).stdout
    found = re.search(r"\.debug_info\s+\S+\s+\S+\s+\S+\s+(\S+)", sections)
    return int(found.group(1), 16) / 1e6


def own_memory(pid):
    status = pathlib.Path("/proc/%d/status" % pid).read_text()
    return int(re.search(r"RssAnon:\s+(\d+)", status).group(1)) / 1024


def measure(program):
    host = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    line = host.stdout.readline()
    while not line.startswith("console: "):
        line = host.stdout.readline()
    with Client(line.split()[-1]) as console:
        console.run("import timeit")
        before = own_memory(host.pid)
        begun = time.perf_counter()
        said = console.run("cpp")
        took = time.perf_counter() - begun
        print("%.1f MB of .debug_info in the program: names after %.0f ms, %.1f MB of memory; %s" % (
            megabytes_of_debug_info(program), took * 1e3, own_memory(host.pid) - before, said.strip()))
        console.run("s = cpp.unit_0.the_server")
        for name, look in LOOKS.items():
            console.run("t = sorted(timeit.repeat(lambda: %s, number=1, repeat=2000))" % look)
            half, most = eval(console.run("t[1000] * 1e6, t[1980] * 1e6"))
            print("  %-44s median %5.1f us, 99 %% %5.1f us" % (name, half, most))
        print("  memory then: %.1f MB more" % (own_memory(host.pid) - before))
    host.communicate(timeout=60)


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        for count in [int(one) for one in sys.argv[2:]] or [4, 16]:
            measure(build(scratch, count))
