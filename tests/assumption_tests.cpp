// What a scenario makes of the fate of one receivable.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <set>

#include "waterfall/assumption.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(assumption_tests)

namespace {

Receivable receivable(const std::string& id = "R-1")
{
    Receivable r;
    r.asset_id = id;
    r.obligor_group = "G1";
    r.due_date = Date::of(2019, 3, 1);
    r.current_balance = Money::fen(1'000'00);
    return r;
}

AssumptionContext context()
{
    AssumptionContext c;
    c.seed = 7;
    c.closing = c.owned = Date::of(2018, 11, 8);
    return c;
}

Fate paid_once()
{
    Fate fate;
    fate.payments.push_back({Date::of(2019, 3, 4), Money::fen(1'000'00), false});
    return fate;
}

Assumption whole(Assumption::Kind kind)
{
    Assumption a;
    a.kind = kind;
    a.share.constant = Rate::ppb(Rate::one);
    return a;
}

std::string text(const Fate& fate)
{
    std::string out;
    for (const auto& p : fate.payments) {
        out += p.date.str() + " " + p.amount.str() + (p.by_seller ? " seller;" : ";");
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_default_leaves_its_recoveries)
{
    Assumption a = whole(Assumption::Kind::default_);
    a.recovery = {{90, Rate::ppb(200'000'000)}, {180, Rate::ppb(100'000'000)}};
    const Fate fate = assumed({a}, context(), receivable(), paid_once());
    BOOST_TEST(text(fate) == "2019-05-30 200.00;2019-08-28 100.00;");
}

BOOST_AUTO_TEST_CASE(dilution_is_paid_by_the_seller_or_lost)
{
    Assumption a = whole(Assumption::Kind::dilution);
    a.rate = Rate::ppb(50'000'000);
    Fate fate = assumed({a}, context(), receivable(), paid_once());
    BOOST_TEST(text(fate) == "2019-03-04 950.00;");
    BOOST_TEST(fate.dilution.str() == "50.00");
    BOOST_TEST(fate.diluted_on.value().str() == "2019-02-19");
    a.made_good = true;
    BOOST_TEST(text(assumed({a}, context(), receivable(), paid_once())) ==
               "2019-02-24 50.00 seller;2019-03-04 950.00;");
}

BOOST_AUTO_TEST_CASE(what_is_late_is_taken_back)
{
    Assumption a = whole(Assumption::Kind::repurchase);
    a.days = 2; // paid on the fourth, three days after it fell due
    Fate fate = assumed({a}, context(), receivable(), paid_once());
    BOOST_TEST(fate.repurchased_on.value().str() == "2019-03-03");
    BOOST_TEST(text(fate).empty());
    a.days = 4;
    fate = assumed({a}, context(), receivable(), paid_once());
    BOOST_TEST(!fate.repurchased_on.has_value());
    BOOST_TEST(text(fate) == "2019-03-04 1000.00;");
    // A default comes first: all is unpaid, and its recoveries are the seller's.
    Assumption gone = whole(Assumption::Kind::default_);
    gone.recovery = {{90, Rate::ppb(200'000'000)}};
    fate = assumed({a, gone}, context(), receivable(), paid_once());
    BOOST_TEST(fate.repurchased_on.value().str() == "2019-03-05");
    BOOST_TEST(text(fate).empty());
}

BOOST_AUTO_TEST_CASE(who_stops_paying_pays_no_later_instalment)
{
    Assumption a = whole(Assumption::Kind::default_);
    a.share.points = {{Date::of(2019, 1, 1), Rate::ppb(200'000'000)},
                      {Date::of(2019, 6, 1), Rate::ppb(400'000'000)}};
    int stopped = 0;
    int more = 0;
    for (int i = 0; i < 500; ++i) {
        bool before = false;
        for (int month = 0; month < 10; ++month) {
            Receivable r = receivable("C" + std::to_string(i) + "." + std::to_string(month));
            r.contract_no = "C" + std::to_string(i);
            r.asset_type = AssetType::instalment;
            r.due_date = Date::of(2019, 2, 1).plus_months(month);
            const bool now = text(assumed({a}, context(), r, paid_once())).empty();
            BOOST_REQUIRE((now || !before));
            stopped += !before && now && month == 0;
            more += !before && now && month > 0;
            before = now;
        }
    }
    BOOST_TEST(stopped > 70); // a fifth of 500, and as many again in June
    BOOST_TEST(stopped < 130);
    BOOST_TEST(more > 70);
    BOOST_TEST(more < 130);
}

BOOST_AUTO_TEST_CASE(early_and_late_move_the_obligors_payments_only)
{
    Assumption early = whole(Assumption::Kind::early);
    early.days = 400;
    BOOST_TEST(text(assumed({early}, context(), receivable(), paid_once())) ==
               "2018-11-09 1000.00;");
    Assumption late = whole(Assumption::Kind::delay);
    late.days = 10;
    BOOST_TEST(text(assumed({late}, context(), receivable(), paid_once())) ==
               "2019-03-14 1000.00;");
}

BOOST_AUTO_TEST_CASE(a_larger_share_hits_the_same_and_more)
{
    std::set<std::string> small, large;
    for (int i = 0; i < 2000; ++i) {
        const std::string id = "R-" + std::to_string(i);
        if (drawn(15, "x", id, Rate::ppb(100'000'000))) small.insert(id);
        if (drawn(15, "x", id, Rate::ppb(300'000'000))) large.insert(id);
    }
    BOOST_TEST(std::includes(large.begin(), large.end(), small.begin(), small.end()));
    BOOST_TEST(small.size() > 150U);
    BOOST_TEST(small.size() < 250U);
    BOOST_TEST(large.size() > 530U);
    BOOST_TEST(large.size() < 670U);
}

BOOST_AUTO_TEST_CASE(curves_begin_on_their_dates_and_vectors_go_on)
{
    const Date closing = Date::of(2018, 11, 8);
    ShareCurve curve;
    curve.points = {{Date::of(2019, 1, 1), Rate::ppb(1)}, {Date::of(2019, 7, 1), Rate::ppb(2)}};
    BOOST_TEST(curve.at(Date::of(2018, 12, 31), closing).in_ppb() == 0);
    BOOST_TEST(curve.at(Date::of(2019, 1, 1), closing).in_ppb() == 1);
    BOOST_TEST(curve.at(Date::of(2020, 1, 1), closing).in_ppb() == 2);
    ShareCurve vector;
    vector.months = {Rate::ppb(1), Rate::ppb(2), Rate::ppb(3)};
    BOOST_TEST(vector.at(Date::of(2018, 12, 7), closing).in_ppb() == 1);
    BOOST_TEST(vector.at(Date::of(2018, 12, 8), closing).in_ppb() == 2);
    BOOST_TEST(vector.at(Date::of(2021, 1, 1), closing).in_ppb() == 3);
}

BOOST_AUTO_TEST_CASE(what_is_bought_may_be_worse)
{
    Assumption a = whole(Assumption::Kind::default_);
    a.of.kind = Scope::Kind::bought;
    AssumptionContext c = context();
    BOOST_TEST(text(assumed({a}, c, receivable(), paid_once())) == "2019-03-04 1000.00;");
    c.bought = true;
    BOOST_TEST(text(assumed({a}, c, receivable(), paid_once())).empty());
}

BOOST_AUTO_TEST_CASE(stress_multiplies_up_to_the_whole)
{
    Assumption a = whole(Assumption::Kind::default_);
    a.share.constant = Rate::ppb(600'000'000);
    AssumptionContext c = context();
    c.stress = Rate::ppb(2 * Rate::one);
    for (int i = 0; i < 50; ++i) {
        BOOST_TEST(
            text(assumed({a}, c, receivable("R-" + std::to_string(i)), paid_once())).empty());
    }
}

BOOST_AUTO_TEST_CASE(a_factor_multiplies_its_own_kind)
{
    const auto percent = [](const char* text) { return Rate::parse(text).value(); };
    BOOST_TEST(times(percent("40%"), percent("50%")).str() == "20.00%");
    BOOST_TEST(times(percent("80%"), percent("150%")).str() == "100.00%");
    Assumption late = whole(Assumption::Kind::delay);
    late.days = 5;
    AssumptionContext c = context();
    c.factors[Assumption::Kind::default_] = Rate{};
    BOOST_TEST(text(assumed({late, whole(Assumption::Kind::default_)}, c, receivable(),
                            paid_once())) == "2019-03-09 1000.00;");
}

/// 60% and 30% by half as much again are 90% and 45%, of which 10% are left; by half 30% and 15%.
BOOST_AUTO_TEST_CASE(no_more_is_recovered_than_was_unpaid)
{
    Assumption a = whole(Assumption::Kind::default_);
    a.recovery = {{90, Rate::ppb(600'000'000)}, {180, Rate::ppb(300'000'000)}};
    AssumptionContext c = context();
    c.factors.recovery = Rate::ppb(1'500'000'000);
    BOOST_TEST(text(assumed({a}, c, receivable(), paid_once())) ==
               "2019-05-30 900.00;2019-08-28 100.00;");
    c.factors.recovery = Rate::ppb(500'000'000);
    BOOST_TEST(text(assumed({a}, c, receivable(), paid_once())) ==
               "2019-05-30 300.00;2019-08-28 150.00;");
}

BOOST_AUTO_TEST_CASE(scopes_by_field)
{
    Receivable r = receivable();
    r.obligor_rating = "AA+";
    r.obligor_region = "310000";
    r.seller_code = "S1";
    const std::pair<Scope, bool> cases[]{{{Scope::Kind::rating, "AA+"}, true},
                                         {{Scope::Kind::rating, "AA"}, false},
                                         {{Scope::Kind::region, "310000"}, true},
                                         {{Scope::Kind::region, "110000"}, false},
                                         {{Scope::Kind::supplier, "S1"}, true},
                                         {{Scope::Kind::supplier, "G1"}, false}};
    for (const auto& [scope, covered] : cases) {
        BOOST_TEST_CONTEXT(scope.words()) BOOST_TEST(scope.covers(r, false) == covered);
    }
}

/// A tape's free text stays as it was signed, and is the name that a scenario means all the same.
BOOST_AUTO_TEST_CASE(names_of_a_tape_are_plain_ones)
{
    Receivable r = receivable();
    const Scope of{Scope::Kind::rating, "AA+"};
    for (const char* cell : {"AA+ ", " AA+", "\u3000AA+\u3000", "ＡＡ＋", "\tＡA+"}) {
        r.obligor_rating = cell;
        BOOST_TEST_CONTEXT(cell) BOOST_TEST(of.covers(r, false));
    }
    for (const char* cell : {"", " ", "A A+", "AA", "级AA+", "ＡＡ"}) {
        r.obligor_rating = cell;
        BOOST_TEST_CONTEXT(cell) BOOST_TEST(!of.covers(r, false));
    }
    r.obligor_region = "　上海 ";
    r.obligor_industry = "制造业（汽车）";
    BOOST_TEST((Scope{Scope::Kind::region, "上海"}.covers(r, false)));
    BOOST_TEST((Scope{Scope::Kind::industry, "制造业(汽车)"}.covers(r, false)));
}

/// Timing replaces all that would have been: of many receivables each day gets its share, by one lot.
BOOST_AUTO_TEST_CASE(timing_is_one_lot_for_each_receivable)
{
    Assumption early = whole(Assumption::Kind::timing);
    early.paid = {{-200, Rate::ppb(Rate::one)}};
    Assumption a = early;
    a.of = {Scope::Kind::group, "G1"};
    a.paid = {{-5, Rate::ppb(Rate::one / 4)}, {0, Rate::ppb(0)}, {10, Rate::ppb(Rate::one / 4 * 3)}};
    int before = 0;
    for (int n = 0; n < 2000; ++n) {
        Fate fate = paid_once();
        fate.diluted_on = Date::of(2019, 2, 1);
        fate.dilution = Money::fen(1);
        const Fate out = assumed({early, a}, context(), receivable("R-" + std::to_string(n)), fate);
        BOOST_TEST((!out.diluted_on && out.dilution == zero));
        const std::string said = text(out);
        before += said == "2019-02-24 1000.00;" ? 1 : 0;
        BOOST_TEST((said == "2019-02-24 1000.00;" || said == "2019-03-11 1000.00;"));
    }
    BOOST_TEST((before > 440 && before < 560)); // 500 expected, standard deviation 19
    // The last that covers it counts; nothing is paid before the day after it is owned.
    BOOST_TEST(text(assumed({a, early}, context(), receivable(), paid_once())) == "2018-11-09 1000.00;");
    // What else is assumed, and of whom, does not change on which day the lot falls.
    Assumption elsewhere = whole(Assumption::Kind::default_);
    elsewhere.of = {Scope::Kind::group, "nobody"};
    for (int n = 0; n < 50; ++n) {
        const Receivable r = receivable("R-" + std::to_string(n));
        BOOST_TEST(text(assumed({a}, context(), r, paid_once())) ==
                   text(assumed({elsewhere, a}, context(), r, paid_once())));
    }
    // Others act on what it gives.
    Assumption lost = whole(Assumption::Kind::default_);
    BOOST_TEST(text(assumed({lost, early}, context(), receivable(), paid_once())).empty());
}

BOOST_AUTO_TEST_SUITE_END()
