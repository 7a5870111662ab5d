#include "reflect/node_containers.hpp"

#include "reflect/std_values.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace backdoor::reflect {

namespace {

constexpr std::size_t deepest_tree = 128;  // 2^64 elements
constexpr std::uint64_t most_elements = 1ULL << 40U;
constexpr std::uint64_t longest_uncounted = 1'000'000;

[[noreturn]] void changed(const object& of) {
    throw inconsistent{of.of->short_name() + " at " + hexadecimal(of.at) +
                       " changes while it is read; `with turn():` holds the loop still"};
}

std::uint64_t plausible(std::uint64_t count, const object& of) {
    if (count > most_elements) {
        throw inconsistent{of.of->short_name() + " at " + hexadecimal(of.at) + " claims to have " +
                           std::to_string(count) +
                           " elements: uninitialized, or just being changed"};
    }
    return count;
}

// ---- trees ------------------------------------------------------------------------------------

struct tree {
    inspector& with;
    object of;
    tree_layout where;
    node_values values;
    address root;
    std::uint64_t count;
};

class tree_walk final : public walk {
public:
    explicit tree_walk(const tree& of) : tree_{of} { descend(tree_.root); }

    bool next(element_pair& out) override {
        if (path_.empty()) {
            if (seen_ != tree_.count) {
                changed(tree_.of);
            }
            return false;
        }
        if (seen_++ == tree_.count) {
            changed(tree_.of);
        }
        const auto node = path_.back();
        path_.pop_back();
        const memory::excerpt whole{tree_.with.bytes(), node, tree_.values.end()};
        out = tree_.values.read(tree_.with, node);
        descend(tree_.with.bytes().read_pointer(node + tree_.where.right));
        return true;
    }

private:
    void descend(address node) {
        for (; node != 0; node = tree_.with.bytes().read_pointer(node + tree_.where.left)) {
            if (path_.size() == deepest_tree) {
                changed(tree_.of);
            }
            path_.push_back(node);
        }
    }

    const tree tree_;
    std::vector<address> path_;
    std::uint64_t seen_ = 0;
};

class tree_container final : public container {
public:
    explicit tree_container(tree of) : tree_{of} {}

    std::uint64_t length() const override { return tree_.count; }
    std::unique_ptr<walk> begin() override { return std::make_unique<tree_walk>(tree_); }

    std::optional<std::optional<content>> find(const content& key) override {
        const auto& arguments = tree_.of.of->bare()->details().arguments;
        const std::size_t comparator = tree_.values.mapped != nullptr ? 2 : 1;
        if (arguments.size() <= comparator || arguments[comparator].of == nullptr ||
            arguments[comparator].of->std_template() != "less") {
            return std::nullopt;
        }
        auto node = tree_.root;
        for (std::size_t depth = 0; node != 0; ++depth) {
            if (depth == deepest_tree) {
                changed(tree_.of);
            }
            const memory::excerpt whole{tree_.with.bytes(), node, tree_.values.end()};
            const auto here =
                tree_.with.read({tree_.values.key, node + tree_.values.offset});
            const auto order = compare(key, here);
            if (!order) {
                return std::nullopt;
            }
            if (*order == 0) {
                return std::optional{tree_.values.read(tree_.with, node).second};
            }
            node = tree_.with.bytes().read_pointer(
                node + (*order < 0 ? tree_.where.left : tree_.where.right));
        }
        return std::optional<content>{};
    }

private:
    const tree tree_;
};

// ---- hashes -----------------------------------------------------------------------------------

/// What libstdc++'s std::hash makes of a key of that type: of whole numbers themselves, of text what it does in
/// every version. None for other types.
std::optional<std::size_t> hash_of(const type& of, const content& key) {
    const auto& bare = *of.bare();
    switch (bare.kind) {
        case type_kind::boolean:
        case type_kind::integer:
        case type_kind::unsigned_integer:
            if (const auto* const number = std::get_if<std::int64_t>(&key)) {
                return static_cast<std::size_t>(*number);
            }
            if (const auto* const large = std::get_if<std::uint64_t>(&key)) {
                return static_cast<std::size_t>(*large);
            }
            break;
        case type_kind::record: {
            const auto name = bare.std_template();
            const auto* const text = std::get_if<std::string>(&key);
            if (text != nullptr && (name == "basic_string" || name == "basic_string_view") &&
                argument(bare, 0).size == sizeof(char)) {
                return std::hash<std::string_view>{}(*text);
            }
            break;
        }
        default:
            break;
    }
    return std::nullopt;
}

// ---- chains -----------------------------------------------------------------------------------

struct chain {
    inspector& with;
    object of;
    chain_layout where;
    node_values values;
    std::optional<std::uint64_t> count;
};

class chain_walk final : public walk {
public:
    explicit chain_walk(const chain& of)
        : chain_{of}, at_{of.with.bytes().read_pointer(of.of.at + of.where.first)} {}

