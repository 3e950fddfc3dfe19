// Facts: the records of a deal as typed values, and the one place that knows their members.
//
// `build_` functions make the record's type, dates, public part and rows; the caller adds chain,
// deal, author, seq, replaces, valid_until and approvals. `parse_` functions read a public part,
// `read_` functions one row; the judge uses them, so writer and judge cannot disagree.
// Give an empty RandomSource where nothing is signed (projections): rows then have no secret and
// the record no root.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/json.hpp"
#include "data/money.hpp"
#include "data/record.hpp"
#include "data/row.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// Record types of the foundation; stored: never rename.
namespace record_type {
inline constexpr std::string_view terms = "terms", snapshot = "snapshot", purchase = "purchase",
                                  statement = "statement", collections = "collections",
                                  dilution = "dilution", insolvency = "insolvency",
                                  day_close = "day_close", notice = "notice",
                                  acknowledgement = "acknowledgement",
                                  distribution = "distribution",
                                  instruction = "instruction", execution = "execution",
                                  correction = "correction", document = "document";
} // namespace record_type

struct Submission {
    Record record;
    std::vector<Row> rows; ///< sorted by key
};

// ---- terms -------------------------------------------------------------------------------------
/// {program, source_sha256}
struct TermsPart {
    Program program;
    std::string source_sha256; ///< of the deal file, hex
};
Record build_terms(const Program& program, const Hash& source_sha256);
[[nodiscard]] Checked<TermsPart> parse_terms(const Json& part);

// ---- receivables: snapshot and purchase ---------------------------------------------------------
/// What the judge needs of a receivable; read from the tape columns of its row.
struct Holding {
    std::string asset_id, obligor_code, obligor_group;
    Money face;             ///< current_balance
    Money price;            ///< purchase_price
    Date purchase_date;     ///< settlement
    Date due;               ///< extended_due_date if there is one, else due_date
    bool confirmed = false; ///< confirmation is not `none`
    Money financed = zero;  ///< financed_amount
    bool disputed = false;  ///< status is `disputed`
};
[[nodiscard]] Result<Holding> read_holding(const Row& row);

/// {as_of, count, face, price} with business_date = as_of
struct SnapshotPart {
    Date as_of;
    std::int64_t count = 0;
    Money face, price;
};
SnapshotPart snapshot_part(Date as_of, const std::vector<Holding>& holdings);
/// Rows as data/tape.hpp makes them (to_rows), sorted by asset_id.
[[nodiscard]] Result<Submission> build_snapshot(Date as_of, std::vector<Row> receivables);
[[nodiscard]] Checked<SnapshotPart> parse_snapshot(const Json& part);

/// {settle, count, face, price} with business_date = the purchase day
struct PurchasePart {
    Date settle;
    std::int64_t count = 0;
    Money face, price;
};
PurchasePart purchase_part(Date settle, const std::vector<Holding>& holdings);
/// settle = settlement_day(program, purchase_day); rows have purchase_date = settle and the price
/// of price_of() in price.hpp.
[[nodiscard]] Result<Submission>
build_purchase(Date purchase_day, Date settle, std::vector<Row> receivables);
[[nodiscard]] Checked<PurchasePart> parse_purchase(const Json& part);
Date settlement_day(const Program& program, Date purchase_day);
/// `purchase/SETTLE-DATE/seq`: what a statement's debit for it refers to. seq is the record's.
std::string purchase_reference(Date settle, std::int64_t seq);
std::string distribution_reference(Date unadjusted);

// ---- statement ----------------------------------------------------------------------------------
struct StatementEntry {
    std::int64_t entry = 0;                 ///< from 1 within its statement
    Date date;                              ///< booking date
    Money amount;                           ///< credit positive, debit negative; not zero
    std::string reference;                  ///< a debit's: what it pays
    std::string counterparty, obligor_code; ///< may be empty
};
/// {account, number, opening, closing, days: [{date, credits, debits: [{reference, amount}]}]};
/// days without entries may be left out. Row key `account/number/entry`, six and eight digits.
struct StatementPart {
    std::string account;
    std::int64_t number = 0; ///< from 1 without gaps
    Money opening, closing;
    struct Day {
        Date date;
        Money credits;
        std::vector<Debit> debits; ///< sorted; amounts positive
    };
    std::vector<Day> days;
};
/// Key by which allocations name an entry.
std::string entry_key(std::string_view account, std::int64_t number, std::int64_t entry);
StatementPart statement_part(const std::string& account,
                             std::int64_t number,
                             Money opening,
                             const std::vector<StatementEntry>& entries);
Submission build_statement(const std::string& account,
                           std::int64_t number,
                           Money opening,
                           Record::Covers covers,
                           std::vector<StatementEntry> entries,
                           const RandomSource& random);
[[nodiscard]] Checked<StatementPart> parse_statement(const Json& part);
struct StatementRow {
    std::string account;
    std::int64_t number = 0;
    StatementEntry entry;
};
[[nodiscard]] Result<StatementRow> read_statement_row(const Row& row);

