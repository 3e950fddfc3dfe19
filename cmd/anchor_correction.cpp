// anchor correction: which ledger bears a debit of the bank that nothing orders.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/submit.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/state_orders.hpp"

namespace tranchain {

namespace {

struct CorrectionOptions {
    SubmitOptions submit;
    Date date;
    std::optional<std::string> reference;
    std::string ledger, reason;
    bool approve = false;
};

/// The open break of that day and reference; its amount is the bank's and is not typed.
Result<BankBreak> open_break(const DealState& state, const CorrectionOptions& o)
{
    std::vector<BankBreak> found;
    std::vector<std::string> others;
    for (const BankBreak& b : state.breaks) {
        if (b.date == o.date && (!o.reference || b.reference == *o.reference)) found.push_back(b);
        others.push_back(fmt::format("{} '{}' {}", b.date.str(), b.reference, b.amount.str()));
    }
    if (found.size() == 1) return found.front();
    return fail(Code::not_found,
                found.empty() ? fmt::format("no break of {} is open", o.date.str())
                              : fmt::format("{} breaks of {} are open", found.size(), o.date.str()),
                {},
                others.empty() ? "what the bank paid is what the books say"
                               : "open are: " + join(others, ", "));
}

Outcome run_correction(const CorrectionOptions& o, const Globals& g, Output& out)
{
    TRANCHAIN_TRY(Composer c, Composer::open(o.submit, g));
    TRANCHAIN_DO(c.needs_terms());
    TRANCHAIN_TRY(const BankBreak gap, open_break(c.judge().state(), o));
    Record record;
    record.type = record_type::correction;
    record.public_part = correction_part({gap, bearing_ledger(o.ledger).value(), o.reason});
    return o.approve ? c.approve_same(record, out) : c.submit(std::move(record), {}, out);
}

} // namespace

void add_anchor_correction(Tree& tree)
{
    tree.add<CorrectionOptions>(
        "anchor", "correction", "who bears what the bank paid and nothing orders", run_correction,
        [](Setup& s, CorrectionOptions& o) {
            s.positional("DATE", o.date, "the day of the break");
            s.positional("REFERENCE", o.reference, "its debit; may be left out if it is one");
            s.option("--ledger", o.ledger, "LEDGER", "the ledger that bears it")
                .choices({"income", "principal", "unapplied"})
                .required();
            s.option("--reason", o.reason, "TEXT", "what the debit was").required();
            s.flag("--approve", o.approve, "approve the one that is submitted");
            bind_submit(s, o.submit);
        });
}

} // namespace tranchain
