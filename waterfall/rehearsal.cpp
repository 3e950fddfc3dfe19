// A life played again.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/rehearsal.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "waterfall/exact/facts_rows.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/price.hpp"
#include "waterfall/exact/program_json.hpp"
#include "waterfall/exact/purchase.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

namespace {

constexpr int purchase_attempts = 24; ///< each with a tenth less money, to a twelfth of it

bool is_of_bank(const std::string& reference)
{
    return reference.starts_with("transfer/");
}

class Replay {
public:
    Replay(Judge& judge, const std::vector<LifeRecord>& records, std::int64_t after)
        : judge_(judge), records_(records), after_(after)
    {
    }

    Result<RehearsedLife> play()
    {
        TRANCHAIN_DO(look_ahead());
        for (const LifeRecord& r : records_) {
            if (r.height <= after_) continue;
            auto done = tell(r.height);
            if (done) done = take(r);
            if (!done) {
                Error e = std::move(done.error());
                e.message = fmt::format("block {}: under the changed terms this {} does not fit: {}",
                                        r.height, r.record.type, e.message);
                return tl::make_unexpected(std::move(e));
            }
        }
        return std::move(out_);
    }

private:
    /// Which receipts pay which receivable, and which account pays what is ordered.
    Result<> look_ahead()
    {
        for (const LifeRecord& r : records_) {
            if (r.record.type == record_type::collections && r.height > after_) {
                TRANCHAIN_TRY(auto all, facts_of(r.rows, read_allocation));
                for (const Allocation& a : all)
                    if (!a.asset_id.empty()) pays_[a.receipt].emplace_back(a.asset_id, a.amount);
            } else if (r.record.type == record_type::statement) {
                TRANCHAIN_TRY(const auto part, one(parse_statement(r.record.public_part)));
                for (const auto& day : part.days)
                    for (const Debit& d : day.debits)
                        if (!is_of_bank(d.reference)) payer_ = part.account;
                if (payer_.empty()) payer_ = part.account;
            }
        }
        return {};
    }

    Result<> take(const LifeRecord& r)
    {
        const std::string& type = r.record.type;
        if (type == record_type::snapshot) return open(r);
        if (type == record_type::purchase) return buy(r);
        if (type == record_type::statement) return state_bank(r);
        if (type == record_type::collections) return collect(r);
        if (type == record_type::dilution) return dilute(r);
        if (type == record_type::insolvency) return insolvent(r);
        if (type == record_type::day_close) return close(r);
        if (type == record_type::correction) {
            out_.remarks.push_back(fmt::format(
                "block {}: a correction is passed over, and so is the debit it explains", r.height));
        }
        return {};
    }

    /// Why it is not accepted.
    static std::string reason_of(const Verdict& v)
    {
        if (v.kind == Verdict::Kind::not_yet) return "it waits for " + v.waits_for;
        return v.findings.empty() ? "refused" : v.findings.front().message;
    }
    static Result<> must(const Verdict& v)
    {
        return v.accepted() ? Result<>() : fail(Code::answer_no, reason_of(v));
    }

    Result<> open(const LifeRecord& r)
    {
        TRANCHAIN_TRY(const auto part, one(parse_snapshot(r.record.public_part)));
        TRANCHAIN_TRY(const auto holdings, facts_of(r.rows, read_holding));
        if (!judge_.program().purchase) return must(judge_.take_snapshot(part.as_of, holdings));
        const std::vector<Holding> at_terms = priced(holdings, part.as_of);
        leave_out(holdings, at_terms);
        return must(judge_.take_snapshot(part.as_of, at_terms));
    }

    void leave_out(const std::vector<Holding>& offered, const std::vector<Holding>& taken)
    {
        std::set<std::string> ids;
        for (const Holding& h : taken) ids.insert(h.asset_id);
        for (const Holding& h : offered) {
            if (!ids.contains(h.asset_id) && left_out_.insert(h.asset_id).second) ++out_.left_out;
        }
    }

    // ---- purchases ---------------------------------------------------------------------------------
    /// At the price of the terms; what has none under them is left out.
    std::vector<Holding> priced(const std::vector<Holding>& offered, Date settle) const
    {
        std::vector<Holding> out;
        if (!judge_.program().purchase) return out;
        for (Holding h : offered) {
            h.purchase_date = settle;
            h.price = price_of(*judge_.program().purchase, h.face, h.financed, settle, h.due);
            if (h.price > zero && h.price <= h.face) out.push_back(std::move(h));
        }
        return out;
    }

