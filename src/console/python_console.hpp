// One client's interpreter.
#pragma once

#include "console/attendant.hpp"
#include "console/current_command.hpp"
#include "console/engine.hpp"
#include "console/getpass_routing.hpp"
#include "console/hub.hpp"
#include "console/main_module.hpp"
#include "console/names.hpp"
#include "console/runner.hpp"
#include "console/statement_reader.hpp"
#include "console/sys_routing.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace backdoor {

/// Reads statements from its channel and runs them, on a thread or a greenlet of its own, until the client
/// leaves or the code says so.
class python_console final : public console,
                             public std::enable_shared_from_this<python_console> {
public:
    explicit python_console(console_setup setup);

    /// Starts its runner. `setup.finished` is the last it calls. Throws std::system_error.
    void start();

    void interrupt() override;
    void hang_up() noexcept override;
    std::optional<stuck_command> stuck() const override;

    /// The runner with the command that runs, or null. Guarded by the GIL.
    const runner* running() const { return current_ && current_->executing ? current_.get() : nullptr; }

private:
    enum class next { go_on, stop };
    using clock = std::chrono::steady_clock;

    // On a runner's thread.
    void run(runner& me);
    bool serve(runner& me);
    void tell_of_failure(std::string_view what) noexcept;
    void prepare_hang_up();
    next after_exception_at_prompt();
    bool is_parents() const;
    bool is_copy() const;
    bool ends_greenlet() const;
    void open_state();
    next read_and_run(runner& me);
    bool answer_question(runner& me);
    next execute(runner& me);
    next show_error();
    next run_program(runner& me);
    ref run_source(runner& me, const program& what);
    int show_end_of_program(runner& me, bool succeeded);
    void begin_command(runner& me, const std::string& source);
    void tell_time(clock::duration took, std::size_t waits_before);
    void end_command(runner& me);
    void record_wrong_source();

    // On the attendant.
    void raise_interrupt();
    void break_off();
    static bool interrupt_code(runner& one);
    void enforce_limit(std::shared_ptr<runner> one, unsigned long command);
    struct watch;
    void look_again(std::shared_ptr<runner> one, unsigned long command, watch since);
    void leave_behind();
    void insist(std::shared_ptr<runner> stubborn, int attempts, clock::duration delay);

    console_setup setup_;

    const pid_t process_ = getpid();

    // Guarded by the GIL.
    std::shared_ptr<runner> current_;
    std::optional<sys_routing> routing_;
    std::optional<getpass_routing> getpass_;
    std::optional<main_routing> main_;
    std::optional<console_state> state_;
    std::optional<statement_reader> reader_;  // the current runner's
    bool over_ = false;
    int exit_status_ = 0;

    attendant::prepared hang_up_;  // posted by hang_up()
    // For whoever has no GIL.
    current_command command_;
    std::atomic<bool> interrupt_on_its_way_{false};
};

}  // namespace backdoor
