// trigger: commands under `trigger`.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/choose.hpp"
#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "cmd/run_charts.hpp"
#include "data/mapping.hpp"
#include "data/text.hpp"
#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/history.hpp"

namespace tranchain {

namespace {

struct HistoryOptions {
    std::string deal;
    std::string ledger;
    std::string map;
    std::string trigger;
    Date from;
    Date to;
    bool days = false;
};

/// The trigger that was named, or the only one.
Result<const Trigger*> choose_trigger(const DealFile& deal, const std::string& id)
{
    std::vector<std::string> ids;
    for (const Trigger& trigger : deal.program.triggers) ids.push_back(trigger.id);
    auto index = choose({"the deal", "trigger", "--trigger"}, ids, id);
    if (!index) {
        index.error().where.file = deal.file;
        return tl::make_unexpected(std::move(index.error()));
    }
    return &deal.program.triggers[*index];
}

Answer describe_history(const History& history,
                        const DealFile& deal,
                        const Trigger& trigger,
                        const Ledger& ledger,
                        const HistoryOptions& options)
{
    Answer answer("tranchain.trigger.history/1");
    answer.field("deal", "deal", deal.program.id);
    answer.field("trigger", "trigger", trigger.id);
    answer.field("clause", "clause", trigger.clause.text);
    answer.field("ledger", "ledger", ledger.file);
    answer.field("invoices", "invoices", ledger.invoices.size());
    answer.field("from", "from", options.from);
    answer.field("to", "to", options.to);
    answer.field("fired_on", "fired on", history.fired_on ? Value(*history.fired_on) : Value());
    answer.field("longest_run", "longest run, days", history.longest_run);
    answer.field("longest_from", "longest run from",
                 history.longest_from ? Value(*history.longest_from) : Value());
    const auto lowest = std::min_element(
        history.days.begin(), history.days.end(),
        [](const HistoryDay& a, const HistoryDay& b) { return a.balance < b.balance; });
    answer.field("lowest_balance", "lowest balance", lowest->balance);
    answer.field("lowest_on", "lowest on", lowest->date);
    if (options.days) {
        Table& days = answer.table("days", {{"date"},
                                            {"balance"},
                                            {"value", "left side"},
                                            {"threshold", "right side"},
                                            {"margin"},
                                            {"breach"},
                                            {"count"},
                                            {"days_left", "days left"}});
        for (const HistoryDay& day : history.days) {
            days.add({day.date, day.balance, day.left, day.right, day.left - day.right, day.breach,
                      day.count, day.days_left});
        }
    }
    std::vector<JudgedDay> judged;
    for (const HistoryDay& day : history.days) judged.push_back({day.date, day.left, day.right, day.count});
    answer.chart(margin_chart(trigger.id, deal.program.currency, judged));
    for (const std::string& made : ledger.conversions) {
        answer.note(fmt::format("{}: {}", ledger.file, made));
    }
    return answer;
}

Outcome run_history(const HistoryOptions& options, const Globals&, Output& out)
{
    const auto deal = read_deal(options.deal);
    if (!deal) {
        return deal.error();
    }
    const auto mapping = read_mapping(options.map);
    if (!mapping) {
        return mapping.error();
    }
    const auto trigger = choose_trigger(*deal, options.trigger);
    if (!trigger) {
        return trigger.error();
    }
    const auto ledger = read_ledger(options.ledger, *mapping);
    if (!ledger) {
        return ledger.error();
    }
    auto history =
        judge_history(deal->program, **trigger, ledger->invoices, options.from, options.to);
    if (!history) {
        Error error = history.error();
        if (error.code == Code::invalid_input) {
            error.where = deal->at((*trigger)->clause);
        }
        return error;
    }
    return out.write(describe_history(*history, *deal, **trigger, *ledger, options));
}

} // namespace

void add_trigger(Tree& tree)
{
    tree.noun("trigger", "judge the triggers of a deal");
    tree.add<HistoryOptions>(
        "trigger", "history", "judge a trigger on a ledger, once for every calendar day",
        run_history, [](Setup& s, HistoryOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            s.option("--ledger", o.ledger, "FILE", "the ledger, one line per invoice")
                .file()
                .required();
            s.option("--map", o.map, "FILE", "how to read the ledger").file().required();
            s.option("--from", o.from, "DATE", "first day to judge").required();
            s.option("--to", o.to, "DATE", "last day to judge").required();
            s.option("--trigger", o.trigger, "ID", "which trigger, if the deal has several");
            s.flag("--days", o.days, "list every day");
        });
}

} // namespace tranchain
