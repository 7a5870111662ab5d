// Names and how they are found.
#include "looking.hpp"
#include "reflect/name_index.hpp"
#include "reflect/type.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace backdoor::reflect::test {
namespace {

using words = std::vector<std::string_view>;

TEST(a_path, is_split_outside_of_brackets) {
    EXPECT_EQ(split_path("a::b<c::d, e(f::g)>::h"), (words{"a", "b<c::d, e(f::g)>", "h"}));
    EXPECT_EQ(split_path("::a"), (words{"a"}));
    EXPECT_EQ(split_path("(anonymous namespace)::a"), (words{"(anonymous namespace)", "a"}));
    EXPECT_EQ(split_path(""), (words{""}));
}

TEST(a_name, is_shortened_to_what_was_written) {
    EXPECT_EQ(shortened("std::map<int, std::__cxx11::basic_string<char, std::char_traits<char>, "
                        "std::allocator<char> >, std::less<int>, std::allocator<std::pair<int const, "
                        "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > "
                        "> > >"),
              "std::map<int, std::string>");
    EXPECT_EQ(shortened("std::unordered_map<int, int, std::hash<int>, std::equal_to<int>, "
                        "std::allocator<std::pair<int const, int> > >"),
              "std::unordered_map<int, int>");
    EXPECT_EQ(shortened("ns::less_known<int>"), "ns::less_known<int>");
}

TEST(names, of_a_namespace_are_all_that_is_in_it) {
    const auto names = this_program().names_in("specimen");
    for (const auto* one : {"the_server", "server", "color", "hidden", "in_version", "bump"}) {
        EXPECT_TRUE(std::binary_search(names.begin(), names.end(), one)) << one;
    }
}

TEST(names, are_found_by_patterns) {
    EXPECT_EQ(this_program().search("specimen::the_*", 10),
              (std::vector<std::string>{"specimen::the_server"}));
    EXPECT_EQ(this_program().search("global_numb?r", 10),
              (std::vector<std::string>{"global_number"}));
    EXPECT_EQ(this_program().search("*", 10).size(), 10U);
}

TEST(names, of_types_are_written_as_in_cpp) {
    auto& all = this_program();
    EXPECT_EQ(all.size_of(all.find_type("specimen::server::nested")), 4U);
    EXPECT_EQ(all.name_of(all.find_type("specimen::session *")), "specimen::session*");
    EXPECT_EQ(all.size_of(all.find_type("int[3]")), 12U);
    EXPECT_EQ(all.name_of(all.find_type("const char*")), "char*");
    EXPECT_EQ(all.name_of(all.find_type("specimen::box<int,4>")), "specimen::box<int, 4>");
    EXPECT_THROW(all.find_type("specimen::nothing"), no_such_name);
}

TEST(a_name, that_several_files_have_is_of_the_file_that_is_said) {
    EXPECT_EQ(this_program().describe(std::get<object>(this_program().find("specimen.cpp:specimen::hidden")), {}),
              "15");
    EXPECT_THROW(this_program().find("other.cpp:specimen::hidden"), no_such_name);
}

}  // namespace
}  // namespace backdoor::reflect::test
