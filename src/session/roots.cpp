#include "session/roots.hpp"

#include "session/demangled.hpp"

#include <backdoor/root.hpp>

#include <algorithm>
#include <list>
#include <mutex>

namespace backdoor {

namespace {

struct entry {
    std::string name;
    const void* object;
    const std::type_info* type;
};

struct all_roots {
    std::mutex mutex;
    std::list<entry> entries;  // the last one of a name counts
};

all_roots& roots() {
    static auto& all = *new all_roots;  // never destroyed: handles may be static objects
    return all;
}

}  // namespace

class root_handle::registration {
public:
    explicit registration(entry one) {
        auto& all = roots();
        const std::lock_guard guard{all.mutex};
        at_ = all.entries.insert(all.entries.end(), std::move(one));
    }
    registration(const registration&) = delete;
    registration& operator=(const registration&) = delete;
    ~registration() {
        auto& all = roots();
        const std::lock_guard guard{all.mutex};
        all.entries.erase(at_);
    }

private:
    std::list<entry>::iterator at_;
};

root_handle::root_handle(std::string name, const void* object, const std::type_info& type)
    : registration_{std::make_unique<registration>(entry{std::move(name), object, &type})} {}
root_handle::root_handle(root_handle&&) noexcept = default;
root_handle& root_handle::operator=(root_handle&&) noexcept = default;
root_handle::~root_handle() = default;

std::optional<known_root> find_root(std::string_view name) {
    auto& all = roots();
    const std::lock_guard guard{all.mutex};
    const auto found = std::find_if(all.entries.rbegin(), all.entries.rend(),
                                    [&](const auto& one) { return one.name == name; });
    if (found == all.entries.rend()) {
        return std::nullopt;
    }
    return known_root{reinterpret_cast<std::uintptr_t>(found->object), demangled(*found->type)};
}

std::vector<std::string> root_names() {
    auto& all = roots();
    const std::lock_guard guard{all.mutex};
    std::vector<std::string> names;
    for (const auto& one : all.entries) {
        names.push_back(one.name);
    }
    return names;
}

}  // namespace backdoor
