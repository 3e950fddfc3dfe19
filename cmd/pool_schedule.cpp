// pool schedule: contracts of any kind as the payments they promise, and as a tape.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "data/attempt.hpp"
#include "waterfall/asset/contracts.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/facts.hpp"

namespace tranchain {

namespace {

struct ScheduleOptions {
    std::string contracts;
    std::optional<std::string> deal;
    std::optional<std::string> write;
};

struct Sums {
    std::int64_t payments = 0, left = 0;
    Money principal, charge, face, price;
};

void add_payments(Table& table, const AssetContract& c, Sums& sums)
{
    for (std::size_t k = 0; k < c.schedule.size(); ++k) {
        const Due& due = c.schedule[k];
        const bool paid = static_cast<std::int64_t>(k) < c.paid;
        table.add({c.terms.contract_no, payment_id(c.terms.contract_no, k + 1), due.date,
                   due.principal, due.charge, due.face(), paid ? "paid" : "open"});
        ++sums.payments;
        sums.principal += due.principal;
        sums.charge += due.charge;
    }
}

Outcome run_schedule(const ScheduleOptions& o, const Globals& globals, Output& out)
{
    const auto contracts = read_contracts(o.contracts);
    if (!contracts) return contracts.error();
    const Date day = contracts->front().terms.snapshot_date;
    std::optional<Program> program;
    if (o.deal) {
        auto compiled = compile_file(*o.deal);
        if (!compiled) return compiled.error();
        program = std::move(*compiled);
    }
    const bool priced = program && program->purchase;
    const Purchase* terms = priced ? &*program->purchase : nullptr;
    const Date settle =
        terms == nullptr || day == program->closing ? day : settlement_day(*program, day);
    Answer answer("tranchain.pool.schedule/1");
    Table payments("payments", {{"contract_no", "contract"}, {"asset_id"}, {"due_date", "due"},
                                {"principal"}, {"charge"}, {"face"}, {"state"}}, "");
    Sums sums;
    std::vector<Receivable> rows;
    for (const AssetContract& c : *contracts) {
        add_payments(payments, c, sums);
        for (Receivable& r : receivables_of(c, terms, settle)) {
            sums.face += r.current_balance;
            sums.price += r.purchase_price;
            rows.push_back(std::move(r));
        }
    }
    answer.field("contracts", "contracts", static_cast<std::int64_t>(contracts->size()));
    answer.field("as_of", "as of", day);
    answer.field("payments", "payments", sums.payments);
    answer.field("principal", "principal", sums.principal);
    answer.field("charge", "interest and fees", sums.charge);
    answer.field("open", "open", static_cast<std::int64_t>(rows.size()));
    answer.field("face", "their face", sums.face);
    answer.field("price", "their price", sums.price);
    Table& table = answer.table("payments", payments.columns(), "payments");
    for (const auto& row : payments.rows()) table.add(row);
    for (const Receivable& r : rows) {
        if (r.purchase_price > zero && r.purchase_price <= r.current_balance) continue;
        answer.note(fmt::format("'{}' has no price: {} of a face of {} (an instalment without "
                                "principal is bought by yield)",
                                r.asset_id, r.purchase_price.str(), r.current_balance.str()));
        break;
    }
    if (o.write && globals.dry_run) out.say("nothing is written: --dry-run");
    if (o.write && !globals.dry_run) {
        TRANCHAIN_DO(write_tape(*o.write, tape_of(std::move(rows))));
    }
    return out.write(answer);
}

} // namespace

void add_pool_schedule(Tree& tree)
{
    tree.add<ScheduleOptions>(
        "pool", "schedule", "turn contracts into the payments they promise", run_schedule,
        [](Setup& s, ScheduleOptions& o) {
            s.positional("CONTRACTS", o.contracts, "contracts as CSV, see tranchain-pool(5)").file();
            s.option("--deal", o.deal, "FILE", "the deal whose price the tape has").file();
            s.option("--write", o.write, "FILE", "write the open payments as a tape").file();
        });
}

} // namespace tranchain
