#include "support/certificates.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace backdoor::test {

namespace {

constexpr const char* new_key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";

}  // namespace

void run_command(const std::string& command) {
    std::string printed;
    FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
    std::array<char, 4096> buffer;
    while (const auto size = fread(buffer.data(), 1, buffer.size(), pipe)) {
        printed.append(buffer.data(), size);
    }
    if (pclose(pipe) != 0) {
        throw std::runtime_error{command + " failed: " + printed};
    }
}

authority::authority(const std::string& name) {
    run_command("openssl req -x509 -days 2 -subj /CN=" + name + new_key + "-keyout " +
                scratch_ / "ca.key" + " -out " + file());
}

certificate authority::issue(const std::string& subject, const std::string& more) const {
    static std::atomic<int> count = 0;
    const auto base = scratch_ / std::to_string(++count);
    run_command("openssl req -subj '" + subject + "'" + new_key + "-keyout " + base + ".key -out " +
                base + ".csr");
    run_command("openssl x509 -req -in " + base + ".csr -CA " + file() + " -CAkey " +
                scratch_ / "ca.key" + " -set_serial " + std::to_string(count) + " " + more +
                " -out " + base + ".pem");
    return {base + ".pem", base + ".key"};
}

void authority::revoke(const certificate& one) const {
    std::ofstream{scratch_ / "index"};
    std::ofstream{scratch_ / "ca.cnf"} << "[ca]\ndefault_ca = a\n[a]\ndatabase = " << scratch_ / "index"
                                       << "\ndefault_md = sha256\ndefault_crl_days = 2\n";
    const auto ca = "openssl ca -config " + scratch_ / "ca.cnf" + " -cert " + file() +
                    " -keyfile " + scratch_ / "ca.key";
    run_command(ca + " -revoke " + one.file);
    run_command(ca + " -gencrl -out " + scratch_ / "crl");
    run_command("cat " + scratch_ / "crl" + " >> " + file());
}

}  // namespace backdoor::test
