// Writing a deal file from answers.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/new_deal.hpp"

#include <string_view>

#include <fmt/core.h>

namespace tranchain {

namespace {

// A line that begins with `B|` is for a deal with a mezzanine tranche, with `R|` for one that
// revolves. Words in @at@ signs are replaced.
constexpr std::string_view pattern = R"deal([deal]
id = "@id@"
name = "@name@"
currency = "CNY"
size = "@size@"
closing = @closing@
expected_maturity = @maturity@
legal_final = @legal_final@
day_count = "act/365f"
unit = "100.00"
rounding = { amount = "half-up", per_unit_places = 4, per_unit = "down" }

[[tranche]]
id = "A"
rank = 1
face = "@senior@"
coupon = "@senior_coupon@"
B|
B|[[tranche]]
B|id = "B"
B|rank = 2
B|face = "@mezzanine@"
B|coupon = "@mezzanine_coupon@"

[[tranche]]
id = "SUB"
rank = 3
face = "@residual@"
R|
R|[purchase]
R|price = "face * (1 - @discount@ * days to due / 365)"
R|settle = "T+1"

[eligibility]
criteria = ["tenor <= 180 days", "due date <= @last_due@", "not past due", "obligor not insolvent", "confirmation is not none"]
limits = ["obligor group <= 10%", "top 5 obligor groups <= 40%"]

[[fee]]
id = "vat"
rate = "3.26%"
of = "income collected"

[[fee]]
id = "custody"
rate = "0.01%"
per = "year"
of = "outstanding notes"

[[fee]]
id = "management"
rate = "0.05%"
per = "year"
of = "outstanding notes"

[[fee]]
id = "servicing"
rate = "0.10%"
per = "year"
of = "outstanding notes"
R|
R|[[schedule]]
R|during = "revolving"
R|until = @revolving_until@
R|pay = "26 Feb, May, Aug, Nov"
R|roll = "following"
R|calendar = "china-bank and china-exchange"

[[schedule]]
during = "amortization, accelerated, default"
pay = "26 monthly"
roll = "following"
calendar = "china-bank and china-exchange"

[timetable]
remittance = "calculation + 3 china-bank"
custodian_report = "calculation + 4 china-bank"
servicer_report = "calculation + 7 china-bank"
allocation = "T-6 china-bank"
report = "T-5 china-bank"
transfer = "T-2 china-exchange"
record = "T-1 china-exchange"
R|
R|[[trigger]]
R|id = "pool-shortfall"
R|when = "pool balance + principal cash + collection account + unapplied cash < 100% * senior balance"
R|for = "@days@ consecutive days"
R|during = "revolving"
R|on_missing_day = "carry forward 3 days, then breach"
R|then = "accelerate"

[[trigger]]
id = "senior-interest"
when = "interest A unpaid > 0.00"
for = "5 china-bank days after a payment date"
then = "default"

[[trigger]]
id = "final-principal"
when = "principal @rated_or@ unpaid > 0.00"
for = "10 china-bank days after legal_final"
then = "default"
R|
R|[priority.revolving]
R|income = ["pay vat", "pay custody, management pro rata", "pay servicing", @interest@, "cover losses", "pay rest to principal"]
R|principal = ["cover income shortfall", "buy receivables", "keep rest"]

[priority.amortization]
income = ["pay vat", "pay custody, management pro rata", "pay servicing", @interest@, "cover losses", "pay rest to principal"]
principal = ["cover income shortfall", @principal@, "pay principal SUB", "pay rest to SUB"]

[priority.accelerated]
income = ["pay vat", "pay custody, management pro rata", "pay servicing", @interest@, "pay rest to principal"]
principal = ["cover income shortfall", @principal@, "pay principal SUB", "pay rest to SUB"]

[priority.default]
all = ["pay vat", "pay custody, management pro rata", "pay servicing", @in_default@, "pay rest to SUB"]
)deal";

std::string value(std::string_view word, const DealAnswers& a)
{
    const bool b = a.mezzanine > zero;
    if (word == "id") return a.id;
    if (word == "name") return a.name.empty() ? a.id : a.name;
    if (word == "size") return a.size.str();
    if (word == "closing") return a.closing.str();
    if (word == "maturity") return a.maturity.str();
    if (word == "legal_final") return a.legal_final.str();
    if (word == "senior") return a.senior.str();
    if (word == "senior_coupon") return a.senior_coupon.str();
    if (word == "mezzanine") return a.mezzanine.str();
    if (word == "mezzanine_coupon") return a.mezzanine_coupon.str();
    if (word == "residual") return (a.size - a.senior - a.mezzanine).str();
    if (word == "discount") return a.discount.str();
    if (word == "days") return std::to_string(a.days);
    if (word == "revolving_until") return a.revolving_until.value_or(a.closing).str();
    // what falls due then can be 30 days late and still be paid out by maturity
    if (word == "last_due") {
        return (Date::of(a.maturity.year(), a.maturity.month(), 1) - 31).str();
    }
    if (word == "rated_or") return b ? "A or B" : "A";
    if (word == "interest")
        return b ? R"("pay interest A", "pay interest B")" : R"("pay interest A")";
    if (word == "principal") {
        return b ? R"("pay principal A", "pay principal B")" : R"("pay principal A")";
    }
    return b ? R"("pay interest A", "pay principal A", "pay interest B", "pay principal B")"
             : R"("pay interest A", "pay principal A")";
}

std::string filled(std::string_view line, const DealAnswers& a)
{
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t open = line.find('@', at);
        out += line.substr(at, open - at);
        if (open == line.npos) break;
        const std::size_t close = line.find('@', open + 1);
        out += value(line.substr(open + 1, close - open - 1), a);
        at = close + 1;
    }
    return out;
}

} // namespace

std::string new_deal_text(const DealAnswers& a)
{
    std::string out;
    std::string_view rest = pattern;
    while (!rest.empty()) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        const bool revolving = line.starts_with("R|");
        const bool mezzanine = line.starts_with("B|");
        if (revolving || mezzanine) line.remove_prefix(2);
        if (revolving && !a.revolving_until) continue;
        if (mezzanine && a.mezzanine == zero) continue;
        out += filled(line, a) + "\n";
    }
    return out;
}

} // namespace tranchain
