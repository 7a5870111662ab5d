#include "extension/callbacks.hpp"

#include "console/attendant.hpp"
#include "console/border.hpp"
#include "console/callable.hpp"
#include "console/console_state.hpp"
#include "extension/one_at_a_time.hpp"
#include "session/audit_function.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace backdoor {

namespace {

// Of what waits for a function of the host's: clients may bring it more, and it may never return.
constexpr std::size_t max_queued = 10'000;

shared_object hold(PyObject* function, const char* expected) {
    if (PyCallable_Check(function) == 0) {
        PyErr_SetString(PyExc_TypeError, expected);
        throw python_error{};
    }
    return share_with_all_threads(function);
}

// ---- audit events -----------------------------------------------------------------------------

/// An audit_event with texts of its own.
struct kept_event {
    explicit kept_event(const audit_event& event)
        : what{event.what},
          time{event.time},
          server{event.server},
          session{event.session},
          peer{event.peer},
          user{event.user},
          text{event.text},
          took{event.took} {}

    audit_event::kind what;
    std::chrono::system_clock::time_point time;
    std::string server;
    std::uint64_t session;
    std::string peer;
    std::string user;
    std::string text;
    std::chrono::microseconds took;
};

ref to_python(const kept_event& event) {
    using seconds = std::chrono::duration<double>;
    auto made = checked(PyStructSequence_New(audit_event_type()));
    Py_ssize_t place = 0;
    const auto add = [&](ref value) {
        PyStructSequence_SetItem(made.get(), place++, value.release());
    };
    add(to_str(name_of(event.what)));
    add(checked(PyFloat_FromDouble(seconds{event.time.time_since_epoch()}.count())));
    add(to_str(event.server));
    add(checked(PyLong_FromUnsignedLongLong(event.session)));
    add(to_str(event.peer));
    add(to_str(event.user));
    add(to_str(event.text));
    add(checked(PyFloat_FromDouble(seconds{event.took}.count())));
    return made;
}

/// Calls the function with one event after the other, in their order. Thread safety: all members.
class audit_callback : public std::enable_shared_from_this<audit_callback> {
public:
    explicit audit_callback(shared_object function) : function_{std::move(function)} {}

    void operator()(const audit_event& event) {
        const bool of_a_console = event.what == audit_event::kind::command ||
                                  event.what == audit_event::kind::result ||
                                  event.what == audit_event::kind::change ||
                                  event.what == audit_event::kind::overrun;
        if (of_a_console) {
            const gil_held gil;
            const kept_exception of_the_command;
            if (!tell_of(kept_event{event})) {
                throw take_as_error();
            }
            return;
        }
        {
            const std::lock_guard guard{mutex_};
            if (queue_.size() >= max_queued) {
                throw error{"backdoor: the audit function has not returned for " +
                            std::to_string(max_queued) + " events"};
            }
            queue_.emplace_back(event);
        }
        attendant::for_functions_of_the_host().start_beside_python();
        tell_soon();
    }

private:
    void tell_soon() {
        attendant::for_functions_of_the_host().post([self = shared_from_this()] {
            // Else whoever is in there does it: this thread waits for no other one.
            if (self->calls_.try_enter()) {
                self->tell_of_queued();
                self->leave();
            }
        });
    }

    /// What is queued first. False where a Python exception is set: nobody knows of the event.
    bool tell_of(const kept_event& event) {
        try {
            calls_.enter();
        } catch (const python_error&) {
            return false;
        }
        tell_of_queued();
        const bool told = call(event);
        leave();
        return told;
    }

    void leave() {
        calls_.leave();
        const std::lock_guard guard{mutex_};
        if (!queue_.empty()) {
            tell_soon();
        }
    }

    void tell_of_queued() {
        for (;;) {
            std::unique_lock guard{mutex_};
            if (queue_.empty()) {
                return;
            }
            const auto event = std::move(queue_.front());
            queue_.pop_front();
            guard.unlock();
            if (!call(event)) {
                PyErr_WriteUnraisable(function_->get());
            }
        }
    }

    /// False where a Python exception is set.
    bool call(const kept_event& event) {
        try {
            const outside_consoles the_applications;
            checked(PyObject_CallOneArg(function_->get(), to_python(event).get()));
            return true;
        } catch (const python_error&) {
            return false;
        }
    }

    const shared_object function_;
    one_at_a_time calls_;
    std::mutex mutex_;  // of the queue
    std::deque<kept_event> queue_;
};

// ---- log lines --------------------------------------------------------------------------------

/// Has the function called soon, with one line after the other. Thread safety: all members.
class log_callback : public std::enable_shared_from_this<log_callback> {
public:
    explicit log_callback(shared_object function) : function_{std::move(function)} {}

    void operator()(std::string_view line) {
        if (waiting_ >= static_cast<int>(max_queued)) {
            ++lost_;
            return;
        }
        auto& hosts = attendant::for_functions_of_the_host();
        hosts.start_beside_python();
        hosts.post([self = shared_from_this(), text = std::string{line}] {
            --self->waiting_;
            self->call(text);
            if (const int lost = self->lost_.exchange(0); lost > 0) {
                self->call("backdoor: " + std::to_string(lost) +
                           " log lines were lost: the log function had not returned");
            }
        });
        ++waiting_;
    }

private:
    void call(const std::string& text) {
        const auto argument = ref::take(
            PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
        if (!ref::take(argument ? PyObject_CallOneArg(function_->get(), argument.get()) : nullptr)) {
            PyErr_WriteUnraisable(function_->get());
        }
    }

    const shared_object function_;
    std::atomic<int> waiting_{0};
    std::atomic<int> lost_{0};
};

}  // namespace

PyTypeObject* audit_event_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyStructSequence_Field fields[] = {
            {"event",
             "'listen', 'connect', 'refuse', 'login', 'command', 'result', 'interrupt', "
             "'overrun', 'disconnect' or 'stop'"},
            {"time", "when it was, as time.time() has it"},
            {"server", "the server's address"},
            {"session", "1, 2, 3... within this process; 0: of no session"},
            {"peer", "'127.0.0.1:51234'; empty for a unix socket's client"},
            {"user", "'uid 1000'; empty where not known"},
            {"text", "of a command what was typed, of a result 'ok' or the exception's name"},
            {"seconds", "of a result: how long the command ran"},
            {nullptr, nullptr},
        };
        static PyStructSequence_Desc description{
            "backdoor.AuditEvent",
            "One thing that happened at a server's door or at one of its prompts.", fields, 8};
        type = PyStructSequence_NewType(&description);
        if (type == nullptr) {
            throw python_error{};
        }
    }
    return type;
}

std::function<void(std::string_view)> to_log(PyObject* function) {
    return [callback = std::make_shared<log_callback>(hold(
                function, "a function that takes a line is expected"))](std::string_view line) {
        (*callback)(line);
    };
}

std::function<void(const audit_event&)> to_audit(PyObject* function) {
    audit_event_type();
    return orderly_audit{[callback = std::make_shared<audit_callback>(
                              hold(function, "a function that takes an AuditEvent is expected"))](
                             const audit_event& event) { (*callback)(event); }};
}

executor to_executor(PyObject* function) {
    return executor_of(hold(function, "a function that takes a function is expected"));
}

}  // namespace backdoor
