#include "reflect/program.hpp"

#include "reflect/containers.hpp"
#include "reflect/description.hpp"
#include "reflect/std_values.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>

namespace backdoor::reflect {

namespace {

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) {
        text += (text.empty() ? "" : "; ") + line;
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

class container_cursor final : public cursor {
public:
    explicit container_cursor(std::unique_ptr<container> of)
        : of_{std::move(of)}, at_{of_->begin()} {}

    std::vector<std::pair<content, content>> next(std::size_t most) override {
        std::vector<std::pair<content, content>> some;
        for (element_pair one; some.size() < most && at_->next(one);) {
            some.push_back(std::move(one));
        }
        return some;
    }

private:
    std::unique_ptr<container> of_;
    std::unique_ptr<walk> at_;
};

}  // namespace

program::loaded::loaded()
    : names{build_index(files)},
      types{names},
      objects{bytes, types, names, files},
      places{objects, files} {}

void program::load() {
    loaded_ = std::make_unique<loaded>();
}

std::string program::summary() const {
    std::vector<std::string> files;
    for (const auto& one : loaded_->files.files()) {
        files.push_back(std::filesystem::path{one.name}.filename().string());
    }
    auto text = std::to_string(loaded_->names.size()) + " C++ names of " +
                std::to_string(files.size()) + (files.size() == 1 ? " file" : " files");
    if (loaded_->names.size_of_program() == 0) {
        text += ", none of the program's own, which has no debug information";
    }
    if (loaded_->names.is_cut()) {
        text += ", more were left out";
    }
    return loaded_->files.notes().empty() ? text
                                          : text + "; " + joined(loaded_->files.notes());
}

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
        (loaded_->names.size_of_program() != 0
             ? detail.empty() ? " in the debug information" : detail
             : ": the program was compiled without -g (or with -g1), or has been stripped and its "
               "separate debug file is not where gdb finds it")};
}

