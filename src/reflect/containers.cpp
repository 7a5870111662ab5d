#include "reflect/containers.hpp"

#include "reflect/node_containers.hpp"
#include "reflect/std_values.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace backdoor::reflect {

namespace {

[[noreturn]] void impossible(const object& of) {
    throw inconsistent{of.of->short_name() + " at " + hexadecimal(of.at) +
                       " cannot be as it is: uninitialized, or just being changed"};
}

class indexed_walk final : public walk {
public:
    explicit indexed_walk(std::shared_ptr<container> of) : of_{std::move(of)} {}
    bool next(element_pair& out) override {
        if (at_ == of_->length()) {
            return false;
        }
        out = {content{}, of_->element(at_++)};
        return true;
    }

private:
    std::shared_ptr<container> of_;
    std::uint64_t at_ = 0;
};

// ---- elements side by side --------------------------------------------------------------------

struct run {
    inspector& with;
    const type& element;
    address begin;
    std::uint64_t count;

    address place_of(std::uint64_t index) const { return begin + index * element.size; }
    content read(std::uint64_t index) const { return with.read({&element, place_of(index)}); }
};

/// Reads many elements at once.
class run_walk final : public walk {
public:
    explicit run_walk(const run& of) : run_{of} {}
    bool next(element_pair& out) override {
        if (at_ == run_.count) {
            return false;
        }
        if (at_ == end_) {
            read_on();
        }
        if (bytes_.empty()) {
            out = {content{}, run_.read(at_++)};
        } else {
            const memory::excerpt known{run_.with.bytes(), begin_, std::string_view{bytes_}};
            out = {content{}, run_.read(at_++)};
        }
        return true;
    }

private:
    static constexpr std::uint64_t at_once = 16 * 1024;

    void read_on() {
        const auto step = std::max<std::uint64_t>(at_once / run_.element.size, 1);
        end_ = std::min(run_.count, at_ + step);
        begin_ = run_.place_of(at_);
        const auto size = (end_ - at_) * run_.element.size;
        bytes_ = size <= at_once ? run_.with.bytes().read_bytes(begin_, size) : "";
    }

    const run run_;
    std::uint64_t at_ = 0;
    std::uint64_t end_ = 0;
    address begin_ = 0;
    std::string bytes_;
};

class contiguous final : public container {
public:
    explicit contiguous(const run& of) : run_{of} {}
    std::uint64_t length() const override { return run_.count; }
    content element(std::uint64_t index) override { return run_.read(index); }
    std::unique_ptr<walk> begin() override { return std::make_unique<run_walk>(run_); }

private:
    const run run_;
};

class bits final : public container {
public:
    bits(inspector& with, address begin, std::uint64_t count)
        : with_{with}, begin_{begin}, count_{count} {}

