#include "console/waiting.hpp"

#include "console/hub.hpp"
#include "session/polled_wait.hpp"

namespace backdoor {

namespace {

/// Step by step, until `step` tells how it ended.
template <class Step>
outcome wait_on(hub& loop, channel& io, Step step) {
    const auto sleeper = loop.make_sleeper();
    polled_wait waiting{io, sleeper};
    for (;;) {
        if (const auto result = step(waiting)) {
            return *result;
        }
        loop.wait(sleeper);
    }
}

}  // namespace

outcome read_line(channel& io, const reading& what, std::string& line) {
    if (const auto loop = hub::of_this_thread()) {
        return wait_on(*loop, io, [&](polled_wait& one) { return one.read_line(what, line); });
    }
    const gil_released waiting;
    return io.read_line(what, line);
}

outcome write(channel& io, std::string_view text, sink to) {
    if (io.try_write(text, to)) {
        return outcome::done;
    }
    if (const auto loop = hub::of_this_thread()) {
        return wait_on(*loop, io, [&](polled_wait& one) { return one.write(text, to); });
    }
    const gil_released waiting;
    return io.write(text, to);
}

void say(channel& io, std::string_view text) {
    try {
        write(io, text);
    } catch (const python_error&) {
        PyErr_Clear();
    }
}

}  // namespace backdoor
