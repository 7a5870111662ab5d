// A host with bindings of its own, whose methods take turns.
#include <pybind11/embed.h>

#include <backdoor/backdoor.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "support/child.hpp"
#include "support/deadline.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

namespace py = pybind11;
using namespace std::chrono_literals;

std::atomic<bool> loop_is_held = false;

struct counter {
    bool sees_the_loop_held() const { return loop_is_held; }
    bool takes_long() const {
        std::this_thread::sleep_for(300ms);
        return true;
    }
};

PYBIND11_EMBEDDED_MODULE(bound, module) {
    py::class_<counter>(module, "Counter")
        .def(py::init<>())
        .def("plain", &counter::sees_the_loop_held)
        .def("in_turn", &counter::sees_the_loop_held, py::call_guard<in_turn>())
        .def("takes_long", &counter::takes_long, py::call_guard<in_turn>());
}

/// A loop that is held while one of its handlers runs.
struct lent_loop {
    lent_loop() {
        choices.turn_budget = 100ms;
        choices.executor = executor{[this](executor::work asked) {
            boost::asio::post(io, [asked = std::move(asked)] {
                loop_is_held = true;
                asked();
                loop_is_held = false;
            });
        }};
    }
    ~lent_loop() {
        work.reset();
        loop.join();
    }
    boost::asio::io_context io;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
    std::thread loop{[this] { io.run(); }};
    options choices;
};

std::string run(const host& h, const char* line) {
    const py::gil_scoped_release waiting;
    return h.greeted_client().run(line);
}

int check(bool good) { return good ? 0 : 1; }

HOST_PROGRAM(binds_methods_that_take_turns) {
    lent_loop held;
    const py::scoped_interpreter python;
    py::dict names;
    names["it"] = py::module_::import("bound").attr("Counter")();
    const host h{names, held.choices};
    return check(run(h, "it.plain(), it.in_turn(), turn(it.in_turn)") ==
                     "(False, True, True)\n" &&
                 // The host's own call; the loop goes on a little after the console does.
                 eventually([&] { return !names["it"].attr("in_turn")().cast<bool>(); }));
}

HOST_PROGRAM(binds_a_method_that_overruns_its_turn) {
    lent_loop held;
    const py::scoped_interpreter python;
    py::dict names;
    names["it"] = py::module_::import("bound").attr("Counter")();
    const host h{names, held.choices};
    const auto said = run(h, "it.takes_long()");
    return check(said.find("backdoor.TurnOverrun") != std::string::npos &&
                 run(h, "it.in_turn()") == "True\n");
}

HOST_PROGRAM(binds_methods_without_a_loop) {
    const py::scoped_interpreter python;
    py::dict names;
    names["it"] = py::module_::import("bound").attr("Counter")();
    const host h{names};
    return check(run(h, "it.in_turn()") == "False\n");
}

class host_with_bindings : public testing::TestWithParam<const char*> {};

TEST_P(host_with_bindings, goes_well) { EXPECT_EQ(child{GetParam()}.wait(60s), 0); }

INSTANTIATE_TEST_SUITE_P(that, host_with_bindings,
                         testing::Values("binds_methods_that_take_turns",
                                         "binds_a_method_that_overruns_its_turn",
                                         "binds_methods_without_a_loop"),
                         [](const auto& instance) { return std::string{instance.param}; });

}  // namespace
}  // namespace backdoor::test
