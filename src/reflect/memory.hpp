// This process's memory, read as if it were another's: a bad address is an error, not a fault.
#pragma once

#include "reflect/error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace backdoor::reflect {

using address = std::uint64_t;

/// Thread safety: none.
class memory {
public:
    enum class route {
        automatic,  ///< process_vm_readv, and where that is forbidden a pipe
        pipe,       ///< bytes are written to a pipe, which the kernel refuses for a bad address
    };
    explicit memory(route way = route::automatic) : way_{way} {}
    memory(const memory&) = delete;
    memory& operator=(const memory&) = delete;
    ~memory();

    /// Throws memory_error, which names the first byte's address. All or nothing.
    void read(address from, void* to, std::size_t size) const;

    template <class T>
        requires std::is_trivially_copyable_v<T>
    T read(address from) const {
        T result;
        read(from, &result, sizeof result);
        return result;
    }
    address read_pointer(address from) const { return read<address>(from); }
    std::string read_bytes(address from, std::size_t size) const;
    /// Up to the zero byte, which must come within `limit` bytes for the text to be whole.
    std::string read_text(address from, std::size_t limit) const;

    /// Another process, which is a copy of this one; 0: this one.
    void look_into(int process) { process_ = process; }
    int process() const { return process_; }

    /// Into this process. Throws memory_error also where the memory may only be read.
    void write(address to, const void* from, std::size_t size) const;

    /// While it lives, reads within its range are of one moment, and cost no system call. A range
    /// that cannot be read, or is a large one, is no excerpt: each read is then for itself.
    class excerpt {
    public:
        excerpt(memory& of, address begin, std::size_t size);
        /// Bytes that were read before, and outlive it.
        excerpt(memory& of, address begin, std::string_view known);
        excerpt(const excerpt&) = delete;
        excerpt& operator=(const excerpt&) = delete;
        ~excerpt();

    private:
        friend class memory;
        memory& memory_;
        const excerpt* outer_;
        address begin_;
        std::string held_;
        std::string_view bytes_;
    };

private:
    bool read_excerpt(address from, void* to, std::size_t size) const;
    bool read_by_call(address from, void* to, std::size_t size, int& error) const;
    bool read_by_pipe(address from, void* to, std::size_t size, int& error) const;

    int process_ = 0;
    mutable route way_;
    mutable std::array<int, 2> pipe_{-1, -1};
    const excerpt* innermost_ = nullptr;
};

}  // namespace backdoor::reflect
