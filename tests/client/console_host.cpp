// A host for the tests of the client: says where it listens, and serves until its input ends.
// usage: console_host ADDRESS [OPTION=VALUE]...    (token, tls_certificate, tls_key, tls_client_ca,
//                                                   ssh_authorized_keys, ssh_host_key)
#include <backdoor/backdoor.hpp>

#include <chrono>
#include <iostream>
#include <map>
#include <string>

int main(int argc, char** argv) {
    backdoor::options choices;
    choices.editor_wait = std::chrono::seconds{5};  // sanitizers are slow
    const std::map<std::string, std::string*> known{
        {"token", &choices.token},
        {"tls_certificate", &choices.tls_certificate},
        {"tls_key", &choices.tls_key},
        {"tls_client_ca", &choices.tls_client_ca},
        {"ssh_authorized_keys", &choices.ssh_authorized_keys},
        {"ssh_host_key", &choices.ssh_host_key},
    };
    for (int i = 2; i < argc; ++i) {
        const std::string given = argv[i];
        const auto equals = given.find('=');
        *known.at(given.substr(0, equals)) = given.substr(equals + 1);
    }
    const backdoor::server door{argc > 1 ? argv[1] : "localhost:0", {}, choices};
    std::cout << "console: " << door.address() << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
    }
}