    /// In their order, those that meet criteria and limits, as far as `funds` go.
    std::vector<Holding> chosen(const std::vector<Holding>& offered, Date day, Money funds) const
    {
        LimitTest limits(judge_.program(), judge_.state(), judge_.pool());
        std::vector<Holding> out;
        for (const Holding& h : offered) {
            if (h.price > funds || !unmet(judge_.program(), &judge_.pool(), day, h).empty()) continue;
            if (!limits.take(h)) continue;
            funds -= h.price;
            out.push_back(h);
        }
        return out;
    }

    static Money price_of_all(const std::vector<Holding>& holdings)
    {
        Money sum;
        for (const Holding& h : holdings) sum += h.price;
        return sum;
    }

    /// Offered on its day; judged once every day before its settlement is closed.
    struct Offer {
        RehearsedPurchase shown;
        std::int64_t seq = 0;
        std::vector<Holding> holdings;
    };

    Result<> buy(const LifeRecord& r)
    {
        TRANCHAIN_TRY(const auto part, one(parse_purchase(r.record.public_part)));
        TRANCHAIN_TRY(auto offered, facts_of(r.rows, read_holding));
        const Date day = *r.record.business_date;
        const bool buys = judge_.program().purchase.has_value();
        const Date settle = buys ? settlement_day(judge_.program(), day) : part.settle;
        waiting_.push_back(
            {{day, settle, part.count, 0, part.price, {}, {}}, r.record.seq, std::move(offered)});
        judge_offers();
        return {};
    }

