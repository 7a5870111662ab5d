#include "console/hub.hpp"

#include "console/attendant.hpp"
#include "console/border.hpp"
#include "session/threads.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace backdoor {

namespace {

thread_local std::weak_ptr<hub> here;

constexpr const char* capsule_name = "backdoor.body";
using body_function = std::function<void()>;

PyObject* run_body(PyObject* capsule, PyObject*) {
    return at_border([&]() -> PyObject* {
        (*static_cast<body_function*>(PyCapsule_GetPointer(capsule, capsule_name)))();
        Py_RETURN_NONE;
    });
}

PyMethodDef run_method{"run", run_body, METH_NOARGS, nullptr};

ref make_callable(body_function body) {
    auto held = std::make_unique<body_function>(std::move(body));
    const auto capsule = checked(PyCapsule_New(held.get(), capsule_name, [](PyObject* self) {
        delete static_cast<body_function*>(PyCapsule_GetPointer(self, capsule_name));
    }));
    (void)held.release();
    return checked(PyCFunction_New(&run_method, capsule.get()));
}

/// What a hub calls us for. What a step throws is reported, and the others follow; but what ends the
/// process is thrown in the end.
class steps {
public:
    template <class Step>
    void run(const Step& step) {
        try {
            step();
            return;
        } catch (const python_error&) {
            // Outside of the handler: what follows may switch.
        }
        auto raised = ref::take(compat::take_exception());
        if (PyErr_GivenExceptionMatches(raised.get(), PyExc_SystemExit) != 0 ||
            PyErr_GivenExceptionMatches(raised.get(), PyExc_KeyboardInterrupt) != 0) {
            last_ = std::move(raised);
            return;
        }
        compat::set_exception(raised.release());
        PyErr_WriteUnraisable(nullptr);
    }

    void end() {
        if (last_) {
            compat::set_exception(last_.release());
            throw python_error{};
        }
    }

private:
    ref last_;
};

}  // namespace

void hub::sleeper::wake() {
    if (const auto loop = loop_.lock()) {
        loop->wake(shared_from_this());
    }
}

bool hub::sleeper::watch(int socket) {
    // Not a number that a program which has closed its standard streams would take for one of these.
    constexpr int lowest = STDERR_FILENO + 1;
    eye_ = parents_fd{unique_fd{fcntl(socket, F_DUPFD_CLOEXEC, lowest)}};
    return static_cast<bool>(eye_);
}

// ---- the door ---------------------------------------------------------------------------------

std::shared_ptr<hub> hub::make(hub_calls calls) {
    // Whoever is the last to hold it may be on any thread.
    std::shared_ptr<hub> made{new hub{std::move(calls)}, [](hub* one) {
                                  attendant::get().release(std::shared_ptr<hub>{one});
                              }};
    here = made;
    return made;
}

std::shared_ptr<hub> hub::of_this_thread() {
    auto found = here.lock();
    // A forked child may have its parent's yet, which nothing wakes any more.
    return found && found->process_ == getpid() ? found : nullptr;
}

hub::hub(hub_calls calls)
    : calls_{std::move(calls)},
      process_{getpid()},
      bell_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {
    if (!bell_) {
        throw std::system_error{errno, std::generic_category(), "a hub's descriptor"};
    }
    attendant::get().start_beside_python();
    signal_ = std::make_unique<main_thread_signal>([this] { return on_signal(); });
}

void hub::ring() {
    clock::rep none = 0;
    if (rung_.compare_exchange_strong(none, clock::now().time_since_epoch().count())) {
        (void)eventfd_write(bell_.get(), 1);
    }
}

void hub::post(std::function<void()> task) {
    const std::lock_guard guard{mutex_};
    tasks_.push_back(std::move(task));
    ring();
}

void hub::wake(std::shared_ptr<sleeper> who) {
    const std::lock_guard guard{mutex_};
    woken_.push_back(std::move(who));
    ring();
}

bool hub::attend() {
    if (getpid() != process_) {
        return false;  // a copy in a forked child: what comes here is for the parent
    }
    eventfd_t rings = 0;
    (void)eventfd_read(bell_.get(), &rings);
    rung_ = 0;
    suspect_ = nullptr;
    std::vector<std::function<void()>> tasks;
    std::vector<std::shared_ptr<sleeper>> woken;
    {
        const std::lock_guard guard{mutex_};
        tasks.swap(tasks_);
        woken.swap(woken_);
    }
    const auto self = shared_from_this();
    steps round;
    for (const auto& task : tasks) {
        round.run(task);
    }
    for (const auto& who : woken) {
        round.run([&] { resume(who.get()); });
    }
    round.run([&] { resume_next(); });
    round.end();
    return leases_ > 0;
}

