#include "console/switch_interval.hpp"

#include "console/border.hpp"
#include "console/interpreter.hpp"

namespace backdoor {

namespace {

constexpr double lowered = 0.0005;
// Whoever waits already waits by the interval that he found. Of more than this he is told of the new one.
constexpr double long_wait = 0.1;

int users = 0;
double hosts = 0;  // the interval that the host had

/// Leaves a Python exception that is set alone. Negative where sys has no such function any more.
double get_interval() {
    PyObject* const get = PySys_GetObject("getswitchinterval");
    const auto found = ref::take(get != nullptr ? PyObject_CallNoArgs(get) : nullptr);
    return found ? PyFloat_AsDouble(found.get()) : -1;
}

void set_interval(double seconds) {
    PyObject* const set = PySys_GetObject("setswitchinterval");
    if (set != nullptr) {
        ref::take(PyObject_CallFunction(set, "d", seconds));
    }
}

}  // namespace

lowered_switch_interval::lowered_switch_interval() {
    if (interpreter_is_ours() || users++ > 0) {
        return;
    }
    const kept_exception none;
    hosts = get_interval();
    if (hosts > lowered) {
        set_interval(lowered);
    }
    if (hosts > long_wait) {
        const gil_released for_who_waits;
    }
}

lowered_switch_interval::~lowered_switch_interval() {
    if (interpreter_is_ours() || --users > 0 || hosts <= lowered) {
        return;
    }
    const kept_exception of_the_command;
    if (const double now = get_interval(); now > lowered * 0.99 && now < lowered * 1.01) {
        set_interval(hosts);
    }
}

}  // namespace backdoor
