#include "console/reflection/cpp_modes.hpp"

#include "console/audit.hpp"
#include "console/border.hpp"
#include "console/console_state.hpp"
#include "console/holding.hpp"
#include "console/reflection/cpp_values.hpp"
#include "console/reflection/frozen_copy.hpp"

#include <pthread.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>

namespace backdoor {

namespace {

constexpr std::chrono::seconds lock_wait{2};

/// Of a console, while it is within one of the blocks.
struct mode {
    int writing = 0;
    int calling = 0;
    std::shared_ptr<frozen_copy> snapshot;
};

/// Guarded by the GIL. Never destroyed: at exit nobody has it.
std::map<const console_state*, mode>& modes() {
    static auto& all = *new std::map<const console_state*, mode>;
    return all;
}

const mode* own_mode() {
    const auto found = modes().find(current_console());
    return found != modes().end() ? &found->second : nullptr;
}

const console_state* own_console() {
    const auto* const console = current_console();
    if (console == nullptr) {
        PyErr_SetString(PyExc_RuntimeError, "this is for a console's own code");
        throw python_error{};
    }
    return console;
}

void forget_if_usual(const console_state* console) {
    const auto found = modes().find(console);
    if (found != modes().end() && found->second.writing == 0 &&
        found->second.calling == 0 && !found->second.snapshot) {
        modes().erase(found);
    }
}

// ---- blocks -----------------------------------------------------------------------------------

/// What a `with` statement enters and leaves. With the GIL, both.
class block {
public:
    virtual ~block() = default;
    virtual void enter() = 0;
    virtual void leave() noexcept = 0;
    virtual std::string shown() const = 0;
};

/// What a console may do while it is within.
class permission final : public block {
public:
    permission(int mode::*what, std::string name, std::string meaning)
        : what_{what}, name_{std::move(name)}, meaning_{std::move(meaning)} {}
    ~permission() override { leave(); }
    void enter() override {
        record_change_of(name_);
        console_ = own_console();
        ++(modes()[console_].*what_);
    }
    void leave() noexcept override {
        if (const auto* const console = std::exchange(console_, nullptr)) {
            --(modes()[console].*what_);
            forget_if_usual(console);
        }
    }
    std::string shown() const override { return "with " + name_ + ": " + meaning_; }

private:
    int mode::*const what_;
    const std::string name_;
    const std::string meaning_;
    const console_state* console_ = nullptr;
};

class snapshot final : public block {
public:
    ~snapshot() override { leave(); }
    void enter() override {
        const auto* const console = own_console();
        if (modes()[console].snapshot) {
            PyErr_SetString(PyExc_RuntimeError, "this is within a snapshot already");
            throw python_error{};
        }
        record_change_of("cpp.snapshot()");
        auto copy = std::make_shared<frozen_copy>();
        cost_ = copy->cost();
        modes()[console].snapshot = std::move(copy);
        console_ = console;
    }
    void leave() noexcept override {
        if (const auto* const console = std::exchange(console_, nullptr)) {
            // Ended without the GIL: a large one takes its time.
            auto copy = std::move(modes()[console].snapshot);
            forget_if_usual(console);
            const gil_released ending;
            copy.reset();
        }
    }
    std::string shown() const override {
        return cost_.empty() ? "with cpp.snapshot(): C++ objects are seen as they are now" : cost_;
    }

private:
    const console_state* console_ = nullptr;
    std::string cost_;
};

enum class lock_kind { mutex, shared };

class locked final : public block {
public:
    locked(lock_kind kind, reflect::address at, std::string name)
        : kind_{kind}, at_{reinterpret_cast<void*>(at)}, name_{std::move(name)} {}
    ~locked() override { leave(); }

