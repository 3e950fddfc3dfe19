// Properties of whole lives: random deals and pools, played from closing to their last payment.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <boost/test/unit_test.hpp>
#include <fmt/core.h>
#include <rapidcheck/boost_test.h>

#include "stored_deal.hpp"
#include "waterfall/eligibility.hpp"
#include "waterfall/projection.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(random_deal_tests)

namespace {

const Date closing = Date::of(2018, 11, 8);

template <class T>
T between(T low, T high)
{
    return *rc::gen::inRange<T>(low, high + 1);
}

/// Up to twelve receivables of three groups, due within five months, bought a little below face.
std::vector<Receivable> random_pool()
{
    std::vector<Receivable> pool(between<std::size_t>(1, 12));
    for (std::size_t i = 0; i < pool.size(); ++i) {
        Receivable& r = pool[i];
        r.asset_id = fmt::format("R-{:02}", i);
        r.obligor_code = r.obligor_group = fmt::format("G{}", between(1, 3));
        r.original_balance = r.current_balance = Money::fen(between<std::int64_t>(1, 90'000'000));
        r.purchase_price = scale(r.current_balance, between<std::int64_t>(9000, 10'000), 10'000,
                                 Rounding::half_up);
        r.purchase_date = r.snapshot_date = closing;
        r.due_date = closing + between(5, 150);
    }
    return pool;
}

const char* const support_of_a_and_b = R"([[reserve]]
id = "shortfall"
target = "0.00"
[support]
by = "originator"
covers = ["interest A", "interest B", "principal A, B at expected maturity"]
pays = "T-3 china-bank"
into = "shortfall"
)";

/// A, B and SUB over the pool: in sequence or pro rata, of one rank or two, fees or none, what income
/// has left to principal or to SUB. No trigger, for a clause that fires later pays somebody later.
///
/// `supported`: what is short of A and B is demanded, and paid out of a reserve of its own.
std::string random_deal(const std::vector<Receivable>& pool, bool supported = false)
{
    const std::string helper = supported ? " supported by shortfall" : "";
    std::int64_t price = 0;
    for (const Receivable& r : pool) price += r.purchase_price.in_fen();
    const std::int64_t units = price / 10'000 + 1;
    const std::int64_t a = 1 + units * between<std::int64_t>(30, 70) / 100;
    const std::int64_t b = 1 + units * between<std::int64_t>(5, 25) / 100;
    const std::int64_t sub = std::max<std::int64_t>(1, units - a - b) + between<std::int64_t>(0, 9);
    const bool together = between(0, 1) == 1;
    const std::string fee = between(0, 1) == 1 ? "\"pay servicing\", " : "";
    const std::string income =
        fmt::format("[{}{}, \"cover losses\", \"pay rest to {}\"]", fee,
                    together ? "\"pay interest A, B pro rata" + helper + "\""
                             : "\"pay interest A" + helper + "\", \"pay interest B" + helper + "\"",
                    between(0, 1) == 1 ? "principal" : "SUB");
    const std::string principal =
        fmt::format("[\"cover income shortfall\", {}, \"pay principal SUB\", \"pay rest to SUB\"]",
                    together ? "\"pay principal A, B pro rata" + helper + "\""
                             : "\"pay principal A" + helper + "\", \"pay principal B" + helper + "\"");
    return fmt::format(R"([deal]
id = "random"
closing = 2018-11-08
expected_maturity = 2019-08-26
legal_final = 2019-12-26
unit = "100.00"
[[tranche]]
id = "A"
rank = 1
face = "{}00.00"
coupon = "{}.{:02}%"
[[tranche]]
id = "B"
rank = {}
face = "{}00.00"
coupon = "{}.{:02}%"
[[tranche]]
id = "SUB"
rank = 3
face = "{}00.00"
{}[[schedule]]
during = "amortization, accelerated, default"
pay = "26 monthly"
first = 2018-12-26
calendar = "china-bank"
[priority.amortization]
income = {}
principal = {}
{})",
                       a, between(1, 8), between(0, 99), together ? 1 : 2, b, between(1, 12),
                       between(0, 99), sub,
                       fee.empty() ? ""
                                   : "[[fee]]\nid = \"servicing\"\nrate = \"0.50%\"\nper = "
                                     "\"year\"\nof = \"outstanding notes\"\n",
                       income, principal, supported ? support_of_a_and_b : "");
}

/// So many receivables default, and so much of each comes back.
Scenario defaults(std::uint64_t seed, int share, int recovered)
{
    Scenario s = base_scenario(seed);
    Assumption a;
    a.kind = Assumption::Kind::default_;
    a.share.constant = Rate::ppb(std::int64_t{share} * 10'000'000);
    if (recovered > 0) a.recovery = {{60, Rate::ppb(std::int64_t{recovered} * 10'000'000)}};
    s.assumptions = {a};
    return s;
}

