// Addresses to listen at, as they stand in somebody's configuration.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "session/address.hpp"

using namespace backdoor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    try {
        const auto [host, port] = split_address(text);
        if (port.empty() || port.find_first_not_of("0123456789") != std::string::npos ||
            std::stoul(port) > 65535 || (text.find(host) == std::string::npos && host != "localhost"))
            std::abort();
    } catch (const error& refused) {
        if (std::string{refused.what()}.find(text.c_str()) == std::string::npos)
            std::abort();
    }
    return 0;
}
