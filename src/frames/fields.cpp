#include "frames/fields.hpp"

#include <algorithm>

namespace backdoor::frames {

namespace {

std::string_view before_zero(std::string_view text) { return text.substr(0, text.find('\0')); }

}  // namespace

void fields::add(std::string_view name, std::string_view value) {
    pairs_.emplace_back(before_zero(name), before_zero(value));
}

std::string_view fields::operator[](std::string_view name) const {
    const auto found = std::find_if(pairs_.begin(), pairs_.end(),
                                    [&](const auto& pair) { return pair.first == name; });
    return found == pairs_.end() ? std::string_view{} : found->second;
}

bool fields::has(std::string_view name) const {
    return std::any_of(pairs_.begin(), pairs_.end(),
                       [&](const auto& pair) { return pair.first == name; });
}

std::vector<std::string> fields::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [given, value] : pairs_) {
        if (given == name) {
            values.push_back(value);
        }
    }
    return values;
}

std::string fields::encode() const {
    std::string payload;
    for (const auto& [name, value] : pairs_) {
        payload.append(name).push_back('\0');
        payload.append(value).push_back('\0');
    }
    return payload;
}

std::optional<fields> fields::decode(std::string_view payload) {
    fields result;
    const auto take = [&]() -> std::optional<std::string_view> {
        const auto end = payload.find('\0');
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const auto text = payload.substr(0, end);
        payload.remove_prefix(end + 1);
        return text;
    };
    while (!payload.empty()) {
        const auto name = take();
        const auto value = take();
        if (!name || !value) {
            return std::nullopt;
        }
        result.pairs_.emplace_back(*name, *value);
    }
    return result;
}

}  // namespace backdoor::frames