// ---- collections --------------------------------------------------------------------------------
/// stored by name: never rename
enum class AllocationKind : std::uint8_t {
    payment,   ///< the obligor's money, reduces the unpaid face
    dilution,  ///< the seller's money for a dilution already recorded
    unapplied, ///< to unapplied cash (positive) or back from it (negative); no asset
    income,    ///< interest on cash, late charges; no asset
    repurchase, ///< the whole price at which seller or originator takes it back
    support,    ///< the supporter's money, into its reserve; no asset
};
std::string_view name(AllocationKind kind);
std::optional<AllocationKind> allocation_kind(std::string_view word);
struct Allocation {
    Date date;            ///< on which it is booked; not before the entry's booking date
    std::string receipt;  ///< entry_key of the statement entry
    std::string asset_id; ///< empty for unapplied and income
    AllocationKind kind = AllocationKind::payment;
    Money amount;
};
/// {days: [{date, amount, unapplied, income, support}]}; amount = payment + dilution + repurchase;
/// support is left out where it is zero. Row key `date/receipt/nnnn`.
struct CollectionsPart {
    struct Day {
        Date date;
        Money amount, unapplied, income, support;
        /// Where an allocation of the kind is added up.
        Money& sum_of(AllocationKind kind);
    };
    std::vector<Day> days;
};
CollectionsPart collections_part(const std::vector<Allocation>& allocations);
Submission build_collections(Record::Covers covers,
                             std::vector<Allocation> allocations,
                             const RandomSource& random);
[[nodiscard]] Checked<CollectionsPart> parse_collections(const Json& part);
[[nodiscard]] Result<Allocation> read_allocation(const Row& row);

// ---- dilution -----------------------------------------------------------------------------------
struct Dilution {
    std::string asset_id;
    Date date;
    Money amount;
    /// return, rebate, discount, setoff, error, dispute; or, about all that is unpaid: writeoff (it
    /// is defaulted from that day on), extension (it falls due on `due`)
    std::string reason;
    std::optional<Date> due = {}; ///< later than before; of an extension alone
};
/// {days: [{date, amount, written_off, extended}]}; the last two are left out where they are zero.
/// Row key `asset_id/date`.
struct DilutionPart {
    struct Day {
        Date date;
        Money amount;
        Money written_off, extended;
    };
    std::vector<Day> days;
};
DilutionPart dilution_part(const std::vector<Dilution>& dilutions);
Submission build_dilution(std::vector<Dilution> dilutions, const RandomSource& random);
[[nodiscard]] Checked<DilutionPart> parse_dilution(const Json& part);
[[nodiscard]] Result<Dilution> read_dilution(const Row& row);

// ---- insolvency ---------------------------------------------------------------------------------
/// {date, obligor_group, count}. Row key = obligor code.
struct InsolvencyPart {
    Date date;
    std::string group;
    std::int64_t count = 0;
};
Submission build_insolvency(Date date,
                            const std::string& group,
                            std::vector<std::string> obligors,
                            const RandomSource& random);
[[nodiscard]] Checked<InsolvencyPart> parse_insolvency(const Json& part);
[[nodiscard]] Result<std::string> read_insolvency(const Row& row, const InsolvencyPart& part);

// ---- day_close ----------------------------------------------------------------------------------
/// All that rows say about one day, in sums.
struct DaySheet {
    Date date;
    Money to_principal; ///< of the day's allocations to receivables
    Money to_income;    ///< the rest of them
    Money recovered;    ///< part of to_principal that is recovery, and dilution made good later
    Money paid;         ///< unpaid face of live receivables met by payments
    Money diluted;      ///< unpaid face of live receivables lost to dilution
    Money loss;         ///< cost lost to dilution
    std::int64_t defaults = 0;
    Money defaulted_face, defaulted_cost;
    struct Bought {
        std::string reference;
        std::int64_t count = 0;
        Money face, price; ///< after receivables that dropped out
        bool operator==(const Bought&) const = default;
    };
    std::vector<Bought> bought;  ///< by reference
    std::int64_t live_count = 0; ///< after the day
    Money repurchased;           ///< unpaid face of live receivables taken back; left out if zero
    std::optional<NetPool> net_pool; ///< after the day; left out where the program does not ask
    bool operator==(const DaySheet&) const = default;
};
/// {through, days: [sheet], live: {count, root}}
struct ClosePart {
    Date through;
    std::vector<DaySheet> days; ///< closed_through + 1 ... through
    std::int64_t live_count = 0;
    std::string live_root; ///< hex
};
Record build_close(const ClosePart& close);
[[nodiscard]] Checked<ClosePart> parse_close(const Json& part);

// ---- acknowledgement ----------------------------------------------------------------------------
Record build_acknowledgement(const Hash& notice);
[[nodiscard]] Checked<std::string> parse_acknowledgement(const Json& part); ///< hash, hex

} // namespace tranchain
