// Run measures: taken from the distributions and triggers of a run.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/run_measures.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "cmd/periods.hpp"
#include "data/text.hpp"
#include "waterfall/desk/analytics.hpp"

namespace tranchain {

namespace {

Value four(std::optional<double> value, double scale, const char* end)
{
    return value ? Value::number(fmt::format("{:.4f}{}", *value * scale, end)) : Value();
}

/// In the order of the columns that run_measures() gives a tranche.
void add_of_tranche(std::vector<Value>& row,
                    const Program& program,
                    const Projection& p,
                    std::size_t index)
{
    const Tranche& t = program.tranches[index];
    Money interest, principal, unpaid, closing = t.face;
    Value repaid, missed_on;
    std::vector<HolderPayment> payments;
    for (const Distribution& d : p.distributions) {
        const TrancheLine& line = d.tranches[index];
        interest += line.interest_paid + line.residual_paid;
        principal += line.principal_paid;
        unpaid = line.arrears_after;
        closing = line.closing;
        if (repaid.is_null() && closing == zero) repaid = d.booked;
        if (missed_on.is_null() && unpaid > zero) missed_on = d.date.unadjusted;
        payments.push_back(
            {d.booked, line.interest_paid + line.residual_paid, line.principal_paid});
    }
    const Analytics a = analyse(payments, t.face, t.face, program.closing);
    row.insert(row.end(), {interest, principal, repaid, unpaid, closing, missed_on,
                           four(a.average_life, 1, ""), four(a.yield, 100, "%")});
}

} // namespace

std::vector<Column> run_measures(const Program& program)
{
    std::vector<Column> columns{{"last_paid", "last paid"},
                                {"bought"},
                                {"diluted"},
                                {"lowest_margin", "lowest margin"},
                                {"fired_on", "fired on"}};
    for (const Trigger& t : program.triggers) {
        columns.push_back({t.id + "_fired_on", t.id + " fired on"});
    }
    for (const Tranche& t : program.tranches) {
        for (const char* name : {"interest", "principal", "last_payment", "unpaid_interest",
                                 "unpaid_principal", "missed_on", "wal", "yield"}) {
            std::string title = fmt::format("{} {}", t.id, name);
            for (char& c : title) c = c == '_' ? ' ' : c;
            columns.push_back({fmt::format("{}_{}", t.id, name), title});
        }
    }
    return columns;
}

std::vector<Value> measures_of(const Program& program, const Projection& p)
{
    const auto lowest = lowest_margin(p, program.closing, program.legal_final);
    std::vector<Value> row{p.distributions.empty() ? Value()
                                                   : Value(p.distributions.back().booked),
                           p.bought_face, p.diluted, lowest ? Value(*lowest) : Value(),
                           p.fired.empty() ? Value() : Value(p.fired.front().effective)};
    for (std::size_t i = 0; i < program.triggers.size(); ++i) {
        Value on;
        for (const Fired& f : p.fired) {
            if (on.is_null() && f.trigger == static_cast<int>(i)) on = f.effective;
        }
        row.push_back(std::move(on));
    }
    for (std::size_t i = 0; i < program.tranches.size(); ++i) add_of_tranche(row, program, p, i);
    return row;
}

std::vector<std::string> usual_measures(const Program& program)
{
    std::vector<std::string> names{"lowest_margin", "fired_on"};
    for (const Tranche& t : program.tranches) {
        if (t.coupon) names.push_back(t.id + "_unpaid_interest");
        names.push_back(t.id + "_unpaid_principal");
    }
    return names;
}

Result<std::vector<std::size_t>> chosen_measures(const std::vector<Column>& known,
                                                 const std::vector<std::string>& names)
{
    std::vector<std::size_t> chosen;
    std::vector<std::string> keys;
    for (const Column& c : known) keys.push_back(c.key);
    for (const std::string& name : names) {
        const auto found = std::find(keys.begin(), keys.end(), name);
        if (found == keys.end()) {
            const auto near = closest(name, keys);
            return fail(Code::not_found, fmt::format("a run has no measure '{}'", name), {},
                        near ? fmt::format("did you mean '{}'?", *near)
                             : fmt::format("one of: {}", join(keys, ", ")));
        }
        chosen.push_back(static_cast<std::size_t>(found - keys.begin()));
    }
    return chosen;
}

} // namespace tranchain
