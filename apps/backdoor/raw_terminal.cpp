#include "raw_terminal.hpp"

#include <unistd.h>

#include <csignal>
#include <string_view>

namespace backdoor::client {

namespace {

// What the line editor may have asked for, and not taken back: pasted text in brackets, colours.
constexpr std::string_view own_ways = "\x1b[?2004l\x1b[m";

}  // namespace

raw_terminal::raw_terminal() {
    tcgetattr(STDIN_FILENO, &before_);
    resume();
}

raw_terminal::~raw_terminal() { restore(); }

void raw_terminal::resume() {
    auto raw = before_;
    cfmakeraw(&raw);
    // What is printed beside the editor ends its lines in LF alone.
    raw.c_oflag |= OPOST | ONLCR;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

void raw_terminal::restore() {
    (void)!write(STDOUT_FILENO, own_ways.data(), own_ways.size());
    tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

void raw_terminal::suspend() {
    restore();
    raise(SIGSTOP);
}

}  // namespace backdoor::client
