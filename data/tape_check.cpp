// Tape check: what can be wrong with one receivable by itself.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>

#include "data/credit_code.hpp"
#include "data/tape.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

using Flaws = std::vector<Flaw>;

void check_text(const Receivable& r, Flaws& flaws)
{
    if (r.asset_id.size() > 64) {
        flaws.push_back({"asset_id", "asset_id is longer than 64 bytes", ""});
    }
    // Who owes an instalment is a person, known by a number that says nothing about him.
    const bool person = r.asset_type == AssetType::instalment;
    if (person && r.obligor_code.size() > 64) {
        flaws.push_back({"obligor_code", "obligor_code is longer than 64 bytes", ""});
    }
    for (const auto& [column, code] :
         {std::pair<std::string_view, const std::string&>("seller_code", r.seller_code),
          {"obligor_code", r.obligor_code}}) {
        if (person && column == "obligor_code") continue;
        if (const auto good = check_credit_code(code); !good) {
            flaws.push_back({column, good.error().message, good.error().hint});
        }
    }
    if (r.currency.size() != 3 || !std::all_of(r.currency.begin(), r.currency.end(),
                                               [](char c) { return c >= 'A' && c <= 'Z'; })) {
        flaws.push_back({"currency", fmt::format("'{}' is not a currency code", r.currency),
                         "write three capital letters such as CNY"});
    }
    const bool hex = std::all_of(r.doc_hash.begin(), r.doc_hash.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
    if (!r.doc_hash.empty() && (r.doc_hash.size() != 64 || !hex)) {
        flaws.push_back({"doc_hash", fmt::format("'{}' is not a SHA-256 hash", r.doc_hash),
                         "write 64 lower-case hex digits"});
    }
}

/// Code and number by type: 10 + 8 digits special, 12 or 10 + 8 ordinary, none + 20 fully digital.
void check_invoice(const Receivable& r, Flaws& flaws)
{
    const auto shape = [&](std::string_view column, const std::string& value, bool good,
                           std::string hint) {
        if (good && (value.empty() || all_digits(value))) {
            return;
        }
        flaws.push_back(
            {column,
             fmt::format("'{}' is not the {} of a {} invoice", value, column, name(r.invoice_type)),
             std::move(hint)});
    };
    const auto code = r.invoice_code.size();
    switch (r.invoice_type) {
    case InvoiceType::special:
        shape("invoice_code", r.invoice_code, code == 10, "it has 10 digits");
        shape("invoice_no", r.invoice_no, r.invoice_no.size() == 8, "it has 8 digits");
        break;
    case InvoiceType::ordinary:
        shape("invoice_code", r.invoice_code, code == 12 || code == 10,
              "it has 12 digits, 10 before 2018");
        shape("invoice_no", r.invoice_no, r.invoice_no.size() == 8, "it has 8 digits");
        break;
    case InvoiceType::digital: {
        shape("invoice_code", r.invoice_code, code == 0, "a digital invoice has none");
        shape("invoice_no", r.invoice_no, r.invoice_no.size() == 20, "it has 20 digits");
        const std::string year = fmt::format("{:02}", r.invoice_date.year() % 100);
        if (r.invoice_no.size() == 20 && !r.invoice_no.starts_with(year)) {
            flaws.push_back({"invoice_no",
                             fmt::format("'{}' is not of the year of invoice_date {}", r.invoice_no,
                                         r.invoice_date.str()),
                             fmt::format("its first two digits would be {}", year)});
        }
        break;
    }
    case InvoiceType::none:
        break;
    }
}

void check_signs(const Receivable& r, Flaws& flaws)
{
    const std::pair<std::string_view, Money> amounts[] = {
        {"invoice_amount", r.invoice_amount},
        {"original_balance", r.original_balance},
        {"current_balance", r.current_balance},
        {"financed_amount", r.financed_amount},
        {"holdback", r.holdback.value_or(zero)},
        {"purchase_price", r.purchase_price},
        {"arrears_amount", r.arrears_amount.value_or(zero)},
        {"default_amount", r.default_amount.value_or(zero)},
        {"collected_cum", r.collected_cum},
        {"dilution_cum", r.dilution_cum},
        {"writeoff_cum", r.writeoff_cum},
        {"recovery_cum", r.recovery_cum},
        {"repurchase_amount", r.repurchase_amount.value_or(zero)},
    };
    for (const auto& [column, amount] : amounts) {
        if (amount < zero) {
            flaws.push_back({column, fmt::format("{} '{}' is negative", column, amount.str()), ""});
        }
    }
    if (r.discount_rate && *r.discount_rate < Rate()) {
        flaws.push_back({"discount_rate",
                         fmt::format("discount_rate '{}' is negative", r.discount_rate->str()),
                         ""});
    }
}

void check_balances(const Receivable& r, Flaws& flaws)
{
    if (r.current_balance > r.original_balance) {
        flaws.push_back({"current_balance",
                         fmt::format("current_balance {} is above original_balance {}",
                                     r.current_balance.str(), r.original_balance.str()),
                         ""});
        return;
    }
    const Int128 left = static_cast<Int128>(r.original_balance.in_fen()) -
                          r.collected_cum.in_fen() - r.dilution_cum.in_fen() -
                          r.writeoff_cum.in_fen() - r.repurchase_amount.value_or(zero).in_fen();
    if (left != r.current_balance.in_fen()) {
        const bool printable = left >= -Money::max_fen && left <= Money::max_fen;
        flaws.push_back(
            {"current_balance",
             fmt::format("current_balance {} is not original - collected - dilution - writeoff - "
                         "repurchase{}",
                         r.current_balance.str(),
                         printable ? " = " + Money::fen(static_cast<std::int64_t>(left)).str()
                                   : std::string()),
             ""});
    }
    if (r.arrears_amount && *r.arrears_amount > r.current_balance) {
        flaws.push_back({"arrears_amount", "arrears_amount is above current_balance", ""});
    }
    if (r.dilution_reason != DilutionReason::none && r.dilution_cum == zero) {
        flaws.push_back(
            {"dilution_reason", "dilution_reason is given but dilution_cum is 0.00", ""});
    }
}

void check_dates(const Receivable& r, Flaws& flaws)
{
    const auto order = [&](std::string_view first, Date a, std::string_view second, Date b) {
        if (a <= b) {
            return;
        }
        flaws.push_back(
            {second, fmt::format("{} {} is before {} {}", second, b.str(), first, a.str()), ""});
    };
    order("invoice_date", r.invoice_date, "due_date", r.due_date);
    if (r.extended_due_date) {
        order("due_date", r.due_date, "extended_due_date", *r.extended_due_date);
    }
    if (r.invoice_date > r.snapshot_date) {
        flaws.push_back({"invoice_date",
                         fmt::format("invoice_date {} is after snapshot_date {}",
                                     r.invoice_date.str(), r.snapshot_date.str()),
                         ""});
    }
    const Date due = due_of(r);
    const std::int64_t late = r.current_balance > zero ? std::max(0, r.snapshot_date - due) : 0;
    if (r.days_past_due != late) {
        flaws.push_back({"days_past_due",
                         fmt::format("days_past_due {} does not fit due date {} and snapshot {}",
                                     r.days_past_due, due.str(), r.snapshot_date.str()),
                         fmt::format("it would be {}", late)});
    }
}

void check_status(const Receivable& r, Flaws& flaws)
{
    const auto refuse = [&](std::string_view why) {
        flaws.push_back({"status", fmt::format("status '{}' with {}", name(r.status), why), ""});
    };
    switch (r.status) {
    case Status::performing:
        if (r.days_past_due > 0) {
            refuse("days past due");
        }
        break;
    case Status::delinquent:
        if (r.days_past_due == 0) {
            refuse("no days past due");
        }
        break;
    case Status::collected:
    case Status::repurchased:
    case Status::written_off:
        if (r.current_balance > zero) {
            refuse("a current balance");
        }
        break;
    case Status::defaulted:
    case Status::disputed:
        break;
    }
}

} // namespace

std::vector<Flaw> check_receivable(const Receivable& receivable)
{
    Flaws flaws;
    check_text(receivable, flaws);
    check_invoice(receivable, flaws);
    check_dates(receivable, flaws);
    check_signs(receivable, flaws);
    if (flaws.empty() || std::none_of(flaws.begin(), flaws.end(), [](const Flaw& flaw) {
            return flaw.message.ends_with("is negative");
        })) {
        check_balances(receivable, flaws);
    }
    check_status(receivable, flaws);
    return flaws;
}

} // namespace tranchain
