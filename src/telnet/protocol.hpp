#pragma once

// The numbers of the telnet protocol, as assigned by IANA.

namespace backdoor::telnet {

// RFC 854, and RFC 1184 for end_of_file, suspend and abort.
namespace command {
inline constexpr unsigned char end_of_file = 236;
inline constexpr unsigned char suspend = 237;
inline constexpr unsigned char abort = 238;
inline constexpr unsigned char se = 240;
inline constexpr unsigned char break_ = 243;
inline constexpr unsigned char interrupt_process = 244;
inline constexpr unsigned char are_you_there = 246;
inline constexpr unsigned char erase_character = 247;
inline constexpr unsigned char erase_line = 248;
inline constexpr unsigned char sb = 250;
inline constexpr unsigned char iac = 255;

inline constexpr unsigned char lowest = end_of_file;
}  // namespace command

// The four commands that carry an option.
enum class verb : unsigned char { will = 251, wont = 252, do_ = 253, dont = 254 };

namespace option {
inline constexpr unsigned char binary = 0;             // RFC 856
inline constexpr unsigned char echo = 1;               // RFC 857
inline constexpr unsigned char suppress_go_ahead = 3;  // RFC 858
inline constexpr unsigned char timing_mark = 6;        // RFC 860
inline constexpr unsigned char terminal_type = 24;     // RFC 1091
inline constexpr unsigned char window_size = 31;       // RFC 1073

inline constexpr unsigned char last_assigned = 49;
}  // namespace option

namespace terminal_type_command {
inline constexpr unsigned char is = 0;
inline constexpr unsigned char send = 1;
}  // namespace terminal_type_command

}  // namespace backdoor::telnet
