#include "reflect/program.hpp"

#include "reflect/containers.hpp"
#include "reflect/description.hpp"
#include "reflect/calling.hpp"
#include "reflect/instances.hpp"
#include "reflect/stacks.hpp"
#include "reflect/writing.hpp"

#include <filesystem>

namespace backdoor::reflect {

namespace {

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) {
        text += (text.empty() ? "" : "; ") + line;
    }
    return text;
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
    : names{build_index(files, 0, {})},
      types{names},
      objects{bytes, types, names, files},
      places{objects, files},
      code{objects, names, files} {}

void program::load() {
    if (!loaded_) {
        loaded_ = std::make_unique<loaded>();
        return;
    }
    const auto known = loaded_->files.files().size();
    loaded_->files.update();
    if (loaded_->files.files().size() != known) {
        loaded_->names = build_index(loaded_->files, known, std::move(loaded_->names));
        loaded_->types.forget_declarations();
    }
}

bool program::is_current() const { return loaded_->files.is_current(); }

std::string program::summary() const {
    std::vector<std::string> files;
    for (const auto& one : loaded_->files.files()) {
        files.push_back(std::filesystem::path{one.name}.filename().string());
    }
    auto text = std::to_string(loaded_->names.size()) + " C++ names of " +
                std::to_string(files.size()) + (files.size() == 1 ? " file" : " files");
    if (!loaded_->names.program_has_types()) {
        text += ", none of the program's own, which has no debug information";
    }
    if (loaded_->names.is_cut()) {
        text += ", more were left out";
    }
    return loaded_->files.notes().empty() ? text
                                          : text + "; " + joined(loaded_->files.notes());
}

// ---- objects ----------------------------------------------------------------------------------

content program::read(const object& of) { return loaded_->objects.read(of); }

named program::member(const object& of, std::string_view name) {
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
    if (std::holds_alternative<object>(other) || std::holds_alternative<function_name>(other)) {
        return other;
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

// ---- calling --------------------------------------------------------------------------------------

std::vector<callable> program::callables(std::string_view name, std::optional<object>& self) {
    return find_callables(loaded_->objects, loaded_->code, name, self);
}

in_register program::argument(const type& of, const scalar& what) { return argument_of(of, what); }

in_register program::argument(const type& of, const object& what) {
    return argument_of(loaded_->objects, of, what);
}

bool program::returns_real(const type* of) { return of != nullptr && is_real(*of); }

content program::result(const type* of, std::uint64_t bits) {
    return result_of(loaded_->objects, of, bits);
}

// ---- writing, and finding ------------------------------------------------------------------------

void program::write(const object& to, const scalar& what) {
    write_scalar(loaded_->bytes, to, what);
}

std::vector<object> program::instances(const type& of, std::chrono::milliseconds limit,
                                       std::size_t most) {
    return find_instances(loaded_->objects, of, std::chrono::steady_clock::now() + limit, most);
}

std::vector<object> program::this_of(const type& of, std::chrono::milliseconds limit) {
    return find_this(loaded_->objects, loaded_->code, loaded_->files, of,
                     std::chrono::steady_clock::now() + limit);
}

void program::look_into(int process) { loaded_->bytes.look_into(process); }

}  // namespace backdoor::reflect

extern "C" __attribute__((visibility("default"))) backdoor::reflect::reflection*
backdoor_create_reflection() {
    // Never destroyed: consoles that were left to themselves may outlive main().
    static auto* const only = new backdoor::reflect::program;
    return only;
}
