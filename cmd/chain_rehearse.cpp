// Rehearsing: what the same facts would have come to under a changed clause.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "cmd/accepted.hpp"
#include "cmd/chain_read.hpp"
#include "cmd/commands.hpp"
#include "cmd/deal_now.hpp"
#include "cmd/output.hpp"
#include "cmd/sealed_records.hpp"
#include "data/attempt.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/deal_difference.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/notice.hpp"
#include "waterfall/exact/program_json.hpp"
#include "waterfall/rehearsal.hpp"

namespace tranchain {

namespace {

struct RehearseOptions {
    std::string terms;
    std::optional<std::int64_t> from;
    std::optional<std::string> deal;
};

/// What a tranche got on one date, and what was left of it.
struct PaidThen {
    Money interest, principal, closing;
    bool operator==(const PaidThen&) const = default;
};
/// By payment date and tranche.
using PaidByDate = std::map<std::pair<Date, std::string>, PaidThen>;

/// The life as it is on the chain.
struct ActualLife {
    std::vector<LifeRecord> records; ///< rows of those after the block it is rehearsed from
    PaidByDate paid;
};

void add_distribution(const Json& part, PaidByDate& paid)
{
    for (const Json& t : list_in(part, "tranches"))
        paid[{date_in(part, "date"), text_in(t, "id")}] = {
            money_in(t, "interest_paid"),
            money_in(t, "principal_paid") + money_in(t, "residual_paid"), money_in(t, "closing")};
}

Result<ActualLife> read_life(Store& store, const std::string& deal, std::int64_t from)
{
    ActualLife life;
    const auto take = [&](const RecordPlace& place, const Record& record) -> Result<> {
        LifeRecord r{place.height, record, {}};
        if (place.height > from && record.rows > 0) {
            TRANCHAIN_TRY(auto rows, signed_rows(store, place, record));
            if (!rows)
                return fail(Code::not_found,
                            fmt::format("the rows of block {} are not here", place.height),
                            {store.path()}, "a life is rehearsed from a member's own database");
            r.rows = std::move(*rows);
        }
        if (place.height > from && place.type == record_type::distribution)
            add_distribution(record.public_part, life.paid);
        life.records.push_back(std::move(r));
        return {};
    };
    TRANCHAIN_DO(each_sealed(
        store, deal, std::nullopt,
        [](const std::string& type) { return type != record_type::terms; }, take));
    return life;
}

PaidByDate paid_by(const std::vector<Distribution>& distributions)
{
    PaidByDate out;
    for (const Distribution& d : distributions)
        for (const TrancheLine& t : d.tranches)
            out[{d.date.unadjusted, t.id}] = {t.interest_paid, t.principal_paid + t.residual_paid,
                                              t.closing};
    return out;
}

void add_changes(Answer& answer, const Program& was, const DealFile& file, const Program& is)
{
    Table& t = answer.table("changes", {{"change"}, {"clause"}, {"before"}, {"after"}}, "changed terms");
    for (const ClauseChange& c : deal_differences({to_json(was), nullptr}, {to_json(is), &file}))
        t.add({name(c.kind), c.clause, c.before, c.after});
}

/// Dates on which something differs; the number of those on which nothing does.
std::int64_t add_paid(Answer& answer, const PaidByDate& was, const PaidByDate& is)
{
    Table& t = answer.table("payments",
                            {{"date"},
                             {"tranche"},
                             {"interest_was", "interest was"},
                             {"interest", "would be"},
                             {"principal_was", "principal was"},
                             {"principal", "would be"},
                             {"closing_was", "balance was"},
                             {"closing", "would be"}},
                            "payments that differ");
    PaidByDate all = was;
    all.insert(is.begin(), is.end());
    std::map<Date, bool> same;
    for (const auto& [key, unused] : all) {
        const auto a = was.find(key);
        const auto b = is.find(key);
        const bool equal = a != was.end() && b != is.end() && a->second == b->second;
        same.emplace(key.first, true).first->second &= equal;
        if (equal) continue;
        const auto cell = [](const PaidByDate& of, auto at, Money PaidThen::*what) {
            return at == of.end() ? Value() : Value(at->second.*what);
        };
        t.add({key.first, key.second, cell(was, a, &PaidThen::interest),
               cell(is, b, &PaidThen::interest), cell(was, a, &PaidThen::principal),
               cell(is, b, &PaidThen::principal), cell(was, a, &PaidThen::closing),
               cell(is, b, &PaidThen::closing)});
    }
    return std::count_if(same.begin(), same.end(), [](const auto& one) { return one.second; });
}

/// When each took effect, first time; both lives.
void add_fired(Answer& answer, const Judge& was, const Judge& is)
{
    std::map<std::string, std::pair<Value, Value>> days;
    const auto read = [&](const Judge& life, Value std::pair<Value, Value>::*which) {
        for (const Fired& f : life.state().fired) {
            Value& day = days[fired_id(life.program(), f)].*which;
            if (day.is_null()) day = f.effective;
        }
    };
    read(was, &std::pair<Value, Value>::first);
    read(is, &std::pair<Value, Value>::second);
    Table& t = answer.table("triggers", {{"trigger"}, {"was", "took effect on"}, {"is", "would on"}},
                            "triggers");
    for (auto& [id, both] : days) t.add({id, std::move(both.first), std::move(both.second)});
}

void add_purchases(Answer& answer, const RehearsedLife& life)
{
    Table& t = answer.table("purchases",
                            {{"day"},
                             {"offered"},
                             {"bought", "would be bought"},
                             {"price_was", "price was"},
                             {"price", "would be"},
                             {"why", "first refusal"}},
                            "purchases that differ");
    for (const RehearsedPurchase& p : life.purchases)
        t.add({p.day, p.offered, p.bought, p.price_was, p.price, p.why});
}

void add_end(Answer& answer, const Judge& was, const Judge& is)
{
    Table& t = answer.table("end", {{"figure"}, {"was"}, {"is", "would be"}}, "where both stand");
    const DealState& a = was.state();
    const DealState& b = is.state();
    t.add({"state", name_of(a.phase), name_of(b.phase)});
    t.add({"days closed through", a.closed_through, b.closed_through});
    const auto money = [&](const char* what, Money x, Money y) { t.add({what, x, y}); };
    money("pool balance", a.totals.pool_balance, b.totals.pool_balance);
    money("income ledger", a.totals.income, b.totals.income);
    money("principal ledger", a.totals.principal, b.totals.principal);
    for (std::size_t i = 0; i < is.program().tranches.size(); ++i) {
        const std::string& id = is.program().tranches[i].id;
        const int before = tranche_index(was.program(), id);
        t.add({"balance " + id,
               before < 0 ? Value() : Value(a.tranches[static_cast<std::size_t>(before)].balance),
               b.tranches[i].balance});
    }
}

Outcome run_rehearse(const RehearseOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const DealNow now, DealNow::open(globals, o.deal));
    const auto file = read_deal(o.terms);
    if (!file) return file.error();
    const auto compiled = compile(*file);
    if (!compiled) return compiled.error();
    if (compiled->id != now.id())
        return Error{Code::answer_no,
                     fmt::format("these are terms of '{}', the life is that of '{}'", compiled->id,
                                 now.id()),
                     {o.terms},
                     "copy the deal file of the chain and change a clause"};
    if (!now.judge().has_rows())
        return Error{Code::not_found, "this database has no rows", {now.replica().store().path()},
                     "a life is rehearsed from a member's own database"};
    const Program changed = for_rehearsal(*compiled);
    std::unique_ptr<Judge> judge = std::make_unique<Judge>(changed, Judge::Rows::present);
    if (o.from) {
        Globals then = globals;
        then.as_of_height = o.from;
        TRANCHAIN_TRY(const DealNow begun, DealNow::open(then, now.id()));
        auto moved = judge_under(begun.judge(), changed);
        if (!moved) {
            moved.error().where.file = o.terms;
            return moved.error();
        }
        judge = std::move(*moved);
    }
    TRANCHAIN_TRY(const ActualLife actual, read_life(now.replica().store(), now.id(), o.from.value_or(-1)));
    TRANCHAIN_TRY(const RehearsedLife life, rehearse(*judge, actual.records, o.from.value_or(-1)));

