// Block: a header of at most 4 KiB, which is a leaf of the log, and the body it commits to.
//
// The body is the leaves of the records, each canonical `{record, signatures}`, one a line, in the
// order in which the contract judged them. A chain has 10 to 10^4 blocks, a body 1 to 10^3 records.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chain/member.hpp"
#include "chain/sign.hpp"
#include "data/digest.hpp"

namespace tranchain {

inline constexpr std::size_t header_limit = 4096;
inline constexpr std::int64_t newest_rules =
    1; ///< stored: raised with every change of agreed bytes

struct Header {
    std::int64_t v = 1;
    std::string chain;
    std::int64_t epoch = 1;   ///< from 1
    std::int64_t height = 0;  ///< from 0 = genesis
    std::int64_t attempt = 1; ///< from 1; rises within a height
    Hash prev{};              ///< SHA-256 of the previous header; zeros at genesis
    std::int64_t time = 0;    ///< UTC seconds, never before the previous one's
    std::string orderer;
    std::int64_t rules = 1;
    Hash members{}; ///< MemberSet::hash of the set that votes on this block
    Hash body_sha256{};
    std::int64_t body_size = 0; ///< bytes
    std::int64_t records = 0;   ///< at least 1
    Hash records_root{};        ///< RFC 6962 root over the record leaves
    Hash state{};               ///< SHA-256 of the canonical state after the block

    [[nodiscard]] std::string canonical() const;
    [[nodiscard]] Hash hash() const; ///< SHA-256 of canonical(): what `prev` and answers name
    [[nodiscard]] Hash
    leaf() const; ///< RFC 6962 leaf hash of canonical(): leaf `height` of the log
    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Checked<Header> from_json(const Json& json);
    /// Canonical bytes only, at most header_limit of them.
    [[nodiscard]] static Checked<Header> parse(std::string_view canonical_bytes);
    bool operator==(const Header&) const = default;
};

struct Block {
    Header header;
    std::vector<SignedRecord> records;

    [[nodiscard]] std::string body() const; ///< each record leaf followed by a newline
    /// Sets the five members of the header that follow from `records`.
    void seal_body();
};

[[nodiscard]] Checked<std::vector<SignedRecord>> parse_body(std::string_view body);
Hash records_root(std::span<const SignedRecord> records);

/// Body against header, from the bytes: size, hash, every line canonical, count, root.
/// Ids: bad-body-size, bad-body-hash, bad-body, bad-records-root.
[[nodiscard]] Errors check_body(const Header& header, std::string_view body);

/// Header against the one before it (nullptr for genesis): chain, height, prev, time, epoch, rules.
/// Ids: bad-chain, bad-height, bad-prev-hash, bad-time, bad-epoch, bad-rules, bad-genesis.
[[nodiscard]] Errors check_link(const Header& header, const Header* previous);

} // namespace tranchain
