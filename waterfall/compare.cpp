// Compare: a state for each reported month, and the distribution that the deal makes of it.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/compare.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "waterfall/exact/day_count.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

namespace {

/// The columns of one tranche.
struct ClassColumns {
    int opening = -1, interest = -1, principal = -1, closing = -1;
};

int required(const CsvTable& table, const std::string& name, Errors& errors)
{
    const int column = table.column(name);
    if (column < 0) {
        errors.push_back({Code::invalid_input, fmt::format("column '{}' is missing", name),
                          {table.file, 1, 1, 0}, "tranche ids of the deal name the columns"});
    }
    return column;
}

bool filled(const CsvTable::Row& row, int column)
{
    return !row.fields[static_cast<std::size_t>(column)].empty();
}

/// The payment date of a period that begins on `period`; the first row's is the deal's first.
const PaymentDate* date_of(const Program& program, Date period, bool first)
{
    if (program.monthly_dates.empty()) return nullptr;
    if (first) return &program.monthly_dates.front();
    const Date month = period.plus_months(1);
    for (const PaymentDate& d : program.monthly_dates) {
        if (d.unadjusted.year() == month.year() && d.unadjusted.month() == month.month()) return &d;
    }
    return nullptr;
}

DealState state_before(const Program& program, const ReportedMonth& month, const PaymentDate* previous)
{
    DealState s = opening_state(program);
    s.started = true;
    s.phase = Phase::amortization;
    s.revolving_ended = program.closing - 1;
    s.closed_through = month.date.adjusted - 1;
    s.accrued_from = previous != nullptr ? previous->unadjusted : program.closing;
    s.calculated = previous != nullptr ? previous->calculation : program.closing - 1;
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        const auto& c = month.classes[i];
        s.tranches[i] = {c ? c->opening : zero, zero};
    }
    const Money plenty = Money::fen(Money::max_fen / 10);
    s.book.restore(Account::income, plenty);
    s.book.restore(Account::principal, plenty);
    s.book.restore(Account::bank, plenty + plenty);
    s.totals.pool_balance = month.pool;
    s.totals.income = plenty;
    s.totals.principal = plenty;
    s.marks = {{month.date.calculation, Phase::amortization, s.totals}};
    return s;
}

/// Days for which an amount of interest would be right, if that is a whole number.
std::optional<std::int64_t> implied_days(const Tranche& t, Money balance, Money paid)
{
    const Int128 a_day = Int128{balance.in_fen()} * (t.coupon ? t.coupon->in_ppb() : 0);
    if (a_day == 0) return std::nullopt;
    const std::int64_t basis = year_fraction(t.day_count, Date{}, Date{}, Date{}).basis;
    const std::int64_t days =
        divide_rounded(Int128{paid.in_fen()} * Rate::one * basis, a_day, Rounding::half_up);
    if (interest(balance, *t.coupon, days, basis, Rounding::half_up) != paid) return std::nullopt;
    return days;
}

std::string why_interest(const Tranche& t, const ReportedClass& c, Money by_rule,
                         const ReportedMonth& m, const PaymentDate* previous, Date closing)
{
    const auto actual = implied_days(t, c.opening, c.interest);
    const auto ours = implied_days(t, c.opening, by_rule);
    if (!actual || !ours) return "no whole number of days gives the amount paid";
    const Date from = previous != nullptr ? previous->adjusted : closing;
    if (m.date.adjusted - from == *actual) {
        return fmt::format("accrues between the days it was paid on, {} to {}: {} days, not {}",
                           from.str(), m.date.adjusted.str(), *actual, *ours);
    }
    return fmt::format("was paid for {} days, the deal's dates give {}", *actual, *ours);
}

std::string why_principal(const ReportedMonth& month, Money notes_after, bool first, Money by_rule,
                          Money actual)
{
    const Money kept = month.pool - notes_after;
    std::string why =
        actual < by_rule
            ? fmt::format("over-collateralization was {} after it, still being built to the target",
                          kept.grouped())
            : fmt::format("over-collateralization was {} after it", kept.grouped());
    if (first) why += "; the first period is irregular";
    return why;
}

class Comparer {
public:
    explicit Comparer(const Program& program) : program_(program) {}

