// What must hold of frames, whatever a peer sends: the pieces in which bytes come change nothing, and
// nothing is kept or made up beyond them.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frames/decoder.hpp"
#include "frames/fields.hpp"
#include "frames/opening.hpp"

namespace frames = backdoor::frames;

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

struct decoded {
    std::vector<frames::frame> frames;
    bool failed = false;
    bool operator==(const decoded&) const = default;
};

decoded decode(std::string_view wire, std::size_t piece) {
    frames::decoder decoder;
    decoded result;
    for (std::size_t at = 0; at < wire.size(); at += piece) {
        for (auto& one : decoder.receive(wire.substr(at, piece)))
            result.frames.push_back(std::move(one));
    }
    result.failed = decoder.failed();
    return result;
}

void check_frames(std::string_view wire) {
    const auto whole = decode(wire, wire.size() + 1);
    std::string again;
    for (const auto& one : whole.frames) {
        require(one.payload.size() <= frames::max_payload);
        frames::append(again, one.type, one.payload);
    }
    require(wire.substr(0, again.size()) == again);
    require(decode(again, again.size() + 1).frames == whole.frames);
    for (const std::size_t piece : {1u, 2u, 5u, 7u})
        require(decode(wire, piece) == whole);
}

void check_fields(std::string_view payload) {
    if (const auto given = frames::fields::decode(payload))
        require(given->encode() == payload);
}

struct opened {
    frames::opening::verdict what = frames::opening::verdict::more;
    std::string rest;
    bool operator==(const opened&) const = default;
};

opened open(std::string_view wire, std::size_t piece) {
    frames::opening opening;
    opened result;
    for (std::size_t at = 0; at < wire.size(); at += piece) {
        auto part = wire.substr(at, piece);
        if (result.what == frames::opening::verdict::more) {
            result.what = opening.receive(part);
            if (result.what == frames::opening::verdict::plain)
                result.rest = opening.take();
        }
        result.rest += part;
    }
    if (result.what == frames::opening::verdict::more)
        result.rest = opening.take();
    return result;
}

void check_opening(std::string_view wire) {
    const auto whole = open(wire, wire.size() + 1);
    if (whole.what == frames::opening::verdict::framed) {
        require(wire.ends_with(whole.rest));
    } else {
        require(whole.rest == wire);  // nothing of a plain client is lost
    }
    for (const std::size_t piece : {1u, 2u, 5u})
        require(open(wire, piece) == whole);
}

void check_answer(std::string_view wire) {
    std::optional<unsigned> chosen;
    for (const std::size_t piece : {wire.size() + 1, std::size_t{1}}) {
        frames::answer_finder finder;
        std::optional<unsigned> found;
        for (std::size_t at = 0; at < wire.size() && !found && !finder.failed(); at += piece) {
            auto part = wire.substr(at, piece);
            found = finder.receive(part);
        }
        require(wire.starts_with(finder.skipped()));
        require(piece != 1 || found == chosen);
        chosen = found;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view wire(reinterpret_cast<const char*>(bytes), size);
    check_frames(wire);
    check_fields(wire);
    check_opening(wire);
    check_answer(wire);
    return 0;
}
