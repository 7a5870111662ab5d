#include "editor/renderer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace backdoor::editor {
namespace {

// The default theme of Python 3.14.
constexpr std::string_view colour_of(token style) {
    switch (style) {
        case token::keyword:
            return "1;34";
        case token::builtin:
            return "36";
        case token::string:
            return "32";
        case token::comment:
            return "31";
        case token::number:
            return "33";
        case token::definition:
            return "1";
        case token::plain:
            break;
    }
    return {};
}

constexpr std::string_view matched_colour = "1;36";

void csi(std::string& out, std::size_t count, char final) {
    out += "\x1b[";
    if (count != 1)
        out += std::to_string(count);
    out += final;
}

bool same(const row& a, const glyph& x, const row& b, const glyph& y) {
    return x.column == y.column && x.columns == y.columns && x.style == y.style &&
           x.matched == y.matched && a.bytes_of(x) == b.bytes_of(y);
}

}  // namespace

void renderer::draw(frame next, int columns, std::string& out) {
    columns_ = columns;
    if (shown_.empty())
        shown_.emplace_back();
    const std::size_t height = next.rows.size();
    for (std::size_t r = 0; r < height; ++r)
        draw_row(r, std::move(next.rows[r]), out);
    if (shown_.size() > height) {
        go_to({height, 0}, out);
        out += "\x1b[J";
        shown_.resize(height);
    }
    go_to(next.cursor, out);
    set_style(token::plain, false, out);
}

void renderer::draw_row(std::size_t r, row next, std::string& out) {
    // A wrap that the terminal makes itself joins the rows when text is copied, and when the
    // window gets another width.
    // Not in a single column, where terminals are not at one about it.
    const bool soft =
        columns_ > 1 && r > 0 && at_edge_ && cursor_.row == r - 1 && shown_[r - 1].wraps;
    if (r == shown_.size()) {
        if (!soft)
            go_to({r - 1, cursor_.row == r - 1 ? cursor_.column : 0}, out);
        add_row(soft, out);
    }
    row& old = shown_[r];
    std::size_t before = 0;
    for (const glyph& g : next.glyphs) {
        while (before < old.glyphs.size() && old.glyphs[before].column < g.column)
            ++before;
        if (before < old.glyphs.size() && same(old, old.glyphs[before], next, g))
            continue;
        if (g.column == 0 && soft && cursor_.row == r - 1) {
            set_style(token::plain, false, out);
            out += " \r";
            cursor_ = {r, 0};
            at_edge_ = false;
        }
        go_to({r, g.column}, out);
        put(next, g, out);
    }
    if (old.columns > next.columns) {
        go_to({r, next.columns}, out);
        set_style(token::plain, false, out);
        out += "\x1b[K";
    }
    old = std::move(next);
}

void renderer::add_row(bool soft, std::string& out) {
    set_style(token::plain, false, out);
    out += soft ? " \r" : "\r\n";
    cursor_ = {shown_.size(), 0};
    at_edge_ = false;
    shown_.emplace_back();
}

void renderer::put(const row& in, const glyph& g, std::string& out) {
    set_style(g.style, g.matched, out);
    if (g.uncertain)
        csi(out, g.columns, 'X');  // what the glyph may leave as it is
    out += in.bytes_of(g);
    cursor_.column = g.column + g.columns;
    at_edge_ = cursor_.column == columns_;
    if (!g.uncertain)
        return;
    at_edge_ = false;
    cursor_.column = std::min(cursor_.column, columns_ - 1);
    out += '\r';
    if (cursor_.column > 0)
        csi(out, static_cast<std::size_t>(cursor_.column), 'C');
}

void renderer::set_style(token style, bool matched, std::string& out) {
    if (style == style_ && matched == matched_)
        return;
    out += "\x1b[0";
    const std::string_view colour = matched ? matched_colour : colour_of(style);
    if (!colour.empty())
        (out += ';') += colour;
    out += 'm';
    style_ = style;
    matched_ = matched;
}

void renderer::go_to(position where, std::string& out) {
    if (where == cursor_ && !at_edge_)
        return;
    if (where.row < cursor_.row)
        csi(out, cursor_.row - where.row, 'A');
    else if (where.row > cursor_.row)
        csi(out, where.row - cursor_.row, 'B');
    const int left = cursor_.column - where.column;
    if (at_edge_ || where.column == 0) {
        out += '\r';
        if (where.column > 0)
            csi(out, static_cast<std::size_t>(where.column), 'C');
    } else if (left > 0 && left < 4) {
        out.append(static_cast<std::size_t>(left), '\b');
    } else if (left > 0) {
        csi(out, static_cast<std::size_t>(left), 'D');
    } else if (left < 0) {
        csi(out, static_cast<std::size_t>(-left), 'C');
    }
    cursor_ = where;
    at_edge_ = false;
}

void renderer::erase(std::string& out) {
    if (shown_.empty())
        return;
    go_to({0, 0}, out);
    out += "\x1b[J";
    forget();
}

void renderer::leave(std::string_view mark, std::string& out) {
    if (shown_.empty())
        return;
    const std::size_t last = shown_.size() - 1;
    go_to({last, shown_[last].columns}, out);
    out += mark;
    // The empty row behind a full line is the line below already.
    const bool below = last > 0 && shown_[last].columns == 0 && shown_[last - 1].wraps;
    if (!below || !mark.empty())
        out += "\r\n";
    forget();
}

void renderer::forget() {
    shown_.clear();
    cursor_ = {};
    at_edge_ = false;
}

void renderer::resize(int columns, int rows, std::string& out) {
    if (shown_.empty())
        return;
    // Some terminals flow the text anew, some leave it as it is.
    const auto width = static_cast<std::size_t>(columns);
    std::size_t flowed = 0;
    std::size_t used = 0;
    for (std::size_t r = 0; r < cursor_.row; ++r) {
        used += static_cast<std::size_t>(shown_[r].columns);
        if (shown_[r].wraps)
            continue;
        flowed += 1 + (used > 0 ? used - 1 : 0) / width;
        used = 0;
    }
    flowed += (used + static_cast<std::size_t>(cursor_.column)) / width;
    const std::size_t up = std::min({cursor_.row, flowed, static_cast<std::size_t>(rows - 1)});
    if (up > 0)
        csi(out, up, 'A');
    out += "\r\x1b[J";
    forget();
}

}  // namespace backdoor::editor
