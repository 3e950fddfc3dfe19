// Executor: judges records one after another on a state, and knows the state after them.
//
// One executor serves proposing, answering, endorsing, sealing, verifying and auditing, so that all
// of them judge by the same code. It checks form, signatures, numbers, validity and rows, and asks
// the contract for the rest. An accepted record moves the state on; any other leaves it as it was.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chain/block.hpp"
#include "chain/contract.hpp"
#include "chain/governance.hpp"
#include "chain/state.hpp"
#include "chain/store.hpp"
#include "chain/takeover.hpp"

namespace tranchain {

/// Rows of a record, or nothing when they are not at hand.
using RowSource = std::function<Result<std::optional<std::vector<Row>>>(const Record&)>;

/// `collections of servicer, deal jdht-2018-6, number 4`
std::string describe(const Record& record);

class Executor {
public:
    /// `state` is the state at the tip; `private_state` gives a deal's private state there.
    using PrivateSource =
        std::function<Result<std::optional<std::string>>(const std::string& deal)>;
    Executor(const Contract& contract, ChainState state, std::map<std::string, std::string> deals,
             PrivateSource private_state);

    /// `rows_needed`: a voter does not accept what it cannot check, and answers "not yet".
    [[nodiscard]] Result<Judgement> judge(const SignedRecord& record, std::int64_t height,
                                          std::int64_t time, const RowSource& rows,
                                          bool rows_needed);

    /// The next record is the first of a block above `below` that begins an epoch: a takeover.
    void begin_epoch(Below below) { below_ = std::move(below); }

    /// Rows come from where they were checked against their record already, so count, order and
    /// root are not computed once more. Not for answering: a member checks what it says it checked.
    void trust_rows() { trust_rows_ = true; }

    /// After the block, with the hashes of all deals; what governance records change counts from here.
    [[nodiscard]] const ChainState& state();
    [[nodiscard]] std::map<std::string, std::string> deal_states();
    /// Ids of all deals so far, in the middle of a block too.
    [[nodiscard]] std::set<std::string> deals() const;
    /// Private states of the deals touched since the executor was made; empty ones left out.
    [[nodiscard]] std::map<std::string, std::string> private_states() const;
    /// Public state of one deal, empty if it does not exist.
    [[nodiscard]] Result<Session*> session(const std::string& deal);
    [[nodiscard]] const std::set<std::string>& not_checked() const { return not_checked_; }

private:
    const Contract& contract_;
    ChainState state_;
    std::map<std::string, std::string> deals_;
    PrivateSource private_source_;
    std::map<std::string, std::unique_ptr<Session>> sessions_;
    std::set<std::string> touched_;
    std::set<std::string> stale_;       ///< touched since state() was last asked
    std::set<std::string> not_checked_;
    Enactment enactment_;               ///< accepted in this block, in force from the next
    std::optional<Below> below_;        ///< of a takeover that comes next
    bool trust_rows_ = false;
};

/// Rows against what the record states: count, order, root. Empty = right.
Findings check_rows(const Record& record, const std::vector<Row>& rows);

}  // namespace tranchain
