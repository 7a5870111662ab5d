#include "console/audit.hpp"

#include "console/attendant.hpp"
#include "console/border.hpp"
#include "console/console_state.hpp"

#include <atomic>
#include <string>
#include <utility>

namespace backdoor {

namespace {

// So many events wait at most for a Python that is busy; of more, its hooks see nothing. The audit
// log has all.
constexpr int max_announcements = 1000;
// They are told together, this often at most: a burst of clients must not wake a thread for each.
constexpr std::chrono::milliseconds announcement_interval{5};

int call_hooks(std::string_view name, const audit_trail& trail, std::string_view text) {
    return PySys_Audit(("backdoor." + std::string{name}).c_str(), "Kss#s#",
                       static_cast<unsigned long long>(trail.session()), trail.peer().c_str(),
                       trail.user().data(), static_cast<Py_ssize_t>(trail.user().size()),
                       text.data(), static_cast<Py_ssize_t>(text.size()));
}

std::string write(const audit_trail& trail, audit_event::kind what, std::string_view text,
                  std::chrono::microseconds took) {
    if (!trail.is_on()) {
        return {};
    }
    const gil_released writing;
    return trail.record(what, text, took);
}

void record_or_refuse(const audit_trail& trail, audit_event::kind what, std::string_view text) {
    if (const auto failure = write(trail, what, text, {}); !failure.empty()) {
        PyErr_Format(PyExc_PermissionError, "not run: %s", failure.c_str());
        throw python_error{};
    }
    check(call_hooks(name_of(what), trail, text));
}

}  // namespace

void record(const audit_trail& trail, audit_event::kind what, std::string_view text,
            std::chrono::microseconds took) {
    (void)write(trail, what, text, took);
    if (call_hooks(name_of(what), trail, text) < 0) {
        PyErr_Clear();
    }
}

void record_soon(std::shared_ptr<const audit_trail> trail, audit_event::kind what, const std::string& text,
                 std::chrono::microseconds took) {
    auto& hooks = attendant::for_functions_of_the_host();
    hooks.post([trail = std::move(trail), what, text, took] { record(*trail, what, text, took); });
    hooks.start_beside_python();
}

void record_command(const audit_trail& trail, std::string_view text) {
    record_or_refuse(trail, audit_event::kind::command, text);
}

void record_change(const audit_trail& trail, std::string_view text) {
    record_or_refuse(trail, audit_event::kind::change, text);
}

void record_outcome(const audit_trail& trail, std::chrono::steady_clock::duration took) {
    auto exception = ref::take(compat::take_exception());
    record(trail, audit_event::kind::result, exception ? Py_TYPE(exception.get())->tp_name : "ok",
           std::chrono::duration_cast<std::chrono::microseconds>(took));
    if (exception) {
        compat::set_exception(exception.release());
    }
}

void record_overrun() {
    if (const auto* console = current_console()) {
        const kept_exception of_the_code;
        record(*console->trail, audit_event::kind::overrun);
    }
}

void announce_to_hooks(std::string_view name, const audit_trail& trail, std::string_view text) {
    static std::atomic<int> waiting{0};
    if (Py_IsInitialized() == 0 || waiting >= max_announcements) {
        return;
    }
    auto& hooks = attendant::for_functions_of_the_host();
    hooks.start_beside_python();
    ++waiting;
    hooks.post(
        [trail, name = std::string{name}, text = std::string{text}] {
            --waiting;
            if (call_hooks(name, trail, text) < 0) {
                PyErr_Clear();
            }
        },
        announcement_interval - attendant::clock::now().time_since_epoch() % announcement_interval);
}

}  // namespace backdoor
