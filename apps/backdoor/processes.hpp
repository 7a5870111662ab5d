// What /proc tells of sockets and of processes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace backdoor::client {

/// One that has a name.
struct unix_socket {
    std::string name;  ///< a path, or "@" and an abstract name
    std::string inode;
    bool listens = false;
};

std::vector<unix_socket> unix_sockets();

/// The process that has a socket open; 0 where none is seen, as those of other users.
pid_t process_with_socket(const std::string& inode);

/// It listens at that TCP port, whatever the address.
bool listens_at(pid_t process, const std::string& port);
/// There is a socket at that path, which this process's user has put there.
bool has_put_socket(pid_t process, const std::string& path);

struct process_description {
    std::string program;
    std::string user;
    std::chrono::seconds uptime{};
};

process_description describe(pid_t process);

}  // namespace backdoor::client
