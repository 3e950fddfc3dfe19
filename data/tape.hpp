// Tape: a receivables tape, one row per receivable, as CSV with a header row (tranchain-pool(5)).
//
// Columns may stand in any order; rows of a record always carry them in the order of the schema,
// and only those that the tape has. Names are private; a row commits to each field by itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv.hpp"
#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"
#include "data/rate.hpp"
#include "data/row.hpp"

namespace tranchain {

// Their names in tapes and rows are the enumerators' names (`return` for returned); stored: never
// rename.
enum class InvoiceType : std::uint8_t { special, ordinary, digital, none };
enum class Recourse : std::uint8_t { full, limited, none };
enum class Disclosed : std::uint8_t { notified, hidden };
enum class Confirmation : std::uint8_t { stamped, electronic, implied, none };
enum class Status : std::uint8_t {
    performing,
    delinquent,
    defaulted,
    repurchased,
    written_off,
    collected,
    disputed
};
enum class DilutionReason : std::uint8_t {
    none,
    returned,
    rebate,
    discount,
    setoff,
    error,
    dispute
};

enum class AssetType : std::uint8_t { factoring, instalment, scheduled };

std::string_view name(InvoiceType value);
std::string_view name(Recourse value);
std::string_view name(Disclosed value);
std::string_view name(Confirmation value);
std::string_view name(Status value);
std::string_view name(DilutionReason value); ///< empty for none
std::string_view name(AssetType value);

/// One receivable. Members have the names of the columns and stand in their order.
struct Receivable {  // NOLINT(clang-analyzer-optin.performance.Padding)
    std::string asset_id;
    std::string contract_no;
    Date snapshot_date;
    std::string seller_code;
    std::string seller_name;
    std::string obligor_code;
    std::string obligor_name;
    std::string obligor_group; ///< obligor_code where the tape has none
    std::string obligor_rating;
    std::string obligor_industry;
    std::string obligor_region;
    InvoiceType invoice_type = InvoiceType::none;
    std::string invoice_code;
    std::string invoice_no;
    Money invoice_amount;
    std::string trade_contract_no;
    std::optional<Date> delivery_date;
    Date invoice_date;
    Date due_date;
    std::optional<Date> extended_due_date;
    std::string currency = "CNY";
    Money original_balance; ///< transferred face at entry
    Money current_balance;  ///< unpaid face
    Money financed_amount;
    std::optional<Money> holdback;
    Date purchase_date;
    Money purchase_price;
    std::optional<Rate> discount_rate;
    Recourse recourse = Recourse::none;
    Disclosed disclosed = Disclosed::notified;
    Confirmation confirmation = Confirmation::none;
    std::optional<Date> confirmation_date;
    std::string registry_no;
    std::optional<Date> registry_expiry;
    std::string doc_hash;
    Status status = Status::performing;
    std::int64_t days_past_due = 0;
    std::optional<Money> arrears_amount;
    std::optional<Date> default_date;
    std::optional<Money> default_amount;
    Money collected_cum;
    Money dilution_cum;
    DilutionReason dilution_reason = DilutionReason::none;
    Money writeoff_cum;
    Money recovery_cum;
    std::optional<Date> repurchase_date;
    std::optional<Money> repurchase_amount;
    std::optional<bool> eligible;
    std::string servicer_ref;
    AssetType asset_type = AssetType::factoring; ///< which adapter it came from

    bool operator==(const Receivable&) const = default;
};

/// The day it falls due, extensions included.
inline Date due_of(const Receivable& r)
{
    return r.extended_due_date.value_or(r.due_date);
}

/// All column names in the order of the schema.
std::span<const std::string_view> tape_columns();
/// The columns every tape must have, in the order of the schema (obligor_group may be left out).
std::vector<std::string> required_tape_columns();

/// What is wrong with one receivable by itself.
struct Flaw {
    std::string_view column;
    std::string message;
    std::string hint;
};
/// Code checks, invoice shape, signs, dates, the identity current = original - collected - dilution
/// - writeoff - repurchase, days past due, status. Empty = sound.
std::vector<Flaw> check_receivable(const Receivable& receivable);

struct Tape {
    std::string file;
    std::vector<std::string> columns;     ///< those present, in the order of the schema
    std::vector<Receivable> receivables;  ///< in the order of the file
    std::vector<int> lines;               ///< of each receivable; empty if not read from a file
    std::vector<std::string> conversions; ///< what the reader changed, one sentence per kind
    Errors warnings;                      ///< suspicious but allowed
};

/// Reads a tape and reports every problem with line and column: unknown, missing or repeated
/// columns, cells that do not parse, every flaw of check_receivable, an asset_id or an invoice met
/// twice, two snapshot dates or currencies.
[[nodiscard]] Checked<Tape> read_tape(const std::string& path);
[[nodiscard]] Checked<Tape> parse_tape(std::string_view bytes, std::string file_name);
/// CSV text that parse_tape reads back to the same receivables.
std::string tape_csv(const Tape& tape);
[[nodiscard]] Result<> write_tape(const std::string& path, const Tape& tape);

/// One row: key asset_id, the given columns in the order of the schema, canonical text, no secret.
Row to_row(const Receivable& receivable, std::span<const std::string> columns);
/// All rows sorted by key, each with a secret drawn in that order.
std::vector<Row> to_rows(const Tape& tape, const RandomSource& random);
/// Strict: unknown, unordered or missing columns, a key that is not asset_id and text that is not
/// canonical are errors. Does not run check_receivable.
[[nodiscard]] Checked<Receivable> from_row(const Row& row);

} // namespace tranchain
