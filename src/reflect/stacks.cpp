#include "reflect/stacks.hpp"

#include "reflect/frame_values.hpp"
#include "reflect/instances.hpp"
#include "reflect/prologue.hpp"
#include "reflect/waiting_threads.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>

namespace backdoor::reflect {

namespace {

constexpr int max_frames = 512;
constexpr int attempts = 20;  // the first are slow: tables are read
constexpr int max_resumed = 8;

#if defined(__x86_64__)
constexpr bool is_known_machine = true;
#else
constexpr bool is_known_machine = false;
#endif
// As DWARF numbers x86-64's registers.
constexpr int stack_pointer = 7;
constexpr int frame_pointer = 6;

// ---- what libdw asks for ------------------------------------------------------------------------

/// Of the one search there is at a time.
waiting_at now_unwound;

pid_t no_next_thread(Dwfl*, void*, void**) { return 0; }

bool any_thread(Dwfl*, pid_t, void*, void** of_thread) {
    *of_thread = nullptr;
    return true;
}

bool read_word(Dwfl*, Dwarf_Addr at, Dwarf_Word* result, void*) {
    try {
        *result = memory{}.read<Dwarf_Word>(at);
        return true;
    } catch (const memory_error&) {
        return false;
    }
}

/// The others are known once a function that has been called has put them on the stack.
bool set_registers(Dwfl_Thread* thread, void*) {
    if (now_unwound.frame) {
        dwfl_thread_state_registers(thread, frame_pointer, 1, &*now_unwound.frame);
    }
    dwfl_thread_state_register_pc(thread, now_unwound.code);
    return dwfl_thread_state_registers(thread, stack_pointer, 1, &now_unwound.stack);
}

const Dwfl_Thread_Callbacks callbacks{no_next_thread, any_thread, read_word, set_registers, nullptr, nullptr};

// ---- the search ---------------------------------------------------------------------------------

class this_search {
public:
    this_search(inspector& objects, functions& code, const debug_files& files, const type& of,
                std::chrono::steady_clock::time_point deadline)
        : objects_{objects}, code_{code}, files_{files}, wanted_{of}, deadline_{deadline} {
        // Once for all searches; a second time it only says that it has been.
        dwfl_attach_state(files_.handle(), nullptr, ::getpid(), &callbacks, nullptr);
    }

    std::vector<object> run() {
        int busy = 0;
        int waiting = 0;
        for (const int thread : other_threads()) {
            if (std::chrono::steady_clock::now() > deadline_) {
                throw std::length_error{"the time was up after " + std::to_string(waiting + busy) +
                                        " threads, with " + std::to_string(found_.size()) +
                                        " found: give a longer limit"};
            }
            (look_through(thread) ? waiting : busy) += 1;
        }
        if (found_.empty()) {
            throw not_available{
                "of " + std::to_string(waiting) + " threads that wait none is in a member function of " +
                wanted_.short_name() + " whose object is still known there" +
                (busy != 0 ? "; " + std::to_string(busy) + " others run and were not looked at" : "")};
        }
        return std::move(found_);
    }

private:
    /// False where the thread does not hold still.
    bool look_through(int thread) {
        for (int i = 0; i < attempts; ++i) {
            const auto before = where_waits(thread);
            if (!before) {
                std::this_thread::yield();
                continue;
            }
            const auto known = found_.size();
            frames_ = 0;
            last_ = *before;
            for (int resumed = 0; resumed < max_resumed && frames_ < max_frames; ++resumed) {
                now_unwound = last_;
                dwfl_getthread_frames(files_.handle(), thread, &this_search::on_frame, this);
                if (!find_frame_pointer()) {
                    break;
                }
            }
            const auto after = where_waits(thread);
            if (after && after->text == before->text) {
                return true;
            }
            found_.resize(known);  // it went on meanwhile: that may have been anything
        }
        return false;
    }

    /// System calls' wrappers do not put it on the stack; where the caller goes by it, its beginning says
    /// where it is.
    bool find_frame_pointer() {
        if (last_.frame || last_.stack == 0) {
            return false;
        }
        try {
            const auto function = files_.symbol_at(last_.code);
            const auto size = function ? frame_size(objects_.bytes(), last_.code - function->offset)
                                       : std::nullopt;
            last_.frame = size ? std::optional{last_.stack + *size} : std::nullopt;
        } catch (const memory_error&) {
            return false;
        }
        return last_.frame.has_value();
    }

    static int on_frame(Dwfl_Frame* frame, void* self) {
        auto& search = *static_cast<this_search*>(self);
        try {
            search.look(frame);
        } catch (const std::exception&) {
            // This one tells nothing; the next may.
        }
        return ++search.frames_ < max_frames ? DWARF_CB_OK : DWARF_CB_ABORT;
    }