    Result<> month(const ReportedMonth& m, const PaymentDate* previous)
    {
        TRANCHAIN_TRY(const Distribution d,
                      distribute(program_, state_before(program_, m, previous), m.date.unadjusted));
        Money by_rule, actual, after;
        for (std::size_t i = 0; i < program_.tranches.size(); ++i) {
            if (!m.classes[i]) continue;
            const ReportedClass& c = *m.classes[i];
            by_rule += d.tranches[i].principal_paid;
            actual += c.principal;
            after += c.closing;
            compare_interest(m, program_.tranches[i], c, d.tranches[i].interest_exact, previous);
        }
        out_.months.push_back({m.period, m.date.unadjusted, by_rule, actual});
        if (by_rule != actual) {
            out_.differences.push_back({m.period, m.date.unadjusted, "", "principal", by_rule, actual,
                                        why_principal(m, after, previous == nullptr, by_rule, actual)});
            return {};
        }
        ++out_.principal_equal;
        for (std::size_t i = 0; i < program_.tranches.size(); ++i) {
            if (!m.classes[i] || d.tranches[i].principal_paid == m.classes[i]->principal) continue;
            out_.differences.push_back({m.period, m.date.unadjusted, program_.tranches[i].id, "principal",
                                        d.tranches[i].principal_paid, m.classes[i]->principal,
                                        "the sum agrees, the order between tranches does not"});
        }
        return {};
    }
    Comparison result() { return std::move(out_); }

private:
    void compare_interest(const ReportedMonth& m, const Tranche& t, const ReportedClass& c,
                          Money by_rule, const PaymentDate* previous)
    {
        if (!t.coupon || c.opening == zero) return;
        const bool equal = by_rule == c.interest;
        ++out_.interest_compared;
        out_.interest_equal += equal;
        if (year_fraction(t.day_count, Date{}, Date{}, Date{}).basis == 360 &&
            t.day_count != DayCount::act_360) {
            ++out_.thirty_360_compared;
            out_.thirty_360_equal += equal;
        }
        if (equal) return;
        out_.differences.push_back({m.period, m.date.unadjusted, t.id, "interest", by_rule, c.interest,
                                    why_interest(t, c, by_rule, m, previous, program_.closing)});
    }

    const Program& program_;
    Comparison out_;
};

}  // namespace

Checked<std::vector<ReportedMonth>> read_actual(const std::string& path, const Program& program)
{
    auto table = read_csv(path);
    if (!table) return tl::make_unexpected(table.error());
    Errors errors;
    const int deal = table->column("deal");
    const int period = required(*table, "period", errors);
    const int pool = table->column("pool_principal_end");
    std::vector<ClassColumns> columns;
    for (const Tranche& t : program.tranches) {
        columns.push_back({required(*table, t.id + "_begin", errors),
                           required(*table, t.id + "_interest", errors),
                           required(*table, t.id + "_principal", errors),
                           required(*table, t.id + "_end", errors)});
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    CsvCells cells(*table, errors);
    std::vector<ReportedMonth> months;
    for (const auto& row : table->rows) {
        if (deal >= 0 && row.fields[static_cast<std::size_t>(deal)] != program.name) continue;
        ReportedMonth m;
        const Date begin = cells.date(row, period);
        m.period = begin.str();
        const PaymentDate* date = date_of(program, begin, months.empty());
        if (date == nullptr) {
            cells.fail(row, period, fmt::format("the deal has no payment date for {}", m.period));
            continue;
        }
        m.date = *date;
        for (const ClassColumns& c : columns) {
            m.classes.emplace_back();
            if (!filled(row, c.opening)) continue;
            m.classes.back() = ReportedClass{cells.money(row, c.opening), cells.money(row, c.interest),
                                             cells.money(row, c.principal), cells.money(row, c.closing)};
        }
        if (pool >= 0) m.pool = cells.money(row, pool);
        for (const auto& c : m.classes) {
            if (pool < 0 && c) m.pool += c->closing;
        }
        months.push_back(std::move(m));
    }
    if (errors.empty() && months.empty()) {
        errors.push_back({Code::invalid_input, fmt::format("no row is of the deal '{}'", program.name),
                          {path, 0, 0, 0}, "the column 'deal' holds the name of the deal"});
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    return months;
}

Result<Comparison> compare(const Program& program, const std::vector<ReportedMonth>& months)
{
    Comparer comparer(program);
    const PaymentDate* previous = nullptr;
    for (const ReportedMonth& m : months) {
        TRANCHAIN_DO(comparer.month(m, previous));
        previous = &m.date;
    }
    return comparer.result();
}

}  // namespace tranchain
