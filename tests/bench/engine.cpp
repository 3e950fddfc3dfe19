// What bench.py can ask no command for: a compiled program's priorities run by themselves, without
// days and records, and the clock of a trigger.
//
//     engine waterfall DEAL PERIODS RUNS   each line of PERIODS: income and principal that came in, fen
//     engine clock READINGS RUNS           each line of READINGS: 1 for a day of breach, else 0
//     engine cash ROWS PATHS THREADS       ROWS as bench_simulation.py writes them
//     engine yield RUNS                    of 24 flows; and by QuantLib's solver
//
// Prints JSON: nanoseconds of CPU a run, the median of RUNS, and what one run gives.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include <ql/cashflows/cashflows.hpp>
#include <ql/cashflows/simplecashflow.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include "waterfall/compile.hpp"
#include "waterfall/desk/draw.hpp"
#include "waterfall/desk/price.hpp"
#include "waterfall/desk/quantlib.hpp"
#include "waterfall/exact/close.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/trigger.hpp"

using namespace tranchain;

namespace {

[[noreturn]] void stop(const std::string& why)
{
    std::cerr << "engine: " << why << '\n';
    std::exit(1);
}

std::vector<std::int64_t> numbers(const std::string& path)
{
    std::ifstream in(path);
    std::vector<std::int64_t> all;
    for (std::int64_t n = 0; in >> n;) all.push_back(n);
    if (all.empty()) stop(path + " holds no numbers");
    return all;
}

std::int64_t cpu_nanoseconds()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

/// The median time of one call.
template <class Run>
std::int64_t median_of(int runs, Run run)
{
    std::vector<std::int64_t> times;
    for (int i = 0; i < runs; ++i) {
        const std::int64_t begun = cpu_nanoseconds();
        run();
        times.push_back(cpu_nanoseconds() - begun);
    }
    std::nth_element(times.begin(), times.begin() + runs / 2, times.end());
    return times[static_cast<std::size_t>(runs / 2)];
}

/// One payment date after another: what came in by its calculation date is paid out.
template <class Use>
void play(const Program& program, const std::vector<std::int64_t>& came, Use use)
{
    DealState s = opening_state(program);
    s.started = true;
    for (std::size_t i = 0; i + 1 < came.size(); i += 2) {
        const auto date = next_payment(program, s);
        if (!date) stop("the deal has too few payment dates");
        const auto receive = [&](Account account, std::int64_t fen) {
            s.book.post(Posting::receipt(date->calculation, "", account, Money::fen(fen)), nullptr);
        };
        receive(Account::income, came[i]);
        receive(Account::principal, came[i + 1]);
        s.totals.income = s.book.balance(Account::income);
        s.totals.principal = s.book.balance(Account::principal);
        s.totals.income_to_date += Money::fen(came[i]);
        s.closed_through = date->adjusted - 1;
        Mark mark{date->calculation, s.phase, s.totals};
        for (const Payout& p : s.payouts) { // had not left yet where the payment date rolled
            if (p.booked <= mark.date) continue;
            mark.figures.income += p.income_out;
            mark.figures.principal += p.principal_out;
        }
        s.marks.push_back(mark);
        const auto d = distribute(program, s, date->unadjusted, Trace::off);
        if (!d) stop(d.error().message);
        accept(s, *d);
        pay_out(s, s.payouts.back(), nullptr);
        use(*d);
    }
}

std::string told(const Distribution& d)
{
    std::vector<std::int64_t> n;
    for (const FeeLine& f : d.fees) n.push_back(f.paid.in_fen());
    for (const TrancheLine& t : d.tranches) {
        for (const Money m :
             {t.interest_paid, t.principal_paid, t.residual_paid, t.arrears_after, t.closing}) {
            n.push_back(m.in_fen());
        }
    }
    for (const Money m : {d.loan, d.covered, d.income_left, d.principal_left}) {
        n.push_back(m.in_fen());
    }
    return fmt::format("[{}]", fmt::join(n, ","));
}

void waterfall(const std::string& deal, const std::string& periods, int runs)
{
    const auto program = compile_file(deal);
    if (!program) stop(program.error().front().message);
    const auto came = numbers(periods);
    std::vector<std::string> lines;
    play(*program, came, [&](const Distribution& d) { lines.push_back(told(d)); });
    Money sum; // so that no run can be left out
    const std::int64_t time = median_of(
        runs, [&] { play(*program, came, [&](const Distribution& d) { sum += d.income_left; }); });
    std::size_t steps = 0;
    for (const auto& [phase, priority] : program->priorities) {
        steps = std::max(steps, priority.income.size() + priority.principal.size());
    }
    fmt::print("{{\"ns\":{},\"steps\":{},\"left\":{},\"periods\":[{}]}}\n", time, steps,
               sum.in_fen(), fmt::join(lines, ","));
}

void clock_days(const std::string& path, int runs)
{
    const auto breaches = numbers(path);
    Trigger trigger;
    trigger.clock = Trigger::Clock::consecutive_days;
    trigger.days = 30;
    trigger.when.compare = Compare::less;
    std::int64_t counted = 0;
    const auto count = [&] {
        Date day = Date::of(2018, 11, 8);
        TriggerState state;
        counted = 0;
        for (const std::int64_t breach : breaches) {
            count_day(trigger, state, day, Observation{Money::fen(breach == 1 ? -1 : 0), zero});
            counted += state.count;
            ++day;
        }
        return state.effective;
    };
    const auto effective = count();
    const std::int64_t time = median_of(runs, count);
    fmt::print("{{\"ns\":{},\"counted\":{},\"effective\":\"{}\"}}\n", time, counted,
               effective ? effective->str() : "");
}

/// What a pool pays by month on many drawn paths: what is paid in time is added once, and what
/// becomes of others' receivables is put right on each path.
class Cash {
public:
    static constexpr std::size_t columns = 27;
    using Row = std::array<std::int64_t, columns>;

