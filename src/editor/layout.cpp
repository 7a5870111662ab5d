#include "editor/layout.hpp"

#include <algorithm>
#include <optional>

#include "editor/graphemes.hpp"
#include "editor/motion.hpp"

namespace backdoor::editor {
namespace {

struct piece {
    std::string_view bytes;
    int columns;
    token style = token::plain;
    bool matched = false;
    bool uncertain = false;
};

// Places glyph after glyph, and keeps the rows from `top` to before `bottom`.
class flow {
public:
    flow(int columns, std::size_t top, std::size_t bottom)
        : columns_(columns), top_(top), bottom_(bottom) {
        open_row();
    }

    position here() const { return {row_, column_}; }
    bool is_below() const { return row_ >= bottom_; }
    std::vector<row> take_rows() { return std::move(rows_); }

    // Returns where the glyph begins.
    position place(piece what) {
        if (what.columns > columns_)
            what = {replacement_character, 1, what.style, what.matched, false};
        while (column_ + what.columns > columns_)
            put({" ", 1});
        const position begin = here();
        put(what);
        return begin;
    }

    // Printable ASCII that nobody looks at.
    bool can_skip() const { return row_ + 1 < top_ || is_below(); }
    std::size_t skip(std::size_t characters) {
        const auto width = static_cast<std::size_t>(columns_);
        std::size_t end = static_cast<std::size_t>(column_) + characters;
        // Not into the first row that is kept.
        if (row_ < top_)
            end = std::min(end, (top_ - row_ - 1) * width);
        const std::size_t skipped = end - static_cast<std::size_t>(column_);
        row_ += end / width;
        column_ = static_cast<int>(end % width);
        return skipped;
    }

    void new_line() {
        ++row_;
        column_ = 0;
        open_row();
    }

private:
    bool kept() const { return row_ >= top_ && row_ < bottom_; }

    void open_row() {
        if (kept())
            rows_.emplace_back();
    }

    void put(const piece& what) {
        if (kept()) {
            row& current = rows_.back();
            current.glyphs.push_back({static_cast<std::uint32_t>(current.bytes.size()),
                                      static_cast<std::uint32_t>(what.bytes.size()),
                                      static_cast<std::uint16_t>(column_),
                                      static_cast<std::uint16_t>(what.columns), what.style,
                                      what.matched, what.uncertain});
            current.bytes += what.bytes;
            current.columns = column_ + what.columns;
            current.wraps = current.columns == columns_;
        }
        column_ += what.columns;
        if (column_ == columns_)
            new_line();
    }

    int columns_;
    std::size_t top_;
    std::size_t bottom_;
    std::size_t row_ = 0;
    int column_ = 0;
    std::vector<row> rows_;
};

// The style of ever later offsets.
class styles {
public:
    explicit styles(const picture& what) : spans_(what.spans), matched_(what.matched) {}

    token style_at(std::size_t offset) {
        while (next_ < spans_.size() && spans_[next_].end <= offset)
            ++next_;
        const bool inside = next_ < spans_.size() && spans_[next_].begin <= offset;
        return inside ? spans_[next_].kind : token::plain;
    }

    bool is_matched(std::size_t offset) const {
        return std::find(matched_.begin(), matched_.end(), offset) != matched_.end();
    }

private:
    const std::vector<span>& spans_;
    const std::vector<std::size_t>& matched_;
    std::size_t next_ = 0;
};

void place_prompt(const prompt& p, int columns, flow& out) {
    if (p.columns() > 0 && p.columns() < columns) {
        out.place({p.bytes(), p.columns(), token::plain, false, p.uncertain()});
        return;
    }
    const std::string_view plain = p.plain();
    for (std::size_t at = 0; at < plain.size();) {
        const cluster next = cluster_at(plain, at);
        out.place({plain.substr(at, next.size), next.columns, token::plain, false, next.uncertain});
        at += next.size;
    }
}

// Returns where the glyph, or the first of several, begins.
position place_cluster(std::string_view bytes, const cluster& c, token style, bool matched,
                       flow& out) {
    if (c.shape == form::itself)
        return out.place({bytes, c.columns, style, matched, c.uncertain});
    if (c.shape == form::invalid)
        return out.place({replacement_character, 1, style});
    std::optional<position> begin;
    const std::string shown = escape(bytes);
    for (const char& character : shown) {
        const position where = out.place({{&character, 1}, 1, style});
        begin = begin.value_or(where);
    }
    return begin.value_or(out.here());
}

std::size_t printable_run(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_printable_ascii(text[end]))
        ++end;
    // The last one may carry marks.
    const bool marked = end < text.size() && static_cast<unsigned char>(text[end]) >= 0x80;
    return end - at - (marked && end > at ? 1 : 0);
}

position run(const picture& what, int columns, flow& out) {
    styles look(what);
    std::optional<position> cursor;
    place_prompt(what.first, columns, out);
    for (std::size_t at = 0; at < what.text.size();) {
        const bool cursor_ahead = what.cursor >= at;
        if (out.can_skip()) {
            std::size_t size = printable_run(what.text, at);
            if (cursor_ahead)
                size = std::min(size, what.cursor - at);
            size = size > 0 ? out.skip(size) : 0;
            at += size;
            if (size > 0)
                continue;
        }
        position where = out.here();
        const cluster next = cluster_at(what.text, at);
        if (what.text[at] == '\n') {
            out.new_line();
            place_prompt(what.continuation, columns, out);
        } else {
            where = place_cluster(what.text.substr(at, next.size), next, look.style_at(at),
                                  look.is_matched(at), out);
        }
        if (cursor_ahead && what.cursor < at + next.size)
            cursor = where;
        at += next.size;
    }
    return cursor.value_or(out.here());
}

}  // namespace

frame lay_out(const picture& what, int columns, int rows, std::size_t& top) {
    const auto height = static_cast<std::size_t>(rows);

    // Most blocks fit: laid out once, from the top.
    flow whole(columns, 0, height);
    position cursor = run(what, columns, whole);
    const std::size_t count = whole.here().row + 1;
    if (count <= height) {
        top = 0;
        return {whole.take_rows(), cursor};
    }
    top = std::min(top, count - height);
    top = std::clamp(top, cursor.row < height ? 0 : cursor.row - height + 1, cursor.row);
    flow part(columns, top, top + height);
    cursor = run(what, columns, part);
    return {part.take_rows(), {cursor.row - top, cursor.column}};
}

}  // namespace backdoor::editor
