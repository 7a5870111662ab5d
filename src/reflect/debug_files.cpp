#include "reflect/debug_files.hpp"

#include "reflect/debug_file_search.hpp"

#include <cxxabi.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace backdoor::reflect {

namespace {

constexpr const char* this_program = "/proc/self/exe";

bool is_program(const char* name) {
    std::error_code failure;
    return std::filesystem::read_symlink(this_program, failure) == name;
}

/// As elfutils' own, but that the program is found also where its file has been replaced.
int find_elf(Dwfl_Module*, void**, const char* name, Dwarf_Addr, char** file_name, Elf**) {
    if (name[0] != '/') {  // the kernel's own
        return -1;
    }
    const int fd = ::open(is_program(name) ? this_program : name, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        *file_name = ::strdup(name);
    }
    return fd;
}

const Dwfl_Callbacks callbacks{find_elf, find_debug_file, nullptr, nullptr};

/// What this library is made of is nobody's business at a prompt, and long to read.
bool is_ours(const std::string& name) {
    return name.starts_with("libbackdoor.so") || name.starts_with("backdoor-reflect.so") ||
           name.starts_with("backdoor-cpython-") || name.starts_with("_backdoor.");
}

/// How often the dynamic linker has changed its list.
unsigned long long changes_of_loaded_files() {
    unsigned long long changes = 0;
    dl_iterate_phdr(
        [](dl_phdr_info* file, std::size_t, void* result) {
            *static_cast<unsigned long long*>(result) = file->dlpi_adds + file->dlpi_subs;
            return 1;  // each file says the same
        },
        &changes);
    return changes;
}

std::string base_name(const char* path) {
    return std::filesystem::path{path}.filename().string();
}

}  // namespace

debug_files::debug_files() : dwfl_{dwfl_begin(&callbacks)} { update(); }

bool debug_files::is_current() const { return changes_ == changes_of_loaded_files(); }

void debug_files::update() {
    changes_ = changes_of_loaded_files();  // before: what comes meanwhile is looked for again
    if (dwfl_) {
        dwfl_report_begin_add(dwfl_.get());  // none is ever taken away: types point into it
    }
    if (!dwfl_ || dwfl_linux_proc_report(dwfl_.get(), ::getpid()) != 0 ||
        dwfl_report_end(dwfl_.get(), nullptr, nullptr) != 0) {
        throw not_available{"the process's list of loaded files cannot be read (/proc/self/maps)"};
    }
    std::vector<Dwfl_Module*> modules;
    dwfl_getmodules(
        dwfl_.get(),
        [](Dwfl_Module* module, void**, const char*, Dwarf_Addr, void* all) {
            static_cast<std::vector<Dwfl_Module*>*>(all)->push_back(module);
            return static_cast<int>(DWARF_CB_OK);
        },
        &modules, 0);
    for (Dwfl_Module* const module : modules) {
        if (modules_.insert(module).second) {
            open_module(module);
        }
    }
    note_loaded();
}

void debug_files::note_loaded() {
    std::unordered_set<address> loaded;
    dl_iterate_phdr(
        [](dl_phdr_info* one, std::size_t, void* all) {
            static_cast<std::unordered_set<address>*>(all)->insert(one->dlpi_addr);
            return 0;
        },
        &loaded);
    for (auto& one : files_) {
        one.is_loaded = one.is_program || loaded.contains(one.bias);
    }
}

void debug_files::open_module(Dwfl_Module* module) {
    Dwarf_Addr begin = 0;
    const char* const name =
        dwfl_module_info(module, nullptr, &begin, nullptr, nullptr, nullptr, nullptr, nullptr);
    if (name == nullptr || name[0] != '/' || is_ours(base_name(name))) {
        return;
    }
    GElf_Addr elf_bias = 0;
    Elf* const elf = dwfl_module_getelf(module, &elf_bias);
    if (elf == nullptr) {
        return;  // no ELF file: a font, a locale
    }
    if (!is_what_was_loaded(elf, begin)) {
        notes_.push_back(base_name(name) + ": its file has changed since it was loaded");
        return;
    }
    Dwarf_Addr bias = 0;
    Dwarf* const dwarf = dwfl_module_getdwarf(module, &bias);
    const bool program = is_program(name);
    if (dwarf == nullptr) {
        if (program) {
            notes_.push_back(base_name(name) + ": " + dwfl_errmsg(-1));
        }
        return;
    }
    owners_.emplace(dwarf, files_.size());
    files_.push_back({name, dwarf, bias, module, program});
}

void debug_files::note(const file& of, const std::string& what) {
    notes_.push_back(base_name(of.name.c_str()) + ": " + what);
}

void debug_files::adopt(Dwarf_CU* unit, const file& owner) {
    owners_.try_emplace(dwarf_cu_getdwarf(unit), static_cast<std::size_t>(&owner - files_.data()));
}

const debug_files::file& debug_files::file_of(Dwarf_CU* unit) const {
    const auto found = owners_.find(dwarf_cu_getdwarf(unit));
    if (found == owners_.end()) {
        throw not_available{"its debug information is in a file that belongs to no loaded one"};
    }
    return files_[found->second];
}

std::optional<debug_files::symbol> debug_files::symbol_at(address at) const {
    Dwfl_Module* const module = dwfl_addrmodule(dwfl_.get(), at);
    GElf_Off offset = 0;
    GElf_Sym found;
    const char* const name = module != nullptr
                                 ? dwfl_module_addrinfo(module, at, &offset, &found, nullptr,
                                                        nullptr, nullptr)
                                 : nullptr;
    if (name == nullptr) {
        return std::nullopt;
    }
    return symbol{demangled(name), offset};
}

std::string demangled(const char* name) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text{
        abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free};
    return text != nullptr ? text.get() : name;
}

}  // namespace backdoor::reflect
