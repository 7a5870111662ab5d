#include "session/threads.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <system_error>

namespace backdoor {

namespace {

// Address space, of which a console touches some 20 kB.
constexpr std::size_t stack_size = 8 * 1024 * 1024;

struct start {
    std::string name;
    sigset_t mask;
    std::function<void()> body;
};

void* run(void* argument) {
    const std::unique_ptr<start> self{static_cast<start*>(argument)};
    pthread_setname_np(pthread_self(), self->name.c_str());
    pthread_sigmask(SIG_SETMASK, &self->mask, nullptr);
    self->body();
    return nullptr;
}

void check(int code) {
    if (code != 0) {
        throw std::system_error{code, std::generic_category(), "cannot start a thread"};
    }
}

class attributes {
public:
    explicit attributes(int detach_state) {
        check(pthread_attr_init(&value));
        pthread_attr_setdetachstate(&value, detach_state);
        pthread_attr_setstacksize(&value, stack_size);
    }
    attributes(const attributes&) = delete;
    attributes& operator=(const attributes&) = delete;
    ~attributes() { pthread_attr_destroy(&value); }

    pthread_attr_t value;
};

pthread_t start_thread(int detach_state, const char* name, const sigset_t& mask,
                       std::function<void()> body) {
    auto argument = std::make_unique<start>(start{name, mask, std::move(body)});
    const attributes attributes{detach_state};
    // Blocked until the new thread sets its own mask, so that no handler runs there before.
    const auto all = all_signals();
    sigset_t before;
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread{};
    const int code = pthread_create(&thread, &attributes.value, run, argument.get());
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    check(code);
    (void)argument.release();
    return thread;
}

}  // namespace

sigset_t current_signal_mask() {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    return mask;
}

sigset_t all_signals() {
    sigset_t mask;
    sigfillset(&mask);
    return mask;
}

void start_thread(const char* name, const sigset_t& mask, std::function<void()> body) {
    start_thread(PTHREAD_CREATE_DETACHED, name, mask, std::move(body));
}

joined_thread::joined_thread(const char* name, const sigset_t& mask, std::function<void()> body)
    : thread_{start_thread(PTHREAD_CREATE_JOINABLE, name, mask, std::move(body))} {}

joined_thread::~joined_thread() { pthread_join(thread_, nullptr); }

}  // namespace backdoor
