// Seller ledger: events put to their invoices.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/seller_ledger.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include <fmt/core.h>

#include "data/name.hpp"

namespace tranchain {

namespace {

using FlowKind = LedgerFlow::Kind;

/// Twenty years: what is said to happen later has another year than it should.
constexpr std::int32_t late_most = 7305;
constexpr std::int32_t gap_most = 366; ///< days to the last one from the last but one

/// An event on its way to an invoice; without an amount it pays what is unpaid, last of its day.
struct PendingFlow {
    Date date;
    int rank = 0;
    FlowKind kind = FlowKind::payment;
    std::optional<Money> amount;
};

class LedgerBooks {
public:
    LedgerBooks(const Ledger& ledger, const Mapping& mapping, const std::vector<LedgerEvent>& events,
                std::optional<Date> as_of)
        : ledger_(ledger), mapping_(mapping), events_(events), as_of_(as_of)
    {
    }
    Checked<SellerLedger> read();

private:
    void check_sums();
    void take_invoices();
    void take_text(SellerInvoice& invoice, std::string_view name, std::string_view text);
    void take_currency(const Invoice& invoice, const std::string& text);
    void check_late(const char* what, Date day, const SellerInvoice& invoice, const Source& where);
    void take_events();
    void find_last();
    void observe();
    void settle(SellerInvoice& invoice, std::vector<PendingFlow>& flows);
    void book(SellerInvoice& invoice, const PendingFlow& flow, Money& unpaid, Money& lost);
    LedgerExcess& excess_of(FlowKind kind);
    [[nodiscard]] Source at(int line) const { return {ledger_.file, line, 0, 0}; }

