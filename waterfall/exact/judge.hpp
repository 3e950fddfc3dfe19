// Judge: is this record acceptable after that state, and what is the state then?
//
// One deal, in memory. A judgement is a pure function of (state, public part, rows, context); a
// record that is refused, or not acceptable yet, changes nothing. Without rows the judge takes the
// figures that come from rows as the public parts state them, recomputes everything else, and says
// so. Chain matters (seq, replaces, expiry, signatures, rows_root) are judged elsewhere.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"
#include "data/record.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

class Pool;

struct Context {
    std::int64_t height = 0;               ///< of the block that seals it, or would
    std::int64_t time = 0;                 ///< of its header, UTC seconds
    std::vector<std::string> author_roles; ///< empty for computed records
};

struct Verdict {
    enum class Kind : std::uint8_t { accepted, refused, not_yet };
    Kind kind = Kind::accepted;
    Errors findings;                      ///< when refused; each has an id
    std::string waits_for;                ///< when not_yet
    std::vector<std::string> not_checked; ///< such as `aggregates not checked against rows`
    [[nodiscard]] bool accepted() const { return kind == Kind::accepted; }
};

inline constexpr std::string_view rows_not_checked = "aggregates not checked against rows";

/// What is behind the sums of a record: its rows as they came, or what they say, read already (the
/// sums are then made of it); neither for a judge without rows.
template <class Fact>
struct Behind {
    const std::vector<Row>* rows = nullptr;
    const std::vector<Fact>* facts = nullptr;
    explicit operator bool() const { return rows != nullptr || facts != nullptr; }
};

class Judge {
public:
    enum class Rows : std::uint8_t { absent, present };

    /// Before the first record: accepts `terms` only.
    explicit Judge(Rows rows);
    /// After terms that were accepted elsewhere.
    Judge(Program program, Rows rows);
    /// From stored states. No private state: row-less.
    [[nodiscard]] static Result<std::unique_ptr<Judge>>
    open(std::string_view public_state, std::optional<std::string_view> private_state);
    ~Judge();
    Judge(const Judge& other); ///< a branch: both go on by themselves
    Judge& operator=(const Judge&) = delete;

    /// `rows` is null when not at hand: not_yet for a judge that keeps rows.
    Verdict judge(const Record& record, const Context& context, const std::vector<Row>* rows);

    // Computed records: what judge() accepts next. They change nothing. Errors: Code::busy = not
    // yet (message says what is missing), else why never.
    [[nodiscard]] Result<Record> make_close(Date through); ///< needs rows
    [[nodiscard]] Result<Record> make_notice() const;
    [[nodiscard]] Result<Record> make_distribution(Date unadjusted) const;
    /// Of an accepted distribution or purchase: what its instruction says, and the custodian's answer
    /// to the one that waits; with a reason he refuses.
    [[nodiscard]] Result<Record> make_instruction(const std::string& reference) const;
    [[nodiscard]] Result<Record> make_execution(const std::string& reference,
                                                const std::optional<std::string>& refusal) const;

    // Desk runs: the same judgements of facts that no record carries. There is nobody to sign, no
    // bytes, roots or hashes, and no sums to compare, for they are made of the facts; all else holds.
    Verdict take_snapshot(Date as_of, const std::vector<Holding>& holdings);
    /// `seq` numbers the purchases; settles on settlement_day(program, day).
    Verdict take_purchase(Date day, std::int64_t seq, const std::vector<Holding>& holdings);
    Verdict take_statement(const Record::Covers& covers,
                           const std::string& account,
                           std::int64_t number,
                           Money opening,
                           const std::vector<StatementEntry>& entries);
    Verdict take_collections(const Record::Covers& covers,
                             const std::vector<Allocation>& allocations);
    Verdict take_dilutions(const std::vector<Dilution>& dilutions);
    Verdict
    take_insolvency(Date date, const std::string& group, const std::vector<std::string>& obligors);
    [[nodiscard]] Result<Distribution> take_distribution(Date unadjusted);
    /// Closes days up to `through`, or to the first on which a trigger takes effect. What is refused
    /// leaves the judge between two days, of no more use.
    Verdict take_close(Date through, std::int64_t height);

    [[nodiscard]] bool has_terms() const;
    [[nodiscard]] bool has_rows() const { return pool_ != nullptr; }
    [[nodiscard]] const Program& program() const;
    [[nodiscard]] const DealState& state() const { return state_; }
    [[nodiscard]] const Pool& pool() const; ///< only with rows
    /// Called after every day of an accepted close, with the state at its end and its postings.
    using OnDay = std::function<void(const DealState&, const Journal&)>;
    void on_day(OnDay observer) { on_day_ = std::move(observer); }

    /// Canonical JSON {program, state}; equal with and without rows.
    [[nodiscard]] std::string public_state() const;
    [[nodiscard]] std::string private_state() const; ///< bytes of the pool; empty if row-less

    /// Roles that must approve a record of this type beside its author.
    [[nodiscard]] std::vector<std::string> approval_roles(std::string_view type) const;

private:
    Verdict dispatch(const Record& record, const Context& context, const std::vector<Row>* rows);
    Verdict judge_terms(const Record& record);
    // Of a record: type, author, number and days; its public part is read already.
    Verdict
    judge_snapshot(const Record& record, const SnapshotPart& part, const Behind<Holding>& behind);
    Verdict judge_statement(const Record& record,
                            const StatementPart& part,
                            const Context& context,
                            const Behind<StatementEntry>& behind);
    Verdict judge_collections(const Record& record,
                              const CollectionsPart& part,
                              const Context& context,
                              const Behind<Allocation>& behind);
    Verdict judge_dilution(const DilutionPart& part, const Behind<Dilution>& behind);
    Verdict judge_insolvency(const Record& record,
                             const InsolvencyPart& part,
                             const Behind<std::string>& behind);
    Verdict
    judge_purchase(const Record& record, const PurchasePart& part, const Behind<Holding>& behind);
    Verdict judge_close(const Record& record, const Context& context);
    Verdict judge_notice(const Record& record);
    Verdict judge_acknowledgement(const Record& record, const Context& context);
    Verdict judge_distribution(const Record& record);
    Verdict judge_instruction(const Record& record);
    Verdict judge_execution(const Record& record);
    Verdict judge_correction(const Record& record);
    Verdict judge_document(const Record& record, const std::vector<Row>* rows);
    [[nodiscard]] std::optional<Verdict> judge_turn(std::string_view type) const;

    struct Closing;
    Verdict run_close(const ClosePart* stated,
                      Date through,
                      const Context& context,
                      Closing& closing) const;

    std::optional<Program> program_;
    DealState state_;
    std::unique_ptr<Pool> pool_;
    OnDay on_day_;
};

/// Addressees of a notice: {party, action, by}; party is a role.
struct Addressee {
    std::string party, action;
    Date by;
};
std::vector<Addressee>
addressees(const Program& program, const DealState& state, const std::vector<Fired>& fired);

} // namespace tranchain
