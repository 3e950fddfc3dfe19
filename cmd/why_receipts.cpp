// Why receipts: the pool, played once more.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/why_receipts.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "waterfall/exact/facts_rows.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

namespace {

/// What the split leaves is what the pool's own booking changed in a receivable (Pool::book).
Money to_principal_of(const Asset& before, const Asset& after)
{
    if (before.status == Asset::Status::repurchased) return before.loss - after.loss;
    return after.principal - before.principal + after.recovered - before.recovered;
}

class PoolReplay {
public:
    PoolReplay(const WhyDeal& deal, const RowsOf& rows, Date from, Date to)
        : deal_(deal), rows_of_(rows), from_(from), to_(to)
    {
    }

    Result<std::vector<WhyReceipt>> run()
    {
        for (at_ = 0; at_ < deal_.records.size() && !done_; ++at_) {
            TRANCHAIN_DO(take(deal_.records[at_].record));
        }
        return std::move(out_);
    }

private:
    Result<std::vector<Row>> rows_of(const Record& r) const
    {
        if (r.rows == 0) return std::vector<Row>();
        TRANCHAIN_TRY(auto rows, rows_of_(hex(r.hash())));
        if (!rows) return fail(Code::not_found, "rows of " + r.type + " are not in this copy");
        return std::move(*rows);
    }

    Result<> take(const Record& r)
    {
        if (r.type == record_type::day_close) return close(r);
        TRANCHAIN_TRY(const auto rows, rows_of(r));
        if (r.type == record_type::snapshot || r.type == record_type::purchase) return own(r, rows);
        if (r.type == record_type::statement) {
            TRANCHAIN_TRY(const auto entries, facts_of(rows, read_statement_row));
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const StatementEntry& e = entries[i].entry;
                if (e.amount <= zero) continue;
                pool_.add_receipt(rows[i].key, e.date, e.amount);
                statements_[rows[i].key] = at_;
            }
        } else if (r.type == record_type::collections) {
            TRANCHAIN_TRY(const auto allocations, facts_of(rows, read_allocation));
            static_cast<void>(pool_.add_allocations(allocations));
            for (const Allocation& a : allocations) note(a);
        } else if (r.type == record_type::dilution) {
            TRANCHAIN_TRY(const auto dilutions, facts_of(rows, read_dilution));
            static_cast<void>(pool_.add_dilutions(dilutions));
        } else if (r.type == record_type::insolvency) {
            const auto part = parse_insolvency(r.public_part);
            std::vector<std::string> obligors;
            for (const Row& row : rows) {
                TRANCHAIN_TRY(auto obligor, read_insolvency(row, *part));
                obligors.push_back(std::move(obligor));
            }
            pool_.add_insolvency(part->date, obligors);
        }
        return {};
    }

    Result<> own(const Record& r, const std::vector<Row>& rows)
    {
        TRANCHAIN_TRY(const auto holdings, facts_of(rows, read_holding));
        for (const Holding& h : holdings) bought_[h.asset_id] = at_;
        if (r.type == record_type::snapshot) {
            static_cast<void>(pool_.add_snapshot(holdings, nullptr));
            return {};
        }
        const auto part = parse_purchase(r.public_part);
        static_cast<void>(pool_.add_purchase(purchase_reference(part->settle, r.seq), part->settle,
                                             holdings, nullptr));
        return {};
    }

    void note(const Allocation& a)
    {
        const bool ledger =
            a.kind != AllocationKind::unapplied && a.kind != AllocationKind::support;
        if (a.date < from_ || a.date > to_ || !ledger) return;
        WhyReceipt& receipt = open_[a.date][a.asset_id];
        receipt.date = a.date;
        receipt.asset = a.asset_id;
        receipt.amount += a.amount;
        if (a.asset_id.empty()) receipt.to_income += a.amount;
        const std::string kind(name(a.kind));
        if (receipt.kinds.find(kind) == std::string::npos)
            receipt.kinds += (receipt.kinds.empty() ? "" : " ") + kind;
        receipt.entries.push_back({a.receipt, statements_[a.receipt]});
        receipt.allocated = at_;
    }

    Result<> close(const Record& r)
    {
        const auto part = parse_close(r.public_part);
        for (const DaySheet& sheet : part->days) {
            if (sheet.date > to_) {
                done_ = true;
                return {};
            }
            Pool::Undo undo = pool_.begin();
            static_cast<void>(pool_.close_day(sheet.date, undo));
            split(sheet.date, undo);
            pool_.commit(undo);
        }
        return {};
    }

    void split(Date day, const Pool::Undo& undo)
    {
        const auto at = open_.find(day);
        if (at == open_.end()) return;
        for (std::size_t i = 0; i < undo.touched.size(); ++i) {
            const Asset& after = pool_.assets()[undo.touched[i]];
            const auto receipt = at->second.find(after.id);
            if (receipt == at->second.end()) continue;
            WhyReceipt& w = receipt->second;
            w.obligor = pool_.obligor(after.obligor);
            w.face = after.face;
            w.price = after.price;
            w.to_principal = to_principal_of(undo.before[i], after);
            w.to_income = w.amount - w.to_principal;
            w.bought = bought_[after.id];
        }
        for (auto& [asset, receipt] : at->second) out_.push_back(std::move(receipt));
        open_.erase(at);
    }

    const WhyDeal& deal_;
    const RowsOf& rows_of_;
    Date from_, to_;
    std::size_t at_ = 0; ///< of the records
    bool done_ = false;
    Pool pool_;
    std::map<std::string, std::size_t> statements_, bought_; ///< records by entry and asset
    std::map<Date, std::map<std::string, WhyReceipt>> open_;
    std::vector<WhyReceipt> out_;
};

} // namespace

Result<std::vector<WhyReceipt>>
receipts_between(const WhyDeal& deal, const RowsOf& rows, Date from, Date to)
{
    return PoolReplay(deal, rows, from, to).run();
}

} // namespace tranchain
