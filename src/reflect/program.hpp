// This process as its debug information shows it: all parts together.
#pragma once

#include "reflect/functions.hpp"
#include "reflect/inspector.hpp"
#include "reflect/reflection.hpp"
#include "reflect/variables.hpp"

#include <memory>

namespace backdoor::reflect {

class program final : public reflection {
public:
    void load() override;
    bool is_current() const override;
    std::string summary() const override;

    named find(std::string_view path) override;
    std::vector<std::string> names_in(std::string_view path) override;
    named find_in(const type& of, std::string_view name) override;
    std::vector<std::string> names_in(const type& of) override;
    std::vector<std::string> search(std::string_view pattern, std::size_t most) override;

    content read(const object& of) override;
    named member(const object& of, std::string_view name) override;
    std::vector<std::string> members(const object& of) override;
    object pointee(const object& pointer, std::int64_t index) override;
    std::uint64_t length(const object& of) override;
    content element(const object& of, std::uint64_t index) override;
    std::optional<std::optional<content>> find_key(const object& of, const content& key) override;
    std::unique_ptr<cursor> iterate(const object& of) override;
    object base(const object& of, std::string_view name) override;

    const type& find_type(std::string_view name) override;
    object at(address where, const type& of) override;
    std::string name_of(const type& of) override;
    std::uint64_t size_of(const type& of) override;
    std::vector<std::pair<std::string, std::int64_t>> enumerators(const type& of) override;

    std::string describe(const object& of, const text_limits& limits) override;
    std::string tree(const object& of, const text_limits& limits) override;
    std::string layout(const type& of) override;

    void write(const object& to, const scalar& what) override;
    std::vector<callable> callables(std::string_view name, std::optional<object>& self) override;
    in_register argument(const type& of, const scalar& what) override;
    in_register argument(const type& of, const object& what) override;
    bool returns_real(const type* of) override;
    content result(const type* of, std::uint64_t bits) override;
    std::vector<object> this_of(const type& of, std::chrono::milliseconds limit) override;
    std::vector<object> instances(const type& of, std::chrono::milliseconds limit,
                                  std::size_t most) override;
    void look_into(int process) override;

private:
    struct loaded {
        loaded();
        debug_files files;
        name_index names;
        type_table types;
        memory bytes;
        inspector objects;
        variables places;
        functions code;
    };

    named find_entry(const std::vector<const name_entry*>& found, std::string_view file,
                     const std::string& path);
    named find_variable(const std::vector<const name_entry*>& found, std::string_view file,
                        const std::string& path);
    [[noreturn]] void no_name(const std::string& path, const std::string& detail = {}) const;
    std::vector<named_die> statics_within(std::string_view function);
    named find_within(const named& outer, std::string_view outer_path, std::string_view name);

    std::unique_ptr<loaded> loaded_;
};

}  // namespace backdoor::reflect