    explicit Cash(const std::vector<std::int64_t>& n)
    {
        const auto months = static_cast<std::size_t>(n[1]);
        std::vector<Rate> yearly;
        for (std::size_t i = 2; i < 10; ++i) yearly.push_back(Rate::ppb(n[i]));
        plan_.copula = make_copula(Rate::ppb(n[0]), Rate::ppb(0), n[1], yearly);
        std::int64_t sum = 0;
        for (std::size_t i = 10; i < 16; i += 2) {
            sum += n[i];
            plan_.late.push_back({static_cast<std::int64_t>((Int128{sum} << 32) / Rate::one), n[i + 1]});
            shifts_.push_back(static_cast<std::size_t>(n[i + 1]));
        }
        for (std::size_t i = 16; i + 3 < n.size(); i += 4) {
            const auto obligor = static_cast<std::size_t>(n[i]);
            if (obligor >= plan_.obligors.size()) {
                plan_.obligors.resize(obligor + 1);
                owed_.resize(obligor + 1);
            }
            plan_.obligors[obligor].class_index = n[i + 1];
            const auto month = static_cast<std::size_t>(n[i + 2]) - 1;
            if (month >= months) stop("a month beyond the last");
            owed_[obligor].push_back({month, n[i + 3]});
            total_[month] += n[i + 3];
        }
        plan_.seed = 2018;
    }