    void judge_offers()
    {
        for (std::size_t i = 0; i < waiting_.size();) {
            if (waiting_[i].shown.settle > judge_.state().closed_through + 1) {
                ++i;
                continue;
            }
            take_offer(std::move(waiting_[i]));
            waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }

    void take_offer(Offer offer)
    {
        RehearsedPurchase& p = offer.shown;
        const std::vector<Holding> all = priced(offer.holdings, p.settle);
        std::vector<Holding> basket = all;
        if (basket.empty()) p.why = "the changed terms have no price for them";
        Money funds = price_of_all(all);
        const Money cash = judge_.state().book.balance(Account::principal);
        for (int attempt = 0; !basket.empty(); ++attempt) {
            const Verdict v = judge_.take_purchase(p.day, offer.seq, basket);
            if (v.accepted()) break;
            if (p.why.empty()) p.why = reason_of(v);
            funds = attempt == 0 ? min(funds, cash) : scale(funds, 9, 10, Rounding::down);
            basket = attempt < purchase_attempts ? chosen(all, p.day, funds) : std::vector<Holding>{};
        }
        p.bought = static_cast<std::int64_t>(basket.size());
        p.price = price_of_all(basket);
        leave_out(offer.holdings, basket);
        if (p.bought != p.offered || p.price != p.price_was) out_.purchases.push_back(std::move(p));
    }

    // ---- the bank ----------------------------------------------------------------------------------
    /// What was received for receivables that are not the plan's now.
    Money lost_of(const std::string& receipt) const
    {
        Money sum;
        const auto at = pays_.find(receipt);
        if (at == pays_.end()) return sum;
        for (const auto& [asset, amount] : at->second) {
            if (left_out_.contains(asset)) sum += amount;
        }
        return sum;
    }

    /// A sweep to another account carries less by what was not received on this one.
    Money less_swept(const std::string& account, const StatementEntry& sweep)
    {
        const Money less = min(unswept_[account], -sweep.amount);
        unswept_[account] -= less;
        swept_less_[sweep.reference] += less;
        return less;
    }

    /// Ordered, and paid by no statement so far.
    std::map<std::string, Money> unpaid_orders() const
    {
        std::map<std::string, Money> out = judge_.state().payables;
        for (const auto& [date, day] : judge_.state().open) {
            for (const Debit& d : day.debits) {
                if (const auto at = out.find(d.reference); at != out.end()) at->second -= d.amount;
            }
        }
        std::erase_if(out, [](const auto& order) { return order.second <= zero; });
        return out;
    }

    Result<> state_bank(const LifeRecord& r)
    {
        TRANCHAIN_TRY(const auto part, one(parse_statement(r.record.public_part)));
        TRANCHAIN_TRY(const auto rows, facts_of(r.rows, read_statement_row));
        std::vector<StatementEntry> entries;
        std::int64_t last = 0;
        for (const StatementRow& row : rows) {
            StatementEntry e = row.entry;
            last = std::max(last, e.entry);
            if (e.amount < zero && !is_of_bank(e.reference)) continue; // what follows is paid instead
            if (e.amount < zero) e.amount += less_swept(part.account, e);
            if (e.amount > zero) {
                const Money lost = lost_of(entry_key(part.account, part.number, e.entry));
                out_.not_received += lost;
                unswept_[part.account] += lost;
                e.amount -= lost;
                const Money arrives = min(e.amount, swept_less_[e.reference]);
                swept_less_[e.reference] -= arrives;
                e.amount -= arrives;
            }
            if (e.amount != zero) entries.push_back(std::move(e));
        }
        const Record::Covers covers = r.record.covers.value();
        if (part.account == payer_) {
            for (const auto& [reference, amount] : unpaid_orders())
                entries.push_back({++last, covers.from, -amount, reference, {}, {}});
        }
        const Money opening = judge_.state().sources.at(part.account).closing;
        return must(judge_.take_statement(covers, part.account, part.number, opening, entries));
    }

    Result<> collect(const LifeRecord& r)
    {
        TRANCHAIN_TRY(const auto all, facts_of(r.rows, read_allocation));
        std::vector<Allocation> kept;
        for (const Allocation& a : all) {
            const bool rest = a.asset_id.empty() && lost_of(a.receipt) > zero; // of such a receipt
            if (!rest && !left_out_.contains(a.asset_id)) kept.push_back(a);
        }
        return must(judge_.take_collections(r.record.covers.value(), kept));
    }

    Result<> dilute(const LifeRecord& r)
    {
        TRANCHAIN_TRY(auto dilutions, facts_of(r.rows, read_dilution));
        std::erase_if(dilutions, [&](const Dilution& d) { return left_out_.contains(d.asset_id); });
        return dilutions.empty() ? Result<>() : must(judge_.take_dilutions(dilutions));
    }

    Result<> insolvent(const LifeRecord& r)
    {
        TRANCHAIN_TRY(const auto part, one(parse_insolvency(r.record.public_part)));
        TRANCHAIN_TRY(const auto obligors, facts_of(r.rows, [&](const Row& row) {
                          return read_insolvency(row, part);
                      }));
        return must(judge_.take_insolvency(part.date, part.group, obligors));
    }

    // ---- days --------------------------------------------------------------------------------------
    Result<> close(const LifeRecord& r)
    {
        TRANCHAIN_TRY(const auto part, one(parse_close(r.record.public_part)));
        while (judge_.state().closed_through < part.through) {
            TRANCHAIN_DO(distribute(r.height));
            Date cut = part.through;
            const auto next = next_payment(judge_.program(), judge_.state());
            if (next && next->adjusted - 1 > judge_.state().closed_through)
                cut = std::min(cut, next->adjusted - 1);
            for (const Offer& o : waiting_) cut = std::min(cut, o.shown.settle - 1);
            TRANCHAIN_DO(must(judge_.take_close(cut, r.height)));
            TRANCHAIN_DO(tell(r.height));
            judge_offers();
        }
        return distribute(r.height);
    }

    Result<> tell(std::int64_t height)
    {
        if (!judge_.state().notice_owed) return {};
        TRANCHAIN_TRY(const Record notice, judge_.make_notice());
        Context context;
        context.height = height;
        return must(judge_.judge(notice, context, nullptr));
    }

    Result<> distribute(std::int64_t height)
    {
        TRANCHAIN_DO(tell(height));
        for (;;) {
            const auto next = next_payment(judge_.program(), judge_.state());
            if (!next || next->adjusted > judge_.state().closed_through + 1) return {};
            if (judge_.state().phase == Phase::ended) return {};
            TRANCHAIN_TRY(Distribution d, judge_.take_distribution(next->unadjusted));
            out_.distributions.push_back(std::move(d));
        }
    }

    Judge& judge_;
    const std::vector<LifeRecord>& records_;
    std::int64_t after_;
    RehearsedLife out_;
    std::map<std::string, std::vector<std::pair<std::string, Money>>> pays_; ///< by receipt
    std::string payer_; ///< account out of which orders are paid
    std::vector<Offer> waiting_;
    std::map<std::string, Money> unswept_;    ///< by account: not received, and swept on as yet
    std::map<std::string, Money> swept_less_; ///< by reference: will not arrive either
    std::set<std::string> left_out_;
};

/// Fired triggers of a list, by their places in the changed terms; those it has not are left out.
Json::Array moved_fired(const Json::Array& list, const Program& was, const Program& changed)
{
    Json::Array out;
    for (Json one : list) {
        const auto at = one.find("trigger")->as_integer();
        if (at == Fired::support && !receives_support(changed)) continue;
        if (at >= 0) {
            const std::string& id = was.triggers[static_cast<std::size_t>(at)].id;
            const auto same = std::find_if(changed.triggers.begin(), changed.triggers.end(),
                                           [&](const Trigger& t) { return t.id == id; });
            if (same == changed.triggers.end()) continue;
            one["trigger"] = std::int64_t{same - changed.triggers.begin()};
        }
        out.push_back(std::move(one));
    }
    return out;
}

Json::Array moved_triggers(const Json::Array& list, const Json::Array& fresh)
{
    Json::Array out;
    for (const Json& begun : fresh) {
        const auto same = std::find_if(list.begin(), list.end(), [&](const Json& one) {
            return one.find("id")->as_string() == begun.find("id")->as_string();
        });
        out.push_back(same == list.end() ? begun : *same);
    }
    return out;
}

/// Members that the state has only where a clause asks for them.
void move_members(Json& state, const Json& fresh)
{
    for (const char* gone : {"orders", "breaks", "explained"}) state.as_object().erase(gone);
    for (const char* asked : {"net_pool", "support_judged", "periods"}) {
        const Json* begun = fresh.find(asked);
        if (begun == nullptr)
            state.as_object().erase(asked);
        else if (state.find(asked) == nullptr)
            state[asked] = *begun;
    }
}

} // namespace

Program for_rehearsal(Program changed)
{
    for (auto* roles : {&changed.authors, &changed.approvals}) {
        for (const auto type : {record_type::instruction, record_type::execution, record_type::correction})
            roles->erase(std::string(type));
    }
    return changed;
}

Result<std::unique_ptr<Judge>> judge_under(const Judge& judge, const Program& changed)
{
    const Program& was = judge.program();
    TRANCHAIN_TRY(Json both, parse_canonical(judge.public_state()));
    Json state = *both.find("state");
    const Json fresh = to_json(opening_state(changed), changed);
    state["triggers"] =
        moved_triggers(state.find("triggers")->as_array(), fresh.find("triggers")->as_array());
    state["fired"] = moved_fired(state.find("fired")->as_array(), was, changed);
    Json::Array notices = state.find("notices")->as_array();
    for (Json& n : notices) n["fired"] = moved_fired(n.find("fired")->as_array(), was, changed);
    state["notices"] = std::move(notices);
    if (const Json* owed = state.find("notice_owed")) {
        Json kept = *owed;
        kept["fired"] = moved_fired(owed->find("fired")->as_array(), was, changed);
        if (kept.find("fired")->as_array().empty())
            state.as_object().erase("notice_owed");
        else
            state["notice_owed"] = std::move(kept);
    }
    move_members(state, fresh);
    const Json text = Json::object({{"program", to_json(changed)}, {"state", std::move(state)}});
    auto moved = Judge::open(text.canonical(), judge.private_state());
    if (moved) return moved;
    Error e = std::move(moved.error());
    e.code = Code::invalid_input;
    e.hint = "from a later block only triggers, priorities, rates, limits and prices may differ; leave "
             "out --from for other changes";
    return tl::make_unexpected(std::move(e));
}

Result<RehearsedLife>
rehearse(Judge& judge, const std::vector<LifeRecord>& records, std::int64_t after)
{
    return Replay(judge, records, after).play();
}

} // namespace tranchain