ProjectionInput random_input(bool supported = false)
{
    std::vector<Receivable> pool = random_pool();
    Program program = stored_deal(random_deal(pool, supported));
    const auto seed = between<std::uint64_t>(1, 1'000'000);
    return {std::move(program), std::move(pool), {}, defaults(seed, between(0, 60), between(0, 50))};
}

/// With a supporter who pays every claim, or none.
ProjectionInput supported_input()
{
    ProjectionInput input = random_input(true);
    if (between(0, 1) == 1) input.scenario.support_where = Source{};
    return input;
}

Projection play(const ProjectionInput& input, const OnStep& on_step = {})
{
    auto p = project(input, on_step);
    if (!p) RC_FAIL(p.error().message);
    return std::move(*p);
}

/// Every figure of every distribution and every day.
std::string bytes_of(const Program& program, const Projection& p)
{
    std::string out;
    for (const Distribution& d : p.distributions) {
        out += distribution_part(program, d).canonical() + "\n";
    }
    for (const ProjectionDay& d : p.days) {
        const Figures& f = d.figures;
        out += d.date.str();
        for (const Money m : {f.pool_balance, f.principal, f.income, f.collection, f.unapplied,
                              f.income_to_date, f.defaulted_to_date, f.losses_to_date}) {
            out += " " + m.str();
        }
        out += "\n";
    }
    return out;
}

void accept(const Verdict& v)
{
    RC_ASSERT(v.accepted());
}

/// Hands the facts of a projection to a judge again, and closes at most `most` days at a time; after
/// `stop` steps the judge is stored, forgotten and opened from its bytes.
class Again {
public:
    explicit Again(const ProjectionInput& input)
        : judge_(std::make_unique<Judge>(input.program, Judge::Rows::present))
    {
        std::vector<Holding> holdings;
        for (const Receivable& r : input.opening) {
            holdings.push_back(holding_of(r, r.purchase_date, r.purchase_price));
        }
        accept(judge_->take_snapshot(closing, holdings));
    }

    void step(const ProjectionStep& s, int most)
    {
        ++height_;
        if (!s.dilutions.empty()) accept(judge_->take_dilutions(s.dilutions));
        accept(judge_->take_statement(s.covers, "plan", s.number, s.opening, s.entries));
        accept(judge_->take_collections(s.covers, s.allocations));
        while (judge_->state().closed_through < s.covers.to) {
            const Date until = std::min(s.covers.to, judge_->state().closed_through + most);
            accept(judge_->take_close(until, height_)); // to a day that is told, if one is
            RC_ASSERT(judge_->state().closed_through == until || judge_->state().notice_owed);
            told();
        }
        for (const Date date : s.distributions) {
            const auto d = judge_->take_distribution(date);
            RC_ASSERT(d.has_value());
            paid_ += distribution_part(judge_->program(), *d).canonical();
        }
    }
    void restart()
    {
        auto again = Judge::open(judge_->public_state(), judge_->private_state());
        RC_ASSERT(again.has_value());
        judge_ = std::move(*again);
    }
    [[nodiscard]] std::string bytes() const
    {
        return paid_ + judge_->public_state() + judge_->private_state();
    }

private:
    /// A missed maturity, or a demand, needs its notice before the next day.
    void told()
    {
        if (!judge_->state().notice_owed) return;
        const auto notice = judge_->make_notice();
        RC_ASSERT(notice.has_value());
        Context context;
        context.height = ++height_;
        accept(judge_->judge(*notice, context, nullptr));
    }

    std::unique_ptr<Judge> judge_;
    std::int64_t height_ = 0;
    std::string paid_;
};

} // namespace

RC_BOOST_PROP(the_order_of_the_tape_changes_nothing, ())
{
    ProjectionInput input = random_input();
    const std::string first = bytes_of(input.program, play(input));
    for (std::size_t i = input.opening.size(); i > 1; --i) {
        std::swap(input.opening[i - 1], input.opening[between<std::size_t>(0, i - 1)]);
    }
    RC_ASSERT(bytes_of(input.program, play(input)) == first);
}

