#include "console/border.hpp"
#include "console/reflection/cpp_views.hpp"
#include "console/holding.hpp"

#include <memory>
#include <vector>

namespace backdoor {

namespace {

constexpr std::size_t at_once = 128;

struct iteration {
    std::unique_ptr<reflect::cursor> at;
    gives what;
    std::vector<std::pair<reflect::content, reflect::content>> read;
    std::size_t given = 0;
    std::size_t total = 0;
};

ref give(look& at, const iteration& of, const std::pair<reflect::content, reflect::content>& one) {
    switch (of.what) {
        case gives::keys:
            return to_python(at, one.first);
        case gives::values:
            return to_python(at, one.second);
        case gives::items:
            break;
    }
    return checked(PyTuple_Pack(2, to_python(at, one.first).get(), to_python(at, one.second).get()));
}

PyObject* next(PyObject* self) {
    return at_border([&]() -> PyObject* {
        auto& one = held<iteration>(self);
        look at;
        if (one.given == one.read.size()) {
            raise_pending_interrupt();
            one.read = one.at->next(at_once);
            one.given = 0;
            if (one.read.empty()) {
                return nullptr;
            }
        }
        if (one.total++ == most_elements) {
            PyErr_Format(PyExc_RuntimeError,
                         "more than %zu elements: take a part, with itertools.islice() or [:1000]",
                         most_elements);
            return nullptr;
        }
        return give(at, one, one.read[one.given++]).release();
    });
}

PyTypeObject* iterator_type() {
    static PyType_Slot slots[] = {
        {Py_tp_iter, slot(PyObject_SelfIter)},
        {Py_tp_iternext, slot(next)},
        {Py_tp_dealloc, slot(dealloc_holding<iteration>)},
        {0, nullptr},
    };
    static PyTypeObject* const type = make_holding_type<iteration>("backdoor.cpp_iterator", slots);
    return type;
}

}  // namespace

ref make_cpp_iterator(const reflect::object& of, gives what) {
    look at;
    iteration one;
    one.at = at->iterate(of);
    one.what = what;
    return make_holding<iteration>(iterator_type(), std::move(one));
}

}  // namespace backdoor
