// The host's objects at the prompt, by one line each.
#include <backdoor/backdoor.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "support/host.hpp"

namespace yard {

enum class gate { open = 1, closed };
enum flags { none = 0, shared = 1 << 9 };

struct crate {
    int number = 0;
    std::string label;
    bool operator==(const crate&) const = default;
};
void describe(backdoor::members<crate>& of) {
    of.member("number", &crate::number).member("label", &crate::label, "What is written on it.");
}

class shed {
public:
    int lift(int number, std::optional<int> by) {
        if (number < 0) {
            throw std::out_of_range{"no such crate"};
        }
        return number + by.value_or(1);
    }
    std::size_t count() const { return crates_.size(); }
    void close() { state_ = gate::closed; }

    std::vector<crate> crates_{{1, "nails"}, {2, "rope"}};
    std::map<std::string, crate> by_name_{{"ann", {7, "tea"}}};
    std::unordered_map<int, std::vector<int>> routes_{{3, {4, 5}}};
    gate state_ = gate::open;
    std::unique_ptr<crate> spare_ = std::make_unique<crate>(crate{9, "spare"});
    std::shared_ptr<crate> borrowed_ = std::make_shared<crate>(crate{8, "borrowed"});
    std::optional<crate> none_;
    std::variant<int, crate> either_ = crate{6, "either"};
    std::tuple<int, std::vector<int>> pair_{1, {2, 3}};

    friend void describe(backdoor::members<shed>& of) {
        of.documentation("Where the crates are.")
            .member("crates", &shed::crates_, "All of them.")
            .member("by_name", &shed::by_name_)
            .member("routes", &shed::routes_)
            .member("state", &shed::state_)
            .member("spare", &shed::spare_)
            .member("borrowed", &shed::borrowed_)
            .member("none", &shed::none_)
            .member("either", &shed::either_)
            .member("pair", &shed::pair_)
            .member("count", &shed::count)
            .member("heaviest", [](const shed& s) { return s.crates_.back(); })
            .function("lift", &shed::lift, {"number", "by"}, "Lift one.")
            .function("close", &shed::close);
    }
};

struct busy {
    std::promise<void> entered;
    std::promise<void> leave;
    backdoor::exposure* shown = nullptr;

    int wait() {
        entered.set_value();
        leave.get_future().wait();
        return 5;
    }
    void end() { shown->end(); }
};
void describe(backdoor::members<busy>& of) {
    of.function("wait", &busy::wait).function("end", &busy::end);
}

}  // namespace yard

namespace backdoor::test {
namespace {

/// An object under the name `it`, and a client.
template <class T>
class exposed {
public:
    explicit exposed(T& object) : shown{names.expose("it", object)}, h{names}, one{h.greeted_client()} {}
    std::string operator()(std::string_view command) {
        auto text = one.run(command);
        if (!text.empty()) {
            text.pop_back();
        }
        return text.substr(text.rfind('\n') + 1);
    }

