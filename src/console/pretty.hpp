// Containers on a terminal, a page at a time.
#pragma once

#include "console/ref.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace backdoor {

/// A container that was shown in part.
struct pager {
    ref container;
    std::size_t shown = 0;  ///< of its items
};

/// So many items are a page, and up to twice as many are shown at once.
inline constexpr std::size_t page_size = 50;

/// What a terminal shows of a list, tuple, dict, set, deque or the like: its first page, laid out, and
/// of what is in it no more than a page either. `rest` is set where there is more. Nothing for other
/// values. At most some 1,000 values are asked for their repr(). Throws python_error.
std::optional<std::string> first_page(PyObject* value, std::size_t columns, pager& rest);

/// The next page, of `size` items. Throws python_error.
std::string next_page(pager& rest, std::size_t columns, std::size_t size);

/// `more(count=50)`, of the console that it is called in.
ref make_more_function();

}  // namespace backdoor
