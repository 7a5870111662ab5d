// What a peer can make the codec keep. Counts every allocation of this program.

#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include "telnet/codec.hpp"

namespace {

std::atomic<std::size_t> live{0};

void release(void* p) noexcept {
    live -= malloc_usable_size(p);
    std::free(p);
}

}  // namespace

void* operator new(std::size_t size) {
    void* p = std::malloc(size == 0 ? 1 : size);
    if (p == nullptr)
        throw std::bad_alloc();
    live += malloc_usable_size(p);
    return p;
}

// Not inlined: where gcc sees free() meet the result of new it warns, and rightly so elsewhere.
[[gnu::noinline]] void operator delete(void* p) noexcept { release(p); }

[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { release(p); }

namespace backdoor::telnet::test {
namespace {

std::size_t kept_after(std::string_view opening, std::string_view repeated) {
    std::string piece;
    while (piece.size() < 4096)
        piece += repeated;
    const std::size_t before = live;
    codec c;
    c.receive(opening);
    for (int i = 0; i < 100; ++i) {
        c.receive(piece);
        c.take_output();
    }
    return live - before;
}

TEST(telnet_memory, is_bounded) {
    constexpr std::size_t few = 2048;
    EXPECT_LT(kept_after("", "a"), few);
    EXPECT_LT(kept_after("", "\xff"), few);
    EXPECT_LT(kept_after("\xff\xf1", "a"), few);
    EXPECT_LT(kept_after("\xff\xf1", "\xff\xf4"), few);
    EXPECT_LT(kept_after("\xff\xf1", "\xff\xfb\x1f\xff\xfc\x1f"), few);
    EXPECT_LT(kept_after("\xff\xf1\xff\xfa\x18", "x"), few) << "a subnegotiation without end";
    EXPECT_LT(kept_after("\xff\xf1\xff\xfa\x18", "\xff\xff"), few);
}

}  // namespace
}  // namespace backdoor::telnet::test
