// A host for the tests of the client: says where it listens, and serves until its input ends.
// usage: console_host ADDRESS [TOKEN]
#include <backdoor/backdoor.hpp>

#include <chrono>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
    backdoor::options choices;
    choices.editor_wait = std::chrono::seconds{5};  // sanitizers are slow
    if (argc > 2) {
        choices.token = argv[2];
    }
    const backdoor::server door{argc > 1 ? argv[1] : "localhost:0", {}, choices};
    std::cout << "console: " << door.address() << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
    }
}
