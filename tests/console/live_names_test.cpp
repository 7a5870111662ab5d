#include "console/live_names.hpp"

#include "python_test.hpp"

namespace backdoor::test {
namespace {

class live_names : public with_python {
protected:
    ref make() {
        locals names;
        names.live("count", [this] { return ++count; });
        names.live("broken", []() -> int { throw std::runtime_error{"broken"}; });
        return make_live_dict(names.entries(), std::make_shared<const access_path>());
    }

    int count = 0;
};

TEST_F(live_names, are_read_at_each_access) {
    const auto names = make();
    EXPECT_EQ(repr(eval("it['count'], it['count'], it.get('count')", names)), "(1, 2, 3)");
}

TEST_F(live_names, are_names_like_others) {
    const auto names = make();
    EXPECT_EQ(repr(eval("'count' in it, 'other' in it, it.get('other', 5)", names)),
              "(True, False, 5)");
    EXPECT_EQ(repr(eval("sorted(it.keys())", names)), "['broken', 'count']");
    EXPECT_EQ(count, 0);
}

TEST_F(live_names, are_hidden_by_a_binding_and_come_back) {
    const auto names = make();
    check(PyDict_SetItemString(names.get(), "count", checked(PyLong_FromLong(7)).get()));
    EXPECT_EQ(repr(eval("it['count'], it.get('count')", names)), "(7, 7)");
    check(PyDict_DelItemString(names.get(), "count"));
    EXPECT_EQ(repr(eval("it['count']", names)), "1");
}

TEST_F(live_names, raise_what_getters_throw) {
    const auto names = make();
    EXPECT_THROW(eval("it['broken']", names), python_error);
    EXPECT_EQ(take_error(), "RuntimeError: broken");
    EXPECT_THROW(eval("it['other']", names), python_error);
    EXPECT_EQ(take_error(), "KeyError: 'other'");
    EXPECT_THROW(eval("it[5]", names), python_error);
    EXPECT_EQ(take_error(), "KeyError: 5");
}

}  // namespace
}  // namespace backdoor::test
