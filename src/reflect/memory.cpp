#include "reflect/memory.hpp"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace backdoor::reflect {

namespace {

constexpr std::size_t largest_excerpt = 64 * 1024;
constexpr std::size_t page = 4096;

std::string hexadecimal(address at) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(at));
    return text;
}

[[noreturn]] void fail(const char* what, std::size_t size, address at, int error) {
    throw memory_error{std::string{"cannot "} + what + " " + std::to_string(size) + " bytes at " +
                       hexadecimal(at) + ": " + std::generic_category().message(error)};
}

iovec range(address at, std::size_t size) { return {reinterpret_cast<void*>(at), size}; }

}  // namespace

memory::~memory() {
    for (const int end : pipe_) {
        if (end >= 0) {
            ::close(end);
        }
    }
}

void memory::read(address from, void* to, std::size_t size) const {
    if (size == 0 || read_excerpt(from, to, size)) {
        return;
    }
    int error = EFAULT;
    if (way_ == route::automatic || process_ != 0) {
        if (read_by_call(from, to, size, error)) {
            return;
        }
        if (process_ != 0) {
            fail("read", size, from, error);
        }
        if (error == EPERM || error == ENOSYS) {  // seccomp
            way_ = route::pipe;
        }
    }
    if (way_ == route::pipe && read_by_pipe(from, to, size, error)) {
        return;
    }
    fail("read", size, from, error);
}

bool memory::read_excerpt(address from, void* to, std::size_t size) const {
    for (const auto* one = innermost_; one != nullptr; one = one->outer_) {
        if (from >= one->begin_ && from - one->begin_ <= one->bytes_.size() &&
            size <= one->bytes_.size() - (from - one->begin_)) {
            std::memcpy(to, one->bytes_.data() + (from - one->begin_), size);
            return true;
        }
    }
    return false;
}

bool memory::read_by_call(address from, void* to, std::size_t size, int& error) const {
    const iovec here{to, size};
    const iovec there = range(from, size);
    const auto got = ::process_vm_readv(process_ != 0 ? process_ : ::getpid(), &here, 1, &there, 1, 0);
    error = got < 0 ? errno : EFAULT;
    return got == static_cast<ssize_t>(size);
}

bool memory::read_by_pipe(address from, void* to, std::size_t size, int& error) const {
    if (pipe_[0] < 0 && ::pipe2(pipe_.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        error = errno;
        return false;
    }
    auto* out = static_cast<std::byte*>(to);
    while (size > 0) {
        const auto part = std::min(size, page - static_cast<std::size_t>(from % page));
        const auto in = ::write(pipe_[1], reinterpret_cast<const void*>(from), part);
        if (in <= 0) {
            error = in < 0 ? errno : EFAULT;
            return false;
        }
        if (::read(pipe_[0], out, static_cast<std::size_t>(in)) != in) {
            error = EIO;
            return false;
        }
        out += in;
        from += static_cast<address>(in);
        size -= static_cast<std::size_t>(in);
    }
    return true;
}

std::string memory::read_bytes(address from, std::size_t size) const {
    std::string bytes(size, '\0');
    read(from, bytes.data(), size);
    return bytes;
}

std::string memory::read_text(address from, std::size_t limit) const {
    std::string text;
    while (text.size() < limit) {
        // Never across a page that it may not need.
        const auto at = from + text.size();
        const auto part = std::min({limit - text.size(), page - static_cast<std::size_t>(at % page),
                                    std::size_t{256}});
        text += read_bytes(at, part);
        if (const auto end = text.find('\0', text.size() - part); end != std::string::npos) {
            text.resize(end);
            break;
        }
    }
    return text;
}

void memory::write(address to, const void* from, std::size_t size) const {
    const iovec here{const_cast<void*>(from), size};
    const iovec there = range(to, size);
    const auto written = ::process_vm_writev(::getpid(), &here, 1, &there, 1, 0);
    if (written != static_cast<ssize_t>(size)) {
        fail("write", size, to, written < 0 ? errno : EFAULT);
    }
}

memory::excerpt::excerpt(memory& of, address begin, std::size_t size)
    : memory_{of}, outer_{of.innermost_}, begin_{begin} {
    int error = 0;
    if (size > 0 && size <= largest_excerpt) {
        held_.resize(size);
        if (of.read_excerpt(begin, held_.data(), size) ||
            ((of.way_ == route::automatic || of.process_ != 0) &&
             of.read_by_call(begin, held_.data(), size, error))) {
            bytes_ = held_;
        }
    }
    memory_.innermost_ = this;
}

memory::excerpt::excerpt(memory& of, address begin, std::string_view known)
    : memory_{of}, outer_{of.innermost_}, begin_{begin}, bytes_{known} {
    memory_.innermost_ = this;
}

memory::excerpt::~excerpt() { memory_.innermost_ = outer_; }

}  // namespace backdoor::reflect
