// What must hold of the telnet codec for any peer. The first byte of an input says what the
// server asks for and when, the rest is what the peer sends.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "telnet/codec.hpp"
#include "telnet/subnegotiation.hpp"

namespace telnet = backdoor::telnet;

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

struct result {
    std::vector<telnet::event> events;
    std::string output;
    bool is_telnet = false;
    bool character_mode = false;
};

void add(result& r, std::vector<telnet::event> events) {
    for (telnet::event& e : events) {
        auto* more = std::get_if<telnet::data>(&e);
        auto* last = r.events.empty() ? nullptr : std::get_if<telnet::data>(&r.events.back());
        if (more && last)
            last->bytes += more->bytes;
        else
            r.events.push_back(std::move(e));
    }
}

// The requests fall between the same bytes whatever the size of the pieces.
result run(unsigned flags, std::string_view wire, std::size_t piece) {
    telnet::codec codec;
    result r;
    if (flags & 1)
        r.output += codec.hidden_probe();
    const std::size_t half = wire.size() / 2;
    for (std::size_t at = 0; at <= wire.size();) {
        if (at == half && (flags & 2))
            codec.request_character_mode();
        if (at == half && (flags & 4))
            codec.request_line_mode();
        if (at == half && (flags & 8))
            codec.request_character_mode();
        if (at == wire.size())
            break;
        const std::size_t stop = at < half ? half : wire.size();
        const std::size_t size = std::min(piece, stop - at);
        add(r, codec.receive(wire.substr(at, size)));
        r.output += codec.take_output();
        at += size;
    }
    r.output += codec.take_output();
    add(r, codec.finish());
    require(codec.take_output().empty());
    r.is_telnet = codec.is_telnet();
    r.character_mode = codec.character_mode();
    return r;
}

void check_events(const result& r, std::string_view wire) {
    require(r.events.size() <= wire.size() + 1);
    std::size_t data_size = 0;
    std::size_t detections = 0;
    bool character_mode = false;
    for (const telnet::event& e : r.events) {
        if (const auto* data = std::get_if<telnet::data>(&e)) {
            require(!data->bytes.empty());
            data_size += data->bytes.size();
            if (detections != 0)
                require(data->bytes.find('\r') == std::string::npos);
        } else if (std::get_if<telnet::peer_is_telnet>(&e)) {
            ++detections;
        } else if (const auto* window = std::get_if<telnet::window_size>(&e)) {
            require(window->columns >= 1 && window->columns <= telnet::max_window);
            require(window->rows >= 1 && window->rows <= telnet::max_window);
        } else if (const auto* type = std::get_if<telnet::terminal_type>(&e)) {
            require(type->name.size() <= telnet::max_terminal_type);
        } else if (const auto* mode = std::get_if<telnet::mode_changed>(&e)) {
            require(mode->character_mode != character_mode);
            character_mode = mode->character_mode;
        }
    }
    require(data_size <= wire.size());
    require(detections == (r.is_telnet ? 1u : 0u));
    require(character_mode == r.character_mode);
    if (!r.is_telnet && !wire.empty())
        require(r.events == std::vector<telnet::event>{telnet::data{std::string(wire)}});
}

void check_silence(unsigned flags, std::string_view wire) {
    telnet::codec here;
    telnet::codec there;
    if (flags & 16)
        there.request_character_mode();
    here.request_character_mode();
    here.receive(wire);
    // Out of step, the two may chase each other's answers until one has used up its replies.
    for (int rounds = 0; rounds < 2 * telnet::negotiation::max_replies; ++rounds) {
        const std::string out = here.take_output();
        there.receive(out);
        const std::string back = there.take_output();
        here.receive(back);
        if (out.empty() && back.empty())
            return;
    }
    std::abort();
}

std::string encode(telnet::encoder& encoder, std::string_view text) {
    std::string out;
    encoder.encode(text, out);
    return out;
}

void check_encoder(std::string_view text) {
    telnet::encoder whole;
    const std::string encoded = encode(whole, text);
    require(encoded.size() <= 2 * text.size());

    const std::size_t half = text.size() / 2;
    telnet::encoder pieces;
    std::string joined = encode(pieces, text.substr(0, half));
    pieces.encode(text.substr(half), joined);
    require(joined == encoded);

    std::string expected;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool enter = text[i] == '\r';
        expected += enter ? '\n' : text[i];
        if (enter && i + 1 < text.size() && (text[i + 1] == '\n' || text[i + 1] == '\0'))
            ++i;
    }
    telnet::codec codec;
    codec.receive("\xff\xf1");
    result decoded;
    add(decoded, codec.receive(encoded));
    if (!text.empty())
        require(decoded.events == std::vector<telnet::event>{telnet::data{expected}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0)
        return 0;
    const unsigned flags = bytes[0];
    const std::string_view wire(reinterpret_cast<const char*>(bytes) + 1, size - 1);

    const result whole = run(flags, wire, wire.size());
    check_events(whole, wire);
    // Nine bytes for "are you there", which takes two; the rest is asked for once.
    require(whole.output.size() <= 5 * wire.size() + 64);

    for (const std::size_t piece : {1u, 2u, 3u, 7u}) {
        const result other = run(flags, wire, piece);
        require(other.events == whole.events);
        require(other.output == whole.output);
    }
    check_silence(flags, wire);
    check_encoder(wire);
    return 0;
}
