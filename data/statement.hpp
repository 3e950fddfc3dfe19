// Statement: what a bank says of one account, read from ISO 20022 camt, SWIFT MT940/MT942 or CSV.
//
// camt.052, .053 and .054 of every version are read by the local names of their elements; MT940 and
// MT942 by their tags; CSV through a mapping file (tranchain-pool(5)). A reader refuses a file that
// it cannot read whole, with line and column; whether what was read adds up, check_statements says.
// Amounts are hundredths of the account's currency: a third decimal is refused unless it is zero.
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
#include "data/mapping.hpp"
#include "data/money.hpp"

namespace tranchain {

/// One movement, in the order of the file. Texts are UTF-8 on one line; absent ones are empty.
struct BankEntry {
    Source where;
    Date date; ///< booking day; the value date where the bank gives no other
    std::optional<Date> value_date;
    Money amount;               ///< credit positive, debit negative, never zero
    bool reversal = false;      ///< RC, RD or RvslInd: undoes an earlier movement of the other sign
    bool booked = true;         ///< false: pending or for information, outside the balances
    std::string bank_reference; ///< the bank's own; unique at that bank
    std::string reference;      ///< the payer's: EndToEndId, or the reference for the owner
    std::string counterparty;
    std::string text;             ///< remittance information
    std::optional<Money> balance; ///< after the entry, where the file states it (CSV)
};

/// A balance and the day of it; overdrawn is negative.
struct BankBalance {
    Source where;
    Money amount;
    Date date;
};

/// One statement, or one page of it.
struct BankStatement {
    Source where;
    std::string format; ///< such as camt.053.001.08, MT940, CSV
    std::string account, currency, id;
    std::int64_t number = 0; ///< the bank's sequence number; 0 = none
    std::int64_t page = 0;   ///< within the number; 0 = none
    std::optional<BankBalance> opening, closing;
    std::optional<Date> from, to; ///< the days covered, where the file states them
    std::optional<Money> stated_credits, stated_debits; ///< sums the file states, both >= 0
    std::vector<BankEntry> entries;

    [[nodiscard]] Money credits() const; ///< of booked entries, >= 0
    [[nodiscard]] Money debits() const;  ///< of booked entries, >= 0
    [[nodiscard]] Date
    first_day() const; ///< the day after the opening balance, or what comes before
    [[nodiscard]] Date last_day() const;
};

enum class StatementFormat : std::uint8_t { any, camt, mt940, csv };

/// Reads one file, whatever of the formats it is unless `format` says; CSV needs a mapping.
/// Errors: none of the formats, another message, cut short, amounts with three decimals, an entry
/// in another currency than its account, a document type (entities are never expanded), NUL bytes,
/// text of no known encoding, sums beyond the range of Money.
[[nodiscard]] Checked<std::vector<BankStatement>>
parse_statements(std::string bytes,
                 const std::string& file,
                 StatementFormat format = StatementFormat::any,
                 const Mapping* mapping = nullptr);

/// A mapping of a bank's CSV: columns `date`, and `amount` or `credit` and `debit`; if there are,
/// `value_date`, `balance`, `bank_reference`, `reference`, `counterparty`, `text`, `account`;
/// `account` and `currency` may be constants.
[[nodiscard]] Checked<Mapping> parse_statement_mapping(std::string_view text, std::string file);

// ---- whether it adds up ------------------------------------------------------------------------

enum class Holds : std::uint8_t { yes, no, skipped };

/// One check of one statement. Ids: balance, sums, chain, sequence, duplicate, duplicate-entry,
/// reversal, pending, running.
struct StatementCheck {
    std::size_t statement = 0; ///< index into what was checked
    std::string id;
    Holds holds = Holds::yes;
    std::string detail; ///< the figures, or why it was skipped
    Source where;
};
/// Every check of every statement, in the order given. Statements of one account are put in order
/// of their last day, number and page first, so files may be given in any order.
std::vector<StatementCheck> check_statements(std::span<const BankStatement> statements);
/// The order in which statements follow one another: account, currency, last day, number, page.
std::vector<std::size_t> order_of_statements(std::span<const BankStatement> statements);
/// The same account, number, balances and entries: one statement given twice.
bool same_statement(const BankStatement& a, const BankStatement& b);

// ---- for the readers ---------------------------------------------------------------------------

/// Digits, and at most one `mark` with decimals, of which only the first two may differ from zero.
[[nodiscard]] Result<Money> parse_bank_amount(std::string_view text, char mark);
/// Space for line breaks and other control characters; no space twice, none at the ends.
std::string one_line(std::string_view text);
[[nodiscard]] Checked<std::vector<BankStatement>> parse_camt(std::string_view utf8,
                                                             const std::string& file);
[[nodiscard]] Checked<std::vector<BankStatement>> parse_mt940(std::string_view utf8,
                                                              const std::string& file);
[[nodiscard]] Checked<std::vector<BankStatement>>
parse_statement_csv(std::string_view bytes, const std::string& file, const Mapping& mapping);

} // namespace tranchain
