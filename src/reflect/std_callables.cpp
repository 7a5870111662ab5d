#include "reflect/std_parts.hpp"
#include "reflect/std_values.hpp"

namespace backdoor::reflect {

namespace {

/// The last template argument of "std::_Function_handler<void (int), main::{lambda(int)#1}>::_M_invoke".
std::string target_of_invoker(const std::string& name) {
    constexpr std::string_view head = "_Function_handler<";
    const auto begin = name.find(head);
    if (begin == std::string::npos) {
        return name;
    }
    int depth = 0;
    std::size_t argument_begin = 0;
    for (auto i = begin + head.size(); i < name.size(); ++i) {
        const char c = name[i];
        if (c == '<' || c == '(' || c == '{') {
            ++depth;
        } else if ((c == '>' || c == ')' || c == '}') && depth-- == 0) {
            return argument_begin != 0 ? name.substr(argument_begin, i - argument_begin) : name;
        } else if (c == ',' && depth == 0 && argument_begin == 0) {
            argument_begin = i + 2;
        }
    }
    return name;
}

/// The first template argument of "std::__1::__function::__func<main::$_0, ...>".
std::string target_of_holder(const std::string& name) {
    constexpr std::string_view head = "__func<";
    const auto begin = name.find(head);
    if (begin == std::string::npos) {
        return name;
    }
    int depth = 0;
    for (auto i = begin + head.size(); i < name.size(); ++i) {
        const char c = name[i];
        depth += c == '<' || c == '(' || c == '{' ? 1 : 0;
        if ((c == ',' || c == '>') && depth == 0) {
            return name.substr(begin + head.size(), i - begin - head.size());
        }
        depth -= c == '>' || c == ')' || c == '}' ? 1 : 0;
    }
    return name;
}

/// libc++ holds an object with virtual functions, which has the callable behind its vtable pointer.
content read_libcxx_function(inspector& with, const type& of, const object& at) {
    const auto inner = with.find_member(at, "__f_");
    const auto pointer = inner ? with.find_member(*inner, "__f_") : std::nullopt;
    if (!pointer) {
        return view{{&of, at.at}, shape::record};
    }
    const auto holder = with.bytes().read_pointer(pointer->at);
    if (holder == 0) {
        return {};
    }
    const auto table = with.bytes().read_pointer(holder);
    auto name = target_of_holder(with.class_of_vtable(table).first);
    if (name.find("(*)") != std::string::npos) {
        const auto function = with.bytes().read_pointer(holder + sizeof(address));
        const auto target = with.symbol_at(function);
        return callee{target ? target->name : name, function};
    }
    return callee{std::move(name), table};
}

}  // namespace

content read_function(inspector& with, const type& of, const object& at) {
    if (is_libcxx(of)) {
        return read_libcxx_function(with, of, at);
    }
    require_size(of, 32);
    const auto words = with.bytes().read<std::array<address, 4>>(at.at);
    if (words[2] == 0) {
        return {};
    }
    const auto invoker = with.symbol_at(words[3]);
    auto name = invoker ? target_of_invoker(invoker->name) : "";
    if (name.find("(*)") != std::string::npos || name.find("(&)") != std::string::npos) {
        const auto target = with.symbol_at(words[0]);
        return callee{target ? target->name : name, words[0]};
    }
    return callee{std::move(name), words[3]};
}

}  // namespace backdoor::reflect