    const Ledger& ledger_;
    const Mapping& mapping_;
    const std::vector<LedgerEvent>& events_;
    std::optional<Date> as_of_;
    SellerLedger out_;
    std::vector<std::vector<PendingFlow>> flows_; // one for each invoice of the file
    Errors errors_;
};

/// Sums in the range of Money, so that no later addition leaves it.
void LedgerBooks::check_sums()
{
    Int128 sum = 0;
    const auto add = [&](Money amount, const Source& where) {
        const bool fitted = sum <= Money::max_fen;
        sum += max(amount, -amount).in_fen();
        if (!fitted || sum <= Money::max_fen) return;
        errors_.push_back({Code::invalid_input, "the amounts up to this line together exceed 10 trillion",
                           where, "such a ledger is wrong, or it is in another unit"});
    };
    for (const Invoice& i : ledger_.invoices) add(i.amount, at(i.line));
    for (const LedgerEvent& e : events_) add(e.amount, e.where);
}

void LedgerBooks::take_invoices()
{
    const auto fixed = mapping_.constants.find("currency");
    if (fixed != mapping_.constants.end()) out_.currency = fixed->second;
    for (const Invoice& i : ledger_.invoices) {
        SellerInvoice& s = out_.invoices.emplace_back();
        s.id = i.id;
        s.obligor = s.group = i.obligor;
        s.issued = i.invoice_date;
        s.due = i.due_date;
        s.amount = i.amount;
        for (const auto& [name, text] : mapping_.constants) take_text(s, name, text);
        for (const auto& [name, text] : i.more) {
            take_text(s, name, text);
            if (name == "currency") take_currency(i, text);
        }
        std::vector<PendingFlow>& flows = flows_.emplace_back();
        if (!i.settled_date) continue;
        check_late("settled on", *i.settled_date, s, {ledger_.file, i.line, i.settled_column, 0});
        flows.push_back({*i.settled_date, 3, FlowKind::payment, {}});
    }
    if (out_.invoices.empty()) {
        errors_.push_back({Code::invalid_input, "the ledger has no invoice", at(1), {}});
    }
}

void LedgerBooks::take_text(SellerInvoice& invoice, std::string_view name, std::string_view text)
{
    const std::string kept = plain_name(text);
    if (name == "obligor_rating") invoice.rating = kept;
    if (name == "obligor_industry") invoice.industry = kept;
    if (name == "obligor_region") invoice.region = kept;
    if (name == "obligor_group" && !kept.empty()) invoice.group = kept;
}

void LedgerBooks::take_currency(const Invoice& invoice, const std::string& text)
{
    if (out_.currency.empty()) out_.currency = text;
    if (text == out_.currency) return;
    errors_.push_back({Code::invalid_input,
                       fmt::format("'{}' is in {}, the invoices before it in {}", invoice.id, text,
                                   out_.currency),
                       at(invoice.line), "amounts of two currencies do not add up: make a ledger of each"});
}

void LedgerBooks::check_late(const char* what, Date day, const SellerInvoice& invoice, const Source& where)
{
    if (day - invoice.due <= late_most || day > as_of_.value_or(day)) return;
    errors_.push_back({Code::invalid_input,
                       fmt::format("{} {}, more than twenty years after the invoice fell due on {}", what,
                                   day.str(), invoice.due.str()),
                       where, "correct the year, or say the last day that counts with --as-of"});
}

void LedgerBooks::take_events()
{
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < out_.invoices.size(); ++i) places[out_.invoices[i].id] = i;
    for (const LedgerEvent& e : events_) {
        const auto found = places.find(e.id);
        if (found == places.end()) {
            errors_.push_back({Code::invalid_input, fmt::format("no invoice is '{}'", e.id), e.where,
                               fmt::format("'{}' has the invoices", ledger_.file)});
            continue;
        }
        const SellerInvoice& invoice = out_.invoices[found->second];
        if (e.date < invoice.issued) {
            errors_.push_back({Code::invalid_input,
                               fmt::format("on {}, before the invoice of {}", e.date.str(),
                                           invoice.issued.str()),
                               e.where,
                               {}});
        }
        check_late("on", e.date, invoice, e.where);
        if (e.amount <= zero) {
            errors_.push_back({Code::invalid_input,
                               fmt::format("the amount '{}' is not above zero", e.amount.str()),
                               e.where, "what it is says its kind: write amounts without a sign"});
        }
        flows_[found->second].push_back({e.date, static_cast<int>(e.kind), e.kind, e.amount});
    }
}

/// The last day of an invoice or event. One mistyped year would be it, and all that is unpaid would
/// default before: so it is not far from the last day but one.
void LedgerBooks::find_last()
{
    Date last = ledger_.invoices.front().invoice_date;
    std::optional<Date> before;
    const char* said = "invoiced on";
    Source where = at(ledger_.invoices.front().line);
    const auto take = [&](const char* what, Date day, const Source& place) {
        if (day > last) {
            before = last;
            last = day;
            said = what;
            where = place;
        } else if (day < last) {
            before = std::max(before.value_or(day), day);
        }
    };
    for (const Invoice& i : ledger_.invoices) {
        take("invoiced on", i.invoice_date, at(i.line));
        if (i.settled_date) take("settled on", *i.settled_date, {ledger_.file, i.line, i.settled_column, 0});
    }
    for (const LedgerEvent& e : events_) take("on", e.date, e.where);
    out_.observed = last;
    if (!before || last - *before <= gap_most) return;
    errors_.push_back({Code::invalid_input,
                       fmt::format("{} {}, more than a year after the last day but one, {}", said,
                                   last.str(), before->str()),
                       where, "correct the year, or say the last day that counts with --as-of"});
}

/// Nothing after the last day known.
void LedgerBooks::observe()
{
    std::vector<SellerInvoice> kept;
    for (std::size_t i = 0; i < out_.invoices.size(); ++i) {
        const auto before = flows_[i].size();
        std::erase_if(flows_[i], [&](const PendingFlow& f) { return f.date > out_.observed; });
        out_.later += static_cast<std::int64_t>(before - flows_[i].size());
        if (out_.invoices[i].issued > out_.observed) {
            ++out_.later;
            continue;
        }
        settle(out_.invoices[i], flows_[i]);
        kept.push_back(std::move(out_.invoices[i]));
    }
    out_.invoices = std::move(kept);
    if (out_.invoices.empty()) {
        errors_.push_back({Code::invalid_input,
                           fmt::format("no invoice is of {} or before", out_.observed.str()), at(1),
                           "--as-of is the last day that counts"});
        return;
    }
    out_.first = std::min_element(out_.invoices.begin(), out_.invoices.end(),
                                  [](const SellerInvoice& a, const SellerInvoice& b) {
                                      return a.issued < b.issued;
                                  })
                     ->issued;
}

void LedgerBooks::settle(SellerInvoice& invoice, std::vector<PendingFlow>& flows)
{
    std::stable_sort(flows.begin(), flows.end(), [](const PendingFlow& a, const PendingFlow& b) {
        return std::tie(a.date, a.rank) < std::tie(b.date, b.rank);
    });
    Money unpaid = invoice.amount;
    Money lost;
    for (const PendingFlow& flow : flows) book(invoice, flow, unpaid, lost);
}

void LedgerBooks::book(SellerInvoice& invoice, const PendingFlow& flow, Money& unpaid, Money& lost)
{
    const Money amount = flow.amount.value_or(unpaid);
    const Money part = min(amount, unpaid);
    if (!flow.amount && part == zero && lost > zero) ++out_.settled_lost;
    unpaid -= part;
    if (part > zero) invoice.flows.push_back({flow.date, flow.kind, part});
    Money above = amount - part;
    if (flow.kind == FlowKind::writeoff) lost += part;
    if (flow.kind == FlowKind::payment) {
        const Money back = min(above, lost);
        lost -= back;
        above -= back;
        if (back > zero) invoice.flows.push_back({flow.date, FlowKind::recovery, back});
    }
    if (above == zero) return;
    LedgerExcess& excess = excess_of(flow.kind);
    ++excess.count;
    excess.amount += above;
}

LedgerExcess& LedgerBooks::excess_of(FlowKind kind)
{
    if (kind == FlowKind::dilution) return out_.credited_above;
    if (kind == FlowKind::writeoff) return out_.written_off_above;
    return out_.paid_above;
}

Checked<SellerLedger> LedgerBooks::read()
{
    out_.file = ledger_.file;
    out_.conversions = ledger_.conversions;
    check_sums();
    take_invoices();
    take_events();
    if (as_of_) out_.observed = *as_of_;
    if (errors_.empty() && !as_of_) find_last();
    if (errors_.empty()) observe();
    if (!errors_.empty()) return tl::make_unexpected(std::move(errors_));
    return std::move(out_);
}

} // namespace

