// The files whose debug information describes this process.
#pragma once

#include "reflect/memory.hpp"

#include <elfutils/libdwfl.h>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace backdoor::reflect {

/// Opens the program, its libraries, and where they have been stripped their separate debug files,
/// found by build id or debuglink. What cannot be used is left out, with a note. Nothing is
/// downloaded. Thread safety: none.
class debug_files {
public:
    struct file {
        std::string name;  ///< of the program or library
        Dwarf* dwarf;
        address bias;  ///< what is added to its addresses
        Dwfl_Module* module;
        bool is_program;
        bool is_loaded = true;  ///< false once it has been unloaded; what was read of it stays
    };
    struct symbol {
        std::string name;  ///< demangled
        address offset;    ///< of the address that was asked for, within it
    };

    /// Throws not_available where this process cannot be looked at, at all.
    debug_files();

    /// Nothing has been loaded or unloaded since. Costs less than a microsecond.
    bool is_current() const;
    /// Adds what has been loaded since. Throws not_available.
    void update();

    const std::vector<file>& files() const { return files_; }
    /// Why files were left out: "libx.so: has changed on disk since it was loaded".
    const std::vector<std::string>& notes() const { return notes_; }
    void note(const file& of, const std::string& what);
    /// The units of a file that stand in another (split DWARF) are told to belong to it.
    void adopt(Dwarf_CU* unit, const file& owner);
    /// Of the file that a unit belongs to.
    const file& file_of(Dwarf_CU* unit) const;

    std::optional<symbol> symbol_at(address at) const;
    Dwfl* handle() const { return dwfl_.get(); }

private:
    void open_module(Dwfl_Module* module);
    void note_loaded();

    struct end_dwfl {
        void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
    };
    std::unique_ptr<Dwfl, end_dwfl> dwfl_;
    std::vector<file> files_;
    std::vector<std::string> notes_;
    std::unordered_map<Dwarf*, std::size_t> owners_;
    std::unordered_set<Dwfl_Module*> modules_;
    unsigned long long changes_ = 0;  // of the list of loaded files, so far
};

/// "std::vector<int>" for "St6vectorIiSaIiEE"; what is not mangled comes back as it is.
std::string demangled(const char* name);

}  // namespace backdoor::reflect
