// One client's interpreter.
#pragma once

#include "console/attendant.hpp"
#include "console/engine.hpp"
#include "console/getpass_routing.hpp"
#include "console/hub.hpp"
#include "console/main_module.hpp"
#include "console/names.hpp"
#include "console/runner.hpp"
#include "console/statement.hpp"
#include "console/sys_routing.hpp"
#include "console/typed_source.hpp"
#include "session/channel.hpp"

#include <unistd.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
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
    void say(std::string_view text);
    next read_and_run(runner& me);
    statement::state read_statement(runner& me);
    bool others_have_run();
    bool read_line(runner& me, const reading& what, std::string& line);
    bool take_block(const std::string& first_line);
    void answer_question(runner& me);
    void tell_of_interrupt(const std::string& notice);
    statement::state add_line(const std::string& line, const std::string& next_prompt);
    next execute(runner& me);
    next show_error();
    next run_program(runner& me);
    ref run_source(runner& me, const program& what);
    int show_end_of_program(runner& me, bool succeeded);
    ref evaluate(runner& me, PyObject* code);
    ref await(runner& me, ref coroutine);
    void begin_command(runner& me, const std::string& source);
    void name_source();
    void remember_source(const std::string& source);
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

    // Of the runner that is the current one.
    statement statement_;
    std::deque<statement::part> block_;  // of one from an editor, what is still to be run
    outcome last_read_{};
    bool thrown_ = false;  // an exception has come to the prompt
    bool greeted_ = false;

    const pid_t process_ = getpid();

    // Guarded by the GIL.
    std::shared_ptr<runner> current_;
    std::optional<sys_routing> routing_;
    std::optional<getpass_routing> getpass_;
    std::optional<main_routing> main_;
    std::optional<console_state> state_;
    std::optional<typed_source> source_;  // where tracebacks are to show it: from then on
    bool over_ = false;
    int exit_status_ = 0;

    attendant::prepared hang_up_;  // posted by hang_up()
    // For whoever has no GIL.
    std::atomic<clock::rep> command_began_{0};
    mutable std::mutex naming_;
    std::string command_;  // its first line
    std::atomic<bool> interrupt_on_its_way_{false};
};

}  // namespace backdoor
