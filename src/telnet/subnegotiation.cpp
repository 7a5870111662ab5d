#include "telnet/subnegotiation.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "telnet/protocol.hpp"

namespace backdoor::telnet {
namespace {

int number(char high, char low) {
    return static_cast<unsigned char>(high) * 256 + static_cast<unsigned char>(low);
}

// Written out, since the functions of <cctype> depend on the locale of the process.
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
           c == '+';
}

}  // namespace

std::optional<window_size> parse_window_size(std::string_view parameters, window_size known) {
    if (parameters.size() != 4)
        return {};
    const int columns = number(parameters[0], parameters[1]);
    const int rows = number(parameters[2], parameters[3]);
    if (columns == 0 && rows == 0)
        return {};
    return window_size{columns == 0 ? known.columns : std::min(columns, max_window),
                       rows == 0 ? known.rows : std::min(rows, max_window)};
}

std::optional<terminal_type> parse_terminal_type(std::string_view parameters) {
    if (parameters.empty() || parameters.front() != terminal_type_command::is)
        return {};
    std::string name(parameters.substr(1));
    std::transform(name.begin(), name.end(), name.begin(), lower);
    if (name.empty() || name.size() > max_terminal_type ||
        !std::all_of(name.begin(), name.end(), is_name_character))
        return {};
    return terminal_type{std::move(name)};
}

}  // namespace backdoor::telnet
