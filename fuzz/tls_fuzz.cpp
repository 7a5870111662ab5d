// What clients without a certificate can send in a handshake. The first byte says in how big pieces.
// OpenSSL has fuzzers of its own; this one is for what stands around it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "tls/tls.hpp"

namespace tls = backdoor::tls;

extern "C" tls::load_credentials_function backdoor_load_credentials;

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

/// A certificate that is its own authority, made by the openssl command.
tls::credentials& server() {
    static const std::unique_ptr<tls::credentials> one = [] {
        auto folder = (std::filesystem::temp_directory_path() / "tls-fuzz-XXXXXX").string();
        require(mkdtemp(folder.data()) != nullptr);
        const auto key = folder + "/key";
        const auto certificate = folder + "/certificate";
        const auto command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                             "-subj /CN=x -keyout " + key + " -out " + certificate + " 2>/dev/null";
        require(std::system(command.c_str()) == 0);
        std::unique_ptr<tls::credentials> made{
            backdoor_load_credentials({certificate, key, certificate}, {})};
        std::filesystem::remove_all(folder);
        return made;
    }();
    return *one;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::size_t piece = 1 + data[0];
    std::string_view bytes{reinterpret_cast<const char*>(data + 1), size - 1};
    const auto client = server().accept();
    try {
        while (!bytes.empty()) {
            client->receive(bytes.substr(0, piece));
            bytes.remove_prefix(std::min(piece, bytes.size()));
            require(client->take_output().size() < 100'000);
        }
    } catch (const std::runtime_error& refused) {
        require(*refused.what() != '\0');
        require(client->take_output().size() < 100'000);
    }
    require(!client->is_established() && client->client_name().empty());
    require(client->take_input().empty() && !client->input_is_over());
    return 0;
}
