// Note: text, signature lines and key ids of C2SP, both ways.
// SPDX-License-Identifier: Apache-2.0
#include "chain/note.hpp"

#include <algorithm>
#include <charconv>

#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::string_view dash = "\xe2\x80\x94 "; // U+2014 and a space, as C2SP writes it
constexpr std::size_t most_lines = 64;

Result<Note> bad_note(const std::string& why)
{
    return fail(Code::invalid_input, "not a signed note: " + why);
}

bool is_note_name(std::string_view name)
{
    return !name.empty() && is_signable_text(name) &&
           name.find_first_of(" +") == std::string_view::npos;
}

std::string big_endian(std::uint64_t value, int bytes)
{
    std::string out;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>((value >> shift) & 0xff));
    }
    return out;
}

std::uint64_t read_big_endian(std::string_view bytes)
{
    std::uint64_t out = 0;
    for (const char c : bytes) {
        out = out << 8 | static_cast<unsigned char>(c);
    }
    return out;
}

std::string raw(const Signature& signature)
{
    return {reinterpret_cast<const char*>(signature.data()), signature.size()};
}

std::optional<NoteLine> parse_line(std::string_view line)
{
    if (!line.starts_with(dash)) {
        return std::nullopt;
    }
    line.remove_prefix(dash.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_note_name(line.substr(0, space))) {
        return std::nullopt;
    }
    const auto bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() < 5) {
        return std::nullopt;
    }
    const std::string all(bytes->begin(), bytes->end());
    return NoteLine{std::string(line.substr(0, space)),
                    static_cast<std::uint32_t>(read_big_endian(all.substr(0, 4))), all.substr(4)};
}

} // namespace

std::string Note::str() const
{
    std::string out = text + "\n";
    for (const auto& line : lines) {
        const std::string bytes = big_endian(line.key_id, 4) + line.signature;
        out += dash;
        out += line.name + " " + to_base64(bytes_of(bytes)) + "\n";
    }
    return out;
}

Result<Note> Note::parse(std::string_view bytes)
{
    if (invalid_utf8(bytes)) {
        return bad_note("it is not UTF-8");
    }
    if (std::ranges::any_of(bytes, [](char c) {
            return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
        })) {
        return bad_note("it holds a control character");
    }
    // The last empty line divides: the text itself may hold empty lines, the signatures may not.
    const auto gap = bytes.rfind("\n\n");
    if (gap == std::string_view::npos || gap == 0) {
        return bad_note("no empty line stands before the signatures");
    }
    Note note;
    note.text = bytes.substr(0, gap + 1);
    std::string_view rest = bytes.substr(gap + 2);
    if (rest.empty() || rest.back() != '\n') {
        return bad_note("it ends before its signatures do");
    }
    rest.remove_suffix(1);
    for (const auto line : split(rest, '\n')) {
        auto read = parse_line(line);
        if (!read) {
            return bad_note("'" + std::string(line) + "' is not a signature line");
        }
        note.lines.push_back(*std::move(read));
        if (note.lines.size() > most_lines) {
            return bad_note("it has more than 64 signatures");
        }
    }
    return note;
}

std::string Checkpoint::text() const
{
    return origin + "\n" + std::to_string(size) + "\n" + to_base64(root) + "\n";
}

Result<Checkpoint> Checkpoint::parse(std::string_view text)
{
    const auto bad = [](const std::string& why) {
        return fail(Code::invalid_input, "not a checkpoint: " + why);
    };
    if (text.empty() || text.back() != '\n') {
        return bad("its last line does not end");
    }
    const auto lines = split(text.substr(0, text.size() - 1), '\n');
    if (lines.size() != 3) {
        return bad("it has " + std::to_string(lines.size()) + " lines, not 3");
    }
    Checkpoint out;
    out.origin = lines[0];
    if (out.origin.empty() || !is_signable_text(out.origin)) {
        return bad("it has no origin");
    }
    const auto [end, problem] =
        std::from_chars(lines[1].data(), lines[1].data() + lines[1].size(), out.size);
    if (problem != std::errc{} || std::to_string(out.size) != lines[1]) {
        return bad("'" + std::string(lines[1]) + "' is not a size");
    }
    const auto root = from_base64(lines[2]);
    if (!root || root->size() != out.root.size()) {
        return bad("'" + std::string(lines[2]) + "' is not a root hash");
    }
    std::ranges::copy(*root, out.root.begin());
    return out;
}

std::uint32_t note_key_id(std::string_view name, std::uint8_t type, const PublicKey& key)
{
    const char kind[] = {'\n', static_cast<char>(type)};
    const Hash hash = sha256({name, std::string_view(kind, 2), view(key)});
    return static_cast<std::uint32_t>(read_big_endian(view(hash).substr(0, 4)));
}

std::string verifier_key(std::string_view name, std::uint8_t type, const PublicKey& key)
{
    const std::string id = big_endian(note_key_id(name, type, key), 4);
    std::string bytes(1, static_cast<char>(type));
    bytes += view(key);
    return std::string(name) + "+" + to_hex(bytes_of(id)) + "+" + to_base64(bytes_of(bytes));
}

std::string origin_of(std::string_view chain, std::int64_t epoch)
{
    return std::string(chain) + (epoch > 1 ? "/e" + std::to_string(epoch) : "");
}

std::string key_name(std::string_view chain, std::string_view member)
{
    return std::string(chain) + "/" + std::string(member);
}

std::string cosigned_text(std::int64_t time, std::string_view checkpoint_text)
{
    return "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(checkpoint_text);
}

NoteLine
cosign(const Key& key, std::string_view name, std::string_view checkpoint_text, std::int64_t time)
{
    return {std::string(name), note_key_id(name, cosignature_key_type, key.public_key()),
            big_endian(static_cast<std::uint64_t>(time), 8) +
                raw(key.sign(cosigned_text(time, checkpoint_text)))};
}

Result<CosignatureParts> cosignature_parts(const NoteLine& line)
{
    constexpr std::uint64_t latest = (std::uint64_t{1} << 53) - 1;
    CosignatureParts out;
    if (line.signature.size() != 8 + out.signature.size()) {
        return fail(Code::invalid_input, "the line of '" + line.name + "' is not a cosignature");
    }
    const std::uint64_t time = read_big_endian(std::string_view(line.signature).substr(0, 8));
    if (time > latest) {
        return fail(Code::invalid_input, "the cosignature of '" + line.name + "' has no real time");
    }
    out.time = static_cast<std::int64_t>(time);
    std::copy(line.signature.begin() + 8, line.signature.end(), out.signature.begin());
    return out;
}

bool verify_cosignature(const NoteLine& line,
                        std::string_view name,
                        const PublicKey& key,
                        std::string_view checkpoint_text)
{
    if (line.name != name || line.key_id != note_key_id(name, cosignature_key_type, key)) {
        return false;
    }
    const auto parts = cosignature_parts(line);
    return parts && verify(key, cosigned_text(parts->time, checkpoint_text), parts->signature);
}

NoteLine sign_log_line(const Key& log_key, std::string_view origin, std::string_view text)
{
    return {std::string(origin), note_key_id(origin, log_key_type, log_key.public_key()),
            raw(log_key.sign(text))};
}

bool verify_log_line(const NoteLine& line,
                     std::string_view origin,
                     const PublicKey& log_key,
                     std::string_view text)
{
    Signature signature{};
    if (line.name != origin || line.key_id != note_key_id(origin, log_key_type, log_key) ||
        line.signature.size() != signature.size()) {
        return false;
    }
    std::ranges::copy(line.signature, signature.begin());
    return verify(log_key, text, signature);
}

} // namespace tranchain
