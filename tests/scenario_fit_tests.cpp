// Fitting a scenario: a ledger made of known assumptions gives them back.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <unistd.h>

#include "waterfall/projection.hpp"
#include "waterfall/scenario_fit.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(scenario_fit_tests)

namespace {

using Kind = LedgerFlow::Kind;

struct Books {
    Ledger ledger;
    std::vector<LedgerEvent> events;
    void invoice(const std::string& id, std::int64_t fen, const char* rating, Date issued = Date::of(2019, 1, 1))
    {
        ledger.invoices.push_back({id, "X", issued, issued + 60, std::nullopt, Money::fen(fen),
                                   static_cast<int>(ledger.invoices.size()) + 2,
                                   {{"obligor_rating", rating}}});
    }
    /// So many days after the invoice of the last one falls due.
    void event(Kind kind, std::int64_t fen, std::int32_t after_due)
    {
        const Invoice& i = ledger.invoices.back();
        events.push_back({i.id, i.due_date + after_due, kind, Money::fen(fen), {}});
    }
    [[nodiscard]] ScenarioFit fit(Date observed, Scope::Kind by = Scope::Kind::pool) const
    {
        const auto read = seller_ledger(ledger, {}, events, observed);
        BOOST_REQUIRE(read);
        auto out = fit_scenario(*read, by, 30);
        BOOST_REQUIRE(out);
        return std::move(*out);
    }
};

Date long_after()
{
    return Date::of(2021, 12, 31);
}

/// Of 1,000 invoices of 100.00: each tenth defaults, of which 20% comes 90 and 10% 180 days after
/// due; each fourth of the others is 15 days late, the rest five days early; each fifth of all is
/// credited 4%.
Books known()
{
    Books b;
    for (int n = 0; n < 1000; ++n) {
        b.invoice("I" + std::to_string(n), 10000, n % 2 == 0 ? "AA" : "B");
        const std::int64_t credit = n / 10 % 5 == 0 ? 400 : 0;
        if (credit > 0) b.event(Kind::dilution, credit, -10);
        const std::int64_t left = 10000 - credit;
        if (n % 10 == 3) {
            b.event(Kind::payment, left / 5, 90);
            b.event(Kind::payment, left / 10, 180);
        } else {
            b.event(Kind::payment, left, n / 50 % 4 == 0 ? 15 : -5);
        }
    }
    return b;
}

std::string text(const std::vector<std::pair<std::int64_t, Rate>>& list)
{
    std::string out;
    for (const auto& [days, rate] : list) out += std::to_string(days) + " " + rate.str() + "; ";
    return out;
}

std::string spans(const FittedScope& s)
{
    std::string out;
    for (const FittedSpan& span : s.spans) {
        out += "to " + std::to_string(span.to) + " days " + span.back.str() + " of " + s.at_risk.str() + "; ";
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(known_assumptions_come_back)
{
    const ScenarioFit fit = known().fit(long_after());
    BOOST_REQUIRE(fit.scopes.size() == 1U);
    const FittedScope& s = fit.scopes.front();
    BOOST_TEST(s.invoices == 1000);
    BOOST_TEST(s.diluted.str() == "20.00%");
    BOOST_TEST(s.dilution.str() == "4.00%");
    BOOST_TEST(s.defaulted.str() == "10.00%");
    BOOST_TEST(text(s.recovery) == "90 20.00%; 180 10.00%; ");
    BOOST_TEST(text(s.paid) == "-5 75.00%; 15 25.00%; ");
}

BOOST_AUTO_TEST_CASE(only_odd_invoices_default)
{
    const ScenarioFit fit = known().fit(long_after(), Scope::Kind::rating);
    BOOST_REQUIRE(fit.scopes.size() == 2U);
    BOOST_TEST(fit.scopes[0].of.words() == "rating 'AA'");
    BOOST_TEST(fit.scopes[0].defaulted.str() == "0.00%");
    BOOST_TEST(fit.scopes[1].defaulted.str() == "20.00%");
}

/// Two invoices, one ten times the other: by number half default, by amount one in eleven.
BOOST_AUTO_TEST_CASE(shares_are_of_amounts)
{
    Books b;
    b.invoice("big", 100000, "");
    b.event(Kind::payment, 100000, 0);
    b.invoice("small", 10000, "");
    BOOST_TEST(b.fit(long_after()).scopes.front().defaulted.str() == "9.0909091%");
}

/// A young invoice has not defaulted yet: to count it as good would halve the share.
BOOST_AUTO_TEST_CASE(what_is_not_known_is_left_out)
{
    Books b;
    b.invoice("old", 10000, "");
    b.invoice("paid", 10000, "");
    b.event(Kind::payment, 10000, 3);
    const Date due = b.ledger.invoices.front().due_date;
    b.invoice("young", 20000, "", due + 1);
    b.event(Kind::payment, 20000, -30);
    const ScenarioFit fit = b.fit(due + 45);
    BOOST_TEST(fit.invoices == 2);
    BOOST_TEST(fit.open == 1);
    BOOST_TEST(fit.open_amount.str() == "200.00");
    BOOST_TEST(fit.scopes.front().defaulted.str() == "50.00%");
    // Recoveries are known to 30 days after due, not to 60.
    BOOST_TEST(fit.scopes.front().recovery_seen == 30);
    const auto read = seller_ledger(b.ledger, {}, b.events, due + 30);
    BOOST_TEST(!fit_scenario(*read, Scope::Kind::pool, 30)); // one day too early for all
    BOOST_TEST(!fit_scenario(*read, Scope::Kind::rating, 0)); // known, and none has a rating
}

/// Ten defaults of 100.00 each. The old one got 90.00 back after 250 days; each young one 10.00 after
/// 40, and has been seen for sixty. Back within sixty days: 90.00 of 1,000.00. Of the days beyond
/// only a tenth of what defaulted can tell, so nothing is said of them: 9%, not 9% and 90%.
BOOST_AUTO_TEST_CASE(one_old_default_does_not_speak_for_all)
{
    Books b;
    b.invoice("old", 10000, "", Date::of(2018, 1, 1));
    b.event(Kind::payment, 9000, 250);
    for (int n = 0; n < 9; ++n) {
        b.invoice("young" + std::to_string(n), 10000, "");
        b.event(Kind::payment, 1000, 40);
    }
    const FittedScope s = b.fit(b.ledger.invoices.back().due_date + 60).scopes.front();
    BOOST_TEST(text(s.recovery) == "40 9.00%; ");
    BOOST_TEST(s.recovery_seen == 60);
    BOOST_TEST(spans(s) == "to 30 days 0.00 of 1000.00; to 60 days 90.00 of 1000.00; ");
}

/// Of four defaults of 100.00 two are old, and each got 30.00 back after 100 days: half of what
/// defaulted saw it, 60.00 of 200.00. One fen more among the young, and it is less than half.
BOOST_AUTO_TEST_CASE(recovery_is_told_as_far_as_half_has_seen)
{
    for (const std::int64_t more : {0, 1}) {
        Books b;
        for (const char* id : {"a", "b"}) {
            b.invoice(id, 10000, "", Date::of(2018, 1, 1));
            b.event(Kind::payment, 3000, 100);
        }
        b.invoice("c", 10000, "");
        b.invoice("d", 10000 + more, "");
        const FittedScope s = b.fit(b.ledger.invoices.back().due_date + 60).scopes.front();
        BOOST_TEST(text(s.recovery) == (more == 0 ? "100 30.00%; " : ""));
        // The old ones fell due on 2018-03-02, 425 days before the last day: 14 spans.
        BOOST_TEST(s.recovery_seen == (more == 0 ? 420 : 60));
    }
}

/// Four defaults of 100.00, each of which got 60.00 back: the old ones 250 days after due, the young
/// ones, seen for sixty days, after forty. Who has seen the 250 days is half, and recovered 60%.
BOOST_AUTO_TEST_CASE(recovery_is_of_the_same_defaults_throughout)
{
    Books b;
    for (const char* id : {"a", "b"}) {
        b.invoice(id, 10000, "", Date::of(2018, 1, 1));
        b.event(Kind::payment, 6000, 250);
    }
    for (const char* id : {"c", "d"}) {
        b.invoice(id, 10000, "");
        b.event(Kind::payment, 6000, 40);
    }
    const FittedScope s = b.fit(b.ledger.invoices.back().due_date + 60).scopes.front();
    BOOST_TEST(text(s.recovery) == "250 60.00%; ");
    BOOST_TEST(s.at_risk.str() == "200.00");
    BOOST_TEST(s.spans[1].seen.str() == "400.00");
    BOOST_TEST(s.spans[1].back.str() == "0.00");
    BOOST_TEST(s.spans[2].seen.str() == "200.00");
    BOOST_TEST(s.spans[8].back.str() == "120.00");
}

/// What is told of all together is no more than what the best of them got back.
BOOST_AUTO_TEST_CASE(no_more_recovers_than_of_the_best_default)
{
    for (unsigned seed = 1; seed <= 50; ++seed) {
        std::mt19937 random(seed);
        const auto below = [&](std::uint32_t n) { return static_cast<std::int32_t>(random() % n); };
        Books b;
        std::int64_t best = 0;
        for (int n = 0; n < 12; ++n) {
            b.invoice("I" + std::to_string(n), 10000, "", Date::of(2018, 1, 1) + below(600));
            std::int64_t back = 0;
            for (int k = below(3); k > 0; --k) {
                const std::int64_t part = 1 + below(3000);
                b.event(Kind::payment, part, 32 + below(500));
                back += part;
            }
            best = std::max(best, back);
        }
        const FittedScope s = b.fit(Date::of(2020, 3, 31)).scopes.front();
        std::int64_t told = 0;
        for (const auto& [days, share] : s.recovery) told += share.in_ppb();
        BOOST_TEST(told * 10000 <= best * Rate::one);
    }
}

/// Of 100.00 half came five days early, and the rest never: what came says when, as all else that
/// was paid before default. 50.00 of 150.00 came early, 100.00 on the day.
BOOST_AUTO_TEST_CASE(what_came_before_a_default_says_when)
{
    Books b;
    b.invoice("half", 10000, "");
    b.event(Kind::payment, 5000, -5);
    b.invoice("whole", 10000, "");
    b.event(Kind::payment, 10000, 0);
    const FittedScope s = b.fit(long_after()).scopes.front();
    BOOST_TEST(text(s.paid) == "-5 33.3333333%; 0 66.6666667%; ");
    BOOST_TEST(s.defaulted.str() == "25.00%");
}

/// One fen given up of 100.00 that is paid in full otherwise is a default of one fen.
BOOST_AUTO_TEST_CASE(a_small_write_off_is_a_small_default)
{
    Books b;
    b.invoice("I", 10000, "");
    b.event(Kind::writeoff, 1, -20);
    b.event(Kind::payment, 9999, 3);
    const FittedScope s = b.fit(long_after()).scopes.front();
    BOOST_TEST(s.defaulted.str() == "0.01%");
    BOOST_TEST(text(s.paid) == "3 100.00%; ");
    BOOST_TEST(text(s.recovery).empty());
}

/// Eighty days of payment become twenty parts, which together keep the mean.
BOOST_AUTO_TEST_CASE(many_days_become_twenty_parts)
{
    Books b;
    std::int64_t sum = 0;
    for (int n = 0; n < 800; ++n) {
        b.invoice("I" + std::to_string(n), 10000, "");
        b.event(Kind::payment, 10000, n % 80 - 50);
        sum += n % 80 - 50;
    }
    const FittedScope s = b.fit(long_after()).scopes.front();
    BOOST_TEST(s.paid.size() == 20U);
    std::int64_t shares = 0;
    std::int64_t weighted = 0;
    for (const auto& [days, share] : s.paid) {
        shares += share.in_ppb();
        weighted += days * share.in_ppb();
    }
    BOOST_TEST(shares == Rate::one);
    // Each part is moved by half a day at most.
    BOOST_TEST(std::abs(weighted * 800 / Rate::one - sum) <= 400);
}

/// What is written is read back as the assumptions that were fitted, whatever the names.
BOOST_AUTO_TEST_CASE(a_scenario_file_says_the_same)
{
    Books b = known();
    for (Invoice& i : b.ledger.invoices) {
        if (i.more.front().second == "B") i.more.front().second = "B \"poor\" \\";
    }
    const ScenarioFit fit = b.fit(long_after(), Scope::Kind::rating);
    const auto path = std::filesystem::temp_directory_path() / ("fit-" + std::to_string(getpid()) + ".toml");
    std::ofstream(path) << "name = \"fitted\"\n" << assumptions_toml(fit);
    const auto scenario = read_scenario(path.string());
    std::filesystem::remove(path);
    BOOST_REQUIRE_MESSAGE(scenario, scenario.error().front().message);
    std::size_t seen = 0;
    for (const Assumption& a : scenario->assumptions) {
        for (const FittedScope& s : fit.scopes) {
            if (s.of.name != a.of.name) continue;
            ++seen;
            if (a.kind == Assumption::Kind::timing) BOOST_TEST((a.paid == s.paid));
            if (a.kind == Assumption::Kind::default_) BOOST_TEST((a.recovery == s.recovery));
            if (a.kind == Assumption::Kind::default_) BOOST_TEST((a.share.constant == s.defaulted));
            if (a.kind == Assumption::Kind::dilution) BOOST_TEST((a.rate == s.dilution));
        }
    }
    BOOST_TEST(seen == 5U); // no [[default]] of AA
}

BOOST_AUTO_TEST_SUITE_END()
