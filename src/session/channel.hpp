// What joins a session and its console: bounded input and output, interrupt, hang-up.
#pragma once

#include "session/editing.hpp"
#include "session/gathered_output.hpp"
#include "session/input_queue.hpp"
#include "session/input_watch.hpp"
#include "session/program.hpp"
#include "session/start_queue.hpp"
#include "session/transport.hpp"

#include <backdoor/export.hpp>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor {

/// How a wait in a channel ended.
enum class outcome {
    done,
    interrupted,  ///< the client pressed Ctrl-C
    ended,        ///< no more input will come (half-close, Ctrl-D)
    asked,        ///< the client's editor has a question: answer_with(), and read again
    program,      ///< the client wants one run: take_program()
    closed,       ///< the client is gone, or the server stops
};

/// Who waits in a channel, but does not block a thread there.
class waker {
public:
    virtual ~waker() = default;
    /// Something has changed. From any thread, under the channel's lock; must not wait.
    virtual void wake() = 0;
    /// Is to be woken too, when the socket is readable, until unwatch(); false where that is not to be had.
    /// This and the next by who waits, under the channel's lock. The number may be another's once the
    /// client is gone.
    virtual bool watch(int socket) = 0;
    virtual void unwatch() = 0;
};

/// Lines in, bytes out. The session's side is the IO thread and never waits; the console's side is
/// the console's thread (or any that prints to it) and may. Nobody holds the GIL while he waits.
///
/// While the console works its output is gathered, and leaves with the next wait for input, when a
/// good deal has come together, or with a flush() by the IO thread: a command's answer and the next
/// prompt are one packet. What others print while it waits leaves at once.
///
/// A client with a terminal has an editor on the session's side, and then what is output is text for
/// it to print, and reads ask it for input. Statements come as whole blocks; input() reads what is
/// typed for it, never the rest of a block. A client may change from one to the other at any time.
///
/// A client that speaks frames has programs run, until it asks for a prompt. There are no prompts
/// before, and no statements: input is bytes for the program, which the client is asked for when it
/// reads them.
///
/// In a forked child the console's side finds it closed: the client is the parent's.
///
/// Thread safety: all members.
class BACKDOOR_API channel {
public:
    struct limits {
        std::size_t max_input;
        std::size_t max_output;
    };

    /// `starts`: its own and other consoles'.
    channel(limits bounds, transport& client,
            std::shared_ptr<start_queue> starts = std::make_shared<start_queue>());
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;

    // ---- the console's side ---------------------------------------------------------------

    /// The next line, with its newline (the last before the end may lack it). The prompt is shown
    /// first. Gives `interrupted` once per interrupt, with the notice of a reject() or an empty line,
    /// and `ended` for ever (of what an editor reads but statements: once per Ctrl-D).
    outcome read_line(const reading& what, std::string& line);
    /// The same for a statement's line that is there already; false where read_line() would wait.
    bool try_read_line(const reading& what, std::string& line);

    /// Appends to `block` the lines that wait to be read, as input_queue. They stay unread until
    /// skip_lines().
    std::size_t peek_block(std::string& block) const;
    void skip_lines(std::size_t count);

    /// Takes all of `text`, waiting while the client does not read.
    outcome write(std::string_view text, sink to = sink::output);
    /// Takes all of `text` or nothing: false where write() would wait.
    bool try_write(std::string_view text, sink to = sink::output);

    /// The console waits here, for input or for a client that takes its output.
    bool is_waiting() const;
    /// How often it has waited so.
    std::size_t waits() const;

    /// An interrupt has come that no wait here has met, or will: it is now the caller's to deliver.
    bool take_interrupt();
    /// It could not be delivered: the next wait meets it.
    void give_back_interrupt();
    /// Where the console waits here it is woken with `interrupted`.
    bool wake_with_interrupt();

    /// The client is gone; nobody reads what is written.
    bool is_closed() const;

    /// The client has a terminal, and an editor.
    bool has_terminal() const;
    /// What it is like; nothing for plain clients.
    std::optional<screen> terminal_screen() const;
    /// Of a block typed in an editor: the lines that wait. They are not read any more.
    std::string take_block();
    /// After `asked`: what to answer. Where the editor takes its question back, or the client
    /// interrupts, the answer is ignored.
    question take_question();
    void give(answer known);

    /// After `program`.
    program take_program();
    /// It has ended, with that exit status; never waits.
    void end_program(int status);

    // ---- the session's side ---------------------------------------------------------------

    /// Queues whole lines, each with its newline.
    void push(std::string_view lines);
    /// The console has waited once, and can do so at the client's socket itself, on a thread or a hub
    /// (transport::input_descriptor()). It asks for input (transport::want_input()) when it does not.
    bool can_watch_input() const;
    /// The queue is full: read no more until transport::want_input().
    bool is_input_full() const;
    /// No more input: after what is queued, reads give `ended`. `rest` is a last line without a
    /// newline.
    void push_end(std::string_view rest);

    /// Drops what is queued: what comes later is not meant. True where the console was waiting here and
    /// has been woken with `interrupted`, or has nothing to be interrupted; false where it runs code.
    /// Then whoever can interrupt that is to take_interrupt(), and else the next wait meets it: each
    /// interrupt is answered once, by what ran when it came or by the prompt behind it.
    bool interrupt();
    /// Drops what is queued, and shows `notice`. Where the console waits here it gets `interrupted`
    /// and the notice as its line.
    void reject(std::string notice);
    /// Ends all waits, now and later, with `closed`; the transport is not used again.
    void close() noexcept;