void hub::attend_to_socket(const sleeper* who) {
    if (getpid() != process_) {
        return;
    }
    const auto self = shared_from_this();
    suspect_ = nullptr;
    steps round;
    round.run([&] { resume(who); });
    round.end();
}

// ---- its users --------------------------------------------------------------------------------

hub_lease::hub_lease(std::shared_ptr<hub> loop, ref start)
    : loop_{std::move(loop)}, start_{new auto{std::move(start)}, [](ref* held) {
                                         attendant::get().release(std::shared_ptr<ref>{held});
                                     }} {
    ++loop_->leases_;
}

hub_lease::~hub_lease() {
    --loop_->leases_;
    loop_->ring();
}

void hub_lease::spawn(std::function<void()> body) const {
    loop_->post([start = start_, body = std::move(body)] {
        checked(PyObject_CallOneArg(start->get(), make_callable(body).get()));
    });
}

// ---- greenlets --------------------------------------------------------------------------------

std::shared_ptr<hub::sleeper> hub::make_sleeper() {
    return std::make_shared<sleeper>(weak_from_this());
}

void hub::wait(const std::shared_ptr<sleeper>& until) {
    auto greenlet = current();
    if (greenlet.get() == calls_.greenlet.get()) {
        PyErr_SetString(
            PyExc_BlockingIOError,
            "the hub itself cannot wait for a console's client; call this in a greenlet");
        throw python_error{};
    }
    struct leave_bed {
        std::map<const sleeper*, ref>& all;
        const sleeper* who;
        ~leave_bed() { all.erase(who); }
    };
    asleep_[until.get()] = std::move(greenlet);
    const leave_bed at_end{asleep_, until.get()};
    if (!until->eye_) {
        checked(PyObject_CallNoArgs(calls_.wait.get()));
    } else if (const auto unwatch = watch_socket(*until)) {
        wait_watching(unwatch);
    }
}

/// Null where the hub cannot: it may be at the end of what its poller bears.
ref hub::watch_socket(const sleeper& who) {
    const auto readable = make_callable([weak = weak_from_this(), sleeper = &who] {
        if (const auto loop = weak.lock()) {
            loop->attend_to_socket(sleeper);
        }
    });
    auto unwatch = ref::take(
        PyObject_CallFunction(calls_.watch.get(), "iO", who.eye_.get(), readable.get()));
    if (!unwatch) {
        if (PyErr_ExceptionMatches(PyExc_Exception) == 0) {
            throw python_error{};
        }
        PyErr_Clear();
    }
    return unwatch;
}

/// Without destructors: what calls Python may switch to another greenlet, which must not happen while an
/// exception of C++ is under way.
void hub::wait_watching(const ref& unwatch) {
    const auto woken = ref::take(PyObject_CallNoArgs(calls_.wait.get()));
    auto raised = woken ? ref{} : ref::take(compat::take_exception());
    if (!ref::take(PyObject_CallNoArgs(unwatch.get()))) {
        PyErr_WriteUnraisable(unwatch.get());
    }
    if (raised) {
        compat::set_exception(raised.release());
        throw python_error{};
    }
}

/// Of that sleeper there may be no more than its address.
void hub::resume(const sleeper* who) {
    const auto found = asleep_.find(who);
    if (found == asleep_.end()) {
        return;
    }
    const ref greenlet = std::move(found->second);
    asleep_.erase(found);
    checked(PyObject_CallMethod(greenlet.get(), "switch", nullptr));
}

void hub::pause() {
    const auto me = make_sleeper();
    me->wake();
    wait(me);
}

bool hub::may_wait() const { return current().get() != calls_.greenlet.get(); }

void hub::wait_for(std::function<void()> task) {
    const auto caller = make_sleeper();
    const auto done = std::make_shared<std::atomic<bool>>(false);
    start_thread("backdoor-wait", all_signals(), [task = std::move(task), done, caller] {
        task();
        *done = true;
        caller->wake();
    });
    while (!*done) {
        wait(caller);
    }
}

ref hub::current() const { return checked(PyObject_CallNoArgs(calls_.current.get())); }

bool hub::is_current(const ref& greenlet) const { return descends(current(), greenlet); }

bool hub::descends(ref greenlet, const ref& ancestor) {
    while (greenlet && greenlet.get() != Py_None) {
        if (greenlet.get() == ancestor.get()) {
            return true;
        }
        greenlet = checked(PyObject_GetAttrString(greenlet.get(), "parent"));
    }
    return false;
}

bool hub::is_exit() const { return PyErr_ExceptionMatches(calls_.exit.get()) != 0; }

}  // namespace backdoor
