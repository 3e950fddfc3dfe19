// Genesis: the agreement a chain starts from, and the alliance file (TOML) it is made of.
//
// The chain id is NAME/first 16 hex digits of SHA-256 of the canonical public part, which holds 32
// random bytes: a rehearsal under the same name and keys is another chain.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/member.hpp"
#include "data/record.hpp"

namespace tranchain {

/// What the members agreed on beside themselves. All in seconds or bytes.
struct Policy {
    std::int64_t skew = 300;                  ///< a clock behind the block's time by more: not yet
    std::int64_t lag = 86'400;                ///< a clock ahead of it by more: too old
    std::int64_t valid_until_max = 2'592'000; ///< how far ahead of a block `valid_until` may be
    std::int64_t body_limit = 67'108'864;     ///< largest body of a block

    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Checked<Policy> from_json(const Json& json);
    bool operator==(const Policy&) const = default;
};

struct Genesis {
    std::string name;      ///< [a-z][a-z0-9-]{0,31}
    Hash random{};         ///< 32 random bytes
    std::int64_t time = 0; ///< UTC seconds: time of the genesis block
    std::int64_t rules = 1;
    MemberSet members;
    std::string orderer;                 ///< member who makes the blocks of epoch 1
    PublicKey log_key{};                 ///< signs the log line of epoch 1; no member's key
    std::vector<std::string> succession; ///< all members, in the order they would take over
    std::vector<std::string> roots;      ///< base64 DER certificates of alliance roots
    std::vector<std::string> suites{"ed25519"};
    Policy policy;

    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Checked<Genesis> from_json(const Json& json);
    [[nodiscard]] std::string chain_id() const;
    bool operator==(const Genesis&) const = default;
};

/// Reads the alliance file. `log_key` is used when the file names none. Every problem of the file
/// is reported with its line; keys nobody knows are errors.
[[nodiscard]] Checked<Genesis> read_alliance(const std::string& path,
                                             std::int64_t time,
                                             const RandomSource& random,
                                             std::optional<PublicKey> log_key);
[[nodiscard]] Checked<Genesis> parse_alliance(std::string_view text,
                                              const std::string& file,
                                              std::int64_t time,
                                              const RandomSource& random,
                                              std::optional<PublicKey> log_key);

/// The only record of block 0: type genesis, no author; all members cosign the block instead.
Record genesis_record(const Genesis& genesis);
/// Reads it back and checks that the record's `chain` is the id of what it holds.
[[nodiscard]] Checked<Genesis> genesis_from_record(const Record& record);

} // namespace tranchain
