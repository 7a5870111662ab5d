// The names of a program: what stands for what.
#include "reflect/program.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace backdoor::reflect {

namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        text += (text.empty() ? "" : "; ") + name;
    }
    return text;
}

/// "file.cpp" of "file.cpp:ns::name", which is cut to "ns::name".
std::string_view take_file(std::string_view& path) {
    const auto colon = path.find(':');
    if (colon == std::string_view::npos || path.substr(colon).starts_with("::")) {
        return {};
    }
    const auto file = path.substr(0, colon);
    path.remove_prefix(colon + 1);
    return file;
}

bool is_file(Dwarf_Die die, std::string_view wanted) {
    const auto name = source_file(die);
    return name == wanted || name.ends_with("/" + std::string{wanted});
}

}  // namespace

// ---- names ------------------------------------------------------------------------------------

named program::find(std::string_view path) {
    const std::string whole{path};
    const auto file = take_file(path);
    if (path.empty()) {
        return scope{};
    }
    const auto found = loaded_->names.find_path(path);
    if (!found.empty()) {
        return find_entry(found, file, whole);
    }
    const auto parts = split_path(path);
    if (parts.size() > 1) {
        const auto outer_path = path.substr(0, path.size() - parts.back().size() - 2);
        named outer;
        try {
            outer = find(outer_path);
        } catch (const no_such_name&) {
            no_name(whole, ": nothing is called '" + std::string{outer_path} + "'");
        }
        return find_within(outer, outer_path, parts.back());
    }
    no_name(whole);
}

void program::no_name(const std::string& path, const std::string& detail) const {
    throw no_such_name{
        "there is no C++ name '" + path + "'" +
        (loaded_->names.program_has_types()
             ? detail.empty() ? " in the debug information" : detail
             : ": the program was compiled without -g (or with -g1), or has been stripped and its "
               "separate debug file is not where gdb finds it, nor its .dwo files")};
}

named program::find_entry(const std::vector<const name_entry*>& found, std::string_view file,
                          const std::string& path) {
    const auto first = [&](name_kind kind) {
        const auto at = std::find_if(found.begin(), found.end(),
                                     [&](const auto* one) { return one->kind == kind; });
        return at != found.end() ? *at : nullptr;
    };
    // A variable that is called like a namespace is the static one of some source file in C, as libc has
    // many; it is still there by its file.
    const auto* const outer = first(name_kind::scope);
    if (first(name_kind::variable) != nullptr && (outer == nullptr || !file.empty())) {
        return find_variable(found, file, path);
    }
    if (const auto* const one = first(name_kind::type)) {
        return &loaded_->types.get(one->die.die());
    }
    if (outer != nullptr) {
        return scope{loaded_->names.path_of(outer->scope)};
    }
    return function_name{path};
}

named program::find_variable(const std::vector<const name_entry*>& found, std::string_view file,
                             const std::string& path) {
    std::optional<std::variant<object, content>> result;
    std::exception_ptr why_not;
    std::set<std::string> files;
    for (const auto* one : found) {
        if (one->kind != name_kind::variable ||
            (!file.empty() && !is_file(one->die.die(), file))) {
            continue;
        }
        try {
            const auto here = loaded_->places.locate(one->die.die(), path);
            const auto* const known = result ? std::get_if<object>(&*result) : nullptr;
            const auto* const place = std::get_if<object>(&here);
            if (known != nullptr && place != nullptr && known->at != place->at) {
                files.insert(std::filesystem::path{source_file(one->die.die())}.filename());
            } else if (!result || (known == nullptr && place != nullptr)) {
                result = here;
                files.insert(std::filesystem::path{source_file(one->die.die())}.filename());
            }
        } catch (const not_available&) {
            why_not = std::current_exception();
        }
    }
    if (files.size() > 1) {
        throw not_available{"several source files have a '" + path + "' of their own; choose with cpp['" +
                            *files.begin() + ":" + path + "'] (" +
                            joined({files.begin(), files.end()}) + ")"};
    }
    if (result) {
        return std::visit([](const auto& one) { return named{one}; }, *result);
    }
    if (why_not) {
        std::rethrow_exception(why_not);
    }
    throw no_such_name{"no source file '" + std::string{file} + "' has that name"};
}