named program::find_entry(const std::vector<const name_entry*>& found, std::string_view file,
                          const std::string& path) {
    const auto first = [&](name_kind kind) {
        const auto at = std::find_if(found.begin(), found.end(),
                                     [&](const auto* one) { return one->kind == kind; });
        return at != found.end() ? *at : nullptr;
    };
    if (first(name_kind::variable) != nullptr) {
        return find_variable(found, file, path);
    }
    if (const auto* const one = first(name_kind::type)) {
        return &loaded_->types.get(one->die.die());
    }
    if (const auto* const one = first(name_kind::scope)) {
        return scope{loaded_->names.path_of(one->scope)};
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

named program::find_within(const named& outer, std::string_view outer_path, std::string_view name) {
    const auto path = std::string{outer_path} + "::" + std::string{name};
    if (const auto* const of = std::get_if<const type*>(&outer)) {
        return find_in(**of, name);
    }
    if (std::holds_alternative<function_name>(outer)) {
        for (const auto* one : loaded_->names.find_path(outer_path)) {
            if (one->kind != name_kind::function) {
                continue;
            }
            for (const auto& inner : loaded_->places.statics_of(one->die.die())) {
                if (inner.name == name) {
                    return std::visit([](const auto& place) { return named{place}; },
                                      loaded_->places.locate(inner.die.die(), path));
                }
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
        for (const auto* one : loaded_->names.find_path(path)) {
            if (one->kind == name_kind::function) {
                for (const auto& inner : loaded_->places.statics_of(one->die.die())) {
                    all.insert(inner.name);
                }
            }
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

// ---- objects ----------------------------------------------------------------------------------

content program::read(const object& of) { return loaded_->objects.read(of); }

object program::member(const object& of, std::string_view name) {
    const auto* const bare = of.of->bare();
    if (bare != nullptr && bare->kind == type_kind::pointer) {
        return member(pointee(of, 0), name);
    }
    if (bare == nullptr || !bare->has_members()) {
        throw no_such_name{of.of->short_name() + " has no members"};
    }
    if (const auto found = loaded_->objects.find_member(of, name)) {
        return *found;
    }
    const auto other = find_in(*bare, name);
    if (const auto* const place = std::get_if<object>(&other)) {
        return *place;
    }
    throw not_available{bare->short_name() + "::" + std::string{name} +
                        " is not a member with a place of its own: cpp['" + bare->name() +
                        "'] has it"};
}

std::vector<std::string> program::members(const object& of) {
    const auto* const bare = of.of->bare();
    if (bare != nullptr && bare->kind == type_kind::pointer) {
        const auto* const target = bare->target() != nullptr ? bare->target()->bare() : nullptr;
        return target != nullptr && target->has_members() ? members(pointee(of, 0))
                                                          : std::vector<std::string>{};
    }
    std::vector<std::string> all;
    if (bare != nullptr && bare->has_members()) {
        for (const auto& one : loaded_->objects.members(of)) {
            all.push_back(one.member->name);
        }
        for (const auto& one : bare->details().statics) {
            all.push_back(one.name);
        }
    }
    return all;
}

object program::pointee(const object& pointer, std::int64_t index) {
    return loaded_->objects.pointee(pointer, index);
}

std::uint64_t program::length(const object& of) {
    return open_container(loaded_->objects, of)->length();
}

content program::element(const object& of, std::uint64_t index) {
    const auto opened = open_container(loaded_->objects, of);
    if (index >= opened->length()) {
        throw std::out_of_range{"it has " + std::to_string(opened->length()) + " elements"};
    }
    return opened->element(index);
}

std::optional<std::optional<content>> program::find_key(const object& of, const content& key) {
    return open_container(loaded_->objects, of)->find(key);
}

std::unique_ptr<cursor> program::iterate(const object& of) {
    return std::make_unique<container_cursor>(open_container(loaded_->objects, of));
}

object program::base(const object& of, std::string_view name) {
    if (const auto found = loaded_->objects.find_base(of, name)) {
        return *found;
    }
    throw no_such_name{of.of->short_name() + " has no base class '" + std::string{name} + "'"};
}

// ---- types ------------------------------------------------------------------------------------

const type& program::find_type(std::string_view name) { return loaded_->types.get(name); }

object program::at(address where, const type& of) {
    return loaded_->objects.dynamic({&of, where});
}

std::string program::name_of(const type& of) { return of.short_name(); }

std::uint64_t program::size_of(const type& of) {
    if (of.bare() != nullptr) {
        require_complete(*of.bare());
    }
    return of.size;
}

std::vector<std::pair<std::string, std::int64_t>> program::enumerators(const type& of) {
    std::vector<std::pair<std::string, std::int64_t>> all;
    if (const auto* const bare = of.bare()) {
        for (const auto& one : bare->details().enumerators) {
            all.emplace_back(one.name, one.value);
        }
    }
    return all;
}

// ---- text -------------------------------------------------------------------------------------

std::string program::describe(const object& of, const text_limits& limits) {
    return reflect::describe(loaded_->objects, of, limits);
}

std::string program::tree(const object& of, const text_limits& limits) {
    return tree_of(loaded_->objects, of, limits);
}

std::string program::layout(const type& of) { return layout_of(of); }

// ---- writing ----------------------------------------------------------------------------------

void program::write(const object& to, const scalar& what) {
    const auto* bare = to.of->bare();
    if (bare != nullptr && bare->std_template() == "atomic") {
        bare = argument(*bare, 0).bare();
    }
    const auto refuse = [&](const std::string& why) {
        throw std::invalid_argument{"cannot assign to " + to.of->short_name() + ": " + why};
    };
    if (to.bit_size != 0) {
        refuse("a bit-field shares its bytes with others, which the program may be writing");
    }
    if (bare == nullptr) {
        refuse("it is void");
        return;
    }
    const auto* const number = std::get_if<double>(&what);
    if (bare->kind == type_kind::floating) {
        const auto value = number != nullptr
                               ? *number
                               : std::visit([](auto one) { return static_cast<double>(one); }, what);
        if (bare->size == sizeof(float)) {
            const auto narrow = static_cast<float>(value);
            loaded_->bytes.write(to.at, &narrow, sizeof narrow);
        } else if (bare->size == sizeof(double)) {
            loaded_->bytes.write(to.at, &value, sizeof value);
        } else {
            refuse("a number of that format is not known");
        }
        return;
    }
    const bool is_integer = bare->kind == type_kind::integer ||
                            bare->kind == type_kind::unsigned_integer ||
                            bare->kind == type_kind::enumeration ||
                            bare->kind == type_kind::pointer ||
                            bare->kind == type_kind::boolean || bare->kind == type_kind::character;
    if (!is_integer || bare->size > sizeof(std::uint64_t) || bare->size == 0) {
        refuse("only numbers, enumerations and pointers can be");
    }
    if (number != nullptr) {
        refuse("it takes a whole number");
    }
    const bool is_signed =
        bare->kind == type_kind::integer ||
        (bare->kind == type_kind::enumeration && bare->target() != nullptr &&
         bare->target()->bare() != nullptr && bare->target()->bare()->kind == type_kind::integer);
    const auto bits = static_cast<unsigned>(bare->size * 8);
    const auto fits = [&](auto value) {
        if (bare->kind == type_kind::boolean) {
            return value == 0 || value == 1;
        }
        if (is_signed) {
            const auto limit = std::numeric_limits<std::int64_t>::max() >> (64 - bits);
            return std::cmp_less_equal(value, limit) && std::cmp_greater_equal(value, -limit - 1);
        }
        const auto limit = std::numeric_limits<std::uint64_t>::max() >> (64 - bits);
        return std::cmp_less_equal(value, limit) && std::cmp_greater_equal(value, 0);
    };
    std::uint64_t stored = 0;
    bool in_range = true;
    if (const auto* const s = std::get_if<std::int64_t>(&what)) {
        in_range = fits(*s);
        stored = static_cast<std::uint64_t>(*s);
    } else if (const auto* const u = std::get_if<std::uint64_t>(&what)) {
        in_range = fits(*u);
        stored = *u;
    } else {
        stored = std::get<bool>(what) ? 1 : 0;
    }
    if (!in_range) {
        refuse("the number does not fit");
    }
    loaded_->bytes.write(to.at, &stored, bare->size);  // little endian, as all hosts we run on
}

}  // namespace backdoor::reflect

extern "C" __attribute__((visibility("default"))) backdoor::reflect::reflection*
backdoor_create_reflection() {
    // Never destroyed: consoles that were left to themselves may outlive main().
    static auto* const only = new backdoor::reflect::program;
    return only;
}
