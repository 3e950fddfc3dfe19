// Submit: turns a built record into a signed submission of this member.
//
// Finds deal and number, adds chain, validity and approvals, signs, and puts it into the member's
// own database; `chain export` carries it to the others. What was submitted and not sealed yet is
// taken into account, so that several records can go into one block.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chain/executor.hpp"
#include "cmd/output.hpp"
#include "cmd/replica.hpp"
#include "cmd/tree.hpp"

namespace tranchain {

/// Options of every `anchor` command.
struct SubmitOptions {
    std::string deal;                          ///< empty: the only one
    std::optional<std::int64_t> valid_for;     ///< seconds; default a week, at most the policy's
    std::optional<std::string> replaces;       ///< hash of a submission of this member
    std::string file;                          ///< also write a submission file
};
void bind_submit(Setup& s, SubmitOptions& o);

/// An open replica on which records are composed.
class Composer {
public:
    [[nodiscard]] static Result<Composer> open(const SubmitOptions& options,
                                               const Globals& globals);

    /// The same before a deal is chosen, for records of the whole chain.
    [[nodiscard]] static Result<Composer> open_chain(const SubmitOptions& options,
                                                     const Globals& globals);

    [[nodiscard]] Replica& replica() { return *desk_.replica; }
    [[nodiscard]] const std::string& deal() const { return deal_; }
    [[nodiscard]] std::int64_t now() const { return now_; }
    /// The deal's judge after everything sealed and submitted.
    [[nodiscard]] Judge& judge() { return judge_of(*session_); }
    /// Error where no deal has terms yet.
    [[nodiscard]] Result<> needs_terms();
    /// Sets the deal of terms, which nothing on the chain names yet.
    [[nodiscard]] Result<> begin(const std::string& deal);

    /// Turns to a record of the whole chain, which these members must sign beside the author;
    /// empty: all members.
    [[nodiscard]] Result<> govern(std::vector<std::string> approvers);

    /// The same, which its author alone signs.
    void govern_alone();
    /// Who must sign beside the author, after govern().
    [[nodiscard]] std::vector<std::string> governors() const;

    /// Completes, signs and stores; says so in `out`. Twice the same: says where it is already.
    [[nodiscard]] Outcome submit(Record record, std::vector<Row> rows, Output& out);
    /// Signs a submission of another member that asks for this one's approval.
    [[nodiscard]] Outcome approve(const SignedRecord& entry, Output& out);
    /// The same of one that says exactly `wanted`, which was computed here; none: why not. `rows`: what
    /// its rows must say too.
    [[nodiscard]] Outcome
    approve_same(const Record& wanted, Output& out, const std::vector<Row>* rows = nullptr);
    /// Secrets of the rows of one record.
    [[nodiscard]] RandomSource random(const std::string& type);

private:
    [[nodiscard]] Result<> apply_open();
    [[nodiscard]] std::vector<std::string> approvals_of(const Record& record);
    [[nodiscard]] Result<> number(Record& record);
    [[nodiscard]] Result<std::optional<std::string>> known(const Record& record,
                                                           const std::vector<Row>& rows);
    [[nodiscard]] Result<bool> same_rows(const Record& known, const std::vector<Row>& rows);
    Outcome tell(const SignedRecord& entry, std::string_view what, Output& out) const;

    SubmitOptions options_;
    const Globals* globals_ = nullptr;
    Desk desk_;
    std::int64_t now_ = 0;
    std::string deal_;
    std::unique_ptr<Executor> executor_;
    Session* session_ = nullptr;
    std::optional<std::vector<std::string>> governors_;
    std::vector<SignedRecord> open_;
};

}  // namespace tranchain
