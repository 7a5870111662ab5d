#include "console/hub.hpp"

#include "console/attendant.hpp"
#include "console/border.hpp"
#include "session/threads.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
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

}  // namespace

void hub::sleeper::wake() {
    if (const auto loop = loop_.lock()) {
        loop->wake(shared_from_this());
    }
}

bool hub::sleeper::watch(int socket) {
    const auto loop = loop_.lock();
    if (!loop) {
        return false;
    }
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLONESHOT;
    wanted.data.ptr = this;
    watches_ = epoll_ctl(loop->poll_.get(), EPOLL_CTL_MOD, socket, &wanted) == 0 ||
               epoll_ctl(loop->poll_.get(), EPOLL_CTL_ADD, socket, &wanted) == 0;
    return watches_;
}

void hub::sleeper::unwatch(int socket) {
    // An event has ended it by itself.
    if (std::exchange(watches_, false)) {
        if (const auto loop = loop_.lock()) {
            (void)epoll_ctl(loop->poll_.get(), EPOLL_CTL_DEL, socket, nullptr);
        }
    }
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

std::shared_ptr<hub> hub::of_this_thread() { return here.lock(); }

hub::hub(hub_calls calls)
    : calls_{std::move(calls)},
      process_{getpid()},
      poll_{epoll_create1(EPOLL_CLOEXEC)},
      bell_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {
    epoll_event rings{};
    rings.events = EPOLLIN;
    if (poll_.get() < 0 || bell_.get() < 0 ||
        epoll_ctl(poll_.get(), EPOLL_CTL_ADD, bell_.get(), &rings) != 0) {
        throw std::system_error{errno, std::generic_category(), "a hub's descriptors"};
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

/// Whose sockets are readable. They may be gone already: asleep_ knows.
std::vector<const hub::sleeper*> hub::take_events() {
    std::array<epoll_event, 16> events;  // what is left comes with the next round
    const int count =
        epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()), 0);
    std::vector<const sleeper*> readable;
    for (const auto& one : std::span{events}.first(static_cast<std::size_t>(std::max(count, 0)))) {
        if (one.data.ptr != nullptr) {
            readable.push_back(static_cast<const sleeper*>(one.data.ptr));
        } else {
            eventfd_t rings = 0;
            (void)eventfd_read(bell_.get(), &rings);
            rung_ = 0;
        }
    }
    return readable;
}

bool hub::attend() {
    if (getpid() != process_) {
        return false;  // a copy in a forked child: what comes here is for the parent
    }
    const auto readable = take_events();
    suspect_ = nullptr;
    std::vector<std::function<void()>> tasks;
    std::vector<std::shared_ptr<sleeper>> woken;
    {
        const std::lock_guard guard{mutex_};
        tasks.swap(tasks_);
        woken.swap(woken_);
    }
    const auto self = shared_from_this();
    ref last;  // SystemExit and KeyboardInterrupt of those that have come to their end
    const auto run = [&](const auto& step) {
        try {
            step();
            return;
        } catch (const python_error&) {
            // Outside of the handler: what follows may switch.
        }
        auto raised = ref::take(compat::take_exception());
        if (PyErr_GivenExceptionMatches(raised.get(), PyExc_SystemExit) != 0 ||
            PyErr_GivenExceptionMatches(raised.get(), PyExc_KeyboardInterrupt) != 0) {
            last = std::move(raised);
            return;
        }
        compat::set_exception(raised.release());
        PyErr_WriteUnraisable(nullptr);
    };
    for (const auto& task : tasks) {
        run(task);
    }
    for (const auto& who : woken) {
        run([&] { resume(who.get()); });
    }
    for (const auto* who : readable) {
        run([&] { resume_at_socket(who); });
    }
    run([&] { resume_next(); });
    if (last) {
        compat::set_exception(last.release());
        throw python_error{};
    }
    return leases_ > 0;
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
        std::map<const sleeper*, bed>& all;
        const sleeper* who;
        ~leave_bed() { all.erase(who); }
    };
    asleep_[until.get()] = {until.get(), std::move(greenlet)};
    const leave_bed at_end{asleep_, until.get()};
    checked(PyObject_CallNoArgs(calls_.wait.get()));
}

void hub::resume(const sleeper* who) {
    const auto found = asleep_.find(who);
    if (found == asleep_.end()) {
        return;
    }
    const ref greenlet = std::move(found->second.greenlet);
    asleep_.erase(found);
    checked(PyObject_CallMethod(greenlet.get(), "switch", nullptr));
}

/// Of that sleeper there may be no more than its address.
void hub::resume_at_socket(const sleeper* who) {
    if (const auto found = asleep_.find(who); found != asleep_.end()) {
        found->second.whose->watches_ = false;
        resume(who);
    }
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
