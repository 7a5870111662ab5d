// Readers of standard classes that take more than a few lines.
#pragma once

#include "reflect/inspector.hpp"

namespace backdoor::reflect {

content read_string(inspector& with, const type& of, const object& at);
content read_string_view(inspector& with, const type& of, const object& at);
content read_path(inspector& with, const type& of, const object& at);
/// By the name of what it calls.
content read_function(inspector& with, const type& of, const object& at);

}  // namespace backdoor::reflect
