#include "reflect/instances.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <unordered_map>

namespace backdoor::reflect {

namespace {

constexpr std::size_t chunk = 256 * 1024;

struct range {
    address begin;
    address end;
};

struct mappings {
    std::vector<range> data;     ///< private, and can be written
    std::vector<range> of_files;  ///< where vtables are
    std::vector<range> code;
};

mappings mappings_of(int process) {
    mappings all;
    std::ifstream file{"/proc/" + (process != 0 ? std::to_string(process) : "self") + "/maps"};
    for (std::string line; std::getline(file, line);) {
        range one{};
        char dash = 0;
        std::string rights;
        std::string rest;
        std::istringstream fields{line};
        fields >> std::hex >> one.begin >> dash >> one.end >> rights;
        std::getline(fields, rest);
        if (rights.starts_with("rw-p")) {
            all.data.push_back(one);
        }
        if (rest.find('/') != std::string::npos) {
            (rights.find('x') != std::string::npos ? all.code : all.of_files).push_back(one);
        }
    }
    return all;
}

class instance_search {
public:
    instance_search(inspector& objects, const type& of)
        : objects_{objects}, wanted_{of.bare()}, maps_{mappings_of(objects.bytes().process())} {}

    std::vector<object> run(std::chrono::steady_clock::time_point deadline, std::size_t most) {
        std::vector<address> words(chunk / sizeof(address));
        const auto own = reinterpret_cast<address>(words.data());
        std::uint64_t looked_at = 0;
        for (const auto& one : maps_.data) {
            for (auto at = one.begin; at < one.end; at += chunk) {
                if (std::chrono::steady_clock::now() > deadline) {
                    throw std::length_error{"the time was up after " +
                                            std::to_string(looked_at >> 20U) + " MB, with " +
                                            std::to_string(found_.size()) +
                                            " found: give a longer limit"};
                }
                const auto size = std::min<std::uint64_t>(chunk, one.end - at);
                looked_at += size;
                // What has been read here before looks like the objects themselves.
                const bool is_own = at < own + chunk && own < at + size;
                if (read(at, words, size)) {
                    look_through(at, words, size / sizeof(address), is_own ? own : 0);
                }
                if (found_.size() > most) {
                    throw std::length_error{"there are more than " + std::to_string(most)};
                }
            }
        }
        return std::move(found_);
    }

private:
    bool read(address at, std::vector<address>& words, std::size_t size) {
        try {
            objects_.bytes().read(at, words.data(), size);
            return true;
        } catch (const memory_error&) {
            return false;  // unmapped since
        }
    }

    void look_through(address begin, const std::vector<address>& words, std::size_t count,
                      address own) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto at = begin + i * sizeof(address);
            if (own != 0 && at >= own && at < own + chunk) {
                continue;
            }
            if (is_in_file(words[i])) {
                if (const auto* const of = class_of(words[i])) {
                    found_.push_back({of, at});
                }
            }
        }
    }

    static bool is_in(const std::vector<range>& ranges, address word) {
        const auto after = std::upper_bound(ranges.begin(), ranges.end(), word,
                                            [](address a, const range& b) { return a < b.begin; });
        return after != ranges.begin() && word < std::prev(after)->end;
    }
    bool is_in_file(address word) const {
        return word % sizeof(address) == 0 && is_in(maps_.of_files, word);
    }

    /// What stands before and at a vtable, of an object's beginning: no offset, what kind of object it
    /// is, or nothing of that where there is no RTTI, and a function. It spares most words a name.
    bool looks_like_vtable(address table) const {
        const auto words =
            objects_.bytes().read<std::array<address, 3>>(table - 2 * sizeof(address));
        return words[0] == 0 && (words[1] == 0 || is_in_file(words[1])) &&
               is_in(maps_.code, words[2]);
    }

    /// Null where that is no vtable of the class, or not the one that its objects begin with.
    const type* class_of(address table) {
        const auto known = classes_.find(table);
        if (known != classes_.end()) {
            return known->second;
        }
        const type* result = nullptr;
        try {
            if (looks_like_vtable(table)) {
                const auto& of = objects_.types().get(objects_.class_of_vtable(table).first);
                result = is_or_derives_from(of, *wanted_) ? &of : nullptr;
            }
        } catch (const std::runtime_error&) {
            // Some other word.
        }
        return classes_.emplace(table, result).first->second;
    }

    inspector& objects_;
    const type* const wanted_;
    const mappings maps_;
    std::unordered_map<address, const type*> classes_;
    std::vector<object> found_;
};

}  // namespace

bool is_or_derives_from(const type& one, const type& wanted, int depth) {
    constexpr int max_depth = 20;
    const auto* const bare = one.bare();
    const auto* const other = wanted.bare();
    if (bare == nullptr || other == nullptr || !bare->has_members() || depth > max_depth) {
        return false;
    }
    if (bare == other || bare->name() == other->name()) {
        return true;
    }
    const auto& bases = bare->details().bases;
    return std::any_of(bases.begin(), bases.end(), [&](const auto& base) {
        return is_or_derives_from(*base.of, wanted, depth + 1);
    });
}

std::vector<object> find_instances(inspector& objects, const type& of,
                                   std::chrono::steady_clock::time_point deadline,
                                   std::size_t most) {
    require_complete(*of.bare());
    if (!vtable_pointer(of)) {
        throw not_available{of.short_name() +
                            " has no virtual functions, by whose table its objects could be found"};
    }
    return instance_search{objects, of}.run(deadline, most);
}

}  // namespace backdoor::reflect
