#include "editor/incremental_search.hpp"

#include <utility>

namespace backdoor::editor {

incremental_search::incremental_search(const history& past, std::string draft, std::size_t cursor,
                                       direction where)
    : past_(&past), draft_number_(past.end()), draft_(std::move(draft)), text_(draft_) {
    steps_.push_back({{}, draft_number_, cursor, where, false});
}

bool incremental_search::type(std::string_view characters) {
    step next = now();
    if (next.pattern.size() + characters.size() > max_steps)
        return false;
    next.pattern += characters;
    return take(std::move(next), false);
}

bool incremental_search::again(direction where, std::string_view last_pattern) {
    step next = now();
    const bool first = next.pattern.empty();
    if (first)
        next.pattern = last_pattern;
    next.where = where;
    if (next.pattern.empty()) {
        steps_.back().where = where;
        return true;
    }
    return take(std::move(next), !first);
}

bool incremental_search::take_back() {
    if (steps_.size() == 1)
        return false;
    steps_.pop_back();
    text_ = text_of(now().entry);
    return true;
}

std::string incremental_search::prompt() const {
    std::string shown = now().failed ? "(failed " : "(";
    shown += now().where == direction::backward ? "r-search `" : "i-search `";
    return shown + now().pattern + "') ";
}

const std::string& incremental_search::text_of(history::number entry) const {
    return entry >= draft_number_ || entry < past_->first() ? draft_ : past_->at(entry);
}

bool incremental_search::take(step next, bool beyond) {
    next.failed = !find(next, beyond);
    const bool found = !next.failed;
    text_ = text_of(next.entry);
    if (next.offset > text_.size())
        next.offset = text_.size();
    // Beyond the limit a step replaces the one before it.
    if (steps_.size() == max_steps)
        steps_.pop_back();
    steps_.push_back(std::move(next));
    return found;
}

bool incremental_search::find_in(step& next, history::number entry, std::size_t from) const {
    const std::string& text = text_of(entry);
    const std::size_t offset = next.where == direction::backward ? text.rfind(next.pattern, from)
                                                                 : text.find(next.pattern, from);
    if (offset == std::string::npos)
        return false;
    next.entry = entry;
    next.offset = offset;
    return true;
}

bool incremental_search::find(step& next, bool beyond) const {
    history::number entry = next.entry;
    if (next.where == direction::backward) {
        if (!(beyond && next.offset == 0) && find_in(next, entry, next.offset - (beyond ? 1 : 0)))
            return true;
        while (entry > past_->first() && entry > 0) {
            // The same text again would look like nothing had happened.
            if (text_of(--entry) != text_ && find_in(next, entry, std::string::npos))
                return true;
        }
        return false;
    }
    if (find_in(next, entry, next.offset + (beyond ? 1 : 0)))
        return true;
    while (entry < draft_number_) {
        if (text_of(++entry) != text_ && find_in(next, entry, 0))
            return true;
    }
    return false;
}

}  // namespace backdoor::editor
