// pool: make sample pools, and judge a tape against the deal that would buy it.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "cmd/sample_deal.hpp"
#include "data/attempt.hpp"
#include "data/tape.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/eligibility.hpp"
#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/price.hpp"
#include "waterfall/exact/purchase.hpp"
#include "waterfall/sample_files.hpp"

namespace tranchain {

namespace {

struct GenerateOptions {
    std::int64_t seed = 15;
    std::optional<std::string> deal;
    std::string asset = "factoring";
};

struct PoolCheckOptions {
    std::string tape;
    std::optional<std::string> deal;
};

// ---- generate ----------------------------------------------------------------------------------

Money lowest_margin(const Projection& p, Date& day)
{
    std::optional<Money> lowest;
    for (const ProjectionDay& d : p.days) {
        if (!d.judged || (lowest && d.margin() >= *lowest)) continue;
        lowest = d.margin();
        day = d.date;
    }
    return lowest.value_or(zero);
}

void describe_branch(Table& table, const Projection& p)
{
    Date day;
    const Money margin = lowest_margin(p, day);
    table.add({p.scenario.name, static_cast<std::int64_t>(p.distributions.size()),
               p.distributions.back().booked, p.bought_face, margin, day,
               p.fired.empty() ? Value() : Value(p.fired.front().effective)});
}

/// A sample of consumer instalments for the deal.
Outcome generate_contracts(const GenerateOptions& o, const Globals& globals, const Program& program,
                           const std::string& text)
{
    const auto summary = write_contract_sample(globals.output, static_cast<std::uint64_t>(o.seed),
                                               program, text);
    if (!summary) return summary.error();
    Answer answer("tranchain.pool.generate/1");
    answer.field("seed", "seed", o.seed);
    answer.field("folder", "folder", globals.output);
    answer.field("files", "files", summary->files);
    answer.field("contracts", "contracts at closing", summary->contracts);
    answer.field("receivables", "their payments", summary->payments);
    answer.field("face", "their face", summary->face);
    answer.field("price", "their price", summary->price);
    answer.field("candidates", "payments offered later", summary->candidates);
    answer.field("candidate_face", "their face", summary->candidate_face);
    Globals screen = globals;
    screen.output.clear();
    return Output(screen).write(answer);
}

Outcome run_generate(const GenerateOptions& o, const Globals& globals, Output& out)
{
    if (globals.output.empty()) {
        return Error{Code::usage, "a folder to write to is missing", {}, "name it with -o DIR"};
    }
    if (o.seed < 0) return Error{Code::usage, "a seed is a number from 0", {}, {}};
    std::string text(sample_deal);
    std::string name = "jdht-2018-6.toml";
    if (o.deal) {
        TRANCHAIN_TRY(text, read_file(*o.deal));
        name = *o.deal;
    }
    auto deal = parse_deal(text, name);
    if (!deal) return deal.error();
    auto program = compile(*deal);
    if (!program) return program.error();
    if (o.asset == "instalment") {
        if (!globals.dry_run) return generate_contracts(o, globals, *program, text);
        out.say("nothing is written: --dry-run");
        return {};
    }
    SampleTerms terms;
    const Money left = notes_proceeds(*program) - reserves_opening(*program);
    if (left > zero) terms.price = min(terms.price, left);
    const SampleWorld world(static_cast<std::uint64_t>(o.seed), terms);
    if (program->closing != world.terms().closing) {
        return Error{Code::invalid_input,
                     fmt::format("sample pools close on {}, the deal on {}",
                                 world.terms().closing.str(), program->closing.str()),
                     deal->at("deal.closing"), {}};
    }
    if (globals.dry_run) {
        out.say("nothing is written: --dry-run");
        return {};
    }
    auto summary = write_sample(globals.output, world, *program, text);
    if (!summary) return summary.error();
    Answer answer("tranchain.pool.generate/1");
    answer.field("seed", "seed", o.seed);
    answer.field("folder", "folder", globals.output);
    answer.field("files", "files", summary->files);
    answer.field("receivables", "receivables at closing",
                 static_cast<std::int64_t>(world.opening().size()));
    answer.field("face", "their face", summary->opening_face);
    answer.field("price", "their price", summary->opening_price);
    answer.field("candidates", "candidates offered later", summary->candidates);
    answer.field("candidate_face", "their face", summary->candidate_face);
    Table& table = answer.table("branches", {{"branch"},
                                             {"distributions"},
                                             {"last", "last paid"},
                                             {"bought", "face bought"},
                                             {"margin", "lowest margin"},
                                             {"margin_on", "on"},
                                             {"fired_on", "fired on"}});
    describe_branch(table, summary->base);
    describe_branch(table, summary->stressed);
    Globals screen = globals;
    screen.output.clear();
    return Output(screen).write(answer);
}

// ---- check -------------------------------------------------------------------------------------

struct Bucket {
    int upto;
    const char* label;
    std::int64_t count = 0;
    Money face = zero;
};

void add_ageing(Answer& answer, const Tape& tape, Money total)
{
    std::array<Bucket, 9> buckets{{{-91, "more than 90 days past due"},
                                   {-61, "61 to 90 days past due"},
                                   {-31, "31 to 60 days past due"},
                                   {-1, "1 to 30 days past due"},
                                   {30, "due within 30 days"},
                                   {60, "due in 31 to 60 days"},
                                   {90, "due in 61 to 90 days"},
                                   {120, "due in 91 to 120 days"},
                                   {1 << 20, "due later"}}};
    for (const Receivable& r : tape.receivables) {
        const int days = due_of(r) - r.snapshot_date;
        const auto bucket = std::find_if(buckets.begin(), buckets.end(),
                                         [&](const Bucket& b) { return days <= b.upto; });
        ++bucket->count;
        bucket->face += r.current_balance;
    }
    Table& table = answer.table("ageing", {{"bucket", "ageing"}, {"count"}, {"face"}, {"share"}});
    for (const Bucket& b : buckets) {
        if (b.count > 0) table.add({b.label, b.count, b.face, percent_of_whole(b.face, total)});
    }
}

void add_groups(Answer& answer, const GroupFaces& faces, Money total)
{
    std::vector<std::pair<Money, std::string>> sorted;
    for (const auto& [group, face] : faces) sorted.emplace_back(face, group);
    std::sort(sorted.rbegin(), sorted.rend());
    Table& table = answer.table("groups", {{"group", "largest obligor groups"}, {"face"}, {"share"}});
    for (std::size_t i = 0; i < std::min<std::size_t>(10, sorted.size()); ++i) {
        table.add({sorted[i].second, sorted[i].first, percent_of_whole(sorted[i].first, total)});
    }
}

/// Obligors whose accounts the exchanges want disclosed: above 15% of the pool, or 20% together
/// with their affiliates.
void add_disclosures(Answer& answer, const GroupFaces& obligors, const GroupFaces& groups, Money total)
{
    Table& table = answer.table("disclosures", {{"who", "to be disclosed"}, {"name"}, {"face"},
                                                {"share"}, {"above"}});
    const auto look = [&](const char* who, const GroupFaces& faces, std::int64_t percent_of) {
        for (const auto& [name, face] : faces) {
            if (Int128{face.in_fen()} * 100 <= Int128{total.in_fen()} * percent_of) continue;
            table.add({who, name, face, percent_of_whole(face, total),
                       Value::rate(fmt::format("{}%", percent_of))});
        }
    };
    look("obligor", obligors, 15);
    look("group", groups, 20);
}

/// True when a limit is exceeded.
bool add_limits(Answer& answer, const Program& program, const GroupFaces& faces, Money total)
{
    bool exceeded = false;
    Table& table = answer.table("limits", {{"clause"},
                                           {"words", "limit"},
                                           {"face"},
                                           {"allowed"},
                                           {"share"},
                                           {"kept"}});
    for (const Concentration& c : concentrations(program, faces, total)) {
        table.add({c.limit->clause.number, c.limit->clause.text, c.face, c.allowed,
                   percent_of_whole(c.face, total), !c.exceeded()});
        exceeded = exceeded || c.exceeded();
    }
    return exceeded;
}

void reject_price(std::vector<Rejection>& reasons, const Program& program, const Receivable& r)
{
    if (!program.purchase) return;
    const Date due = due_of(r);
    if (due < r.purchase_date) return;
    const Money price = price_of(*program.purchase, r.current_balance, r.financed_amount,
                                 r.purchase_date, due);
    if (price == r.purchase_price) return;
    reasons.push_back({&program.purchase->clause,
                       fmt::format("price is {}, by the deal {}", r.purchase_price.str(), price.str())});
}

Outcome run_pool_check(const PoolCheckOptions& o, const Globals& globals, Output& out)
{
    auto tape = read_tape(o.tape);
    if (!tape) return tape.error();
    Program program;
    if (o.deal) {
        auto deal = read_deal(*o.deal);
        if (!deal) return deal.error();
        program = deal->program;
    }
    Money total, price, rejected_face;
    GroupFaces faces;
    GroupFaces obligor_faces;
    Answer answer("tranchain.pool.check/1");
    Table rejected("rejected", {{"line"}, {"asset_id"}, {"face"}, {"clause"}, {"words", "criterion"},
                                {"reason"}}, "");
    std::int64_t rejected_rows = 0;
    for (std::size_t i = 0; i < tape->receivables.size(); ++i) {
        const Receivable& r = tape->receivables[i];
        total += r.current_balance;
        price += r.purchase_price;
        faces[r.obligor_group] += r.current_balance;
        obligor_faces[r.obligor_code] += r.current_balance;
        auto reasons = rejections(program, r, globals.as_of.value_or(r.snapshot_date));
        reject_price(reasons, program, r);
        if (reasons.empty()) continue;
        ++rejected_rows;
        rejected_face += r.current_balance;
        for (const Rejection& reason : reasons) {
            rejected.add({tape->lines[i], r.asset_id, r.current_balance, reason.clause->number,
                          reason.clause->text, reason.reason});
        }
    }
    answer.field("tape", "tape", o.tape);
    answer.field("deal", "deal", o.deal ? Value(program.id) : Value());
    answer.field("snapshot_date", "as of", tape->receivables.empty()
                                               ? Value()
                                               : Value(tape->receivables.front().snapshot_date));
    answer.field("receivables", "receivables", static_cast<std::int64_t>(tape->receivables.size()));
    answer.field("face", "face", total);
    answer.field("price", "price", price);
    answer.field("obligors", "obligors", static_cast<std::int64_t>(obligor_faces.size()));
    answer.field("obligor_groups", "obligor groups", static_cast<std::int64_t>(faces.size()));
    answer.field("rejected_rows", "rejected", rejected_rows);
    answer.field("rejected_face", "rejected face", rejected_face);
    if (o.deal) {
        Table& table = answer.table("rejected", rejected.columns());
        for (const auto& row : rejected.rows()) table.add(row);
    }
    const bool exceeded = o.deal && add_limits(answer, program, faces, total);
    add_ageing(answer, *tape, total);
    add_groups(answer, faces, total);
    add_disclosures(answer, obligor_faces, faces, total);
    for (const std::string& sentence : tape->conversions) answer.note(sentence);
    for (const Error& warning : tape->warnings) {
        answer.note(fmt::format("{}:{}: {}", warning.where.file, warning.where.line, warning.message));
    }
    if (!o.deal) answer.note("no criteria were judged: name the deal with --deal");
    TRANCHAIN_DO(out.write(answer));
    if (rejected_rows > 0 || exceeded) return answer_no();
    return {};
}

}  // namespace

void add_pool(Tree& tree)
{
    tree.noun("pool", "make sample pools and judge tapes");
    tree.add<GenerateOptions>(
        "pool", "generate", "write a sample pool and two branches of its life into a folder (-o)",
        run_generate, [](Setup& s, GenerateOptions& o) {
            s.option("--seed", o.seed, "N", "the same number gives the same bytes; 15 if left out");
            s.option("--deal", o.deal, "FILE", "deal file; the sample deal if left out").file();
            s.option("--asset", o.asset, "KIND", "what is owed; factoring if left out")
                .choices({"factoring", "instalment"});
        });
    tree.add<PoolCheckOptions>(
        "pool", "check", "judge a tape: flaws, eligibility, concentration, ageing", run_pool_check,
        [](Setup& s, PoolCheckOptions& o) {
            s.positional("TAPE", o.tape, "receivables as CSV, see tranchain-pool(5)").file();
            s.option("--deal", o.deal, "FILE", "the deal whose criteria and limits are judged").file();
            s.as_of(AsOf::day);
        });
}

}  // namespace tranchain
