#include "reflect/node_containers.hpp"

#include "reflect/std_values.hpp"

#include <algorithm>
#include <array>

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
