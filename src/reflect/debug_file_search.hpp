// Where separate debug information is looked for.
#pragma once

#include "reflect/memory.hpp"

#include <elfutils/libdwfl.h>

namespace backdoor::reflect {

/// libdwfl's callback: by build id below /usr/lib/debug and in debuginfod's cache, by debuglink
/// beside the file, in .debug and below /usr/lib/debug. Never asks a server, as elfutils' own would
/// where DEBUGINFOD_URLS is set: a prompt must not wait for a network.
int find_debug_file(Dwfl_Module* module, void** data, const char* name, Dwarf_Addr base,
                    const char* file_name, const char* debuglink, GElf_Word checksum,
                    char** debug_file_name);

/// Compares the build ids of a file and of what is in memory; without them nothing is known, and
/// it is taken for the same.
bool is_what_was_loaded(Elf* file, address begin);

}  // namespace backdoor::reflect
