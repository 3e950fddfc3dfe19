// pool select: which of the receivables on offer a purchase takes, and why it leaves the others.
// SPDX-License-Identifier: Apache-2.0
#include <deque>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "data/attempt.hpp"
#include "data/tape.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/selection.hpp"

namespace tranchain {

namespace {

struct SelectOptions {
    std::vector<std::string> tapes;
    std::string deal;
    Money cash;
    std::optional<std::string> pool;
    std::string write;
};

/// True while the receivable is part of the pool balance: tranchain-deal(5).
bool counts(const Receivable& r, Date day)
{
    const Date due = due_of(r);
    const bool gone = r.status == Status::defaulted || r.status == Status::repurchased ||
                      r.status == Status::written_off || r.status == Status::collected;
    return !gone && due + 30 >= day;
}

/// What the plan holds, and what shares are taken of: its face and the cash.
struct PoolShares {
    std::map<std::string, Money> groups;
    Money base;
};

Checked<PoolShares> read_pool(const SelectOptions& o, Date day)
{
    PoolShares shares;
    shares.base = o.cash;
    if (!o.pool) return shares;
    const auto tape = read_tape(*o.pool);
    if (!tape) return tl::make_unexpected(tape.error());
    for (const Receivable& r : tape->receivables) {
        if (!counts(r, day)) continue;
        shares.groups[r.obligor_group] += r.current_balance;
        shares.base += r.current_balance;
    }
    return shares;
}

/// What was chosen as a tape that `anchor purchase` takes.
Result<> write_chosen(const SelectOptions& o, const Tape& first, const Selection& s, Date settle)
{
    Tape tape;
    tape.columns = first.columns;
    for (const auto& [receivable, price] : s.chosen) {
        Receivable r = *receivable;
        r.purchase_date = settle;
        r.purchase_price = price;
        tape.receivables.push_back(std::move(r));
    }
    return write_tape(o.write, tape);
}

/// Where each offered receivable stands.
using Places = std::map<const Receivable*, std::pair<const Tape*, int>>;

void add_tables(Answer& answer, const Selection& s, const Places& places)
{
    Table& chosen = answer.table("chosen",
                                 {{"tape"},
                                  {"line"},
                                  {"asset_id"},
                                  {"obligor_group", "group"},
                                  {"due_date", "due"},
                                  {"face"},
                                  {"price"}},
                                 "chosen");
    for (const auto& [r, price] : s.chosen) {
        const auto& [tape, line] = places.at(r);
        chosen.add({tape->file, line, r->asset_id, r->obligor_group,
                    due_of(*r), r->current_balance, price});
    }
    Table& refused = answer.table(
        "refused",
        {{"tape"}, {"line"}, {"asset_id"}, {"face"}, {"clause"}, {"words"}, {"reason", "", true}},
        "refused");
    for (const Refusal& refusal : s.refused) {
        const Receivable& r = *refusal.receivable;
        const auto& [tape, line] = places.at(&r);
        refused.add({tape->file, line, r.asset_id, r.current_balance,
                     refusal.clause != nullptr ? Value(refusal.clause->number) : Value(),
                     refusal.clause != nullptr ? Value(refusal.clause->text) : Value(),
                     refusal.reason});
    }
}

Outcome run_select(const SelectOptions& o, const Globals& globals, Output& out)
{
    if (o.cash < zero) return Error{Code::usage, "--cash is below zero", {}, {}};
    const auto program = compile_file(o.deal);
    if (!program) return program.error();
    if (!program->purchase) {
        return Error{Code::invalid_input,
                     "the deal buys no receivables",
                     {o.deal, 0, 0, 0},
                     "a deal that buys has [purchase] with a price"};
    }
    std::deque<Tape> tapes;
    std::vector<const Receivable*> offered;
    Places places;
    for (const std::string& path : o.tapes) {
        auto tape = read_tape(path);
        if (!tape) return tape.error();
        const Tape& kept = tapes.emplace_back(std::move(*tape));
        for (std::size_t i = 0; i < kept.receivables.size(); ++i) {
            offered.push_back(&kept.receivables[i]);
            places[offered.back()] = {&kept, kept.lines[i]};
        }
    }
    if (offered.empty()) return Error{Code::invalid_input, "no receivable is offered", {}, {}};
    const Date day = globals.as_of.value_or(offered.front()->snapshot_date);
    auto pool = read_pool(o, day);
    if (!pool) return pool.error();
    const Date settle = settlement_day(*program, day);
    const SelectionTerms terms{*program, day, settle, o.cash, pool->groups, pool->base, {}};
    const Selection s = select_receivables(terms, offered);
    Answer answer("tranchain.pool.select/1");
    answer.field("deal", "deal", program->id);
    answer.field("purchase_day", "purchase day", day);
    answer.field("settle", "settled", settle);
    answer.field("cash", "cash", o.cash);
    answer.field("pool_face", "pool before", pool->base - o.cash);
    answer.field("offered", "offered", static_cast<std::int64_t>(offered.size()));
    answer.field("chosen_count", "chosen", static_cast<std::int64_t>(s.chosen.size()));
    answer.field("face", "their face", s.face);
    answer.field("price", "their price", s.price);
    answer.field("cash_left", "cash left", o.cash - s.price);
    add_tables(answer, s, places);
    answer.note(
        "not judged here: insolvency of obligors, which the contract knows from its records");
    if (!o.write.empty() && globals.dry_run) out.say("nothing is written: --dry-run");
    if (!o.write.empty() && !globals.dry_run) {
        TRANCHAIN_DO(write_chosen(o, tapes.front(), s, settle));
    }
    TRANCHAIN_DO(out.write(answer));
    return s.chosen.empty() ? answer_no() : Outcome();
}

} // namespace

void add_pool_select(Tree& tree)
{
    tree.add<SelectOptions>(
        "pool", "select", "choose what to buy of the tapes on offer", run_select,
        [](Setup& s, SelectOptions& o) {
            s.positional("TAPE", o.tapes, "tapes of candidates, in the order of preference")
                .file()
                .required();
            s.option("--deal", o.deal, "FILE", "the deal that buys").file().required();
            s.as_of(AsOf::day);
            s.option("--cash", o.cash, "AMOUNT", "principal cash that may be spent").required();
            s.option("--pool", o.pool, "TAPE", "what the plan holds; nothing if left out").file();
            s.option("--write", o.write, "FILE", "write what was chosen as a tape, with its prices")
                .file();
        });
}

} // namespace tranchain
