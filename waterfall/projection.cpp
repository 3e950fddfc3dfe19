// Projection: the steps of a deal's life, one for each week or payment date.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/projection.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "waterfall/eligibility.hpp"
#include "waterfall/exact/support.hpp"
#include "waterfall/exact/trigger.hpp"
#include "waterfall/projection_player.hpp"

namespace tranchain {

namespace {

constexpr std::int32_t horizon_days = 3000;  ///< no projection runs longer

}  // namespace

Player::Player(const ProjectionInput& input, const Scenario& scenario, OnStep on_step,
               Judge::OnDay on_day)
    : input_(input), scenario_(scenario), program_(input.program), on_step_(std::move(on_step)),
      on_day_(std::move(on_day)), judge_(input.program, Judge::Rows::present)
{
    result_.scenario = scenario;
    for (const Calendar& calendar : program_.calendars) {
        if (calendar.name == "china-bank") bank_ = &calendar;
    }
}

/// False when it is not accepted; refusal_ says why.
bool Player::accepts(const Verdict& verdict)
{
    if (verdict.accepted()) return true;
    refusal_ = verdict.kind == Verdict::Kind::not_yet ? "waits for " + verdict.waits_for
               : verdict.findings.empty()             ? "refused"
                                                      : verdict.findings.front().message;
    return false;
}

Result<> Player::must(std::string_view what, const Verdict& verdict)
{
    if (accepts(verdict)) return {};
    return fail(Code::invalid_input, fmt::format("the {} after {} is not accepted: {}", what,
                                                 closed_.str(), refusal_));
}

Result<> Player::open_deal()
{
    std::vector<Holding> holdings;
    holdings.reserve(input_.opening.size());
    for (const Receivable& r : input_.opening) {
        holdings.push_back(holding_of(r, r.purchase_date, r.purchase_price));
    }
    closed_ = program_.closing - 1;
    TRANCHAIN_DO(must(record_type::snapshot, judge_.take_snapshot(program_.closing, holdings)));
    ++servicer_seq_;
    for (const Receivable& r : input_.opening) own(r, program_.closing, r.purchase_price);
    bank_balance_ = judge_.state().book.balance(Account::bank);
    judge_.on_day([this](const DealState& state, const Journal& journal) {
        observe(state);
        if (on_day_) on_day_(state, journal);
    });
    return {};
}

void Player::observe(const DealState& state)
{
    ProjectionDay day;
    day.date = state.closed_through;
    day.phase = state.phase;
    day.figures = state.totals;
    day.senior = measure(program_, state, Measure::senior_balance, {});
    for (std::size_t i = 0; i < program_.triggers.size(); ++i) {
        if (program_.triggers[i].clock != Trigger::Clock::consecutive_days) continue;
        const TriggerState& trigger = state.triggers[i];
        day.value = evaluate(program_, state, program_.triggers[i].when.left);
        day.threshold = evaluate(program_, state, program_.triggers[i].when.right);
        day.count = trigger.count;
        day.judged = !trigger.run.empty() && trigger.run.back().date == day.date &&
                     (!trigger.effective || *trigger.effective >= day.date);
        break;
    }
    if (day.date == day.date.end_of_month()) read_triggers(state);
    result_.days.push_back(std::move(day));
}

void Player::read_triggers(const DealState& state)
{
    for (std::size_t i = 0; i < program_.triggers.size(); ++i) {
        const Trigger& trigger = program_.triggers[i];
        const TriggerState& t = state.triggers[i];
        TriggerReading r;
        r.date = state.closed_through;
        r.trigger = i;
        r.judged = t.effective || !trigger.during || state.phase == *trigger.during;
        r.value = evaluate(program_, state, trigger.when.left);
        r.threshold = evaluate(program_, state, trigger.when.right);
        r.breach = holds(program_, state, trigger);
        r.count = t.count;
        if (trigger.clock == Trigger::Clock::inside_payments && !t.run.empty()) {
            r.value = t.run.back().value; // what its line saw
            r.threshold = t.run.back().threshold;
            r.breach = t.run.back().breach;
        }
        if (const auto day = earliest_effect(program_, state, i)) r.days_left = *day - r.date;
        r.effective = t.effective;
        result_.readings.push_back(r);
    }
}

/// The next day to close through: the day before a purchase settles, or before a payment date.
/// Tapes of a holiday are offered together on the first working day.
std::optional<Player::Cut> Player::next_cut()
{
    std::optional<Cut> cut;
    const DealState& state = judge_.state();
    if (const auto payment = next_payment(program_, state)) {
        const bool demands = scenario_.support_where && payment->calculation > closed_;
        cut = Cut{demands ? payment->calculation : payment->adjusted - 1, {}, {}, {}};
    } else if (state.phase == Phase::revolving && closed_ <= program_.revolving_until) {
        cut = Cut{program_.revolving_until + 1, {}, {}, {}};  // then monthly dates begin
    }
    if (!program_.purchase || state.phase != Phase::revolving) return cut;
    for (; tape_ < input_.candidates.size(); ++tape_) {
        const CandidateTape& tape = input_.candidates[tape_];
        const Date day = booking_day(tape.as_of);
        const Date settle = settlement_day(program_, day);
        if (settle - 1 <= closed_) continue;
        if (settle > program_.revolving_until || (cut && settle - 1 > cut->through)) break;
        if (cut && !cut->tapes.empty() && settle != cut->settle) break;
        std::vector<const CandidateTape*> tapes = cut ? std::move(cut->tapes) : decltype(tapes){};
        tapes.push_back(&tape);
        cut = Cut{settle - 1, std::move(tapes), day, settle};
    }
    return cut;
}

Result<> Player::give_notice(ProjectionStep& step)
{
    if (!judge_.state().notice_owed) return {};
    step.notice = true;
    for (const Fired& f : judge_.state().notice_owed->fired) {
        if (f.trigger < 0) continue;
        const Trigger& t = program_.triggers[static_cast<std::size_t>(f.trigger)];
        if (!t.price) continue;
        if (scenario_.call_where) {
            const auto payment = next_payment(program_, judge_.state());
            if (payment && !call_on_) {
                call_ = &t;
                call_on_ = payment->adjusted;
            }
            continue;
        }
        result_.remarks.push_back(fmt::format(
            "{}: trigger '{}' lets the originator take the pool back for {}; that he does is not "
            "assumed",
            f.effective.str(), t.id, evaluate(program_, judge_.state(), *t.price).str()));
    }
    TRANCHAIN_TRY(const Record notice, judge_.make_notice());
    Context context;
    context.height = ++height_;
    return must(record_type::notice, judge_.judge(notice, context, nullptr));
}

Result<> Player::distribute_due(ProjectionStep& step)
{
    for (;;) {
        const auto payment = next_payment(program_, judge_.state());
        if (!payment || payment->adjusted > closed_ + 1) return {};
        TRANCHAIN_TRY(Distribution d, judge_.take_distribution(payment->unadjusted));
        if (d.total > zero) {
            debits_[d.booked].push_back({distribution_reference(payment->unadjusted), d.total});
        }
        step.distributions.push_back(payment->unadjusted);
        result_.distributions.push_back(std::move(d));
    }
}

/// Nothing more can come, and the last distribution takes all but a rounding rest.
bool Player::finished() const
{
    if (events_left_ > 0 || result_.distributions.empty()) return false;
    const Distribution& last = result_.distributions.back();
    if (last.date.unadjusted < program_.expected_maturity) return false;
    const Book& book = judge_.state().book;
    Money left = book.balance(Account::principal) + book.balance(Account::income);
    for (std::size_t i = 0; i < program_.reserves.size(); ++i) {
        if (!holds_support(program_, program_.reserves[i].id)) left += book.balance(reserve_account(i));
    }
    for (const Payout& payout : judge_.state().payouts) {
        if (!payout.paid) left -= payout.total;
    }
    return left < Money::fen(program_.unit.in_fen() * 100);
}

Result<Projection> Player::play()
{
    TRANCHAIN_DO(open_deal());
    const Date horizon = program_.closing + horizon_days;
    while (closed_ < horizon) {
        const auto cut = next_cut();
        if (!cut) break;
        ProjectionStep step;
        step.covers = {closed_ + 1, std::max(cut->through, closed_ + 1)};
        TRANCHAIN_DO(state_facts(step));
        TRANCHAIN_DO(give_notice(step));
        TRANCHAIN_DO(distribute_due(step));
        TRANCHAIN_DO(buy(*cut, step));
        if (on_step_) on_step_(step);
        if (finished()) break;
    }
    if (!debits_.empty()) {  // the day of the last payment
        ProjectionStep step;
        step.covers = {closed_ + 1, debits_.rbegin()->first};
        TRANCHAIN_DO(state_facts(step));
        TRANCHAIN_DO(give_notice(step));
        if (on_step_) on_step_(step);
    }
    for (const Fired& f : judge_.state().fired) {
        if (f.trigger != Fired::support) result_.fired.push_back(f);
    }
    result_.claims = judge_.state().demands;
    return std::move(result_);
}

namespace {

/// With the tables of the scenario in place of the deal's.
Result<Projection> play(const ProjectionInput& input, const Scenario& scenario,
                        const OnStep& on_step, const Judge::OnDay& on_day)
{
    if (scenario.tables.empty()) return Player(input, scenario, on_step, on_day).play();
    ProjectionInput with = input;
    for (const ValueTable& table : scenario.tables) {
        for (ValueTable& deals : with.program.tables) {
            if (deals.id == table.id) deals.points = table.points;
        }
    }
    return Player(with, scenario, on_step, on_day).play();
}

}  // namespace

Result<Projection>
project(const ProjectionInput& input, const OnStep& on_step, const Judge::OnDay& on_day)
{
    if (Errors wrong = misfits(input); !wrong.empty()) {
        return tl::make_unexpected(std::move(wrong.front()));
    }
    return play(input, input.scenario, on_step, on_day);
}

Result<Projection> project(const ProjectionInput& input, const Scenario& scenario)
{
    return play(input, scenario, {}, {});
}

}  // namespace tranchain
