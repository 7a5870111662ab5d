#include "console/interpreter.hpp"

#include "console/main_module.hpp"
#include "console/ref.hpp"
#include "session/build_config.hpp"

#include <clocale>
#include <csignal>
#include <atomic>

namespace backdoor {

namespace {

std::atomic<bool> ours{false};

std::string message(const PyStatus& status) {
    return (status.func != nullptr ? std::string{status.func} + ": " : std::string{}) +
           (status.err_msg != nullptr ? status.err_msg : "unknown reason");
}

PyStatus preinitialize() {
    PyPreConfig config;
    PyPreConfig_InitPythonConfig(&config);
    config.configure_locale = 0;
    config.coerce_c_locale = 0;
    config.utf8_mode = 0;
    config.parse_argv = 0;
    return Py_PreInitialize(&config);
}

PyStatus initialize() {
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    config.install_signal_handlers = 0;
    config.configure_c_stdio = 0;
    config.parse_argv = 0;
    auto status = PyConfig_SetBytesString(&config, &config.program_name, build_config::python);
    if (PyStatus_Exception(status) == 0) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    return status;
}

/// The first import of `signal` takes SIGINT for Python. It happens here, and is undone, lest it happen
/// at a prompt: the host's Ctrl-C is the host's.
void import_signal_module() {
    struct sigaction hosts {};
    sigaction(SIGINT, nullptr, &hosts);
    ref::take(PyImport_ImportModule("_signal"));
    sigaction(SIGINT, &hosts, nullptr);
}

}  // namespace

std::string start_interpreter() {
    ours = true;
    use_utf8_on_this_thread();
    auto status = preinitialize();
    if (PyStatus_Exception(status) == 0) {
        status = initialize();
    }
    if (PyStatus_Exception(status) != 0) {
        return message(status);
    }
    import_signal_module();
    // The module takes the thread that imports it first for the main one.
    ref::take(PyImport_ImportModule("threading"));
    route_main_module();
    PyErr_Clear();
    PyEval_SaveThread();
    return {};
}

bool interpreter_is_ours() { return ours; }

void use_utf8_on_this_thread() {
    static const locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", nullptr);
    if (ours && utf8 != nullptr) {
        uselocale(utf8);
    }
}

}  // namespace backdoor
