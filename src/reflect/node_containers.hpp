// Containers of linked nodes: trees, hash tables, lists.
#pragma once

#include "reflect/containers.hpp"

namespace backdoor::reflect {

/// What all nodes of a container hold.
struct node_values {
    std::uint64_t offset;  ///< in the node
    const type* key;       ///< or the value, where it is no mapping
    const type* mapped;    ///< null: no mapping
    std::uint64_t mapped_offset;

    std::uint64_t end() const;
    element_pair read(inspector& with, address node) const;
};

/// `header_size`: bytes of a node before its value.
node_values values_of(const type& of, std::uint64_t header_size);

/// Where a library puts what.
struct tree_layout {
    std::uint64_t size, root, count;            ///< in the container
    std::uint64_t left, right, node_header;     ///< in a node
};
struct chain_layout {
    std::uint64_t size, first, next, node_header;
    std::optional<std::uint64_t> count;
    bool is_ring;  ///< the last node leads back to the container
    bool has_buckets = false;  ///< that begins with libstdc++'s table of them, and their number
};

std::unique_ptr<container> open_tree(inspector& with, const object& of, const tree_layout& where);
std::unique_ptr<container> open_chain(inspector& with, const object& of, const chain_layout& where);

}  // namespace backdoor::reflect
