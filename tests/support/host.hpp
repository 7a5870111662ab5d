// A host with one server on a free port, and its log.
#pragma once

#include <backdoor/backdoor.hpp>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "support/client.hpp"

namespace backdoor::test {

/// Gathers log lines; any thread may wait for one.
class log_book {
public:
    void add(std::string_view line);
    std::vector<std::string> lines() const;
    bool wait_for(std::string_view line) const;
    /// For a line with that part.
    bool wait_for_part(std::string_view part) const;
    std::function<void(std::string_view)> writer() {
        return [this](std::string_view line) { add(line); };
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<std::string> lines_;
};

struct host {
    explicit host(locals names = {}, options choices = {}, const std::string& address = "127.0.0.1:0");

    /// A new client, behind its banner.
    client greeted_client() const;

    log_book log;
    server door;
};

options logging_to(log_book& book, options choices = {});

/// Two sockets joined by TCP on loopback: the server's end and the client's.
std::pair<unique_fd, unique_fd> tcp_pair();

/// A path for a unix socket that nobody else uses, in a directory that is removed at the end.
class scratch_directory {
public:
    scratch_directory();
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;
    ~scratch_directory();

    std::string operator/(std::string_view name) const { return path_ + "/" + std::string{name}; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace backdoor::test
