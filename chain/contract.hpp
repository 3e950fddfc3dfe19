// Contract: what the chain asks about a record's meaning: is it acceptable, and what is true then?
//
// chain/ never learns what money is. It judges form, signatures, numbers and expiry itself, and
// asks a Session about everything else. A judgement is a pure function of (state, the record's
// public part, its rows, the header's time): same input, same answer, on every member's machine,
// for ever. cmd/contract.cpp plugs the deal's judge in; tests plug in a counter.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chain/finding.hpp"
#include "data/error.hpp"
#include "data/record.hpp"
#include "data/row.hpp"

namespace tranchain {

/// `not_yet`: something is missing that may still come (a statement of that day, rows); asking
/// again later may give another answer. `refused` is final for this record in this state.
enum class Ruling : std::uint8_t { accepted, refused, not_yet };

struct Judgement {
    Ruling ruling = Ruling::accepted;
    Findings findings;        ///< when refused: at least one; block and record are filled in by chain/
    std::string waits_for;    ///< when not_yet: what is missing
    /// Checks that could not be made, such as `aggregates not checked against rows`; unique.
    std::vector<std::string> not_checked;
};

/// What the chain knows about a record that the record does not say itself.
struct RecordContext {
    std::int64_t height = 0;                 ///< of the block that seals it, or would
    std::int64_t time = 0;                   ///< of that block's header, UTC seconds
    std::vector<std::string> author_roles;   ///< empty for computed records
    std::vector<std::string> signers;        ///< names whose signatures were verified, sorted
    /// Members by role, names sorted: who must approve is stated in roles.
    std::map<std::string, std::vector<std::string>> holders;
};

/// One deal after some prefix of the chain, in memory.
class Session {
public:
    Session() = default;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    virtual ~Session() = default;

    /// Judges `record` and, if accepted, moves the state on; else the state stays as it was.
    /// `rows` is null when they are not at hand (an outsider, or not yet received).
    virtual Judgement judge(const Record& record, const RecordContext& context,
                            const std::vector<Row>* rows) = 0;
    /// Canonical JSON text; part of what header.state commits to.
    [[nodiscard]] virtual std::string public_state() const = 0;
    /// Anything that a member needs beside the public state (the live rows); empty if row-less.
    [[nodiscard]] virtual std::string private_state() const = 0;
};

class Contract {
public:
    Contract() = default;
    Contract(const Contract&) = delete;
    Contract& operator=(const Contract&) = delete;
    virtual ~Contract() = default;

    /// A deal's session. No public state: the deal does not exist yet, and only `terms` can be
    /// accepted. No private state while there is a public one: row-less.
    [[nodiscard]] virtual Result<std::unique_ptr<Session>>
    open(const std::string& deal, const std::optional<std::string>& public_state,
         const std::optional<std::string>& private_state) const = 0;
};

}  // namespace tranchain
