#include "console/pretty_layout.hpp"

#include <algorithm>
#include <string_view>

namespace backdoor {

namespace {

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

/// "9,950"
std::string grouped(std::size_t number) {
    auto digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3) {
        digits.insert(at - 3, 1, ',');
    }
    return digits;
}

std::string rest_of(const pretty_node& value) {
    return "… " + grouped(value.left_out) + " more";
}

/// The value on one line, or nothing where that is wider than `most`.
bool flat(const pretty_node& value, std::size_t most, std::string& out) {
    out += value.key;
    out += value.text;
    if (value.is_container) {
        std::string_view separator;
        for (const auto& item : value.items) {
            out += separator;
            if (!flat(item, most, out)) {
                return false;
            }
            separator = ", ";
        }
        if (value.left_out > 0) {
            out += separator;
            out += rest_of(value);
        }
        out += value.end;
    }
    return out.size() <= most || width_of(out) <= most;
}

class layout {
public:
    layout(std::size_t columns, const std::string& goes_on) : columns_{columns}, goes_on_{goes_on} {}

    /// `behind`: columns that must stay free behind it.
    void write(const pretty_node& value, std::size_t behind, bool outermost) {
        std::string line;
        const bool told = outermost && value.left_out > 0;
        if (!told && column_ + behind < columns_ &&
            flat(value, columns_ - column_ - behind, line)) {
            put(line);
        } else if (!value.is_container) {
            put(value.key + value.text);
        } else {
            write_lines(value, behind, outermost);
        }
    }

    std::string take() { return std::move(out_); }

private:
    void put(std::string_view text) {
        out_ += text;
        column_ += width_of(text);
    }

    void new_line(std::size_t indent) {
        while (out_.ends_with(' ')) {
            out_.pop_back();
        }
        (out_ += '\n').append(indent, ' ');
        column_ = indent;
    }

    void write_lines(const pretty_node& value, std::size_t behind, bool outermost) {
        const auto begin = column_;
        put(value.key);
        put(value.text);
        // Under the first item, as long as that leaves them some room.
        const auto indent = column_ <= columns_ / 2 ? column_ : std::min(begin + 1, columns_ / 2);
        const auto end = width_of(value.end) + behind;
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            const auto& item = value.items[i];
            const bool last = i + 1 == value.items.size() && value.left_out == 0;
            const auto after = last ? end : 1;
            const bool breaks = i == 0 ? indent < column_ && !fits(item, after)
                                       : !item.key.empty() || !fits(item, after);
            if (breaks) {
                new_line(indent);
            }
            write(item, after, false);
            put(last ? "" : ", ");
        }
        if (value.left_out > 0) {
            if (!value.items.empty()) {
                new_line(indent);
            }
            put(rest_of(value) + (outermost ? goes_on_ : ""));
        }
        put(value.end);
    }

    bool fits(const pretty_node& item, std::size_t behind) const {
        std::string line;
        return column_ + behind < columns_ && flat(item, columns_ - column_ - behind, line);
    }

    const std::size_t columns_;
    const std::string& goes_on_;
    std::string out_;
    std::size_t column_ = 0;
};

}  // namespace

std::string lay_out(const pretty_node& value, std::size_t columns, const std::string& goes_on) {
    layout result{columns, goes_on};
    result.write(value, 0, true);
    return result.take();
}

}  // namespace backdoor
