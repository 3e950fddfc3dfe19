// Turnover: flows put to calendar months, balances taken at their ends.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/turnover.hpp"

#include <algorithm>

#include "data/assert.hpp"
#include "waterfall/static_pool.hpp"

namespace tranchain {

namespace {

class TurnoverBooks {
public:
    TurnoverBooks(const SellerLedger& ledger, std::int32_t default_days)
        : ledger_(ledger), default_days_(default_days)
    {
        const Date first = Date::of(ledger.first.year(), ledger.first.month(), 1);
        const bool whole = ledger.observed == ledger.observed.end_of_month();
        const std::int32_t ended = months_between(first, ledger.observed) + (whole ? 1 : 0);
        for (std::int32_t k = 0; k < ended; ++k) out_.months.emplace_back().first = first.plus_months(k);
        if (!out_.months.empty()) out_.months.front().whole = ledger.first == first;
    }

    Turnover read()
    {
        for (const SellerInvoice& i : ledger_.invoices) {
            flows(i);
            balances(i);
        }
        Money opening;
        for (TurnoverMonth& m : out_.months) {
            m.opening = opening;
            for (const Money part : m.aged) m.closing += part;
            invariant(m.opening + m.sales - m.collections - m.dilution - m.writeoffs == m.closing);
            opening = m.closing;
        }
        return std::move(out_);
    }

private:
    TurnoverMonth* month_of(Date day)
    {
        const auto place = static_cast<std::size_t>(months_between(ledger_.first, day));
        return place < out_.months.size() ? &out_.months[place] : nullptr;
    }

    void flows(const SellerInvoice& i)
    {
        if (TurnoverMonth* m = month_of(i.issued)) m->sales += i.amount;
        for (const LedgerFlow& f : i.flows) {
            TurnoverMonth* m = month_of(f.date);
            if (m == nullptr) break;
            switch (f.kind) {
            case LedgerFlow::Kind::payment: m->collections += f.amount; break;
            case LedgerFlow::Kind::dilution: m->dilution += f.amount; break;
            case LedgerFlow::Kind::writeoff: m->writeoffs += f.amount; break;
            case LedgerFlow::Kind::recovery: m->recoveries += f.amount; break;
            }
        }
        for (const LedgerDefault& part : defaults_of(i, default_days_, ledger_.observed).parts) {
            if (TurnoverMonth* m = month_of(part.date)) m->defaults += part.amount;
        }
    }

    /// From month end to month end, until nothing is left.
    void balances(const SellerInvoice& i)
    {
        const auto start = static_cast<std::size_t>(months_between(ledger_.first, i.issued));
        BucketRoll* from = nullptr;
        Date before;
        for (std::size_t k = start; k < out_.months.size(); ++k) {
            const Date end = out_.months[k].first.end_of_month();
            const Money left = i.unpaid(end);
            const std::size_t bucket = bucket_of(trade_buckets, end - i.due);
            out_.months[k].aged[bucket] += left;
            if (from != nullptr) roll(i, *from, before, end, bucket, left);
            if (left == zero) return;
            from = k + 1 < out_.months.size() ? &out_.rolls[bucket] : nullptr;
            if (from != nullptr) from->balance += left.in_fen();
            before = end;
        }
    }

    static void roll(const SellerInvoice& i, BucketRoll& from, Date before, Date end, std::size_t bucket,
                     Money left)
    {
        from.to[bucket] += left.in_fen();
        for (const LedgerFlow& f : i.flows) {
            if (f.date <= before || f.date > end) continue;
            const std::int64_t fen = f.amount.in_fen();
            if (f.kind == LedgerFlow::Kind::payment) from.collected += fen;
            if (f.kind == LedgerFlow::Kind::dilution) from.diluted += fen;
            if (f.kind == LedgerFlow::Kind::writeoff) from.written_off += fen;
        }
    }

    const SellerLedger& ledger_;
    std::int32_t default_days_;
    Turnover out_;
};

} // namespace

Turnover turnover_of(const SellerLedger& ledger, std::int32_t default_days)
{
    return TurnoverBooks(ledger, default_days).read();
}

} // namespace tranchain
