// A kernel that does not say who is there, as where a container forbids to ask.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "support/attempts.hpp"
#include "support/child.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

/// From now on this process gets no netlink sockets.
bool forbid_netlink() {
    std::array<sock_filter, 6> program = {{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

HOST_PROGRAM(knows_nobody) {
    if (!forbid_netlink()) {
        return 1;
    }
    const server door{"127.0.0.1:0"};
    tell(door.address());
    ask();
    return 0;
}

TEST(silent_kernel, lets_nobody_in) {
    child process{"knows_nobody"};
    client one{process.told()};
    const auto told = one.read_to_end();
    EXPECT_EQ(told, "backdoor: the system does not tell who you are\n");
    count_attempts("programs of which the kernel does not tell", 1,
                   told.find(">>>") != std::string::npos ? 1 : 0);
    process.answer();
    EXPECT_EQ(process.wait(), 0);
}

}  // namespace
}  // namespace backdoor::test