/// A period closed day by day, or in pieces of any length, with a restart in between, ends where the
/// whole of it does.
RC_BOOST_PROP(a_period_in_two_runs_gives_the_same_bytes, ())
{
    const ProjectionInput input = between(0, 1) == 1 ? supported_input() : random_input();
    std::vector<ProjectionStep> steps;
    play(input, [&](const ProjectionStep& step) { steps.push_back(step); });
    Again whole(input);
    Again parts(input);
    const auto stop = between<std::size_t>(0, steps.size() - 1);
    const int most = between(1, 20);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        whole.step(steps[i], 1000);
        parts.step(steps[i], most);
        if (i == stop) parts.restart();
    }
    RC_ASSERT(whole.bytes() == parts.bytes());
}

/// The same pool with fewer defaults, or more recovered of them: what comes in by any day is never
/// less, so the notes with a coupon never stand higher, nor does A wait for more in all. Its interest
/// alone may be more in arrears: cash that came early has repaid principal, and what came late is
/// still there to be lent.
RC_BOOST_PROP(no_senior_is_paid_later_because_more_cash_came, ())
{
    ProjectionInput input = random_input();
    const auto seed = input.scenario.seed;
    const int share = between(0, 60);
    const int recovered = between(0, 50);
    input.scenario = defaults(seed, share + between(0, 40), recovered - between(0, recovered));
    const Projection worse = play(input);
    input.scenario = defaults(seed, share, recovered);
    const Projection better = play(input);
    const std::size_t n = std::min(worse.distributions.size(), better.distributions.size());
    for (std::size_t i = 0; i < n; ++i) {
        const auto& w = worse.distributions[i].tranches;
        const auto& b = better.distributions[i].tranches;
        RC_ASSERT(b[0].closing <= w[0].closing);
        RC_ASSERT(b[0].closing + b[1].closing <= w[0].closing + w[1].closing);
        RC_ASSERT(b[0].closing + b[0].arrears_after <= w[0].closing + w[0].arrears_after);
    }
}

/// Paid in two parts, a fen leaves nothing for one of them. (A property found it.)
BOOST_AUTO_TEST_CASE(receivables_of_one_fen_are_paid)
{
    const Program program = compile_file("tests/golden/waterfall/small.toml").value();
    std::vector<Receivable> pool(100);
    for (std::size_t i = 0; i < pool.size(); ++i) {
        Receivable& r = pool[i];
        r.asset_id = fmt::format("R-{:02}", i);
        r.obligor_code = r.obligor_group = "G";
        r.original_balance = r.current_balance = r.purchase_price = Money::fen(1);
        r.purchase_date = r.snapshot_date = closing;
        r.due_date = closing + 20;
    }
    // With steps read, each payment is a credit of its own.
    const auto p = project({program, pool, {}, base_scenario(15)}, [](const ProjectionStep&) {});
    BOOST_REQUIRE_MESSAGE(p, p.error().message);
    BOOST_TEST(p->days.back().figures.pool_balance.str() == "0.00");
}

/// On every day what the bank holds is what the books say, and none of them is below zero.
RC_BOOST_PROP(the_bank_holds_what_the_books_say, ())
{
    const ProjectionInput input = between(0, 1) == 1 ? supported_input() : random_input();
    std::size_t days = 0;
    const auto p = project(input, {}, [&](const DealState& s, const Journal&) {
        Money sum;
        for (std::size_t i = 0; i < s.book.size(); ++i) {
            const Money balance = s.book.balance(static_cast<Account>(i));
            RC_ASSERT(balance >= zero);
            if (static_cast<Account>(i) != Account::bank) sum += balance;
        }
        RC_ASSERT(sum == s.book.balance(Account::bank));
        ++days;
    });
    RC_ASSERT(p.has_value());
    RC_ASSERT(days == p->days.size());
}

/// After each distribution what is claimed is what it leaves unpaid, less what waits in the reserve; a
/// supporter who pays everything leaves no interest unpaid, and no principal from expected maturity on.
RC_BOOST_PROP(claims_on_the_supporter_are_what_is_unpaid, ())
{
    const ProjectionInput input = supported_input();
    const Projection p = play(input);
    for (const Distribution& d : p.distributions) {
        const bool mature = d.date.unadjusted >= input.program.expected_maturity;
        Money claimed, unpaid;
        for (const Demand& c : d.claims) {
            RC_ASSERT(c.received >= zero && c.lapsed >= zero && c.received + c.lapsed <= c.amount);
            claimed += c.amount - c.received - c.lapsed;
        }
        for (std::size_t i = 0; i < 2; ++i) {
            unpaid += d.tranches[i].arrears_after + (mature ? d.tranches[i].closing : zero);
        }
        RC_ASSERT(claimed == unpaid - min(unpaid, d.reserves[0].closing));
        if (input.scenario.support_where) RC_ASSERT(unpaid == zero);
    }
}

BOOST_AUTO_TEST_SUITE_END()
