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

/// For completion of what is exposed.
struct shown_object {
    int weight = 5;
    int add(int amount) { return weight += amount; }
};
void describe(backdoor::members<shown_object>& of) {
    of.member("weight", &shown_object::weight).function("add", &shown_object::add, {"amount"});
}
struct shown_owner {
    shown_object inner;
};
void describe(backdoor::members<shown_owner>& of) { of.member("inner", &shown_owner::inner); }

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
    shown_owner owner;
    backdoor::locals names;
    const auto shown = names.expose("owner", owner);
    const backdoor::server door{"localhost:0", names, choices};
    std::cout << door.port() << std::endl;
    shown_by_name::item.quantity += argc;
    std::string line;
    while (std::getline(std::cin, line)) {
    }
}