    locals names;
    exposure shown;
    host h;
    client one;
};

template <class T>
std::string shown(T object) {
    return exposed<T>{object}("it");
}

TEST(exposed, values_are_pythons) {
    EXPECT_EQ(shown(42), "42");
    EXPECT_EQ(shown(std::string{"text"}), "'text'");
    EXPECT_EQ(shown(yard::gate::closed), "<yard::gate.closed: 2>");
    EXPECT_EQ(shown(static_cast<yard::gate>(9)), "9");
    EXPECT_EQ(shown(yard::shared), "<yard::flags.shared: 512>");
    EXPECT_EQ(shown(std::chrono::milliseconds{1500}), "datetime.timedelta(seconds=1, microseconds=500000)");
    EXPECT_EQ(shown(std::chrono::system_clock::time_point{std::chrono::hours{24}}),
              "datetime.datetime(1970, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)");
    EXPECT_EQ(shown(std::filesystem::path{"/a/b"}), "'/a/b'");
    EXPECT_EQ(shown(std::optional<int>{}), "");
    EXPECT_EQ(shown(std::variant<int, std::string>{"v"}), "'v'");
}

TEST(exposed, values_are_live) {
    std::atomic<int> count{1};
    std::string text = "one";
    exposed<std::atomic<int>> counter{count};
    EXPECT_EQ(counter("it"), "1");
    count = 2;
    EXPECT_EQ(counter("it"), "2");
    exposed<std::string> name{text};
    EXPECT_EQ(name("it"), "'one'");
    text = "two";
    EXPECT_EQ(name("it"), "'two'");
}

TEST(exposed, sequences_have_bounds) {
    std::vector<int> numbers{1, 2, 5};
    exposed<std::vector<int>> it{numbers};
    EXPECT_EQ(it("it"), "[1, 2, 5]");
    EXPECT_EQ(it("it[0], it[-1], len(it), it[1:], it[::-1], list(it), 5 in it"),
              "(1, 5, 3, [2, 5], [5, 2, 1], [1, 2, 5], True)");
    EXPECT_EQ(it("it[3]"), "IndexError: it has 3 elements");
    EXPECT_EQ(it("it[-4]"), "IndexError: it has 3 elements");
    EXPECT_EQ(it("it[0] = 1"), "TypeError: 'backdoor.sequence' object does not support item assignment");
    numbers.push_back(7);
    EXPECT_EQ(it("it[3]"), "7");
}

TEST(exposed, other_sequences_too) {
    EXPECT_EQ(shown(std::deque<std::string>{"a"}), "['a']");
    EXPECT_EQ(shown(std::list<int>{1, 2}), "[1, 2]");
    EXPECT_EQ(shown(std::vector<bool>{true, false}), "[True, False]");
    EXPECT_EQ(shown(std::array<std::array<int, 2>, 2>{{{1, 2}, {3, 4}}}), "[[1, 2], [3, 4]]");
    std::vector<bool> bits{true, false};
    EXPECT_EQ(exposed<std::vector<bool>>{bits}("it[1], it[0]"), "(False, True)");
    std::vector<std::vector<int>> nested{{1}, {2, 3}};
    EXPECT_EQ(exposed<std::vector<std::vector<int>>>{nested}("it[1][1], len(it[1])"), "(3, 2)");
}

TEST(exposed, sets_are_asked) {
    std::set<std::string> names{"a", "b"};
    exposed<std::set<std::string>> it{names};
    EXPECT_EQ(it("'a' in it, 'c' in it, 3 in it, len(it), sorted(it)"),
              "(True, False, False, 2, ['a', 'b'])");
}

TEST(exposed, mappings_have_keys) {
    std::map<std::string, int> prices{{"pear", 5}, {"plum", 2}};
    exposed<std::map<std::string, int>> it{prices};
    EXPECT_EQ(it("it"), "{'pear': 5, 'plum': 2}");
    EXPECT_EQ(it("it['pear'], it.get('fig'), it.get('fig', 0), len(it), 'plum' in it, 7 in it"),
              "(5, None, 0, 2, True, False)");
    EXPECT_EQ(it("list(it), list(it.values()), dict(it.items())"),
              "(['pear', 'plum'], [5, 2], {'pear': 5, 'plum': 2})");
    EXPECT_EQ(it("it['fig']"), "KeyError: 'fig'");
}

TEST(exposed, long_containers_are_cut_where_they_are_shown) {
    std::vector<int> many(1'000, 1);
    EXPECT_EQ(exposed<std::vector<int>>{many}("it"), "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ...]");
    std::map<int, std::vector<std::vector<std::vector<int>>>> deep{{1, {{{2}}}}};
    EXPECT_EQ((exposed<decltype(deep)>{deep}("it")), "{1: [[...]]}");
    many.resize(live_object::most_elements + 1);
    exposed<std::vector<int>> it{many};
    EXPECT_EQ(it("list(it)"), "ValueError: too many elements for one look; take a part, as [:1000]");
    EXPECT_EQ(it("len(it[:1000])"), "1000");
}

class exposed_class : public testing::Test {
protected:
    yard::shed shed;
    exposed<yard::shed> it{shed};
};

TEST_F(exposed_class, has_its_members) {
    EXPECT_EQ(it("it.state, it.count, it.none, it.pair[0], it.pair[1][1]"),
              "(<yard::gate.open: 1>, 2, None, 1, 3)");
    EXPECT_EQ(it("it.crates[1].label, it.by_name['ann'].number, it.routes[3][-1]"), "('rope', 7, 5)");
    EXPECT_EQ(it("it.spare.label, it.borrowed.label, it.either.number, it.heaviest"),
              "('spare', 'borrowed', 6, yard::crate(number=2, label='rope'))");
    shed.crates_[1].label = "wire";
    EXPECT_EQ(it("it.crates[1]"), "yard::crate(number=2, label='wire')");
    EXPECT_EQ(it("it.count = 3"), "AttributeError: 'count' is a C++ object's, and read-only here");
    EXPECT_EQ(it("it.weight"), "AttributeError: 'backdoor.yard::shed' object has no attribute 'weight'");
}

TEST_F(exposed_class, has_its_functions) {
    EXPECT_EQ(it("it.lift(3), it.lift(3, 2), it.lift(by=4, number=1)"), "(4, 5, 5)");
    EXPECT_EQ(it("it.lift()"), "TypeError: lift(): takes 1 to 2 arguments (0 given)");
    EXPECT_EQ(it("it.lift(by=1)"), "TypeError: lift(): 'number' is missing");
    EXPECT_EQ(it("it.lift(1, number=1)"), "TypeError: lift(): 'number' is given twice");
    EXPECT_EQ(it("it.lift(1, far=1)"), "TypeError: lift(): has no parameter 'far'");
    EXPECT_EQ(it("it.lift(-1)"), "IndexError: no such crate");
    it("it.close()");
    EXPECT_EQ(it("it.state"), "<yard::gate.closed: 2>");
}

TEST_F(exposed_class, is_a_copy_where_one_goes_through_a_container) {
    it("first = list(it.crates)[0]; all = list(it.crates)");
    shed.crates_[0].number = 100;
    EXPECT_EQ(it("first.number, it.crates[0].number, first"), "(1, 100, yard::crate(number=1, label='nails'))");
    EXPECT_EQ(it("all[0] == first, all[0] == all[1], len({first, all[0]})"), "(True, False, 1)");
    EXPECT_EQ(it("from copy import copy; copy(it).by_name['ann']"), "yard::crate(number=7, label='tea')");
}

TEST_F(exposed_class, says_where_a_part_of_it_is_gone) {
    it("crate = it.crates[1]; tea = it.by_name['ann']; spare = it.spare; borrowed = it.borrowed");
    EXPECT_EQ(it("crate.number, tea.number, spare.number, borrowed.number"), "(2, 7, 9, 8)");
    shed.crates_.clear();
    shed.by_name_.clear();
    shed.spare_.reset();
    shed.borrowed_.reset();
    EXPECT_EQ(it("crate.number"), "ReferenceError: element 1 is gone");
    EXPECT_EQ(it("tea.number"), "ReferenceError: the element with that key is gone");
    EXPECT_EQ(it("spare.number"), "ReferenceError: the object is gone");
    EXPECT_EQ(it("borrowed.number"), "ReferenceError: the object is gone");
    EXPECT_EQ(it("it.spare, it.borrowed"), "(None, None)");
}

TEST_F(exposed_class, reads_well) {
    EXPECT_EQ(it("dir(it)[:3], 'lift' in dir(it)"), "(['borrowed', 'by_name', 'close'], True)");
    const auto help = it.one.run("help(it)");
    EXPECT_NE(help.find("Where the crates are."), std::string::npos) << help;
    EXPECT_NE(help.find("lift(self, number, by=None)"), std::string::npos) << help;
    EXPECT_NE(help.find("Lift one."), std::string::npos) << help;
    EXPECT_NE(help.find("All of them."), std::string::npos) << help;
    const auto lift = it.one.run("help(it.lift)");
    EXPECT_NE(lift.find("lift(number, by=None)\n    Lift one."), std::string::npos) << lift;
    EXPECT_TRUE(it("it").starts_with("yard::shed(crates=[yard::crate(number=1, label='nails'), "))
        << it("it");
    EXPECT_EQ(it("it.lift"), "<C++ function lift>");
}

TEST_F(exposed_class, raises_once_its_handle_is_gone) {
    it("crates = it.crates; lift = it.lift");
    it.shown.end();
    for (const auto* command : {"it", "it.count", "crates", "crates[0]", "len(crates)", "lift(1)"}) {
        EXPECT_EQ(it(command), "ReferenceError: the C++ object 'it' is gone") << command;
    }
}

TEST(exposed_const, is_not_changed) {
    const yard::shed shed;
    exposed<const yard::shed> it{shed};
    EXPECT_EQ(it("it.close()"), "TypeError: close(): changes the object, which is exposed as const");
    EXPECT_EQ(it("it.state"), "<yard::gate.open: 1>");
}

TEST(exposed_shared, lasts_as_long_as_its_owner_keeps_it) {
    auto owner = std::make_shared<yard::crate>(yard::crate{1, "a"});
    locals names;
    names.expose("it", owner);
    names.function("crates", [&] { return std::vector{owner}; });
    const host h{names};
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("mine = crates()[0]; it.number, mine.number"), "(1, 1)\n");
    owner->number = 2;
    EXPECT_EQ(one.run("it.number, mine.number"), "(2, 2)\n");
    owner = nullptr;
    EXPECT_TRUE(one.run("it.number").ends_with("ReferenceError: the object is gone\n"));
    EXPECT_TRUE(one.run("mine").ends_with("ReferenceError: the object is gone\n"));
}

TEST(exposed_handle, waits_for_the_looks_of_others_and_not_for_its_own_functions) {
    yard::busy busy;
    exposed<yard::busy> it{busy};
    it.one.send("it.wait()\n");
    busy.entered.get_future().wait();
    auto ended = std::async(std::launch::async, [&] { it.shown.end(); });
    EXPECT_EQ(ended.wait_for(std::chrono::milliseconds{50}), std::future_status::timeout);
    busy.leave.set_value();
    ended.get();
    EXPECT_EQ(it.one.read_until(">>> "), "5\n>>> ");

    yard::busy other;
    exposed<yard::busy> that{other};
    other.shown = &that.shown;
    EXPECT_EQ(that("it.end()"), "");
    EXPECT_EQ(that("it"), "ReferenceError: the C++ object 'it' is gone");
}

TEST(exposed_handle, waits_no_longer_than_it_is_told_to) {
    yard::busy busy;
    exposed<yard::busy> it{busy};
    it.one.send("it.wait()\n");
    busy.entered.get_future().wait();
    EXPECT_FALSE(it.shown.end(std::chrono::milliseconds{10}));
    busy.leave.set_value();
    EXPECT_EQ(it.one.read_until(">>> "), "5\n>>> ");
    EXPECT_EQ(it("it"), "ReferenceError: the C++ object 'it' is gone");
}

TEST(exposed_with_an_executor, is_looked_at_on_the_hosts_loop) {
    boost::asio::io_context io;
    auto work = boost::asio::make_work_guard(io);
    std::thread loop{[&] { io.run(); }};
    std::map<int, int> numbers{{0, 0}};
    std::atomic<bool> going{true};
    // Changes it all the time, without a lock.
    std::function<void()> change = [&] {
        if (going) {
            numbers.clear();
            for (int i = 0; i < 20; ++i) {
                numbers[i] = numbers[0] + 1;
            }
            boost::asio::post(io, change);
        }
    };
    boost::asio::post(io, change);
    {
        locals names;
        std::promise<void> ready;
        auto shown = std::make_optional(names.expose("it", numbers));
        options choices;
        choices.executor = io.get_executor();
        const host h{names, choices};
        auto one = h.greeted_client();
        EXPECT_EQ(one.run("all(len(list(it.values())) == 20 for i in range(200))"), "True\n");
        EXPECT_EQ(one.run("turn(lambda: len(it) == len(dict(it.items())))"), "True\n");
        boost::asio::post(io, [&] {
            shown.reset();
            ready.set_value();
        });
        ready.get_future().wait();
        EXPECT_TRUE(one.run("len(it)").ends_with("ReferenceError: the C++ object 'it' is gone\n"));
    }
    going = false;
    work.reset();
    loop.join();
}

TEST(functions, take_enumerations_and_times_by_name) {
    locals names;
    names.function("turn_gate", [](yard::gate to) { return to; }, {"to"}, "Turn it.");
    names.function("wait", [](std::chrono::milliseconds limit) { return limit.count(); });
    const host h{names};
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("turn_gate('closed'), turn_gate(1), turn_gate(to=turn_gate(2))"),
              "(<yard::gate.closed: 2>, <yard::gate.open: 1>, <yard::gate.closed: 2>)\n");
    EXPECT_TRUE(one.run("turn_gate('ajar')").ends_with(
        "TypeError: turn_gate(): argument 1: expected an integer or one of 'open', 'closed'\n"));
    EXPECT_EQ(one.run("import datetime; wait(0.25), wait(2), wait(datetime.timedelta(milliseconds=7))"),
              "(250, 2000, 7)\n");
    EXPECT_TRUE(one.run("wait(1e300)").ends_with("expected a shorter time\n"));
    EXPECT_NE(one.run("help(turn_gate)").find("turn_gate(to)\n    Turn it."), std::string::npos);
}

TEST(functions, want_as_many_names_as_parameters) {
    locals names;
    EXPECT_THROW(names.function("f", [](int) {}, {"a", "b"}, ""), error);
}

}  // namespace
}  // namespace backdoor::test
