// Seller ledger: the invoices of a seller with all that became of each, up to the last day known.
//
// It is what history is taken from: static pools, turnover, the assumptions of a scenario. Amounts
// are whole fen and nothing is estimated: a day after `observed` has not been seen, and no figure
// that needs one is given.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/mapping.hpp"

namespace tranchain {

/// What happened to an invoice on a day, in the order in which it counts on that day.
struct LedgerFlow {
    enum class Kind : std::uint8_t {
        payment,
        dilution, ///< credited without cash
        writeoff, ///< given up
        recovery  ///< cash for what had been written off
    };
    Date date;
    Kind kind = Kind::payment;
    Money amount; ///< > 0
    bool operator==(const LedgerFlow&) const = default;
};

struct SellerInvoice {
    std::string id, obligor, group, rating, industry, region;
    Date issued, due;
    Money amount;
    std::vector<LedgerFlow> flows; ///< by date; none after `observed`
    /// At the end of `day`: amount less payments, dilution and write-offs; nothing before `issued`.
    [[nodiscard]] Money unpaid(Date day) const;
};

/// What was paid, credited or written off above what was unpaid.
struct LedgerExcess {
    std::int64_t count = 0;
    Money amount;
};

/// A file that a ledger was read from.
struct LedgerInput {
    std::string what;   ///< ledger, mapping or events
    std::string file;   ///< as given
    std::string sha256; ///< of the bytes that were read, in hex
};

struct SellerLedger {
    std::string file, currency;
    std::vector<SellerInvoice> invoices; ///< in the order of the file; not empty
    Date first, observed;                ///< first invoice, last day known (whole)
    std::int64_t later = 0; ///< invoices and events after `observed`, left out
    /// Left out, by what it was: cash that the invoice did not owe, a credit of what was paid before.
    LedgerExcess paid_above, credited_above, written_off_above;
    std::int64_t settled_lost = 0; ///< invoices with a settled_date when all had been written off
    [[nodiscard]] LedgerExcess excess() const; ///< of all kinds
    std::vector<std::string> conversions;
    std::vector<LedgerInput> inputs; ///< of read_seller_ledger
};

/// A line of a file of events: `payment`, `dilution` or `writeoff` of one invoice.
struct LedgerEvent {
    std::string id;
    Date date;
    LedgerFlow::Kind kind = LedgerFlow::Kind::payment; ///< never recovery: that follows
    Money amount;
    Source where;
};
/// Puts events to invoices. A payment goes to what is unpaid, then to what was written off (a
/// recovery); what is above both is counted as excess. `settled_date` pays what is unpaid then.
/// Constants of the mapping stand for every invoice; names are plain ones (data/name.hpp).
/// `as_of`: the last day that counts, else that of the last invoice or event. Errors, all of them:
/// an event of no invoice, before it, or more than twenty years after it fell due and not after
/// `as_of`; without `as_of` a last day more than 366 days after the last day but one; an amount not
/// above zero, two currencies, no invoice, and the line with which the amounts of all invoices and
/// events are together beyond the range of Money. So every sum of amounts, flows or excess of different
/// invoices of a ledger is within it, if it takes each of them once.
[[nodiscard]] Checked<SellerLedger> seller_ledger(const Ledger& ledger, const Mapping& mapping,
                                                  const std::vector<LedgerEvent>& events,
                                                  std::optional<Date> as_of);

struct LedgerFiles {
    std::string ledger;
    std::optional<std::string> map, events; ///< without a map: our own names, tranchain-pool(5)
    std::optional<Date> as_of;
};
/// Errors too: neither a payment nor a settled_date, so that nothing says what was paid.
[[nodiscard]] Checked<SellerLedger> read_seller_ledger(const LedgerFiles& files);
/// CSV with id, date, kind, amount, or what the mapping calls them.
[[nodiscard]] Checked<std::vector<LedgerEvent>>
parse_ledger_events(std::string_view bytes, std::string file_name, const Mapping& mapping);

/// A part of an invoice that defaulted.
struct LedgerDefault {
    Date date;
    Money amount; ///< > 0
};
/// What of an invoice defaulted: each amount written off, on its day; and at the end of the first day
/// on which the invoice is more than `days` past due, all that is unpaid then.
struct LedgerDefaults {
    std::vector<LedgerDefault> parts; ///< by date; empty if nothing did
    /// Flows to the end of that first day. Cash after them recovers, and nothing else of them counts.
    std::size_t flows_before = 0;
    [[nodiscard]] Money amount() const; ///< of all parts, at most that of the invoice
    /// Whether the flow of this place is cash for what had defaulted.
    [[nodiscard]] bool recovers(const SellerInvoice& invoice, std::size_t place) const;
};
/// `days`: past due, >= 0; `observed`: the last day known, beyond which nothing defaults.
[[nodiscard]] LedgerDefaults
defaults_of(const SellerInvoice& invoice, std::int32_t days, Date observed);

} // namespace tranchain
