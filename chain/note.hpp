// Note: C2SP signed notes, checkpoints and cosignature/v1, read strictly.
//
// A note is text, an empty line, and lines `— NAME base64(key id ‖ signature)`. A checkpoint is a
// note whose text is origin, tree size and root in base64; we write no extension lines and refuse
// them. Lines of keys we do not know are kept and ignored, as the format asks.
// Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chain/key.hpp"
#include "data/digest.hpp"
#include "data/error.hpp"

namespace tranchain {

struct NoteLine {
    std::string name; ///< not empty, no spaces, no plus sign
    std::uint32_t key_id = 0;
    std::string signature; ///< raw bytes after the key id

    bool operator==(const NoteLine&) const = default;
};

struct Note {
    std::string text; ///< ends in a newline
    std::vector<NoteLine> lines;

    [[nodiscard]] std::string str() const;
    /// Refuses: control characters, no empty line, a bad line, no or more than 64 signatures.
    [[nodiscard]] static Result<Note> parse(std::string_view bytes);
    bool operator==(const Note&) const = default;
};

struct Checkpoint {
    std::string origin;     ///< chain id in epoch 1, chain id + "/eN" in epoch N
    std::uint64_t size = 0; ///< height + 1
    Hash root{};

    [[nodiscard]] std::string text() const;
    [[nodiscard]] static Result<Checkpoint> parse(std::string_view text);
    bool operator==(const Checkpoint&) const = default;
};

/// stored: never renumber (types of C2SP keys)
inline constexpr std::uint8_t log_key_type = 0x01;
inline constexpr std::uint8_t cosignature_key_type = 0x04;

/// First 4 bytes, big-endian, of SHA-256(name ‖ "\n" ‖ type ‖ key).
std::uint32_t note_key_id(std::string_view name, std::uint8_t type, const PublicKey& key);
/// `name+8 hex digits+base64(type ‖ key)`, as C2SP tools want it.
std::string verifier_key(std::string_view name, std::uint8_t type, const PublicKey& key);
/// Origin line of an epoch: the chain id, from epoch 2 on followed by `/e` and the number.
std::string origin_of(std::string_view chain, std::int64_t epoch);
/// `CHAIN/MEMBER`, whatever the epoch.
std::string key_name(std::string_view chain, std::string_view member);

/// The bytes a cosignature signs: "cosignature/v1\ntime T\n" + the checkpoint's text.
std::string cosigned_text(std::int64_t time, std::string_view checkpoint_text);
NoteLine
cosign(const Key& key, std::string_view name, std::string_view checkpoint_text, std::int64_t time);
struct CosignatureParts {
    std::int64_t time = 0; ///< UTC seconds; evidence only
    Signature signature{};
};
/// Splits the 72 bytes of a cosignature without judging it.
[[nodiscard]] Result<CosignatureParts> cosignature_parts(const NoteLine& line);
/// Name and key id belong to `key`, and the signature is good for this text.
bool verify_cosignature(const NoteLine& line,
                        std::string_view name,
                        const PublicKey& key,
                        std::string_view checkpoint_text);

NoteLine sign_log_line(const Key& log_key, std::string_view origin, std::string_view text);
bool verify_log_line(const NoteLine& line,
                     std::string_view origin,
                     const PublicKey& log_key,
                     std::string_view text);

} // namespace tranchain
