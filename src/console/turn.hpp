// Turns: moments in which a console's code runs while the host's loop holds still.
#pragma once

#include "console/conversions.hpp"
#include "console/turn_limits.hpp"

namespace backdoor {

/// Where turns are taken.
struct turn_source {
    executor loop;
    ref asyncio_loop;  ///< the same, where it is asyncio's
    turn_limits limits;
    bool on_hub = false;  ///< consoles are greenlets on the loop's own thread
};

/// The Python object `turn`: `with turn(): ...` and `turn(f, *args, **kwargs)`. On an asyncio loop f
/// runs on the loop's own thread, as much there needs to; else on the console's, while the loop holds
/// still. On a hub it does until the code waits. Throws python_error.
ref make_turn_function(std::shared_ptr<const turn_source> source);

/// The calling thread holds a turn, so the host's loop must not be waited for. Throws python_error
/// with TurnOverrun where it held it for too long and the loop has gone on.
bool holds_turn();

/// A turn of the console whose code the calling thread runs, for in_turn. False where there is no such
/// console, or no loop. Throws error where the loop does not answer.
bool enter_own_turn();
/// What was overrun raises TurnOverrun in the code that goes on.
void leave_own_turn() noexcept;

/// backdoor.TurnOverrun. Throws python_error.
PyObject* overrun_type();
/// One that says what was overrun; explain_overrun() says it in one that broke the code off.
ref new_overrun();
void explain_overrun(PyObject* exception);
/// Sets TimeoutError: the loop did not answer in time.
void set_no_answer(const turn_limits& limits);

}  // namespace backdoor
