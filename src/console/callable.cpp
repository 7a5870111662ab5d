#include "console/callable.hpp"

#include "console/attendant.hpp"
#include "console/border.hpp"

#include <string>
#include <utility>

namespace backdoor {

namespace {

constexpr const char* work_name = "backdoor.work";

executor::work* work_in(PyObject* capsule) {
    return static_cast<executor::work*>(PyCapsule_GetPointer(capsule, work_name));
}

PyObject* do_work(PyObject* capsule, PyObject*) {
    return at_border([&] {
        auto* const held = work_in(capsule);
        if (held == nullptr) {
            throw python_error{};
        }
        // It is done once.
        if (const auto work = std::exchange(*held, {})) {
            const gil_released waiting;
            work();
        }
        return ref::share(Py_None).release();
    });
}

ref make_work(executor::work work) {
    static PyMethodDef method{"backdoor_work", do_work, METH_NOARGS, nullptr};
    auto held = std::make_unique<executor::work>(std::move(work));
    const auto capsule = checked(
        PyCapsule_New(held.get(), work_name, [](PyObject* self) { delete work_in(self); }));
    (void)held.release();
    return checked(PyCFunction_New(&method, capsule.get()));
}

}  // namespace

shared_object share_with_all_threads(PyObject* object) {
    return std::shared_ptr<ref>{new auto{ref::share(object)}, [](ref* held) {
                                    attendant::get().release(std::shared_ptr<ref>{held});
                                }};
}

error take_as_error() {
    const auto exception = ref::take(compat::take_exception());
    const auto text = ref::take(PyObject_Str(exception.get()));
    const char* const said = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
    PyErr_Clear();
    return error{std::string{Py_TYPE(exception.get())->tp_name} + ": " +
                 (said != nullptr ? said : "")};
}

executor executor_of(shared_object post) {
    return executor{[post = std::move(post)](executor::work work) {
        const gil_held gil;
        try {
            checked(PyObject_CallOneArg(post->get(), make_work(std::move(work)).get()));
        } catch (const python_error&) {
            throw take_as_error();
        }
    }};
}

}  // namespace backdoor