    struct Sums {
        std::array<Int128, columns> sum{}, squares{};
    };
    [[nodiscard]] Sums paths(std::int64_t first, std::int64_t end) const
    {
        Sums out;
        Draw draw(plan_);
        for (std::int64_t path = first; path < end; ++path) {
            Row cash = total_;
            for (const DrawnObligor& o : draw.path(path)) {
                const std::size_t late = shifts_[static_cast<std::size_t>(o.late + 1)];
                const auto until = o.month > 0 ? static_cast<std::size_t>(o.month) - 1 : columns;
                for (const Owed& owed : owed_[o.index]) {
                    cash[owed.month] -= owed.fen;
                    cash[owed.month + late] += owed.month + late < until ? owed.fen : 0;
                }
            }
            for (std::size_t m = 0; m < columns; ++m) {
                out.sum[m] += cash[m];
                out.squares[m] += Int128{cash[m]} * cash[m];
            }
        }
        return out;
    }

private:
    struct Owed {
        std::size_t month = 0;
        std::int64_t fen = 0;
    };
    SimulationPlan plan_;
    std::vector<std::vector<Owed>> owed_; ///< of each obligor
    std::vector<std::size_t> shifts_{0};  ///< months that it is late: in no class, in each
    Row total_{};                         ///< if all pay in time
};

std::string listed(const std::array<Int128, Cash::columns>& values)
{
    std::vector<std::string> out;
    for (Int128 v : values) {
        std::string digits;
        for (; v > 0 || digits.empty(); v /= 10) digits += static_cast<char>('0' + static_cast<int>(v % 10));
        out.emplace_back(digits.rbegin(), digits.rend());
    }
    return fmt::format("[{}]", fmt::join(out, ","));
}

void cash(const std::string& path, std::int64_t paths, std::int64_t threads)
{
    const Cash pool(numbers(path));
    std::vector<Cash::Sums> parts(static_cast<std::size_t>(threads));
    const std::int64_t cpu = cpu_nanoseconds();
    const auto wall = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> running;
        for (std::int64_t i = 0; i < threads; ++i) {
            running.emplace_back([&, i] {
                parts[static_cast<std::size_t>(i)] = pool.paths(paths * i / threads, paths * (i + 1) / threads);
            });
        }
    }
    const std::int64_t used = cpu_nanoseconds() - cpu;
    const auto passed = std::chrono::steady_clock::now() - wall;
    Cash::Sums all;
    for (const Cash::Sums& part : parts) {
        for (std::size_t m = 0; m < Cash::columns; ++m) {
            all.sum[m] += part.sum[m];
            all.squares[m] += part.squares[m];
        }
    }
    fmt::print("{{\"cpu_ns\":{},\"wall_ns\":{},\"sums\":{},\"squares\":{}}}\n", used,
               std::chrono::nanoseconds(passed).count(), listed(all.sum), listed(all.squares));
}

/// A yield of 24 monthly flows by yield_of(), and by QuantLib's generic solver on the same leg.
void yields(int runs)
{
    Position holding;
    holding.settlement = Date::of(2018, 11, 8);
    holding.outstanding = Money::fen(100'000'000);
    QuantLib::Leg leg;
    for (int month = 1; month <= 24; ++month) {
        const Date date = holding.settlement.plus_months(month);
        const Money interest = Money::fen(20'000 * (25 - month));
        const Money principal = Money::fen(100'000'000 / 24);
        holding.payments.push_back({date, interest, principal});
        leg.push_back(QuantLib::ext::make_shared<QuantLib::SimpleCashFlow>(
            static_cast<double>((interest + principal).in_fen()) / 100, to_quantlib(date)));
    }
    const QuantLib::Date day = to_quantlib(holding.settlement);
    double price = 0;
    double ours = 0;
    double theirs = 0;
    double off = 0;
    std::int64_t ours_ns = 0;
    std::int64_t theirs_ns = 0;
    for (int run = 0; run < runs; ++run) {
        price = 98 + 4.0 * run / runs;
        const std::int64_t begun = cpu_nanoseconds();
        constexpr int again = 100; // one is too quick for the clock
        for (int i = 0; i < again; ++i) ours = yield_of(holding, price).value_or(-1);
        const std::int64_t between = cpu_nanoseconds();
        theirs = QuantLib::CashFlows::yield(leg, price * 10'000, QuantLib::Actual365Fixed(),
                                            QuantLib::Compounded, QuantLib::Annual, false, day, day,
                                            1e-12, 200, 0.05);
        theirs_ns += cpu_nanoseconds() - between;
        ours_ns += (between - begun) / again;
        off = std::max(off, std::abs(ours - theirs));
    }
    fmt::print("{{\"ours_ns\":{},\"theirs_ns\":{},\"off\":{:.3e}}}\n", ours_ns / runs, theirs_ns / runs, off);
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 4 && words[0] == "waterfall")
        waterfall(words[1], words[2], std::stoi(words[3]));
    else if (words.size() == 3 && words[0] == "clock")
        clock_days(words[1], std::stoi(words[2]));
    else if (words.size() == 4 && words[0] == "cash")
        cash(words[1], std::stoll(words[2]), std::stoll(words[3]));
    else if (words.size() == 2 && words[0] == "yield")
        yields(std::stoi(words[1]));
    else
        stop("waterfall DEAL PERIODS RUNS, clock READINGS RUNS, cash ROWS PATHS THREADS or yield RUNS");
    return 0;
}
