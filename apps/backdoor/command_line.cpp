#include "command_line.hpp"

#include "failure.hpp"

#include <backdoor/version.hpp>

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string_view>

namespace backdoor::client {

namespace {

struct given_options {
    std::vector<std::string> commands;
    std::vector<std::string> files;
    std::vector<std::string> expressions;
    bool json = false;
    double timeout = 0;
    std::string escape = "^]";
    std::string token_file;
    tls_files tls;
};

struct command_line {
    CLI::App application{
        "Opens the Python prompt inside a running process, or runs code there.\n"
        "TARGET is /path.sock, host:port, a process's number, or the name of a program whose\n"
        "console is in the place for them (--list). What stands behind -- is sys.argv[1:].",
        "backdoor"};
    request wanted;
    given_options given;
    std::map<const CLI::Option*, std::string> kinds;  // of those that give a program

    command_line() {
        auto& app = application;
        app.set_version_flag("--version", "backdoor " BACKDOOR_VERSION);
        app.add_option("TARGET", wanted.target, "the console");
        kinds[app.add_option("-c,--command", given.commands, "run CODE as `python3 -c` does; again for more")
                  ->type_name("CODE")
                  ->allow_extra_args(false)] = "command";
        kinds[app.add_option("-f,--file", given.files, "run FILE, on this machine; - is standard input")
                  ->type_name("FILE")
                  ->allow_extra_args(false)] = "file";
        kinds[app.add_option("-e,--expression", given.expressions, "print the repr() of EXPR")
                  ->type_name("EXPR")
                  ->allow_extra_args(false)] = "expression";
        app.add_flag("--json", given.json, "print what -e gives as JSON");
        app.add_flag("-i,--interactive", wanted.interactive,
                     "a prompt behind what runs, or without a terminal");
        app.add_option("--timeout", given.timeout, "give up, and interrupt the code, with status 124")
            ->type_name("SECONDS")
            ->check(CLI::PositiveNumber);
        app.add_flag("--list", wanted.list, "list the consoles on this machine");
        app.add_flag("--wait", wanted.wait,
                     "wait until the console is there: for --timeout, or 60 s");
        app.add_flag("-q,--quiet", wanted.prompt.quiet, "no banner, and no titles of a list");
        app.add_option("--color", wanted.prompt.colour, "at the prompt: always, never, auto")
            ->type_name("WHEN")
            ->check(CLI::IsMember({"always", "never", "auto"}));
        app.add_option("--escape", given.escape, "the key that leaves the prompt; none: none")
            ->type_name("KEY")
            ->capture_default_str();
        app.add_option("--history", wanted.prompt.history,
                       "at the prompt: keep what is typed in FILE, here, not at the server's")
            ->type_name("FILE");
        app.add_option("--token-file", given.token_file,
                       "has the token (options.token) as its line; else $BACKDOOR_TOKEN")
            ->type_name("FILE");
        auto* const certificate =
            app.add_option("--cert", given.tls.certificate, "TLS, with this certificate (PEM)")
                ->type_name("FILE");
        app.add_option("--key", given.tls.key, "its private key, if not in the same file")
            ->type_name("FILE")
            ->needs(certificate);
        app.add_option("--cafile", given.tls.authorities,
                       "TLS, where who issued the server's certificate is in this file (PEM)")
            ->type_name("FILE");
    }
};

/// What standard input gives, to its end.
std::string read_standard_input() {
    std::string text;
    char buffer[64 * 1024];
    for (;;) {
        const auto size = read(STDIN_FILENO, buffer, sizeof buffer);
        if (size <= 0) {
            return text;
        }
        text.append(buffer, static_cast<std::size_t>(size));
    }
}

std::string read_file(const std::string& name) {
    std::ifstream file{name, std::ios::binary};
    if (!file || std::filesystem::is_directory(name)) {
        throw failure{status::usage, "cannot read " + name};
    }
    return {std::istreambuf_iterator<char>{file}, {}};
}

program standard_input_program() { return {"file", read_standard_input(), "<stdin>", {"-"}}; }

program make_program(const std::string& kind, const std::string& given) {
    if (kind == "command") {
        return {kind, given, "<string>", {"-c"}};
    }
    if (kind != "file") {
        return {kind, given, "<string>", {"-e"}};
    }
    if (given == "-") {
        return standard_input_program();
    }
    // The process that runs it is in another folder.
    return {kind, read_file(given), std::filesystem::absolute(given).string(), {given}};
}

std::vector<program> make_programs(const command_line& line) {
    std::vector<program> all;
    std::map<const CLI::Option*, std::size_t> used;
    for (const auto* const option : line.application.parse_order()) {
        const auto kind = line.kinds.find(option);
        if (kind == line.kinds.end()) {
            continue;
        }
        const auto& text = option->results().at(used[option]++);
        const bool as_json = kind->second == "expression" && line.given.json;
        all.push_back(make_program(as_json ? "json" : kind->second, text));
    }
    return all;
}

std::optional<char> parse_key(const std::string& given) {
    if (given == "none") {
        return std::nullopt;
    }
    if (given.size() == 1) {
        return given.front();
    }
    if (given.size() == 2 && given.front() == '^' && given[1] >= '@' && given[1] <= '~') {
        return static_cast<char>(given[1] & 0x1f);
    }
    throw failure{status::usage, "--escape: '" + given + "' is no key; write one as ^], or none"};
}

std::string find_token(const std::string& file) {
    if (!file.empty()) {
        const auto text = read_file(file);
        return text.substr(0, text.find_first_of("\r\n"));
    }
    const char* const variable = std::getenv("BACKDOOR_TOKEN");
    return variable != nullptr ? variable : "";
}

std::string colour(const std::string& wanted) {
    const char* const refused = std::getenv("NO_COLOR");
    return wanted == "auto" && refused != nullptr && *refused != '\0' ? "never" : wanted;
}

}  // namespace

request parse_command_line(int argc, char** argv) {
    // What stands behind -- is not ours, whatever it looks like.
    auto** const separator =
        std::find_if(argv, argv + argc, [](const char* word) { return std::string_view{word} == "--"; });
    command_line line;
    auto& wanted = line.wanted;
    auto& given = line.given;
    try {
        line.application.parse(static_cast<int>(separator - argv), argv);
    } catch (const CLI::ParseError& problem) {
        const int code = line.application.exit(problem, std::cout, std::cerr);
        throw failure{code == 0 ? 0 : status::usage, ""};
    }
    if (wanted.list) {
        return wanted;
    }
    if (wanted.target.empty()) {
        throw failure{status::usage, "which console? Give a TARGET; --list shows those that there are"};
    }
    if (given.json && given.expressions.empty()) {
        throw failure{status::usage, "--json is for what -e gives"};
    }
    wanted.programs = make_programs(line);
    if (wanted.programs.empty() && !wanted.interactive) {
        if (isatty(STDIN_FILENO) != 0) {
            wanted.interactive = true;
        } else {
            wanted.programs.push_back(standard_input_program());
        }
    }
    for (auto& one : wanted.programs) {
        for (auto** word = separator + 1; word < argv + argc; ++word) {
            one.arguments.emplace_back(*word);
        }
    }
    if (given.timeout > 0) {
        wanted.timeout = std::chrono::milliseconds{static_cast<long long>(
            std::min(given.timeout, 1e9) * 1000)};
    }
    if (!given.tls.certificate.empty() || !given.tls.authorities.empty()) {
        wanted.tls = given.tls;
    }
    wanted.token = find_token(given.token_file);
    wanted.prompt.escape = parse_key(given.escape);
    wanted.prompt.colour = colour(wanted.prompt.colour);
    return wanted;
}

}  // namespace backdoor::client
