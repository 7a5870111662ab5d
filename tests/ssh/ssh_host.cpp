// A host for the tests with SSH clients: says its port, and serves until its input ends. What it logs
// and audits is in the files `log` and `audit` of the folder, beside `keys` and `host_key`.
// usage: ssh_host folder [option=milliseconds or number]...
#include <backdoor/backdoor.hpp>

#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <string>

namespace {

void set(backdoor::options& choices, const std::string& name, long value) {
    const std::map<std::string, std::chrono::milliseconds*> times = {
        {"login_limit", &choices.login_limit},
        {"idle_limit", &choices.idle_limit},
        {"output_stall", &choices.output_stall},
    };
    const std::map<std::string, std::size_t*> numbers = {
        {"max_handshakes", &choices.max_handshakes},
        {"max_connections", &choices.max_connections},
        {"max_connections_per_peer", &choices.max_connections_per_peer},
    };
    if (name == "audit_required") {
        choices.audit_required = value != 0;
    } else if (const auto time = times.find(name); time != times.end()) {
        *time->second = std::chrono::milliseconds{value};
    } else {
        *numbers.at(name) = static_cast<std::size_t>(value);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string folder = argc > 1 ? argv[1] : ".";
    backdoor::options choices;
    choices.ssh_authorized_keys = folder + "/keys";
    choices.ssh_host_key = folder + "/host_key";
    choices.audit_log = folder + "/audit";
    choices.editor_wait = std::chrono::seconds{5};  // sanitizers are slow
    choices.login_limit = std::chrono::minutes{2};  // and so is a loaded machine
    for (int i = 2; i < argc; ++i) {
        const std::string one = argv[i];
        const auto equals = one.find('=');
        set(choices, one.substr(0, equals), std::stol(one.substr(equals + 1)));
    }
    std::mutex mutex;
    std::ofstream log{folder + "/log"};
    choices.log = [&](std::string_view line) {
        const std::lock_guard guard{mutex};
        log << line << std::endl;
    };
    try {
        const backdoor::server door{"0.0.0.0:0", {}, choices};
        std::cout << door.port() << std::endl;
        std::string line;
        while (std::getline(std::cin, line)) {
        }
    } catch (const backdoor::error& failure) {
        std::cout << failure.what() << std::endl;
        return 1;
    }
}
