#include "reflect/name_index.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace backdoor::reflect {

namespace {

/// Compilers and demanglers do not agree on spaces: "a<b<c> >", "a<b<c>>".
std::string without_spaces(std::string_view text) {
    std::string result;
    std::copy_if(text.begin(), text.end(), std::back_inserter(result),
                 [](char c) { return c != ' '; });
    return result;
}

}  // namespace

std::pair<std::size_t, std::size_t> name_index::range_of(scope_id scope) const {
    const auto begin = std::partition_point(entries_.begin(), entries_.end(),
                                            [&](const auto& one) { return one.parent < scope; });
    const auto end = std::partition_point(begin, entries_.end(),
                                          [&](const auto& one) { return one.parent == scope; });
    return {begin - entries_.begin(), end - entries_.begin()};
}

std::vector<const name_entry*> name_index::find(scope_id scope, std::string_view name) const {
    std::vector<const name_entry*> found;
    const auto [begin, end] = range_of(scope);
    const auto* const first = entries_.data() + begin;
    const auto* const last = entries_.data() + end;
    auto at = std::lower_bound(first, last, name,
                               [](const auto& one, auto wanted) { return one.name < wanted; });
    for (; at != last && at->name == name; ++at) {
        found.push_back(at);
    }
    if (found.empty() && name.find('<') != std::string_view::npos) {
        const auto wanted = without_spaces(name);
        const auto stem = name.substr(0, name.find('<'));
        for (at = std::lower_bound(first, last, stem,
                                   [](const auto& one, auto w) { return one.name < w; });
             at != last && std::string_view{at->name}.starts_with(stem); ++at) {
            if (without_spaces(at->name) == wanted) {
                found.push_back(at);
            }
        }
    }
    for (const auto inner : transparent_[scope]) {
        const auto more = find(inner, name);
        found.insert(found.end(), more.begin(), more.end());
    }
    return found;
}

std::vector<const name_entry*> name_index::find_path(std::string_view path) const {
    const auto parts = split_path(path);
    std::vector<scope_id> scopes{global_scope};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::vector<const name_entry*> found;
        for (const auto scope : scopes) {
            const auto here = find(scope, parts[i]);
            found.insert(found.end(), here.begin(), here.end());
        }
        if (i + 1 == parts.size()) {
            return found;
        }
        scopes.clear();
        for (const auto* one : found) {
            if (one->kind == name_kind::scope) {
                scopes.push_back(one->scope);
            }
        }
    }
    return {};
}

void name_index::for_each(scope_id scope, const std::function<void(const name_entry&)>& f) const {
    const auto [begin, end] = range_of(scope);
    for (auto i = begin; i < end; ++i) {
        f(entries_[i]);
    }
    for (const auto inner : transparent_[scope]) {
        for_each(inner, f);
    }
}

std::vector<scope_id> name_index::scopes_of(std::string_view path) const {
    if (path.empty()) {
        return {global_scope};
    }
    std::vector<scope_id> all;
    for (const auto* one : find_path(path)) {
        if (one->kind == name_kind::scope) {
            all.push_back(one->scope);
        }
    }
    return all;
}

void name_index::for_all(const std::function<bool(scope_id, const name_entry&)>& f) const {
    for (const auto& one : entries_) {
        if (!f(one.parent, one)) {
            return;
        }
    }
}

std::string name_index::path_of(scope_id scope) const {
    std::string path;
    for (; scope != global_scope; scope = scopes_[scope].parent) {
        path = path.empty() ? scopes_[scope].name : scopes_[scope].name + ("::" + path);
    }
    return path;
}

std::vector<std::string_view> split_path(std::string_view path) {
    std::vector<std::string_view> parts;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char c = path[i];
        if (c == '<' || c == '(') {
            ++depth;
        } else if (c == '>' || c == ')') {
            --depth;
        } else if (c == ':' && depth == 0 && path.substr(i).starts_with("::")) {
            if (i > begin || !parts.empty()) {  // "::name" is of the global scope
                parts.push_back(path.substr(begin, i - begin));
            }
            begin = i + 2;
            ++i;
        }
    }
    parts.push_back(path.substr(begin));
    return parts;
}

}  // namespace backdoor::reflect
