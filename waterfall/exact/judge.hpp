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

    /// Closes days without a record (projections): same rules, no sheet to compare, no live root.
    Verdict close(Date through, const Context& context);

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
    Verdict judge_snapshot(const Record& record, const std::vector<Row>* rows);
    Verdict
    judge_statement(const Record& record, const Context& context, const std::vector<Row>* rows);
    Verdict
    judge_collections(const Record& record, const Context& context, const std::vector<Row>* rows);
    Verdict judge_dilution(const Record& record, const std::vector<Row>* rows);
    Verdict judge_insolvency(const Record& record, const std::vector<Row>* rows);
    Verdict judge_purchase(const Record& record, const std::vector<Row>* rows);
    Verdict judge_close(const Record& record, const Context& context);
    Verdict judge_notice(const Record& record);
    Verdict judge_acknowledgement(const Record& record, const Context& context);
    Verdict judge_distribution(const Record& record);

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
