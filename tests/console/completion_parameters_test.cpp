#include "console/completion_parameters.hpp"

#include <gtest/gtest.h>

namespace backdoor {
namespace {

TEST(named_parameters, are_those_of_a_text_signature) {
    EXPECT_EQ(named_parameters("($module, iterable, /, *, key=None, reverse=False)"),
              (words{"key", "reverse"}));
    EXPECT_EQ(named_parameters("($module, /, *args, sep=' ', end='\\n', file=None, flush=False)"),
              (words{"sep", "end", "file", "flush"}));
    EXPECT_EQ(named_parameters("($module, /, file, mode='r', buffering=-1, encoding=None)"),
              (words{"file", "mode", "buffering", "encoding"}));
    EXPECT_EQ(named_parameters("(iterable, start=0)"), (words{"iterable", "start"}));
}

TEST(named_parameters, have_defaults_with_commas_and_brackets) {
    EXPECT_EQ(named_parameters("(a=(1, 2), b={'x, )': [3]}, c=\"it's, \", **d)"),
              (words{"a", "b", "c"}));
}

TEST(named_parameters, are_none_of_what_is_no_signature) {
    for (const auto* text : {"", "()", "(", ")", "($self, /)", "(*args, **kwargs)", "a, b", "(a"}) {
        EXPECT_EQ(named_parameters(text), words{}) << text;
    }
}

}  // namespace
}  // namespace backdoor
