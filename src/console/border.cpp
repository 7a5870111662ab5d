#include "console/border.hpp"

#include "reflect/error.hpp"

#include <backdoor/value.hpp>

#include <cxxabi.h>

#include <new>
#include <stdexcept>

namespace backdoor {

void set_python_error() {
    try {
        throw;
    } catch (const abi::__forced_unwind&) {
        throw;  // pthread_exit() by CPython, while it finalizes
    } catch (const python_error&) {
        // Python's own, on its way through C++.
    } catch (const bad_argument& failure) {
        PyErr_SetString(PyExc_TypeError, failure.what());
    } catch (const std::invalid_argument& failure) {
        PyErr_SetString(PyExc_ValueError, failure.what());
    } catch (const std::domain_error& failure) {
        PyErr_SetString(PyExc_ValueError, failure.what());
    } catch (const std::length_error& failure) {
        PyErr_SetString(PyExc_ValueError, failure.what());
    } catch (const std::out_of_range& failure) {
        PyErr_SetString(PyExc_IndexError, failure.what());
    } catch (const object_gone& failure) {
        PyErr_SetString(PyExc_ReferenceError, failure.what());
    } catch (const reflect::memory_error& failure) {
        PyErr_SetString(PyExc_MemoryError, failure.what());
    } catch (const reflect::no_such_name& failure) {
        PyErr_SetString(PyExc_AttributeError, failure.what());
    } catch (const reflect::not_available& failure) {
        PyErr_SetString(PyExc_LookupError, failure.what());
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    } catch (const std::exception& failure) {
        PyErr_SetString(PyExc_RuntimeError, failure.what());
    } catch (...) {
        PyErr_SetString(PyExc_RuntimeError, "an exception that is no std::exception");
    }
}

ref to_str(std::string_view text) {
    return checked(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()),
                                        "surrogateescape"));
}

}  // namespace backdoor
