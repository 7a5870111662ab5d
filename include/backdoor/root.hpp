// Objects that the name `cpp` at the prompt is to know, though no global variable leads to them.
#pragma once

#include <backdoor/export.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace backdoor {

/// Makes an object known as `cpp.<name>`, from root() until it is destroyed.
/// Thread safety: as an int; distinct ones are independent.
class BACKDOOR_API root_handle {
public:
    root_handle() = default;
    root_handle(std::string name, const void* object, const std::type_info& type);
    root_handle(root_handle&&) noexcept;
    root_handle& operator=(root_handle&&) noexcept;
    ~root_handle();

private:
    class registration;
    std::unique_ptr<registration> registration_;
};

/// `cpp.<name>` at every prompt of the process is that object, while the result lives:
///
///     const auto root = backdoor::root("server", server);
///
/// Only its address and the name of its type are kept: what is in it is read by the program's debug
/// information when somebody looks (docs/reflect.md), and of a class with virtual functions as what
/// it really is. Nothing of it is copied or called, and it may end before the handle: then its memory
/// is shown as it is, or as a MemoryError. A name that is given twice is the last object's; a global
/// variable of that name is hidden. Thread safety: any thread.
template <class T>
[[nodiscard]] root_handle root(std::string name, const T& object) {
    static_assert(!std::is_pointer_v<T>, "give the object itself, not its address");
    return root_handle{std::move(name), std::addressof(object), typeid(T)};
}

template <class T>
root_handle root(std::string name, const T&& object) = delete;  // a temporary is gone at once

}  // namespace backdoor