    void enter() override {
        record_change_of("cpp.locked(" + name_ + ")");
        int result = 0;
        {
            const gil_released waiting;
            timespec until{};
            ::clock_gettime(CLOCK_REALTIME, &until);
            until.tv_sec += lock_wait.count();
            result = kind_ == lock_kind::mutex
                         ? ::pthread_mutex_timedlock(static_cast<pthread_mutex_t*>(at_), &until)
                         : ::pthread_rwlock_timedrdlock(static_cast<pthread_rwlock_t*>(at_), &until);
        }
        if (result != 0) {
            PyErr_Format(PyExc_TimeoutError, "%s: nobody let go of it within %lld s", name_.c_str(),
                         static_cast<long long>(lock_wait.count()));
            throw python_error{};
        }
        is_held_ = true;
    }
    void leave() noexcept override {
        if (std::exchange(is_held_, false)) {
            if (kind_ == lock_kind::mutex) {
                ::pthread_mutex_unlock(static_cast<pthread_mutex_t*>(at_));
            } else {
                ::pthread_rwlock_unlock(static_cast<pthread_rwlock_t*>(at_));
            }
        }
    }
    std::string shown() const override { return "with cpp.locked(): " + name_; }

private:
    const lock_kind kind_;
    void* const at_;
    const std::string name_;
    bool is_held_ = false;
};

// ---- their Python object ----------------------------------------------------------------------

using held_block = std::unique_ptr<block>;

PyObject* enter(PyObject* self, PyObject*) {
    return at_border([&] {
        held<held_block>(self)->enter();
        return ref::share(self).release();
    });
}

PyObject* leave(PyObject* self, PyObject*) {
    held<held_block>(self)->leave();
    return ref::share(Py_False).release();
}

PyObject* repr(PyObject* self) {
    return at_border([&] { return to_str("<" + held<held_block>(self)->shown() + ">").release(); });
}

ref make_block(held_block of) {
    static PyMethodDef methods[] = {
        {"__enter__", enter, METH_NOARGS, nullptr},
        {"__exit__", leave, METH_VARARGS, nullptr},
        {nullptr, nullptr, 0, nullptr},
    };
    static PyType_Slot slots[] = {
        {Py_tp_methods, methods},
        {Py_tp_repr, slot(repr)},
        {Py_tp_dealloc, slot(dealloc_holding<held_block>)},
        {0, nullptr},
    };
    static PyTypeObject* const type = make_holding_type<held_block>("backdoor.cpp_block", slots);
    return make_holding<held_block>(type, std::move(of));
}

std::optional<lock_kind> kind_of_lock(look& at, const reflect::type& of) {
    const auto name = at->name_of(of);
    const auto size = at->size_of(of);
    for (const auto* one : {"std::mutex", "std::recursive_mutex", "std::timed_mutex",
                            "std::recursive_timed_mutex", "pthread_mutex_t"}) {
        if (name == one && size == sizeof(pthread_mutex_t)) {
            return lock_kind::mutex;
        }
    }
    for (const auto* one : {"std::shared_mutex", "std::shared_timed_mutex", "pthread_rwlock_t"}) {
        if (name == one && size == sizeof(pthread_rwlock_t)) {
            return lock_kind::shared;
        }
    }
    return std::nullopt;
}

}  // namespace

ref make_cpp_writable() {
    return make_block(std::make_unique<permission>(
        &mode::writing, "cpp.writable()", "C++ numbers, enumerations and pointers can be assigned to"));
}
ref make_cpp_calls() {
    return make_block(
        std::make_unique<permission>(&mode::calling, "cpp.calls()", "C++ functions can be called"));
}
ref make_cpp_snapshot() { return make_block(std::make_unique<snapshot>()); }

ref make_cpp_locked(PyObject* mutex) {
    const auto* const object = viewed(mutex);
    if (object == nullptr) {
        PyErr_Format(PyExc_TypeError, "locked(object.mutex_): a C++ mutex, not a %s",
                     Py_TYPE(mutex)->tp_name);
        throw python_error{};
    }
    look at;
    const auto name = at->name_of(*object->of);
    const auto kind = kind_of_lock(at, *object->of);
    if (!kind) {
        PyErr_Format(PyExc_TypeError,
                     "%s is no mutex that can be locked here: std::mutex, recursive_mutex, "
                     "shared_mutex and those with a time, as pthread's",
                     name.c_str());
        throw python_error{};
    }
    char where[32];
    std::snprintf(where, sizeof where, " at 0x%llx", static_cast<unsigned long long>(object->at));
    return make_block(std::make_unique<locked>(*kind, object->at, name + where));
}

bool may_write() {
    const auto* const own = own_mode();
    return own != nullptr && own->writing > 0 && !own->snapshot;
}

bool may_call() {
    const auto* const own = own_mode();
    return own != nullptr && own->calling > 0 && !own->snapshot;
}

int process_looked_into() {
    const auto* const own = own_mode();
    return own != nullptr && own->snapshot ? own->snapshot->process() : 0;
}

void record_change_of(const std::string& what) { record_change(*own_console()->trail, what); }

}  // namespace backdoor
