// pool reserve: what a programme of trade receivables must hold back, line by line.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "data/attempt.hpp"
#include "data/rate.hpp"
#include "data/tape.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/eligibility.hpp"
#include "waterfall/reserve.hpp"

namespace tranchain {

namespace {

struct ReserveOptions {
    std::string history, terms;
    std::optional<Money> balance, funded, deduct;
    std::optional<std::string> pool, deal, limit;
};

std::string percent(Parts parts)
{
    return Rate::ppb(parts).str();
}

/// Parts as a plain number: 1.314285714.
std::string plain(Parts parts)
{
    std::string text = fmt::format("{}.{:09d}", parts / 1'000'000'000, parts % 1'000'000'000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

class Lines {
public:
    explicit Lines(Table& table) : table_(table) {}
    void add(const char* line, std::string formula, Value figure)
    {
        table_.add({line, std::move(figure), std::move(formula)});
    }

private:
    Table& table_;
};

/// Net receivables pool balance of a tape: eligible, less excess concentration, less deductions.
Checked<Money> net_balance(const ReserveOptions& o, const Globals& globals, Lines& lines)
{
    auto tape = read_tape(*o.pool);
    if (!tape) return tl::make_unexpected(tape.error());
    Program program;
    if (o.deal) {
        auto compiled = compile_file(*o.deal);
        if (!compiled) return tl::make_unexpected(compiled.error());
        program = std::move(*compiled);
    }
    Money outstanding, eligible;
    GroupFaces faces;
    for (const Receivable& r : tape->receivables) {
        outstanding += r.current_balance;
        if (!rejections(program, r, globals.as_of.value_or(r.snapshot_date)).empty()) continue;
        eligible += r.current_balance;
        faces[r.obligor_group] += r.current_balance;
    }
    lines.add("outstanding", "sum of the tape", outstanding);
    lines.add("eligible",
              o.deal ? "rows that no criterion of the deal rejects" : "all: no deal is named",
              eligible);
    Money excess;
    if (o.limit) {
        const auto limit = Rate::parse(*o.limit);
        if (!limit || limit->in_ppb() <= 0) {
            return tl::make_unexpected(
                Errors{{Code::usage,
                        fmt::format("--limit: '{}' is not a share", *o.limit),
                        {},
                        "write it as 10%"}});
        }
        std::vector<Money> groups;
        for (const auto& [group, face] : faces) groups.push_back(face);
        excess = excess_concentration(groups, limit->in_ppb(), eligible);
        lines.add("excess_concentration",
                  fmt::format("sum over groups of max(0, group - {} x eligible)", limit->str()),
                  excess);
    }
    const Money deducted = o.deduct.value_or(zero);
    if (o.deduct)
        lines.add("deducted", "unapplied cash, contra, deferred revenue: as given", deducted);
    return eligible - excess - deducted;
}

void add_losses(Lines& lines, const PoolReserve& r, const ReserveTerms& t)
{
    lines.add("loss_ratio", "highest three-month average default ratio", Value::rate(percent(r.loss_ratio)));
    lines.add("loss_horizon_ratio",
              fmt::format("sales of {} months / net balance", plain(t.loss_horizon)),
              Value::number(plain(r.loss_horizon)));
    lines.add(
        "loss_reserve",
        fmt::format("{} x {} x {}", plain(t.stress), percent(r.loss_ratio), plain(r.loss_horizon)),
        Value::rate(percent(r.loss)));
    lines.add("expected_dilution", "twelve-month average dilution ratio",
              Value::rate(percent(r.expected_dilution)));
    lines.add("dilution_spike", "highest dilution ratio", Value::rate(percent(r.spike)));
    lines.add(
        "dilution_volatility",
        fmt::format("({0} - {1}) x {0} / {1}", percent(r.spike), percent(r.expected_dilution)),
        Value::rate(percent(r.volatility)));
    lines.add("dilution_horizon_ratio",
              fmt::format("sales of {} months / net balance", plain(t.dilution_horizon)),
              Value::number(plain(r.dilution_horizon)));
    lines.add("dilution_reserve",
              fmt::format("{} x ({} x {} + {})", plain(r.dilution_horizon), plain(t.stress),
                          percent(r.expected_dilution), percent(r.volatility)),
              Value::rate(percent(r.dilution)));
}

void add_reserve(Lines& lines, const PoolReserve& r, const ReserveTerms& t, Money balance)
{
    add_losses(lines, r, t);
    lines.add("dynamic_reserve", "loss reserve + dilution reserve", Value::rate(percent(r.dynamic)));
    lines.add("reserve_floor",
              fmt::format("{} + {} x {}", percent(t.concentration), percent(r.expected_dilution),
                          plain(r.dilution_horizon)),
              Value::rate(percent(r.floor)));
    lines.add("governs", "the higher of dynamic reserve and floor",
              r.dynamic > r.floor ? "dynamic" : "floor");
    lines.add(
        "days_sales_outstanding",
        fmt::format("{} / {} x {} days", balance.str(), r.quarter_sales.str(), r.quarter_days),
        Value::number(plain(r.days_sales)));
    lines.add("yield_reserve",
              fmt::format("{} x {} / 360 x ({} x {} + {})", plain(t.yield_factor),
                          plain(r.days_sales), plain(t.rate_factor), percent(t.rate),
                          percent(t.fees)),
              Value::rate(percent(r.yield)));
    lines.add("servicing_reserve",
              fmt::format("{} x {} x {} / 360", percent(t.servicing_fee), plain(t.servicing_factor),
                          plain(r.days_sales)),
              Value::rate(percent(r.servicing)));
    lines.add("required_reserve",
              fmt::format("{} + {} + {}", percent(std::max(r.dynamic, r.floor)), percent(r.yield),
                          percent(r.servicing)),
              Value::rate(percent(r.required)));
    lines.add("borrowing_base",
              fmt::format("{} x (1 - {}), down", balance.str(), percent(r.required)), r.fundable);
}

Outcome run_reserve(const ReserveOptions& o, const Globals& globals, Output& out)
{
    if (o.balance.has_value() == o.pool.has_value()) {
        return Error{Code::usage,
                     "one of --balance and --pool is needed",
                     {},
                     "the net receivables pool balance, or the tape to take it from"};
    }
    if (o.balance && (o.deal || o.limit || o.deduct)) {
        return Error{Code::usage, "--deal, --limit and --deduct belong to --pool", {}, {}};
    }
    auto terms = read_reserve_terms(o.terms);
    if (!terms) return terms.error();
    auto history = read_reserve_history(o.history);
    if (!history) return history.error();
    Answer answer("tranchain.pool.reserve/1");
    Table& table = answer.table("lines", {{"line"}, {"figure"}, {"formula"}});
    Lines lines(table);
    Money balance = o.balance.value_or(zero);
    if (o.pool) {
        auto net = net_balance(o, globals, lines);
        if (!net) return net.error();
        balance = *net;
    }
    lines.add("net_balance", o.pool ? "eligible - excess - deducted" : "as given", balance);
    if (balance <= zero) {
        return Error{Code::invalid_input,
                     fmt::format("the net balance is {}: nothing to lend on", balance.str()),
                     {},
                     {}};
    }
    auto reserve = reserve_of(*history, *terms, balance);
    if (!reserve) {
        Error error = reserve.error();
        error.where.file = o.history;
        return error;
    }
    add_reserve(lines, *reserve, *terms, balance);
    const Money funded = o.funded.value_or(zero);
    const Money deficiency = max(zero, funded - reserve->fundable);
    if (o.funded) {
        lines.add("funded", "as given", funded);
        lines.add("deficiency", "max(0, funded - borrowing base)", deficiency);
    }
    Table& months = answer.table("months", {{"month"},
                                            {"default_ratio", "default ratio"},
                                            {"three_months", "three-month average"},
                                            {"dilution_ratio", "dilution ratio"}});
    for (const PoolReserve::Month& m : reserve->months) {
        months.add({m.first.str().substr(0, 7), Value::rate(percent(m.default_ratio)),
                    m.three_months ? Value::rate(percent(*m.three_months)) : Value(),
                    Value::rate(percent(m.dilution_ratio))});
    }
    TRANCHAIN_DO(out.write(answer));
    if (deficiency > zero) return answer_no();
    return {};
}

} // namespace

void add_pool_reserve(Tree& tree)
{
    tree.add<ReserveOptions>(
        "pool", "reserve", "required reserve and borrowing base of a programme, line by line",
        run_reserve, [](Setup& s, ReserveOptions& o) {
            s.positional("HISTORY", o.history, "CSV: month, sales, defaults, dilution").file();
            s.as_of(AsOf::day);
            s.option("--terms", o.terms, "FILE", "the terms of the programme as TOML")
                .file()
                .required();
            s.option("--balance", o.balance, "AMOUNT", "net receivables pool balance");
            s.option("--pool", o.pool, "TAPE", "or the tape to take it from").file();
            s.option("--deal", o.deal, "FILE", "its criteria say which rows are eligible").file();
            s.option("--limit", o.limit, "SHARE",
                     "of an obligor group in the eligible balance, such as 10%");
            s.option("--deduct", o.deduct, "AMOUNT", "unapplied cash, contra, deferred revenue");
            s.option("--funded", o.funded, "AMOUNT",
                     "what is lent now; a deficiency is exit status 1");
        });
}

} // namespace tranchain