std::vector<named_die> program::statics_within(std::string_view function) {
    std::vector<named_die> all;
    for (const auto& one : loaded_->code.named(function)) {
        for (const auto& body : loaded_->code.bodies(one)) {
            for (auto& inner : loaded_->places.statics_of(body)) {
                all.push_back(std::move(inner));
            }
        }
    }
    return all;
}

named program::find_within(const named& outer, std::string_view outer_path, std::string_view name) {
    const auto path = std::string{outer_path} + "::" + std::string{name};
    if (const auto* const of = std::get_if<const type*>(&outer)) {
        return find_in(**of, name);
    }
    if (std::holds_alternative<function_name>(outer)) {
        for (const auto& inner : statics_within(outer_path)) {
            if (inner.name == name) {
                return std::visit([](const auto& place) { return named{place}; },
                                  loaded_->places.locate(inner.die.die(), path));
            }
        }
        throw no_such_name{"the function " + std::string{outer_path} + " has no static variable '" +
                           std::string{name} + "'"};
    }
    no_name(path);
}

named program::find_in(const type& of, std::string_view name) {
    const auto* const bare = of.bare();
    if (bare == nullptr || !bare->has_members()) {
        throw no_such_name{of.short_name() + " has no members"};
    }
    const auto path = bare->name() + "::" + std::string{name};
    if (const auto found = loaded_->names.find_path(path); !found.empty()) {
        return find_entry(found, {}, path);
    }
    const auto& inside = bare->details();
    for (const auto& one : inside.statics) {
        if (one.name == name) {
            return std::visit([](const auto& place) { return named{place}; },
                              loaded_->places.locate(one.die.die(), path));
        }
    }
    for (const auto& one : inside.types) {
        if (one.name == name) {
            return &loaded_->types.get(one.die.die());
        }
    }
    for (const auto& one : inside.functions) {
        if (one.name == name) {
            return function_name{path};
        }
    }
    for (const auto& one : inside.bases) {
        try {
            return find_in(*one.of, name);
        } catch (const no_such_name&) {
        }
    }
    throw no_such_name{bare->short_name() + " has no member '" + std::string{name} + "'"};
}

std::vector<std::string> program::names_in(std::string_view path) {
    std::set<std::string> all;
    const auto place = find(path);
    if (const auto* const of = std::get_if<const type*>(&place)) {
        return names_in(**of);
    }
    if (std::holds_alternative<function_name>(place)) {
        for (const auto& inner : statics_within(path)) {
            all.insert(inner.name);
        }
    } else {
        const auto scopes = loaded_->names.scopes_of(path);
        for (const auto one : scopes) {
            loaded_->names.for_each(one, [&](const auto& entry) { all.insert(entry.name); });
        }
    }
    all.erase(anonymous_namespace);
    return {all.begin(), all.end()};
}

std::vector<std::string> program::names_in(const type& of) {
    std::set<std::string> all;
    const auto* const bare = of.bare();
    if (bare != nullptr && bare->has_members()) {
        for (const auto* names : {&bare->details().statics, &bare->details().types}) {
            for (const auto& one : *names) {
                all.insert(one.name);
            }
        }
    }
    return {all.begin(), all.end()};
}

std::vector<std::string> program::search(std::string_view pattern, std::size_t most) {
    const std::string text{pattern};
    const bool of_path = text.find("::") != std::string::npos;
    const bool of_library = text.starts_with("std::") || text.starts_with("_");
    std::set<std::string> found;
    loaded_->names.for_all([&](scope_id parent, const name_entry& one) {
        if (!of_path && ::fnmatch(text.c_str(), one.name, 0) != 0) {
            return found.size() < most;
        }
        const auto outer = loaded_->names.path_of(parent);
        auto path = outer.empty() ? std::string{one.name} : outer + "::" + one.name;
        if ((of_library || (!path.starts_with("std::") && !path.starts_with("_"))) &&
            (!of_path || ::fnmatch(text.c_str(), path.c_str(), 0) == 0)) {
            found.insert(std::move(path));
        }
        return found.size() < most;
    });
    return {found.begin(), found.end()};
}

}  // namespace backdoor::reflect