LedgerExcess SellerLedger::excess() const
{
    LedgerExcess sum;
    for (const LedgerExcess& kind : {paid_above, credited_above, written_off_above}) {
        sum.count += kind.count;
        sum.amount += kind.amount;
    }
    return sum;
}

Money SellerInvoice::unpaid(Date day) const
{
    if (day < issued) return zero;
    Money left = amount;
    for (const LedgerFlow& f : flows) {
        if (f.date > day) break;
        if (f.kind != FlowKind::recovery) left -= f.amount;
    }
    return left;
}

Checked<SellerLedger> seller_ledger(const Ledger& ledger, const Mapping& mapping,
                                    const std::vector<LedgerEvent>& events,
                                    std::optional<Date> as_of)
{
    return LedgerBooks(ledger, mapping, events, as_of).read();
}

Money LedgerDefaults::amount() const
{
    Money sum;
    for (const LedgerDefault& part : parts) sum += part.amount;
    return sum;
}

bool LedgerDefaults::recovers(const SellerInvoice& invoice, std::size_t place) const
{
    const FlowKind kind = invoice.flows[place].kind;
    return kind == FlowKind::recovery || (kind == FlowKind::payment && place >= flows_before);
}

LedgerDefaults defaults_of(const SellerInvoice& invoice, std::int32_t days, Date observed)
{
    LedgerDefaults out;
    Money left = invoice.amount;
    for (const LedgerFlow& f : invoice.flows) {
        if (f.date - invoice.due > days + 1) break;
        if (f.kind == FlowKind::writeoff) out.parts.push_back({f.date, f.amount});
        if (f.kind != FlowKind::recovery) left -= f.amount;
        ++out.flows_before;
    }
    if (left > zero && observed - invoice.due > days) out.parts.push_back({invoice.due + (days + 1), left});
    return out;
}

} // namespace tranchain
