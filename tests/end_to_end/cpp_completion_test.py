"""Completion of C++ names, and of exposed objects, in the line editor."""

import sys
import unittest

from screens import Host, Screen


class Completion(unittest.TestCase):
    def test_names_members_and_functions(self):
        host = Host(sys.argv[1])
        self.addCleanup(lambda: self.assertEqual(host.stop(), 0))
        screen = Screen("inetutils-telnet", "localhost", host.port)
        self.addCleanup(screen.close)
        screen.wait_for_end(">>>")
        screen.wait_for_character_mode()
        screen.run("cpp.shown_by_name.item.quantity")  # reads the debug information
        screen.wait_for(lambda lines: "4" in lines[-3:] and lines[-1] == ">>>", "the value", patience=60)
        for begun, whole in (("cpp.shown_by_na", "cpp.shown_by_name"),
                             ("cpp.shown_by_name.it", "cpp.shown_by_name.item"),
                             ("cpp.shown_by_name.item.quant", "cpp.shown_by_name.item.quantity"),
                             ("cpp.sizeo", "cpp.sizeof"),
                             ("owner.inn", "owner.inner"),
                             ("owner.inner.wei", "owner.inner.weight"),
                             ("owner.inner.add(amo", "owner.inner.add(amount=")):
            with self.subTest(begun):
                screen.type(begun)
                screen.press("Tab")
                screen.wait_for(lambda lines: lines[-1].startswith(">>> " + whole), whole)
                screen.press("C-c")
                screen.wait_for_end("KeyboardInterrupt", ">>>")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
