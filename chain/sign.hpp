// Sign: records with their signatures, the answers and statements of members, and their files.
//
// Every signed text of ours is "tranchain/KIND/v1\n" + canonical JSON, so no signature of one kind
// can pass for another, nor for a checkpoint.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chain/key.hpp"
#include "chain/member.hpp"
#include "data/record.hpp"
#include "data/row.hpp"

namespace tranchain {

struct RecordSignature {
    std::string member;
    Signature signature{};
    bool operator==(const RecordSignature&) const = default;
};

/// A record and who signed it; signatures sorted by member name.
struct SignedRecord {
    Record record;
    std::vector<RecordSignature> signatures;

    /// Canonical `{record, signatures}`: the bytes of the record's leaf.
    [[nodiscard]] std::string canonical() const;
    [[nodiscard]] Hash leaf() const; ///< RFC 6962 leaf over canonical()
    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Checked<SignedRecord> from_json(const Json& json);
    [[nodiscard]] static Checked<SignedRecord> parse(std::string_view canonical_bytes);
    /// Adds the signature, or replaces the one of that member.
    void sign(const Key& key, const std::string& member);
    /// Author and required approvers, sorted, unique: exactly these must have signed.
    [[nodiscard]] std::vector<std::string> signers_needed() const;
    [[nodiscard]] std::vector<std::string> signers_missing() const;
    bool operator==(const SignedRecord&) const = default;
};

/// Every signature is of a member of the set, wanted, good and in order, and none is missing.
/// Ids: bad-record-signature, missing-signature, unknown-signer, unwanted-signature.
[[nodiscard]] Errors check_signatures(const SignedRecord& record, const MemberSet& members);

/// What one party hands to all members: the record, its signatures, and its rows if any.
struct SubmissionFile {
    SignedRecord signed_record;
    std::vector<Row> rows; ///< empty when the record has none
    bool with_rows = true; ///< false: the rows are kept back (row-less copy)

    [[nodiscard]] std::string str() const; ///< format of tranchain-chain(5), "Submission file"
    /// Rows must lead to the record's rows and rows_root; their absence must be stated.
    [[nodiscard]] static Checked<SubmissionFile> parse(std::string_view bytes, const std::string& file);
};

/// One line of a submission or of a rows file.
Json row_to_json(const Row& row);
[[nodiscard]] Checked<Row> row_from_json(const Json& json, const std::string& where);

/// stored: never renumber (names on the wire: ready, refused, not_yet)
enum class Stance : std::uint8_t { ready, refused, not_yet };
std::string_view name(Stance verdict);

/// A member's answer to one header in one attempt.
struct ReadyAnswer {
    std::string chain;
    std::int64_t epoch = 1;
    std::int64_t height = 0;
    std::int64_t attempt = 1;
    Hash header{}; ///< SHA-256 of the header's canonical bytes
    std::string member;
    Stance verdict = Stance::ready;
    std::string reason; ///< empty for ready, else why or what is missing
    Signature signature{};

    [[nodiscard]] std::string signed_text() const; ///< "tranchain/ready/v1\n" + canonical JSON
    void sign(const Key& key);
    [[nodiscard]] bool verify(const PublicKey& key) const;
    /// Canonical `{answer, signature}`.
    [[nodiscard]] std::string canonical() const;
    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Checked<ReadyAnswer> from_json(const Json& json);
    [[nodiscard]] static Checked<ReadyAnswer> parse(std::string_view canonical_bytes);
    bool operator==(const ReadyAnswer&) const = default;
};

/// Distinct members of the set whose good `ready` answers are for this very header.
std::size_t count_ready(std::span<const ReadyAnswer> answers,
                        std::string_view chain,
                        std::int64_t epoch,
                        std::int64_t height,
                        std::int64_t attempt,
                        const Hash& header,
                        const MemberSet& members);

/// "In every epoch below this one I answer and endorse nothing more."
struct Freeze {
    struct Endorsed {
        std::int64_t epoch = 1;
        std::int64_t height = 0;
        std::int64_t attempt = 1;
        Hash header{};
        bool operator==(const Endorsed&) const = default;
    };
    std::string chain;
    std::int64_t epoch = 2; ///< the epoch that begins
    std::string orderer;    ///< who orders in it
    PublicKey log_key{};    ///< and its log key
    std::string member;
    std::optional<Endorsed> endorsed; ///< newest endorsed header; absent if none
    Signature signature{};

    [[nodiscard]] std::string signed_text() const; ///< "tranchain/freeze/v1\n" + canonical JSON
    void sign(const Key& key);
    [[nodiscard]] bool verify(const PublicKey& key) const;
    [[nodiscard]] std::string canonical() const; ///< `{freeze, signature}`
    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Checked<Freeze> from_json(const Json& json);
    [[nodiscard]] static Checked<Freeze> parse(std::string_view canonical_bytes);
    /// What is decided before it is signed: canonical JSON without signature, both ways.
    [[nodiscard]] std::string intent() const;
    [[nodiscard]] static Checked<Freeze> from_intent(std::string_view canonical_bytes);
    bool operator==(const Freeze&) const = default;
};

} // namespace tranchain