    Answer answer("tranchain.chain.rehearse/1");
    answer.title("rehearsal: a calculation, signed by nobody and no part of a chain");
    answer.field("deal", "deal", now.id())
        .field("chain", "facts of chain", now.replica().state().chain)
        .field("from", "from block", o.from ? Value(*o.from) : Value("the first"))
        .field("tip", "to block", now.replica().tip());
    add_changes(answer, now.program(), *file, *compiled);
    const std::int64_t same = add_paid(answer, actual.paid, paid_by(life.distributions));
    add_fired(answer, now.judge(), *judge);
    add_purchases(answer, life);
    add_end(answer, now.judge(), *judge);
    answer.field("same_dates", "payment dates without a difference", same)
        .field("left_out", "receivables not bought", life.left_out)
        .field("not_received", "not received of them", life.not_received);
    for (const std::string& remark : life.remarks) answer.note(remark);
    answer.note("what is ordered leaves the bank with the next statement; what was received for "
                "receivables not bought is left out");
    return out.write(answer);
}

} // namespace

void add_chain_rehearse(Tree& tree)
{
    tree.add<RehearseOptions>(
        "chain", "rehearse", "play a deal's life again under changed terms", run_rehearse,
        [](Setup& s, RehearseOptions& o) {
            s.option("--terms", o.terms, "FILE", "the deal file with the changed clauses")
                .file()
                .required();
            s.option("--from", o.from, "HEIGHT",
                     "the block after which they hold; from the first record if left out");
            s.option("--deal", o.deal, "ID", "which deal, if the chain has several");
        });
}

} // namespace tranchain
