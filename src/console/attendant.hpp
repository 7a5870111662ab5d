// A quiet thread that does what consoles' own threads cannot, being busy.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace backdoor {

/// Runs tasks with the GIL: interrupting a console means to take the GIL, which neither the IO
/// thread nor the host's must wait for. What a task throws is dropped, but for a lack of memory: then it
/// is run again, a little later.
///
/// Where we start Python it does so, and so is what Python calls its main thread: no console is,
/// and none can set signal handlers. It then lives as long as Python does, which is as long as the
/// process.
/// Thread safety: all members.
class attendant {
public:
    using clock = std::chrono::steady_clock;

    static attendant& get();
    /// Another, which does nothing else than to call what may take its time: audit hooks, and the host's
    /// functions for log lines and audit events. It never starts Python.
    static attendant& for_functions_of_the_host();

    /// Returns once Python runs. Throws error where it cannot be started.
    void start_python();

    /// Runs from now on, where Python does already; else start_python() is what starts it.
    void start_beside_python();

    /// Takes the GIL no more, for Python is about to end. Returns when it does not have it, or at the end of
    /// the limit, where code that it runs does not return: then it stays there. Not with the GIL.
    void rest(clock::duration limit) noexcept;
    /// There is another interpreter.
    void rest_no_more() noexcept;

    void post(std::function<void()> task, clock::duration delay = {});

    /// A task that is to be posted where there may be no memory, or no exception is wanted.
    struct entry {
        clock::time_point due;
        std::function<void()> task;
    };
    using prepared = std::list<entry>;
    static prepared prepare(std::function<void()> task) {
        prepared one;
        one.push_back({{}, std::move(task)});
        return one;
    }
    /// Leaves it empty; does nothing where it is.
    void post(prepared& task, clock::duration delay = {}) noexcept;

    /// Destroys what holds Python's objects: from any thread, with or without the GIL, and without
    /// waiting for it. `held` is the last owner.
    void release(std::shared_ptr<void> held) noexcept;

private:
    enum class role { ours, hosts };
    explicit attendant(role what);
    template <role what>
    static attendant& only();
    void start_thread_once(bool starts_python);
    void wait_for_start_of_python();
    void run(bool starts_python);
    void serve();
    bool can_work() const;
    template <class F>
    void work(std::unique_lock<std::mutex>& guard, F f);
    void insert(prepared task, clock::duration delay) noexcept;

    const role role_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<entry> tasks_;
    std::vector<std::shared_ptr<void>> to_release_;
    // What has outlived Python, and cannot be destroyed any more.
    std::vector<std::shared_ptr<void>> outlived_python_;
    prepared outlived_tasks_;
    std::string failure_;
    bool running_ = false;
    bool resting_ = false;
    bool working_ = false;  // has the GIL, or waits for it
    bool python_runs_ = false;
};

}  // namespace backdoor