    std::uint64_t length() const override { return count_; }
    content element(std::uint64_t index) override {
        const auto byte = with_.bytes().read<unsigned char>(begin_ + index / 8);
        return ((byte >> (index % 8)) & 1U) != 0;
    }
    std::unique_ptr<walk> begin() override {
        return std::make_unique<indexed_walk>(std::make_shared<bits>(*this));
    }

private:
    inspector& with_;
    address begin_;
    std::uint64_t count_;
};

std::unique_ptr<container> elements_at(inspector& with, const object& of, const type& element,
                                       address begin, std::uint64_t bytes) {
    if (element.size == 0 || bytes % element.size != 0 || bytes > (1ULL << 46U)) {
        impossible(of);
    }
    return std::make_unique<contiguous>(run{with, element, begin, bytes / element.size});
}

std::unique_ptr<container> open_vector(inspector& with, const object& of) {
    const auto& bare = *of.of->bare();
    const auto& element = argument(bare, 0);
    if (element.bare()->kind == type_kind::boolean) {
        if (is_libcxx(bare)) {
            require_size(bare, 24);
            const auto head = with.bytes().read<std::array<std::uint64_t, 2>>(of.at);
            return std::make_unique<bits>(with, head[0], head[1]);
        }
        require_size(bare, 40);
        const auto head = with.bytes().read<std::array<std::uint64_t, 4>>(of.at);
        const auto count = (head[2] - head[0]) * 8 + (head[3] & 63U) - (head[1] & 63U);
        if (head[2] < head[0] || count > (1ULL << 46U)) {
            impossible(of);
        }
        return std::make_unique<bits>(with, head[0], count);
    }
    require_size(bare, 24);
    const auto head = with.bytes().read<std::array<address, 3>>(of.at);
    if (head[1] < head[0] || head[2] < head[1]) {
        impossible(of);
    }
    return elements_at(with, of, element, head[0], head[1] - head[0]);
}

std::unique_ptr<container> open_array(inspector& with, const object& of) {
    const auto& bare = *of.of->bare();
    const auto& element = argument(bare, 0);
    const auto& arguments = bare.details().arguments;
    const auto count = arguments.size() > 1 ? arguments[1].value.value_or(0) : 0;
    if (element.size == 0 || count < 0) {
        impossible(of);
    }
    return std::make_unique<contiguous>(
        run{with, element, of.at, static_cast<std::uint64_t>(count)});
}

std::unique_ptr<container> open_plain_array(inspector& with, const object& of) {
    const auto& bare = *of.of->bare();
    const auto* const element = bare.target();
    if (element == nullptr || element->size == 0 || !bare.count) {
        throw not_available{"how many elements " + bare.short_name() + " has is not known"};
    }
    return std::make_unique<contiguous>(run{with, *element, of.at, *bare.count});
}

/// A pointer and a length: a span, an initializer_list.
std::unique_ptr<container> open_span(inspector& with, const object& of) {
    const auto& bare = *of.of->bare();
    const auto& element = argument(bare, 0);
    const auto begin = with.bytes().read_pointer(of.at);
    const auto& arguments = bare.details().arguments;
    std::uint64_t count = 0;
    if (bare.size == sizeof(address) && arguments.size() > 1) {
        count = static_cast<std::uint64_t>(arguments[1].value.value_or(0));
    } else {
        require_size(bare, 16);
        count = with.bytes().read<std::uint64_t>(of.at + 8);
    }
    if (count > (1ULL << 46U) / std::max<std::uint64_t>(element.size, 1)) {
        impossible(of);
    }
    return elements_at(with, of, element, begin, count * element.size);
}

// ---- a deque ----------------------------------------------------------------------------------

class blocks final : public container {
public:
    blocks(inspector& with, const type& element, address map, std::uint64_t per_block,
           std::uint64_t first, std::uint64_t count)
        : with_{with}, element_{element}, map_{map}, per_block_{per_block}, first_{first},
          count_{count} {}

