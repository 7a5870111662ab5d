// Reading memory that may not be there.
#include "reflect/memory.hpp"

#include "looking.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>

namespace backdoor::reflect::test {
namespace {

/// A page with text up to its end, and none behind it.
class last_page : public testing::TestWithParam<memory::route> {
protected:
    static constexpr std::size_t size = 4096;

    last_page()
        : begin_{static_cast<char*>(
              mmap(nullptr, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))} {
        munmap(begin_ + size, size);
        std::memset(begin_, 'x', size);
    }
    ~last_page() override { munmap(begin_, size); }

    address at(std::size_t offset) const { return reinterpret_cast<address>(begin_) + offset; }

    memory bytes{GetParam()};
    char* begin_;
};

TEST_P(last_page, is_read_to_its_end) {
    EXPECT_EQ(bytes.read_bytes(at(0), size), std::string(size, 'x'));
}

TEST_P(last_page, is_not_read_beyond) {
    const auto failure = told<memory_error>([&] { bytes.read_bytes(at(size - 4), 8); });
    EXPECT_EQ(failure, "cannot read 8 bytes at 0x" +
                           [&] {
                               char text[32];
                               std::snprintf(text, sizeof text, "%llx",
                                             static_cast<unsigned long long>(at(size - 4)));
                               return std::string{text};
                           }() +
                           ": Bad address");
}

TEST_P(last_page, has_text_that_ends_before_what_is_not_there) {
    begin_[size - 1] = '\0';
    EXPECT_EQ(bytes.read_text(at(size - 5), 1000), "xxxx");
    begin_[size - 1] = 'x';
    EXPECT_THROW(bytes.read_text(at(size - 5), 1000), memory_error);
    EXPECT_EQ(bytes.read_text(at(size - 5), 3), "xxx");
}

INSTANTIATE_TEST_SUITE_P(by, last_page,
                         testing::Values(memory::route::automatic, memory::route::pipe));

TEST(memory, that_is_read_only_is_not_written) {
    static const int constant = 5;
    const memory bytes;
    const int other = 6;
    EXPECT_THROW(bytes.write(reinterpret_cast<address>(&constant), &other, sizeof other),
                 memory_error);
    EXPECT_EQ(constant, 5);
}

TEST(an_excerpt, is_of_one_moment) {
    memory bytes;
    int number = 1;
    const auto at = reinterpret_cast<address>(&number);
    {
        const memory::excerpt held{bytes, at, sizeof number};
        number = 2;
        EXPECT_EQ(bytes.read<int>(at), 1);
    }
    EXPECT_EQ(bytes.read<int>(at), 2);
}

TEST(an_excerpt, of_what_is_not_there_is_none) {
    memory bytes;
    const memory::excerpt held{bytes, 0x10, 8};
    EXPECT_THROW(bytes.read<int>(0x10), memory_error);
}

}  // namespace
}  // namespace backdoor::reflect::test
