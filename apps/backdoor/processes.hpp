// What /proc tells of sockets and of processes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>

namespace backdoor::client {

/// The unix sockets that somebody listens at: path to inode.
std::map<std::string, std::string> listening_sockets();

/// The process that has a socket open; 0 where none is seen, as those of other users.
pid_t process_with_socket(const std::string& inode);

struct process_description {
    std::string program;
    std::string user;
    std::chrono::seconds uptime{};
};

process_description describe(pid_t process);

}  // namespace backdoor::client
