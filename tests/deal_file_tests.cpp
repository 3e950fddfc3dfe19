// Deal files: all problems of a file in one run, each at its place.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <random>

#include "data/csv.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/check.hpp"
#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/program_json.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(deal_file_tests)

namespace {

std::string sample()
{
    return read_file("data/deal/jdht-2018-6.toml").value();
}

std::string with(const std::string& from, const std::string& to)
{
    std::string text = sample();
    const std::size_t where = text.find(from);
    BOOST_REQUIRE(where != std::string::npos);
    return text.replace(where, from.size(), to);
}

Errors errors_of(const std::string& text)
{
    const auto deal = parse_deal(text, "x.toml");
    BOOST_REQUIRE(!deal.has_value());
    return deal.error();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_sample_reads)
{
    const auto deal = parse_deal(sample(), "x.toml");
    if (!deal) BOOST_FAIL(deal.error().front().message);
    BOOST_TEST(deal->program.fees.size() == 5U);
    BOOST_TEST((deal->program.fees[0].kind == Fee::Kind::flat_rate));
    BOOST_TEST((deal->program.fees[1].kind == Fee::Kind::annual_rate));
    BOOST_TEST((deal->program.fees[4].kind == Fee::Kind::annual_amount));
    BOOST_TEST(deal->program.criteria.size() == 5U);
    BOOST_TEST(deal->program.limits.size() == 2U);
    BOOST_TEST(deal->program.purchase->settle_days == 1);
    const Step& line = deal->program.priorities.at(Phase::revolving).income[1];
    BOOST_TEST(line.clause.number == "priority.revolving.income.2");
    BOOST_TEST(line.clause.text ==
               "pay custody, management, rating pro rata up to 700000.00 a year");
    BOOST_TEST(line.clause.line == 98);
    BOOST_TEST(line.clause.column == 23);
}

BOOST_AUTO_TEST_CASE(a_letter_in_a_rate)
{
    const Errors errors = errors_of(with("4.10%", "5.8O%"));
    BOOST_REQUIRE_EQUAL(errors.size(), 1U);
    BOOST_TEST(errors[0].message == "rate '5.8O%' of tranche 'A' is not a percentage");
    BOOST_TEST(errors[0].where.line == 17);
    BOOST_TEST(errors[0].where.column == 11);
    BOOST_TEST(errors[0].where.length == 5);
}

BOOST_AUTO_TEST_CASE(a_date_that_does_not_exist)
{
    const Errors errors = errors_of(with("2018-11-08", "2018-02-30"));
    BOOST_REQUIRE_EQUAL(errors.size(), 1U);
    BOOST_TEST(errors[0].where.line == 6);
}

BOOST_AUTO_TEST_CASE(a_fee_paid_and_never_declared)
{
    const Errors errors = errors_of(with("\"pay servicing\"", "\"pay audit\""));
    BOOST_REQUIRE_EQUAL(errors.size(), 1U);
    BOOST_TEST(errors[0].message == "fee 'audit' is paid but never declared");
    BOOST_TEST(errors[0].where.line == 98);
    BOOST_TEST(errors[0].where.column == 94);
}

BOOST_AUTO_TEST_CASE(all_problems_in_one_run_and_in_order)
{
    std::string text = sample();
    const auto swap = [&](const std::string& from, const std::string& to) {
        text.replace(text.find(from), from.size(), to);
    };
    swap("rank = 2", "rank = 0");
    swap("T+1", "T+0");
    swap("of = \"income collected\"", "of = \"income colected\"");
    swap("then = \"accelerate\"", "then = \"accellerate\"");
    swap("[support]", "[suport]");
    swap("currency", "curency");
    const Errors errors = errors_of(text);
    BOOST_REQUIRE(errors.size() >= 6U);
    for (std::size_t i = 1; i < errors.size(); ++i) {
        BOOST_TEST(errors[i - 1].where.line <= errors[i].where.line);
    }
    BOOST_TEST(errors[0].where.line == 4);
}

BOOST_AUTO_TEST_CASE(ids)
{
    BOOST_TEST(errors_of(with("id = \"B\"", "id = \"A\""))[0].message ==
               "tranche 'A' is declared twice");
    BOOST_TEST(errors_of(with("id = \"vat\"", "id = \"rest\""))[0].message ==
               "'rest' is a word of the clauses and cannot be an id");
    BOOST_TEST(errors_of(with("id = \"vat\"", "id = \"1x\""))[0].message == "'1x' cannot be an id");
}

BOOST_AUTO_TEST_CASE(states_and_schedules)
{
    BOOST_TEST(errors_of(with("[priority.accelerated]", "[priority.acelerated]"))[0].hint ==
               "did you mean 'accelerated'?");
    BOOST_TEST(errors_of(with("until = 2020-11-08\n", ""))[0].message ==
               "'until' of the revolving period is missing");
    BOOST_TEST(errors_of(with("\"act/365f\"", "\"act/365\""))[0].hint ==
               "did you mean 'act/365f'?");
    BOOST_TEST(errors_of(with("roll = \"following\"", "roll = \"folowing\""))[0].hint ==
               "did you mean 'following'?");
}

BOOST_AUTO_TEST_CASE(empty_and_truncated_files)
{
    BOOST_TEST(errors_of("")[0].message == "the file is empty");
    const std::string text = sample();
    for (std::size_t n = 1; n < text.size(); n += 97) {
        (void)parse_deal(text.substr(0, n), "x.toml"); // an error or a smaller deal, never a crash
    }
}

/// Whatever is done to a file: an error, or a deal that compiles and is stored and read back alike.
BOOST_AUTO_TEST_CASE(damaged_files_never_break_the_reader)
{
    const std::string whole = sample();
    std::mt19937 random(20181108);
    const std::string_view pieces[] = {"0", "9", "\"", "[", "]",
                                       "%", "-", " ",  "A", "9999999999999"};
    int accepted = 0;
    for (int round = 0; round < 400; ++round) {
        std::string text = whole;
        for (unsigned change = 0; change < 1 + random() % 3; ++change) {
            const std::size_t at = random() % text.size();
            text.replace(at, random() % 3, pieces[random() % std::size(pieces)]);
        }
        const auto deal = parse_deal(text, "x.toml");
        if (!deal) {
            BOOST_TEST(!deal.error().empty());
            continue;
        }
        const auto program = compile(*deal);
        (void)check_deal(*deal, program ? &*program : nullptr);
        if (!program) continue;
        ++accepted;
        const std::string bytes = to_json(*program).canonical();
        const auto json = parse_canonical(bytes);
        BOOST_REQUIRE_MESSAGE(json.has_value(), text);
        const auto back = program_from_json(*json);
        BOOST_REQUIRE_MESSAGE(back.has_value(), text);
        BOOST_TEST(to_json(*back).canonical() == bytes);
    }
    BOOST_TEST(accepted > 0);
}

BOOST_AUTO_TEST_CASE(other_sources_and_parties)
{
    const auto deal = parse_deal(sample() + R"(
[[source]]
id = "plan"
type = "statement"
by = "custodian"
latest_days = 5
instead = "trustee"
[approvals]
distribution = ["custodian", "trustee"]
[authors]
insolvency = ["trustee"]
)",
                                 "x.toml");
    if (!deal) BOOST_FAIL(deal.error().front().message);
    BOOST_TEST(deal->program.sources.size() == 1U);
    BOOST_TEST(deal->program.sources[0].latest_days == 5);
    BOOST_TEST(deal->program.approvals.at("distribution").size() == 2U);
    BOOST_TEST(deal->program.authors.at("insolvency").size() == 1U);
    BOOST_TEST(deal->program.authors.at("terms").size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