    /// Outputs all of `text` and sends what is gathered. Never waits: a client that takes nothing, and
    /// has got more than it should already, gets nothing of it.
    void tell(std::string_view text, sink to = sink::output);
    /// More waits for the client than what a console alone may write: read no more of what it sends.
    bool is_flooded() const;

    /// Sends what is gathered, as far as the client takes it. False when the console waits for
    /// input, and so gathers nothing more.
    bool flush();
    /// flush(), after transport::want_writable().
    void drain();
    /// Nothing is left to send.
    bool drained() const;

    /// From now on output is encoded for a telnet client.
    void encode_for_telnet();
    /// Sends bytes of the protocol between what is output before and after.
    void send_protocol(std::string_view bytes);

    // ---- the session's side, where the client speaks frames ---------------------------------

    /// From now on output is frames, and there is no prompt.
    void encode_as_frames();
    /// False where one waits to be run, or runs.
    bool push_program(program next);
    /// For the program that runs.
    void push_bytes(std::string_view bytes);
    /// In place of them: to the program that reads, input ends here.
    void push_end_of_bytes();
    /// From now on there is a prompt.
    void begin_prompt();
    /// The console has ended, with that exit status.
    void send_status(int status);

    // ---- the session's side, where the client has a terminal --------------------------------

    /// From now on there is an editor. `reads`: it reads a statement already.
    void attach_editor(bool reads, screen shown);
    /// The terminal is another.
    void set_screen(screen shown);
    /// What waits to be printed is output; a read shows its prompt as for any client.
    void detach_editor();
    /// What is new since the last call, after transport::want_attention().
    console_news take_news();
    /// Sends what the editor has for the terminal.
    void show(std::string_view bytes);
    /// Answers a read of what is no statement; nothing: its input ends here.
    void reply(std::string line);
    void ask(question what);
    /// The editor does not wait for the answer any more.
    void take_back_question();

private:
    friend class polled_wait;
    using lock = std::unique_lock<std::mutex>;

    /// Between an editor and the console.
    struct editor_link {
        screen shown;
        console_news news;
        bool called = false;  // the session knows that there is news
        bool reads = false;   // or will, when it takes the news
        std::optional<std::string> line;
        std::optional<question> asked;
        bool answering = false;  // the console has taken the question
    };

    /// Of a client that speaks frames.
    struct frame_link {
        bool prompts = false;
        std::optional<program> next;  // to be run
        bool runs = false;
        bool asked_for_input = false;
        bool input_ends = false;  // to the next read of bytes
    };

    bool has_prompt() const { return !frames_ || frames_->prompts; }
    bool takes_bytes(const reading& what) const {
        return !has_prompt() && what.kind != read_kind::statement;
    }
    void ask_for_input();
    bool take_bytes(std::string& bytes);
    void append_status(int status);
    bool has_no_program_to_interrupt();
    /// The console waits in here, from construction to destruction.
    class wait_of_console {
    public:
        explicit wait_of_console(channel& where) : where_{where} { ++where_.waiting_; }
        wait_of_console(const wait_of_console&) = delete;
        wait_of_console& operator=(const wait_of_console&) = delete;
        ~wait_of_console() {
            --where_.waiting_;
            ++where_.waits_;
        }

    private:
        channel& where_;
    };

    void notify();
    void wake_at_change(const std::shared_ptr<waker>& who);
    void begin_read(std::string& line);
    void leave_read();
    bool try_to_read(const reading& what, std::string& line, bool& prompted);
    outcome end_read(const reading& what, std::string& line);
    std::optional<outcome> try_to_write(std::string_view& text, sink to);
    void forget_request();
    outcome wait_for_line(lock& guard, const reading& what, std::string& line);
    bool watch_input(lock& guard);
    int socket_of_next_line() const;
    void drop_input();
    void want_input_where_it_has_room();
    void wake_with(std::string notice);
    bool take_line(std::string& line);
    bool take(const reading& what, std::string& line);
    bool read_is_over(const reading& what, std::string& line);
    void request_from_editor(const reading& what);
    void call_editor();
    bool has_question() const { return editor_ && (editor_->asked || editor_->answering); }
    bool waits_or_answers() const { return waiting_ > 0 || has_question(); }
    void append(std::string_view text, sink to = sink::output);
    void send_gathered();
    void send_output();
    std::size_t unsent() const;
    bool full() const { return unsent() >= max_output_; }

    const std::size_t max_output_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::shared_ptr<waker>> wakers_;  // each once

    transport* client_;
    std::unique_ptr<editor_link> editor_;  // where the client has a terminal
    std::unique_ptr<frame_link> frames_;   // where it speaks frames
    input_queue input_;
    gathered_output output_;

    std::string notice_;       // why interrupted_, where it was no Ctrl-C
    std::size_t waits_ = 0;    // that are over
    int waiting_ = 0;          // waits of the console under way
    bool interrupted_ = false; // not met yet
    bool running_ = false;     // the console does something else than wait for input
    bool can_watch_ = false;   // the console has waited, and can do so at the socket
    bool watching_ = false;    // and waits there now, not for changed_
    input_watch watch_;
    start_queue::place starts_;
};

}  // namespace backdoor