    std::uint64_t length() const override { return count_; }
    content element(std::uint64_t index) override {
        const auto at = first_ + index;
        const auto block = with_.bytes().read_pointer(map_ + at / per_block_ * sizeof(address));
        return with_.read({&element_, block + at % per_block_ * element_.size});
    }
    std::unique_ptr<walk> begin() override {
        return std::make_unique<indexed_walk>(std::make_shared<blocks>(*this));
    }

private:
    inspector& with_;
    const type& element_;
    address map_;
    std::uint64_t per_block_;
    std::uint64_t first_;
    std::uint64_t count_;
};

std::unique_ptr<container> open_deque(inspector& with, const object& of) {
    const auto& bare = *of.of->bare();
    const auto& element = argument(bare, 0);
    if (element.size == 0) {
        impossible(of);
    }
    if (is_libcxx(bare)) {
        require_size(bare, 48);
        const auto words = with.bytes().read<std::array<std::uint64_t, 6>>(of.at);
        const auto per_block = element.size < 256 ? 4096 / element.size : 16;
        return std::make_unique<blocks>(with, element, words[1], per_block, words[4], words[5]);
    }
    require_size(bare, 80);
    const auto words = with.bytes().read<std::array<std::uint64_t, 10>>(of.at);
    // Iterators, of a place, its block's begin and end, and the block's place in the map.
    const auto* const start = &words[2];
    const auto* const finish = &words[6];
    const auto per_block = element.size < 512 ? 512 / element.size : 1;
    if (finish[3] < start[3] || start[0] < start[1] || finish[0] < finish[1]) {
        impossible(of);
    }
    const auto first = (start[0] - start[1]) / element.size;
    const auto last =
        (finish[3] - start[3]) / sizeof(address) * per_block + (finish[0] - finish[1]) / element.size;
    if (last < first) {
        impossible(of);
    }
    return std::make_unique<blocks>(with, element, start[3], per_block, first, last - first);
}

// ---- nodes ------------------------------------------------------------------------------------

std::unique_ptr<container> open_ordered(inspector& with, const object& of) {
    static constexpr tree_layout gnu{48, 16, 40, 16, 24, 32};
    // A node's value follows the colour, in what would be padding.
    static constexpr tree_layout llvm{24, 8, 16, 0, 8, 25};
    return open_tree(with, of, is_libcxx(*of.of->bare()) ? llvm : gnu);
}

std::unique_ptr<container> open_unordered(inspector& with, const object& of) {
    static constexpr chain_layout gnu{56, 16, 0, 8, 24, false, true};
    static constexpr chain_layout llvm{40, 16, 0, 16, 24, false};
    return open_chain(with, of, is_libcxx(*of.of->bare()) ? llvm : gnu);
}

std::unique_ptr<container> open_list(inspector& with, const object& of) {
    static constexpr chain_layout gnu{24, 0, 0, 16, 16, true};
    static constexpr chain_layout llvm{24, 8, 8, 16, 16, true};
    return open_chain(with, of, is_libcxx(*of.of->bare()) ? llvm : gnu);
}

std::unique_ptr<container> open_forward_list(inspector& with, const object& of) {
    return open_chain(with, of, {8, 0, 0, 8, std::nullopt, false});
}

struct known_container {
    shape as;
    std::unique_ptr<container> (*open)(inspector&, const object&);
};

const known_container* find_known(const type& of) {
    static const std::unordered_map<std::string_view, known_container> all{
        {"vector", {shape::sequence, open_vector}},
        {"array", {shape::sequence, open_array}},
        {"span", {shape::sequence, open_span}},
        {"initializer_list", {shape::sequence, open_span}},
        {"deque", {shape::sequence, open_deque}},
        {"list", {shape::sequence, open_list}},
        {"forward_list", {shape::sequence, open_forward_list}},
        {"map", {shape::mapping, open_ordered}},
        {"multimap", {shape::mapping, open_ordered}},
        {"set", {shape::elements, open_ordered}},
        {"multiset", {shape::elements, open_ordered}},
        {"unordered_map", {shape::mapping, open_unordered}},
        {"unordered_multimap", {shape::mapping, open_unordered}},
        {"unordered_set", {shape::elements, open_unordered}},
        {"unordered_multiset", {shape::elements, open_unordered}},
    };
    const auto found = all.find(of.std_template());
    return found != all.end() ? &found->second : nullptr;
}

}  // namespace

content container::element(std::uint64_t) {
    throw not_available{"its elements have no numbers"};
}

std::optional<std::optional<content>> container::find(const content&) { return std::nullopt; }

std::optional<shape> container_shape(const type& of) {
    if (const auto* const known = find_known(of)) {
        return known->as;
    }
    const auto* const bare = of.bare();
    return bare != nullptr && bare->kind == type_kind::array ? std::optional{shape::sequence}
                                                             : std::nullopt;
}

std::unique_ptr<container> open_container(inspector& with, const object& of) {
    if (const auto* const known = find_known(*of.of)) {
        return known->open(with, of);
    }
    const auto* const bare = of.of->bare();
    if (bare != nullptr && bare->kind == type_kind::array) {
        return open_plain_array(with, of);
    }
    throw not_available{of.of->short_name() + " is no container"};
}

std::optional<int> compare(const content& a, const content& b) {
    const auto number = [](const content& one) -> std::optional<long double> {
        if (const auto* const i = std::get_if<std::int64_t>(&one)) {
            return *i;
        }
        if (const auto* const u = std::get_if<std::uint64_t>(&one)) {
            return *u;
        }
        if (const auto* const d = std::get_if<double>(&one)) {
            return *d;
        }
        if (const auto* const t = std::get_if<bool>(&one)) {
            return *t ? 1 : 0;
        }
        if (const auto* const e = std::get_if<enumerated>(&one)) {
            return e->number;
        }
        return std::nullopt;
    };
    const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
    const auto* const text_a = std::get_if<std::string>(&a);
    const auto* const text_b = std::get_if<std::string>(&b);
    if (text_a != nullptr && text_b != nullptr) {
        return order(*text_a, *text_b);
    }
    const auto number_a = number(a);
    const auto number_b = number(b);
    return number_a && number_b ? std::optional{order(*number_a, *number_b)} : std::nullopt;
}

}  // namespace backdoor::reflect
