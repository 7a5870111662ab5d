// A host for the tests with telnet clients: says where it listens, and serves until its input ends.
// usage: telnet_host [never] [history=FILE]     (never: clients keep their line mode)
#include <backdoor/backdoor.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <string_view>

/// For `cpp` at the prompt.
namespace shown_by_name {
struct {
    int quantity = 3;
} item;
}  // namespace shown_by_name

int main(int argc, char** argv) {
    backdoor::options choices;
    constexpr std::string_view history = "history=";
    for (int i = 1; i < argc; ++i) {
        const std::string_view choice = argv[i];
        if (choice == "never") {
            choices.telnet = backdoor::telnet_mode::never;
        } else if (choice.starts_with(history)) {
            choices.history_file = choice.substr(history.size());
        }
    }
    choices.editor_wait = std::chrono::seconds{5};  // sanitizers are slow
    const backdoor::server door{"localhost:0", {}, choices};
    std::cout << door.port() << std::endl;
    shown_by_name::item.quantity += argc;
    std::string line;
    while (std::getline(std::cin, line)) {
    }
}
