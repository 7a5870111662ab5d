"""Line editing with the clients that people have, and none for those that want none."""

import subprocess
import sys
import unittest

from screens import OnATerminal

WITH_EDITOR = {"inetutils": ["inetutils-telnet", "localhost", "PORT"],
               "netkit": ["telnet-ssl", "-z", "nossl", "localhost", "PORT"],
               "busybox": ["busybox", "telnet", "localhost", "PORT"],
               "plink": ["plink", "-telnet", "-P", "PORT", "localhost"],
               "socat in raw mode": ["socat", "-,raw,echo=0", "TCP:localhost:PORT"]}
if len(sys.argv) > 2:
    WITH_EDITOR["backdoor"] = [sys.argv[2], "localhost:PORT"]
WITHOUT = {"nc": ["nc", "localhost", "PORT"],
           "socat": ["socat", "-", "TCP:localhost:PORT"]}


class Clients(OnATerminal):
    """Each of them gets an editor, or is left alone."""

    def open_as(self, command, **choices):
        return self.open(*[word.replace("PORT", self.host.port) for word in command], **choices)

    def edit(self, screen):
        screen.wait_for_character_mode()
        screen.type("13")
        screen.press("C-b")
        screen.run("2")
        screen.wait_for_end(">>> 123", "123", ">>>")
        screen.press("Up", "BSpace")
        screen.run("4")
        screen.wait_for_end(">>> 124", "124", ">>>")
        screen.press("C-d")
        screen.wait_for_text("now exiting InteractiveConsole...")

    def test_each_edits(self):
        for name, command in WITH_EDITOR.items():
            with self.subTest(name):
                self.edit(self.open_as(command))

    def test_all_show_the_same(self):
        shown = {}
        for name, command in {**WITH_EDITOR, **WITHOUT}.items():
            screen = self.open_as(command)
            if name in WITHOUT:
                self.be_silent(screen)  # the question clears the line, and what was just typed there
            else:
                screen.wait_for_character_mode()
            for line, answer in (("6 * 7", "42"), ("print('a\\tb', '\u00e9\u754c')", "a       b \u00e9\u754c"),
                                 ("{'a': [1, 2], 'b': None}", "{'a': [1, 2], 'b': None}"),
                                 ("x = input('? '); len(x)", "?")):
                screen.run(line)
                screen.wait_for_text(line + "\n" + answer)
            screen.run("answered")
            lines = screen.wait_for_end("? answered", "8", ">>>")
            shown[name] = lines[lines.index(">>> 6 * 7"):]
        for name in shown:
            self.assertEqual(shown[name], shown["nc"], name)

    def follow(self, screen, to_line, to_character):
        screen.wait_for_character_mode()
        for mode, change in (("line", to_line), ("character", to_character)):
            change()
            getattr(screen, "wait_for_%s_mode" % mode)()
            lines = screen.wait_for(lambda lines: lines[-1] == ">>>", "a prompt")
            self.assertNotEqual(lines[-2], ">>>")
            screen.run("'in %s mode'" % mode)
            screen.wait_for_end("'in %s mode'" % mode, ">>>")
        screen.type("13")
        screen.press("C-b")
        screen.run("2")
        screen.wait_for_end(">>> 123", "123", ">>>")

    def test_modes_are_followed(self):
        for name in "inetutils", "netkit":
            with self.subTest(name):
                screen = self.open_as(WITH_EDITOR[name])

                def change_to(mode):
                    screen.press("C-]")
                    screen.wait_for(lambda lines: lines[-1].endswith(">") and lines[-1] != ">>>", "its prompt")
                    screen.run("mode " + mode)
                    screen.wait_for_text("mode " + mode)
                self.follow(screen, lambda: change_to("line"), lambda: change_to("character"))

    def test_modes_of_busybox_are_followed(self):
        screen = self.open_as(WITH_EDITOR["busybox"])

        def choose(escape, mode):
            screen.press(escape)
            screen.wait_for(lambda lines: lines[-1].strip().startswith("e "), "its menu")
            screen.type(mode)
        self.follow(screen, lambda: choose("C-]", "l"), lambda: choose("C-c", "c"))

    def test_two_at_once(self):
        names = list(WITH_EDITOR)
        one, other = self.open_as(WITH_EDITOR[names[0]]), self.open_as(WITH_EDITOR[names[-1]], columns=60)
        for screen in one, other:
            screen.wait_for_character_mode()
        for key in "mine":
            one.type(key)
            other.type(key.upper())
        one.wait_for_end(">>> mine")
        other.wait_for_end(">>> MINE")
        one.press("C-u")
        other.press("C-a")
        one.run("1")
        other.run("'")
        one.wait_for_end("1", ">>>")
        other.wait_for_text("SyntaxError")
        other.press("C-y")  # what was killed in the other one is not here
        other.run("2")
        other.wait_for_end(">>> 2", "2", ">>>")

    def be_silent(self, screen):
        """Longer than a client may be before it is asked."""
        with self.assertRaises(AssertionError):
            screen.wait_for(lambda lines: lines[-1] != ">>>", "anything", patience=1)

    def leave_alone(self, screen):
        self.be_silent(screen)
        before = screen.lines()
        screen.run("6 * 7")
        self.assertEqual(screen.wait_for_end(">>> 6 * 7", "42", ">>>")[:len(before) - 1],
                         before[:-1])

    def test_nc_is_left_alone(self):
        self.leave_alone(self.open_as(WITHOUT["nc"]))

    def test_socat_is_left_alone(self):
        self.leave_alone(self.open_as(WITHOUT["socat"]))

    def test_curl_has_no_terminal(self):
        # It agrees to whatever it is asked. Between two reads of the connection it waits for a line to
        # be typed, so that it may show each answer a line late.
        screen = self.open("curl", "-sN", "telnet://localhost:" + self.host.port)
        self.be_silent(screen)
        screen.run("6 * 7")
        screen.run("6 * 9")
        for _ in range(6):  # more than there are packets
            screen.press("Enter")
        lines = screen.wait_for(lambda lines: any(line.endswith("54") for line in lines), "both answers")
        shown = "\n".join(lines[lines.index(">>> 6 * 7"):])
        # The second line may be typed while the first one's answer comes.
        self.assertEqual([shown.count(text) for text in ("6 * 7", "42", "54")], [1, 1, 1])

    def test_a_script_is_left_alone(self):
        said = subprocess.run(["nc", "-N", "localhost", self.host.port], input="6 * 7\n",
                              stdout=subprocess.PIPE, text=True).stdout
        self.assertTrue(said.endswith(
            ")\n>>> 42\n>>> \nnow exiting InteractiveConsole...\n"), said)

    def test_a_dumb_terminal_keeps_its_line_mode(self):
        screen = self.open("inetutils-telnet", "localhost", self.host.port, term="dumb")
        screen.run("6 * 7")
        screen.wait_for_end("42", ">>>")
        screen.wait_for_line_mode()
        screen.run("6 * 8")
        screen.wait_for_end("48", ">>>")



if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
