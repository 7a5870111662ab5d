// Programs that clients have run, and prompts, by frames.
#include "frames/opening.hpp"

#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/framed_client.hpp"
#include "support/host.hpp"
#include "support/process.hpp"

namespace backdoor::test {
namespace {

using frames::type;

struct a_program : testing::Test {
    host service;
    framed_client client{service.door.address()};
};

// ---- what it says and how it ends --------------------------------------------------------------

TEST_F(a_program, runs_as_python_runs_a_command) {
    EXPECT_EQ(client.command("2 + 2\nprint('seen', __name__)"), (ended_program{0, "seen __main__\n", ""}));
}

TEST_F(a_program, has_output_and_errors_apart) {
    EXPECT_EQ(client.command("import sys; print('out'); print('err', file=sys.stderr)"),
              (ended_program{0, "out\n", "err\n"}));
}

TEST_F(a_program, that_raises_ends_with_1_and_a_traceback_on_the_error_stream) {
    EXPECT_EQ(client.command("x = 1\n1 / 0"),
              (ended_program{1, "",
                             "Traceback (most recent call last):\n"
                             "  File \"<string>\", line 2, in <module>\n"
                             "ZeroDivisionError: division by zero\n"}));
}

TEST_F(a_program, that_is_none_ends_with_1) {
    const auto wrong = client.command("1 +");
    EXPECT_EQ(wrong.status, 1);
    EXPECT_EQ(wrong.output, "");
    EXPECT_NE(wrong.errors.find("SyntaxError: invalid syntax"), std::string::npos) << wrong.errors;
    EXPECT_EQ(client.command(std::string{"1\0", 2}).status, 1);
    EXPECT_EQ(client.command("'\xff'").status, 1);
    EXPECT_EQ(client.command("print(1)").output, "1\n") << "and the console lives";
}

TEST_F(a_program, ends_with_the_status_of_exit) {
    EXPECT_EQ(client.command("exit()").status, 0);
    EXPECT_EQ(client.command("import sys; sys.exit(3)").status, 3);
    EXPECT_EQ(client.command("raise SystemExit(True)").status, 1);
    EXPECT_EQ(client.command("raise SystemExit(256 + 7)").status, 7);
    EXPECT_EQ(client.command("raise SystemExit('last words')"), (ended_program{1, "", "last words\n"}));
    EXPECT_EQ(client.command("pass").status, 0) << "which is no other program's";
}

TEST_F(a_program, leaves_its_names_to_the_next) {
    client.command("x = 41");
    EXPECT_EQ(client.run("expression", "x + 1"), (ended_program{0, "42\n", ""}));
    framed_client other{service.door.address()};
    EXPECT_EQ(other.run("expression", "x").status, 1) << "of the same client only";
}

TEST_F(a_program, may_be_longer_than_a_frame) {
    std::string source;
    for (int i = 0; i < 20'000; ++i) {
        source += "x = " + std::to_string(i) + "\n";
    }
    EXPECT_EQ(client.command(source + "print(x)").output, "19999\n");
}

TEST_F(a_program, of_a_file_may_say_its_encoding) {
    EXPECT_EQ(client.run("file", "# coding: latin-1\nprint('\xe4')").output, "\xc3\xa4\n");
    EXPECT_EQ(client.run("command", "# coding: latin-1\nprint('\xc3\xa4')").output, "\xc3\xa4\n");
}

// ---- values -----------------------------------------------------------------------------------

TEST_F(a_program, that_is_an_expression_shows_its_value) {
    EXPECT_EQ(client.run("expression", "'a' * 3").output, "'aaa'\n");
    EXPECT_EQ(client.run("expression", "None").output, "None\n");
    EXPECT_EQ(client.run("expression", "x = 1").status, 1);
}

TEST_F(a_program, shows_its_value_as_json) {
    EXPECT_EQ(client.run("json", "{'a': [1, 2.5, None, True], 'b': 'ä'}").output,
              "{\"a\": [1, 2.5, null, true], \"b\": \"\\u00e4\"}\n");
    const auto set = client.run("json", "{'x': {1}}");
    EXPECT_EQ(set.status, 1);
    EXPECT_EQ(set.output, "");
    EXPECT_NE(set.errors.find("this dict cannot be told as JSON: Object of type set is not JSON "
                              "serializable"),
              std::string::npos)
        << set.errors;
    EXPECT_EQ(client.run("json", "float('nan')").status, 1);
}

// ---- its input and arguments -------------------------------------------------------------------

TEST_F(a_program, has_arguments_of_its_own) {
    const std::vector<std::string> arguments{"-c", "one", "tw\xc3\xb6"};
    EXPECT_EQ(client.run("command", "import sys; print(sys.argv)", arguments).output,
              "['-c', 'one', 'tw\xc3\xb6']\n");
    auto plain = service.greeted_client();
    plain.run("import sys");
    EXPECT_EQ(plain.run("sys.argv").find("one"), std::string::npos);
    plain.run("sys.argv = ['mine']");
    EXPECT_EQ(client.run("command", "print(sys.argv)", arguments).output,
              "['-c', 'one', 'tw\xc3\xb6']\n");
}

TEST_F(a_program, asks_for_input_only_when_it_reads) {
    EXPECT_EQ(client.run("command", "print('no')", {}, "never asked for").output, "no\n");
    EXPECT_EQ(client.run("command", "print(input() + input())", {}, "a\nb\n").output, "ab\n");
    EXPECT_EQ(client.run("command", "import sys; print(repr(sys.stdin.read()))", {}, "\x03\x04\r\nlast").output,
              "'\\x03\\x04\\nlast'\n")
        << "bytes mean nothing but themselves; and what is no line is read, too";
    const auto ended = client.run("command", "input()");
    EXPECT_EQ(ended.status, 1);
    EXPECT_NE(ended.errors.find("EOFError"), std::string::npos);
}

// ---- breaking it off ---------------------------------------------------------------------------

TEST_F(a_program, that_is_interrupted_ends_with_130) {
    for (const auto* source : {"print('on')\nwhile True: pass", "print('on')\ninput()"}) {
        client.begin("command", source);
        EXPECT_EQ(client.next(), (frames::frame{type::output, "on"}));
        EXPECT_EQ(client.next(), (frames::frame{type::output, "\n"}));
        client.send(type::interrupt);
        const auto ended = client.end();
        EXPECT_EQ(ended.status, 130) << source;
        EXPECT_NE(ended.errors.find("KeyboardInterrupt"), std::string::npos) << ended.errors;
        EXPECT_EQ(client.command("print('next')").output, "next\n");
    }
}

TEST_F(a_program, that_catches_an_interrupt_is_heard_all_the_while) {
    client.begin("command",
                 "try:\n"
                 "    input('on')\n"
                 "except KeyboardInterrupt:\n"
                 "    print('no')\n"
                 "while True: pass");
    EXPECT_EQ(client.next(), (frames::frame{type::output, "on"}));
    EXPECT_EQ(client.next(), (frames::frame{type::wants_input, ""}));
    client.send(type::interrupt);
    EXPECT_EQ(client.next(), (frames::frame{type::output, "no"}));
    EXPECT_EQ(client.next(), (frames::frame{type::output, "\n"}));
}

TEST_F(a_program, whose_exception_does_not_end_to_tell_its_text_is_interrupted) {
    client.begin("command",
                 "class endless(Exception):\n"
                 "    def __str__(self):\n"
                 "        print('on')\n"
                 "        while True: pass\n"
                 "raise endless");
    while (client.next() != frames::frame{type::output, "on"}) {
    }
    client.send(type::interrupt);
    EXPECT_EQ(client.end().status, 130);
    EXPECT_EQ(client.command("print('next')").output, "next\n");
}

TEST_F(a_program, that_cannot_be_broken_off_is_left_behind_with_130) {
    client.begin("command",
                 "import sys, threading\n"
                 "sys.held = threading.Lock()\n"
                 "sys.held.acquire()\n"
                 "sys.stdout.write('on')\n"
                 "sys.held.acquire()");
    EXPECT_EQ(client.next(), (frames::frame{type::output, "on"}));
    client.send(type::interrupt);
    const auto ended = client.end();
    EXPECT_EQ(ended.status, 130);
    EXPECT_NE(ended.errors.find("left behind"), std::string::npos) << ended.errors;
    EXPECT_EQ(client.command("sys.held.release(); del sys.held; print('next')").output, "next\n");
}

TEST_F(a_program, is_not_interrupted_where_none_runs) {
    client.send(type::interrupt);
    EXPECT_EQ(client.command("print(1)").output, "1\n");
    client.send(type::interrupt);
    client.send(type::interrupt);
    EXPECT_EQ(client.command("print(2)").output, "2\n");
}

TEST_F(a_program, ends_with_its_client) {
    client.begin("command", "print('on')\nwhile True: pass");
    client.next();
    client.connection().close();
    EXPECT_TRUE(service.log.wait_for_part("backdoor closed to "));
    auto other = service.greeted_client();
    EXPECT_TRUE(eventually([&] { return other.run("len(consoles())") == "1\n"; }));
}

TEST(a_program_with_a_limit, is_interrupted) {
    options choices;
    choices.command_limit = 100ms;
    host service{{}, choices};
    framed_client client{service.door.address()};
    const auto ended = client.command("while True: pass");
    EXPECT_EQ(ended.status, 130);
    EXPECT_NE(ended.errors.find("options.command_limit"), std::string::npos);
}

// ---- the audit log ----------------------------------------------------------------------------

TEST(a_program_on_record, is_there_with_its_text_before_it_runs) {
    log_book events;
    options choices;
    choices.audit = [&](const audit_event& event) {
        if (event.what == audit_event::kind::command || event.what == audit_event::kind::result) {
            events.add(event.text);
        }
        if (event.text == "forbidden") {
            throw error{"no"};
        }
    };
    choices.audit_required = true;
    host service{{}, choices};
    framed_client client{service.door.address()};
    client.command("x = 1\ny = 2");
    client.command("1 / 0");
    client.command("1 +");
    const auto refused = client.command("forbidden");
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.errors.find("PermissionError: not run: "), std::string::npos);
    EXPECT_EQ(events.lines(), (std::vector<std::string>{"x = 1\ny = 2", "ok", "1 / 0", "ZeroDivisionError",
                                                "1 +", "SyntaxError", "forbidden", "not run"}));
}

// ---- prompts ----------------------------------------------------------------------------------

TEST_F(a_program, may_be_followed_by_a_prompt) {
    client.command("x = 42");
    frames::fields plain;
    client.send(type::prompt, plain.encode());
    EXPECT_NE(client.next().payload.find("(InteractiveConsole)\n"), std::string::npos);
    EXPECT_EQ(client.next().payload, ">>> ");
    client.send(type::input, "x\nimport sys; sys.exit(5)\n");
    const auto ended = client.end();
    EXPECT_EQ(ended.output, "42\n>>> ");
    EXPECT_EQ(ended.status, 5);
    EXPECT_THROW(client.next(), std::runtime_error) << "it has closed";
}

TEST_F(a_program, is_none_at_a_prompt) {
    frames::fields plain;
    plain.add("quiet", "");
    client.send(type::prompt, plain.encode());
    EXPECT_EQ(client.next().payload, ">>> ");
    client.send(type::interrupt);
    EXPECT_EQ(client.next().payload, "\nKeyboardInterrupt\n>>> ");
    client.send(type::end_of_input);
    const auto ended = client.end();
    EXPECT_EQ(ended.output, "\nnow exiting InteractiveConsole...\n");
    EXPECT_EQ(ended.status, 0);
}

TEST_F(a_program, may_be_followed_by_a_terminal) {
    client.command("x = 42");
    client.send(type::window_size, frames::encode({80, 24}));
    frames::fields terminal;
    terminal.add("terminal", "xterm-256color");
    terminal.add("quiet", "");
    terminal.add("colour", "never");
    client.send(type::prompt, terminal.encode());
    const auto read_until = [&](std::string_view mark) {
        std::string shown;
        while (shown.find(mark) == std::string::npos) {
            shown += client.next().payload;
        }
        return shown;
    };
    read_until(">>> ");
    client.send(type::input, "y = x\x01 \x08\x05 + 1; print('is', y)\r");  // moves about
    read_until("is 43");
    client.send(type::input, "\x04");
    EXPECT_NE(client.end().output.find("now exiting"), std::string::npos);
}

// ---- the protocol -----------------------------------------------------------------------------

TEST(a_client_of_frames, is_told_whose_console_it_is) {
    host service;
    framed_client client{service.door.address()};
    EXPECT_EQ(client.about()["pid"], std::to_string(getpid()));
    EXPECT_EQ(client.about()["program"], program_invocation_short_name);
    EXPECT_TRUE(client.skipped().ends_with("(InteractiveConsole)\n>>> ")) << client.skipped();
}

TEST(a_client_of_frames, shows_its_token_in_them) {
    options choices;
    choices.token = "0123456789abcdef";
    host service{{}, choices};
    EXPECT_EQ(framed_client(service.door.address(), choices.token).command("print(1)").output, "1\n");
    EXPECT_THROW(framed_client(service.door.address(), "0123456789abcdee"), std::runtime_error);
    EXPECT_THROW(framed_client(service.door.address()), std::runtime_error);
    EXPECT_TRUE(service.log.wait_for_part("wrong token"));
    EXPECT_TRUE(service.log.wait_for_part("it wants a token"));
}

std::string answer_to(const std::string& address, std::string_view bytes) {
    client one{address};
    one.send(frames::opening_line(1));
    one.read_until(frames::answer(1));
    one.send(bytes);
    return one.read_to_end();
}

TEST(a_client_of_frames, is_closed_with_a_reason_where_it_speaks_wrongly) {
    host service;
    const auto said = [&](type what, std::string_view payload, bool greeted = true) {
        std::string bytes;
        if (greeted) {
            frames::append(bytes, type::hello);
        }
        frames::append(bytes, what, payload);
        return answer_to(service.door.address(), bytes);
    };
    const auto has = [](const std::string& text, std::string_view part) {
        EXPECT_NE(text.find(part), std::string::npos) << text;
    };
    has(said(type::run, {}, false), "no hello came first");
    has(said(type::hello, {}), "a second hello");
    has(said(type::run, "kind"), "fields cannot be read");
    has(said(type::run, {}), "of a kind that there is not");
    has(said(type::window_size, "1"), "a window's size that is none");
    has(said(type::output, "1"), "a type that this server does not know");
    has(answer_to(service.door.address(), std::string{"H\1\0\0\0", 5}), "a frame of more than 65536 bytes");
    EXPECT_EQ(service.greeted_client().run("1+1"), "2\n");
}

TEST(a_client_of_frames, has_no_program_that_is_too_long) {
    options choices;
    choices.max_input = 1000;
    host service{{}, choices};
    framed_client client{service.door.address()};
    client.send(type::source, std::string(1001, ' '));
    const auto said = client.next();
    EXPECT_EQ(said.type, type::error_output);
    EXPECT_NE(said.payload.find("options.max_input"), std::string::npos);
}

TEST(a_client_of_frames, may_come_in_pieces) {
    host service;
    client one{service.door.address()};
    std::string bytes = frames::opening_line(1);
    for (const char byte : bytes) {
        one.send({&byte, 1});
    }
    one.read_until(frames::answer(1));
}

TEST(a_plain_client, may_say_what_looks_like_an_opening) {
    host service;
    auto one = service.greeted_client();
    one.send("# backdoor");
    one.send(" frames? no\n");
    EXPECT_EQ(one.read_before(prompt), "");
    EXPECT_EQ(one.run("1+1"), "2\n");

    client other{service.door.address()};
    other.send("# backdoor frames");
    other.half_close();
    EXPECT_TRUE(other.read_to_end().ends_with("\nnow exiting InteractiveConsole...\n"));
}

TEST(a_plain_client, may_come_in_pieces_of_which_the_second_looks_foreign) {
    host service;
    auto one = service.greeted_client();
    one.send("6");
    EXPECT_EQ(one.read_for(50ms), "");
    one.send("*7\n");
    EXPECT_EQ(one.read_before(prompt), "42\n");
}

// ---- nothing is left behind --------------------------------------------------------------------

TEST(many_programs, leave_nothing_behind) {
    host service;
    const auto run_one = [&] {
        framed_client client{service.door.address()};
        EXPECT_EQ(client.command("print(6 * 7)").output, "42\n");
    };
    run_one();
    const auto is_alone = [&] { return service.greeted_client().run("len(consoles())") == "1\n"; };
    ASSERT_TRUE(eventually(is_alone));
    const auto descriptors = descriptor_count();
    const auto threads = thread_count();
    for (int i = 0; i < 100; ++i) {
        run_one();
    }
    const auto resident = resident_bytes();
    for (int i = 0; i < 100; ++i) {
        run_one();
    }
    EXPECT_TRUE(eventually(is_alone));
    EXPECT_TRUE(eventually([&] { return descriptor_count() <= descriptors; }));
    EXPECT_TRUE(eventually([&] { return thread_count() <= threads; }));
    if (!sanitized) {
        EXPECT_LT(resident_bytes(), resident + 2 * 1024 * 1024);
    }
}

TEST_F(a_program, may_have_much_to_say) {
    const auto ended = client.command("print('x' * 10_000_000)");
    EXPECT_EQ(ended.output.size(), 10'000'001u);
    EXPECT_EQ(ended.status, 0);
}

}  // namespace
}  // namespace backdoor::test
