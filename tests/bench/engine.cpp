// What bench.py can ask no command for: a compiled program's priorities run by themselves, without
// days and records, and the clock of a trigger.
//
//     engine waterfall DEAL PERIODS RUNS   each line of PERIODS: income and principal that came in, fen
//     engine clock READINGS RUNS           each line of READINGS: 1 for a day of breach, else 0
//
// Prints JSON: nanoseconds of CPU a run, the median of RUNS, and what one run gives.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "waterfall/compile.hpp"
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

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 4 && words[0] == "waterfall")
        waterfall(words[1], words[2], std::stoi(words[3]));
    else if (words.size() == 3 && words[0] == "clock")
        clock_days(words[1], std::stoi(words[2]));
    else
        stop("waterfall DEAL PERIODS RUNS, or clock READINGS RUNS");
    return 0;
}
