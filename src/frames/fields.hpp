#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backdoor::frames {

// Names and values, each with a zero byte behind it; what a reader does not know it passes over.
// A name may come several times.
class fields {
public:
    // Neither may contain a zero byte: what stands behind one is left out.
    void add(std::string_view name, std::string_view value);

    // The first of that name; nothing where there is none.
    std::string_view operator[](std::string_view name) const;
    std::vector<std::string> all(std::string_view name) const;
    bool has(std::string_view name) const;

    std::string encode() const;
    // Nothing where the payload is not made of such pairs.
    static std::optional<fields> decode(std::string_view payload);

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace backdoor::frames
