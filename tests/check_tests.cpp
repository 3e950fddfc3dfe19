// Check: every finding has a deal that shows it, and the sample deal shows none.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <set>

#include "data/csv.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/check.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(check_tests)

namespace {

struct Change {
    const char* id;
    std::vector<std::pair<std::string, std::string>> replace; ///< every occurrence
};

std::string changed(const Change& change)
{
    std::string text = read_file("data/deal/jdht-2018-6.toml").value();
    for (const auto& [from, to] : change.replace) {
        std::size_t at = text.find(from);
        BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
        for (; at != std::string::npos; at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
    }
    return text;
}

DealJudgement judge(const std::string& text)
{
    const auto deal = parse_deal(text, "x.toml");
    if (!deal) BOOST_FAIL(deal.error().front().message);
    const auto program = compile(*deal);
    return check_deal(*deal, program ? &*program : nullptr);
}

const std::string accelerate_trigger = "then = \"accelerate\"";

const std::vector<Change> changes{
    {"sizes-differ", {{"unit = \"100.00\"", "unit = \"100.00\"\nsize = \"1500000100.00\""}}},
    {"reserve-never-funded",
     {{"[[fee]]\nid = \"vat\"",
       "[[reserve]]\nid = \"cash\"\ntarget = \"1.00\"\n[[fee]]\nid = \"vat\""}}},
    {"reserve-never-released",
     {{"[[fee]]\nid = \"vat\"", "[[reserve]]\nid = \"cash\"\ntarget = \"1.00\"\nopening = "
                               "\"1.00\"\n[[fee]]\nid = \"vat\""}}},
    {"reserve-merged",
     {{"[[fee]]\nid = \"vat\"", "[[reserve]]\nid = \"cash\"\ntarget = \"1.00\"\nopening = "
                               "\"1.00\"\n[[fee]]\nid = \"vat\""},
      {"\"pay interest A\", \"pay principal A\", \"pay interest B\"",
       "\"pay interest A supported by cash\", \"pay principal A\", \"pay interest B\""}}},
    {"reserve-released-early",
     {{"[[fee]]\nid = \"vat\"", "[[reserve]]\nid = \"cash\"\ntarget = \"1.00% * balance A\"\nopening = "
                               "\"1.00\"\n[[fee]]\nid = \"vat\""},
      {"\"cover income shortfall\", \"pay principal A\"",
       "\"cover income shortfall\", \"release reserve cash\", \"pay principal A\""}}},
    {"facility-unpaid-in-state",
     {{"[[fee]]\nid = \"vat\"", "[[facility]]\nid = \"line\"\nprovider = \"bank\"\nlimit = "
                               "\"1.00\"\n[[fee]]\nid = \"vat\""},
      {"\"pay interest A\", \"pay principal A\", \"pay interest B\"",
       "\"pay interest A\", \"repay facility line\", \"pay principal A\", \"pay interest B\""}}},
    {"facility-never-drawn",
     {{"[[fee]]\nid = \"vat\"", "[[facility]]\nid = \"line\"\nprovider = \"bank\"\nlimit = "
                               "\"1.00\"\n[[fee]]\nid = \"vat\""}}},
    {"facility-never-repaid",
     {{"[[fee]]\nid = \"vat\"", "[[facility]]\nid = \"line\"\nprovider = \"bank\"\nlimit = "
                               "\"1.00\"\n[[fee]]\nid = \"vat\""}}},
    {"facility-cost-unpaid",
     {{"[[fee]]\nid = \"vat\"", "[[facility]]\nid = \"line\"\nprovider = \"bank\"\nlimit = "
                               "\"1.00\"\npremium = \"0.10%\"\n[[fee]]\nid = \"vat\""}}},
    {"no-whole-units", {{"419250000.00", "419250050.00"}}},
    {"face-not-positive", {{"419250000.00", "0.00"}}},
    {"rank-twice", {{"rank = 2", "rank = 1"}}},
    {"rank-order",
     {{"\"pay principal A\", \"pay principal B\"", "\"pay principal B\", \"pay principal A\""}}},
    {"date-order", {{"cut_off = 2018-09-30", "cut_off = 2018-12-30"}}},
    {"date-order", {{"until = 2020-11-08", "until = 2022-11-08"}}},
    {"first-date", {{"first = 2019-02-26", "first = 2019-02-25"}}},
    {"first-date", {{"first = 2019-02-26", "first = 2018-11-26"}}},
    {"calendar-missing",
     {{"roll = \"following\"\ncalendar = \"china-bank and china-exchange\"", ""}}},
    {"schedule-missing",
     {{"[[schedule]]\nduring = \"amortization, accelerated, default\"\npay = \"26 monthly\"\n"
       "roll = \"following\"\ncalendar = \"china-bank and china-exchange\"\n",
       ""}}},
    {"timetable-impossible", {{"pay = \"26 monthly\"", "pay = \"5 monthly\""}}},
    {"rating-order", {{"rating = \"AAA\"", "rating = \"A+\""}}},
    {"due-too-late", {{"due date <= 2020-12-31", "due date <= 2021-01-31"}}},
    {"due-too-late", {{"\"due date <= 2020-12-31\", ", ""}}},
    {"money-unclaimed", {{"\"buy receivables\", \"keep rest\"", "\"buy receivables\""}}},
    {"timetable-order", {{"calculation + 7 china-bank", "calculation + 9 china-bank"}}},
    {"timetable-order", {{"T-1 china-exchange", "T-30 china-exchange"}}},
    {"timetable-impossible", {{"T-3 china-bank", "T-20 china-bank"}}},
    {"state-without-priority",
     {{"[priority.default]\nall = [\"pay vat\", \"pay custody, management, rating\", \"pay "
       "servicing\", "
       "\"pay interest A\", \"pay principal A\", \"pay interest B\", \"pay principal B\", \"pay "
       "rest to "
       "SUB\"]\n",
       ""}}},
    {"state-unreachable", {{"then = \"default\"", "then = \"accelerate\""}}},
    {"fee-never-paid",
     {{"[[schedule]]\nduring = \"revolving\"",
       "[[fee]]\nid = \"audit\"\namount = \"1.00\"\nper = \"year\"\n"
       "[[schedule]]\nduring = \"revolving\""}}},
    {"fee-unpaid-in-state",
     {{"\"pay custody, management, rating\"", "\"pay custody, management\""}}},
    {"interest-never-paid",
     {{"\"pay principal A\", \"pay interest B\", ", "\"pay principal A\", "}}},
    {"principal-never-paid",
     {{"\"pay principal B\", \"pay fees above cap\"", "\"pay fees above cap\""}}},
    {"cap-without-line", {{"\"cover losses\", \"pay fees above cap\", ", "\"cover losses\", "}}},
    {"line-without-cap", {{" pro rata up to 700000.00 a year", ""}}},
    {"line-after-rest",
     {{"\"buy receivables\", \"keep rest\"", "\"keep rest\", \"buy receivables\""}}},
    {"line-in-wrong-ledger", {{"\"keep rest\"", "\"cover losses\", \"keep rest\""}}},
    {"buy-out-of-place",
     {{"\"pay principal SUB\", \"pay rest to SUB\"", "\"buy receivables\", \"pay rest to SUB\""}}},
    {"purchase-undefined",
     {{"[purchase]\nprice = \"face * (1 - 7.00% * days to due / 365)\"\nsettle = \"T+1\"\n", ""}}},
    {"purchase-unused", {{"\"buy receivables\", ", ""}}},
    {"yield-unreachable", {{"\"tenor <= 180 days\"", "\"tenor <= 180 days\", \"yield >= 7.50%\""}}},
    {"measure-without-data", {{"interest A unpaid", "interest SUB unpaid"}}},
    {"measure-without-data",
     {{"limits = [\"obligor group <= 10%\", \"top 5 obligor groups <= 40%\"]", ""},
      {"interest A unpaid > 0.00", "excess concentration > 0.00"}}},
    {"trigger-constant", {{"interest A unpaid > 0.00", "1.00 > 0.00"}}},
    {"trigger-never-fires", {{"30 consecutive days", "3000 consecutive days"}}},
    {"trigger-never-fires", {{"for = \"30 consecutive days\"", "for = \"9 consecutive periods\""}}},
    {"trigger-never-fires", {{"then = \"default\"", "then = \"accelerate\"\nduring = \"default\""}}},
    {"stop-without-buying",
     {{"[purchase]\nprice = \"face * (1 - 7.00% * days to due / 365)\"\nsettle = \"T+1\"\n", ""},
      {"then = \"accelerate\"", "then = \"stop buying\""}}},
    {"support-without-claim", {{"covers = [\"interest A\"", "covers = [\"interest SUB\""}}},
    {"support-not-drawn",
     {{"[[fee]]\nid = \"vat\"",
       "[[reserve]]\nid = \"gap\"\ntarget = \"0.00\"\n[[fee]]\nid = \"vat\""},
      {"pays = \"T-3 china-bank\"", "pays = \"T-3 china-bank\"\ninto = \"gap\""}}},
    {"support-elsewhere",
     {{"[[fee]]\nid = \"vat\"", "[[reserve]]\nid = \"gap\"\ntarget = \"0.00\"\nopening = "
                               "\"1.00\"\n[[fee]]\nid = \"vat\""},
      {"pays = \"T-3 china-bank\"", "pays = \"T-3 china-bank\"\ninto = \"gap\""}}},
    {"source-incomplete",
     {{"[support]", "[[source]]\nid = \"plan\"\ntype = \"statement\"\nby = \"custodian\"\n"
                    "instead = \"custodian\"\n[support]"}}},
};

} // namespace

BOOST_AUTO_TEST_CASE(the_sample_deal_is_sound)
{
    const DealJudgement judged = judge(changed({"", {}}));
    for (const Error& e : judged.findings) BOOST_ERROR(e.id + ": " + e.message);
    BOOST_TEST(judged.notes.empty());
}

BOOST_AUTO_TEST_CASE(every_finding_is_found_at_a_place)
{
    std::set<std::string_view> shown;
    for (const Change& change : changes) {
        BOOST_TEST_CONTEXT(change.id << ": " << change.replace.front().second)
        {
            const DealJudgement judged = judge(changed(change));
            const Error* found = nullptr;
            for (const Error& e : judged.findings) {
                if (e.id == change.id) found = &e;
            }
            BOOST_REQUIRE(found != nullptr);
            BOOST_TEST(found->where.line > 0);
            BOOST_TEST(found->where.column > 0);
            BOOST_TEST((found->code == Code::answer_no));
            shown.insert(change.id);
        }
    }
    for (const FindingMeaning& f : deal_findings) {
        if (f.meaning.starts_with("note: ")) continue;
        BOOST_TEST_CONTEXT(f.id) BOOST_TEST(shown.contains(f.id));
    }
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_add_up)
{
    const DealJudgement judged = judge(
        changed({"", {{"unit = \"100.00\"", "unit = \"100.00\"\nsize = \"1500000100.00\""}}}));
    BOOST_REQUIRE_EQUAL(judged.findings.size(), 1U);
    BOOST_TEST(judged.findings[0].message ==
               "size 1500000100.00 is not the sum of the faces, 1500000000.00");
    BOOST_TEST(judged.findings[0].hint == "the difference is 100.00");
    BOOST_TEST(judged.findings[0].where.line == 11);
}

BOOST_AUTO_TEST_CASE(an_obligor_that_must_be_disclosed_is_a_note)
{
    DealJudgement judged = judge(changed({"", {{"obligor group <= 10%", "obligor group <= 15%"}}}));
    BOOST_TEST(judged.notes.empty());
    judged = judge(changed({"", {{"obligor group <= 10%", "obligor group <= 15.01%"}}}));
    BOOST_TEST(judged.findings.empty());
    BOOST_REQUIRE_EQUAL(judged.notes.size(), 1U);
    BOOST_TEST(judged.notes[0].id == "obligor-share");
    BOOST_TEST(judged.notes[0].message == "one obligor may be 15.01% of the pool");
    judged = judge(changed({"", {{"\"obligor group <= 10%\", ", ""}}}));
    BOOST_REQUIRE_EQUAL(judged.notes.size(), 1U);
    BOOST_TEST(judged.notes[0].where.line == 31);
}

/// Accrued and never paid is a finding; paid and never declared does not even read.
BOOST_AUTO_TEST_CASE(a_fee_that_is_paid_and_never_accrues_is_an_error)
{
    const auto deal = parse_deal(
        changed({"", {{"[[fee]]\nid = \"rating\"\namount = \"100000.00\"\nper = \"year\"\n", ""}}}),
        "x.toml");
    BOOST_REQUIRE(!deal.has_value());
    BOOST_TEST(deal.error().front().message == "fee 'rating' is paid but never declared");
}

BOOST_AUTO_TEST_CASE(dates_past_the_calendars_are_a_note)
{
    const DealJudgement judged =
        judge(changed({"", {{"legal_final = 2023-02-26", "legal_final = 2030-02-26"}}}));
    BOOST_TEST(judged.findings.empty());
    BOOST_REQUIRE_EQUAL(judged.notes.size(), 1U);
    BOOST_TEST(judged.notes[0].id == "dates-provisional");
}

BOOST_AUTO_TEST_SUITE_END()
