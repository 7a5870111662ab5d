#include "reflect/debug_file_search.hpp"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor::reflect {

namespace {

using std::filesystem::path;

constexpr const char* debug_root = "/usr/lib/debug";

std::string_view build_id(Elf* file) {
    const void* id = nullptr;
    const auto size = dwelf_elf_gnu_build_id(file, &id);
    return size > 0 ? std::string_view{static_cast<const char*>(id), static_cast<std::size_t>(size)}
                    : std::string_view{};
}

std::string build_id(Dwfl_Module* module) {
    const unsigned char* bits = nullptr;
    GElf_Addr where = 0;
    const int size = dwfl_module_build_id(module, &bits, &where);
    return size > 0 ? std::string(reinterpret_cast<const char*>(bits), static_cast<std::size_t>(size))
                    : std::string{};
}

std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

path from_environment(const char* variable, const char* below) {
    const char* const value = std::getenv(variable);
    return value != nullptr && value[0] == '/' ? path{value} / below : path{};
}

std::vector<path> debuginfod_caches() {
    std::vector<path> all;
    for (const auto& one : {from_environment("DEBUGINFOD_CACHE_PATH", ""),
                            from_environment("XDG_CACHE_HOME", "debuginfod_client"),
                            from_environment("HOME", ".cache/debuginfod_client"),
                            from_environment("HOME", ".debuginfod_client_cache")}) {
        if (!one.empty()) {
            all.push_back(one);
        }
    }
    return all;
}

std::vector<path> by_build_id(const std::string& id) {
    std::vector<path> all;
    if (id.size() > 1) {
        const auto text = hexadecimal(id);
        all.push_back(path{debug_root} / ".build-id" / text.substr(0, 2) /
                      (text.substr(2) + ".debug"));
        for (const auto& cache : debuginfod_caches()) {
            all.push_back(cache / text / "debuginfo");
        }
    }
    return all;
}

std::vector<path> by_debuglink(const path& file, const char* link) {
    const auto folder = file.parent_path();
    return {folder / link, folder / ".debug" / link, path{debug_root + folder.string()} / link};
}

std::uint32_t checksum_of(int fd) {
    std::uint32_t sum = ~0U;
    std::array<unsigned char, 64 * 1024> part;
    off_t at = 0;
    for (ssize_t size = 0; (size = ::pread(fd, part.data(), part.size(), at)) > 0; at += size) {
        for (ssize_t i = 0; i < size; ++i) {
            sum ^= part[static_cast<std::size_t>(i)];
            for (int bit = 0; bit < 8; ++bit) {
                sum = (sum >> 1U) ^ (0xEDB88320U & (0U - (sum & 1U)));
            }
        }
    }
    return ~sum;
}

/// A build id is compared where there is one, since the checksum needs the whole file.
bool belongs(int fd, const std::string& id, GElf_Word checksum) {
    if (id.empty()) {
        return checksum_of(fd) == checksum;
    }
    Elf* const elf = elf_begin(fd, ELF_C_READ_MMAP, nullptr);
    const bool same = elf != nullptr && build_id(elf) == id;
    elf_end(elf);
    return same;
}

int open_if_there(const path& file) { return ::open(file.c_str(), O_RDONLY | O_CLOEXEC); }

}  // namespace

int find_debug_file(Dwfl_Module* module, void**, const char*, Dwarf_Addr, const char* file_name,
                    const char* debuglink, GElf_Word checksum, char** debug_file_name) {
    try {
        const auto id = build_id(module);
        auto candidates = by_build_id(id);
        if (debuglink != nullptr && file_name != nullptr) {
            const auto linked = by_debuglink(file_name, debuglink);
            candidates.insert(candidates.end(), linked.begin(), linked.end());
        }
        for (const auto& one : candidates) {
            const int fd = open_if_there(one);
            if (fd >= 0 && one != path{file_name != nullptr ? file_name : ""} &&
                belongs(fd, id, checksum)) {
                *debug_file_name = ::strdup(one.c_str());
                return fd;
            }
            if (fd >= 0) {
                ::close(fd);
            }
        }
    } catch (const std::exception&) {  // we are called from C
    }
    return -1;
}

bool is_what_was_loaded(Elf* file, address begin) {
    struct search {
        address begin;
        std::string_view wanted;
        bool same = true;
    } asked{begin, build_id(file)};
    if (asked.wanted.empty()) {
        return true;
    }
    dl_iterate_phdr(
        [](dl_phdr_info* object, std::size_t, void* data) {
            auto& wanted = *static_cast<search*>(data);
            bool here = false;
            for (int i = 0; i < object->dlpi_phnum; ++i) {
                const auto& part = object->dlpi_phdr[i];
                const auto at = object->dlpi_addr + part.p_vaddr;
                here = here || (part.p_type == PT_LOAD && wanted.begin >= (at & ~address{4095}) &&
                                wanted.begin < at + part.p_memsz);
            }
            if (!here) {
                return 0;
            }
            for (int i = 0; i < object->dlpi_phnum; ++i) {
                const auto& part = object->dlpi_phdr[i];
                if (part.p_type != PT_NOTE) {
                    continue;
                }
                const auto* at = reinterpret_cast<const char*>(object->dlpi_addr + part.p_vaddr);
                const char* const end = at + part.p_memsz;
                const auto aligned = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
                while (end - at >= static_cast<std::ptrdiff_t>(sizeof(ElfW(Nhdr)))) {
                    ElfW(Nhdr) header;
                    std::memcpy(&header, at, sizeof header);
                    const auto total =
                        sizeof header + aligned(header.n_namesz) + aligned(header.n_descsz);
                    if (total > static_cast<std::size_t>(end - at)) {
                        break;
                    }
                    const char* const name = at + sizeof header;
                    if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == 4 &&
                        std::memcmp(name, "GNU", 4) == 0) {
                        wanted.same = std::string_view{name + 4, header.n_descsz} == wanted.wanted;
                        return 1;
                    }
                    at += total;
                }
            }
            return 1;
        },
        &asked);
    return asked.same;
}

}  // namespace backdoor::reflect