    bool next(element_pair& out) override {
        if (at_ == 0 || (chain_.where.is_ring && at_ == chain_.of.at)) {
            if (chain_.count && seen_ != *chain_.count) {
                changed(chain_.of);
            }
            return false;
        }
        if (seen_++ == chain_.count.value_or(longest_uncounted)) {
            changed(chain_.of);
        }
        const memory::excerpt whole{chain_.with.bytes(), at_, chain_.values.end()};
        out = chain_.values.read(chain_.with, at_);
        at_ = chain_.with.bytes().read_pointer(at_ + chain_.where.next);
        return true;
    }

private:
    const chain chain_;
    address at_;
    std::uint64_t seen_ = 0;
};

class chain_container final : public container {
public:
    explicit chain_container(chain of) : chain_{of} {}

    std::uint64_t length() const override {
        if (chain_.count) {
            return *chain_.count;
        }
        std::uint64_t count = 0;
        auto at = chain_.with.bytes().read_pointer(chain_.of.at + chain_.where.first);
        for (; at != 0; at = chain_.with.bytes().read_pointer(at + chain_.where.next)) {
            if (count++ == longest_uncounted) {
                changed(chain_.of);
            }
        }
        return count;
    }
    std::unique_ptr<walk> begin() override { return std::make_unique<chain_walk>(chain_); }

    std::optional<std::optional<content>> find(const content& key) override {
        const auto& values = chain_.values;
        const auto wanted = values.mapped != nullptr && chain_.where.has_buckets && is_hashed_by_std()
                                ? hash_of(*values.key, key)
                                : std::nullopt;
        if (!wanted) {
            return std::nullopt;
        }
        const auto [table, size] = chain_.with.bytes().read<std::array<std::uint64_t, 2>>(chain_.of.at);
        if (size == 0 || size > most_elements) {
            changed(chain_.of);
        }
        const auto bucket = *wanted % size;
        // It has the node before its first.
        auto node = chain_.with.bytes().read_pointer(table + bucket * sizeof(address));
        if (node != 0) {
            node = chain_.with.bytes().read_pointer(node + chain_.where.next);
        }
        for (std::uint64_t seen = 0; node != 0; ++seen) {
            if (seen == chain_.count.value_or(0)) {
                changed(chain_.of);
            }
            const memory::excerpt whole{chain_.with.bytes(), node, values.end()};
            const auto here = chain_.with.read({values.key, node + values.offset});
            if (compare(key, here) == 0) {
                return std::optional{values.read(chain_.with, node).second};
            }
            const auto other = hash_of(*values.key, here);
            if (!other || *other % size != bucket) {
                break;  // of the next bucket
            }
            node = chain_.with.bytes().read_pointer(node + chain_.where.next);
        }
        return std::optional<content>{};
    }

    content element(std::uint64_t index) override {
        chain_walk all{chain_};
        element_pair one;
        for (std::uint64_t i = 0; all.next(one); ++i) {
            if (i == index) {
                return one.second;
            }
        }
        changed(chain_.of);
    }

private:
    bool is_hashed_by_std() const {
        const auto& arguments = chain_.of.of->bare()->details().arguments;
        constexpr std::size_t hash = 2;  // behind the key and what it leads to
        return arguments.size() > hash && arguments[hash].of != nullptr &&
               arguments[hash].of->std_template() == "hash";
    }

    const chain chain_;
};

}  // namespace

std::uint64_t node_values::end() const {
    return offset + (mapped != nullptr ? mapped_offset + mapped->size : key->size);
}

element_pair node_values::read(inspector& with, address node) const {
    auto first = with.read({key, node + offset});
    if (mapped == nullptr) {
        return {content{}, std::move(first)};
    }
    return {std::move(first), with.read({mapped, node + offset + mapped_offset})};
}

node_values values_of(const type& of, std::uint64_t header_size) {
    const auto& key = argument(of, 0);
    const auto name = of.std_template();
    if (!name.ends_with("map")) {
        return {aligned(header_size, key.alignment()), &key, nullptr, 0};
    }
    const auto& mapped = argument(of, 1);
    return {aligned(header_size, std::max(key.alignment(), mapped.alignment())), &key, &mapped,
            aligned(key.size, mapped.alignment())};
}

std::unique_ptr<container> open_tree(inspector& with, const object& of, const tree_layout& where) {
    const auto& bare = *of.of->bare();
    require_size(bare, where.size);
    const memory::excerpt whole{with.bytes(), of.at, where.size};
    return std::make_unique<tree_container>(
        tree{with, of, where, values_of(bare, where.node_header),
             with.bytes().read_pointer(of.at + where.root),
             plausible(with.bytes().read<std::uint64_t>(of.at + where.count), of)});
}

std::unique_ptr<container> open_chain(inspector& with, const object& of, const chain_layout& where) {
    const auto& bare = *of.of->bare();
    require_size(bare, where.size);
    std::optional<std::uint64_t> count;
    if (where.count) {
        count = plausible(with.bytes().read<std::uint64_t>(of.at + *where.count), of);
    }
    return std::make_unique<chain_container>(
        chain{with, of, where, values_of(bare, where.node_header), count});
}

}  // namespace backdoor::reflect
