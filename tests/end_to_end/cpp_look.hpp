// A client that looks at this program's own C++ objects.
#pragma once

#include "support/host.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace backdoor::test {

class cpp_look : public testing::Test {
protected:
    /// Of what a command answers: the error, where it is a traceback.
    std::string last_line(std::string_view command) {
        auto text = one.run(command);
        text.pop_back();
        return text.substr(text.rfind('\n') + 1);
    }

    const host h;
    client one{h.greeted_client()};
};

}  // namespace backdoor::test
