// Containers: arrays, those of libstdc++ and those of libc++.
#pragma once

#include "reflect/inspector.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace backdoor::reflect {

/// Of a mapping a key and a value, else std::monostate and a value.
using element_pair = std::pair<content, content>;

/// Where a walk through a container has come to.
class walk {
public:
    virtual ~walk() = default;
    /// False where there are no more. Throws inconsistent.
    virtual bool next(element_pair& out) = 0;
};

/// One container, as it was when it was opened; its elements are read when they are asked for.
class container {
public:
    virtual ~container() = default;
    virtual std::uint64_t length() const = 0;
    virtual std::unique_ptr<walk> begin() = 0;
    /// By number. The caller has looked at length().
    virtual content element(std::uint64_t index);
    /// Of a mapping ordered by std::less, or by std::hash of libstdc++, whose keys are of that type: found
    /// without a walk. None: it has to be walked through.
    virtual std::optional<std::optional<content>> find(const content& key);
};

/// What of's type is, if it is one.
std::optional<shape> container_shape(const type& of);

/// Throws not_available for what is no container, or of another layout than is known; inconsistent
/// for one that cannot be as it is.
std::unique_ptr<container> open_container(inspector& with, const object& of);

/// Numbers of all kinds, and texts; none for what has no order.
std::optional<int> compare(const content& a, const content& b);

}  // namespace backdoor::reflect