    void look(Dwfl_Frame* frame) {
        Dwarf_Addr code = 0;
        bool is_first = false;
        if (!dwfl_frame_pc(frame, &code, &is_first)) {
            return;
        }
        if (!is_first) {
            --code;  // within the call, not behind it
        }
        last_ = {{}, register_of(frame, stack_pointer).value_or(0), code, register_of(frame, frame_pointer)};
        Dwfl_Module* const module = dwfl_addrmodule(files_.handle(), code);
        if (module == nullptr) {
            return;
        }
        const auto here = code_.at(code);
        for (const auto& one : here) {
            look_at_function(frame, module, code, one, here.back());
        }
    }

    void look_at_function(Dwfl_Frame* frame, Dwfl_Module* module, Dwarf_Addr code, Dwarf_Die function,
                          Dwarf_Die outermost) {
        for_each_child(function, [&](Dwarf_Die child, void*) {
            if (dwarf_tag(&child) != DW_TAG_formal_parameter) {
                return true;
            }
            const char* const name = dwarf_diename(&child);
            if (name == nullptr || std::strcmp(name, "this") != 0) {
                return false;  // it is the first there is
            }
            const auto* const pointer = objects_.types().get(type_of(child));
            const auto* const target = pointer != nullptr && pointer->bare() != nullptr
                                           ? pointer->bare()->target()
                                           : nullptr;
            if (target != nullptr && is_or_derives_from(*target, wanted_)) {
                if (const auto at = value(frame, module, code, child, outermost)) {
                    add({target, *at});
                }
            }
            return false;
        });
    }

    /// Of a pointer that is a parameter.
    std::optional<Dwarf_Word> value(Dwfl_Frame* frame, Dwfl_Module* module, Dwarf_Addr code,
                                    Dwarf_Die parameter, Dwarf_Die function) {
        Dwarf_Attribute attribute;
        Dwarf_Op* steps = nullptr;
        std::size_t count = 0;
        const auto bias = files_.file_of(parameter.cu).bias;
        if (dwarf_attr_integrate(&parameter, DW_AT_location, &attribute) == nullptr ||
            dwarf_getlocation_addr(&attribute, code - bias, &steps, &count, 1) != 1 || count == 0) {
            return std::nullopt;
        }
        if (count == 2 && steps[1].atom == DW_OP_stack_value) {
            return sum(frame, steps[0]);
        }
        if (count != 1) {
            return std::nullopt;
        }
        if (const auto held = held_in_register(frame, steps[0])) {
            return held;
        }
        auto place = sum(frame, steps[0]);
        if (steps[0].atom == DW_OP_fbreg) {
            const auto base = frame_base(frame, module, code, function);
            place = base ? std::optional{*base + steps[0].number} : std::nullopt;
        }
        return place ? std::optional{objects_.bytes().read_pointer(*place)} : std::nullopt;
    }

    std::optional<Dwarf_Word> frame_base(Dwfl_Frame* frame, Dwfl_Module* module, Dwarf_Addr code,
                                         Dwarf_Die function) {
        Dwarf_Attribute attribute;
        Dwarf_Op* steps = nullptr;
        std::size_t count = 0;
        if (dwarf_attr_integrate(&function, DW_AT_frame_base, &attribute) == nullptr ||
            dwarf_getlocation(&attribute, &steps, &count) != 0 || count != 1) {
            return std::nullopt;
        }
        if (steps[0].atom == DW_OP_call_frame_cfa) {
            return frame_address(frame, module, code);
        }
        const auto held = held_in_register(frame, steps[0]);
        return held ? held : sum(frame, steps[0]);
    }

    void add(const object& part) {
        const auto whole = objects_.dynamic(part);
        if (std::none_of(found_.begin(), found_.end(),
                         [&](const auto& one) { return one.at == whole.at && one.of == whole.of; })) {
            found_.push_back(whole);
        }
    }

    inspector& objects_;
    functions& code_;
    const debug_files& files_;
    const type& wanted_;
    const std::chrono::steady_clock::time_point deadline_;
    std::vector<object> found_;
    int frames_ = 0;
    waiting_at last_;  ///< the frame that was seen last
};

}  // namespace

std::vector<object> find_this(inspector& objects, functions& code, const debug_files& files, const type& of,
                              std::chrono::steady_clock::time_point deadline) {
    if (!is_known_machine) {
        throw not_available{"cpp.this_of() knows x86-64 alone"};
    }
    if (objects.bytes().process() != 0) {
        throw not_available{"a snapshot has no threads: cpp.this_of() is for what is now"};
    }
    return this_search{objects, code, files, of, deadline}.run();
}

}  // namespace backdoor::reflect
