// Papers: under random lives, whatever figure two papers name is the same, to the fen; and every
// figure that is compared would be missed if it were another one. SPDX-License-Identifier:
// Apache-2.0
#include <boost/test/unit_test.hpp>

#include <map>

#include <fmt/core.h>

#include "cmd/report_fields.hpp"
#include "tests/papers_walk.hpp"
#include "tests/random_life.hpp"
#include "tests/seed.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(papers_tests)

namespace {

/// Adds to one amount of a paper.
void mutate(
    Json& paper, const std::string& table, std::size_t row, const std::string& key, Money by)
{
    Json& cell = table.empty() ? paper[key] : paper[table].as_array()[row][key];
    cell = Json(*Money::parse(cell.as_string()) + by);
}

} // namespace

BOOST_AUTO_TEST_CASE(all_papers_agree_to_the_fen)
{
    const std::uint64_t lives = test_torture() > 1 ? 40 * test_torture() : 12;
    std::size_t compared = 0, effects = 0, purchases = 0, defaults = 0;
    for (std::uint64_t i = 0; i < lives; ++i) {
        const Life life(test_seed() * 1'000 + i);
        const ReportDeal& deal = life.books.deals().at("small");
        const Walk walk(papers_of(deal));
        for (const std::string& wrong : walk.disagreements())
            BOOST_ERROR(fmt::format("life {}: {}", i, wrong));
        compared += walk.compared();
        effects += deal.effects.size();
        for (const ReportDay& day : deal.days) {
            purchases += day.sheet.bought.size();
            defaults += static_cast<std::size_t>(day.sheet.defaults);
        }
    }
    // What was compared was worth comparing.
    BOOST_TEST(compared > lives * 250);
    BOOST_TEST(effects > 0);
    BOOST_TEST(purchases > lives);
    BOOST_TEST(defaults > lives);
}

BOOST_AUTO_TEST_CASE(what_the_bank_has_not_paid_is_not_paid)
{
    const Life life(1, Turn::late);
    const ReportDeal& deal = life.books.deals().at("small");
    const Papers papers = papers_of(deal);
    const Json& last = deal.distributions.back(); // 2019-07-26
    const auto paid_on = [&](const char* paper, const char* table) {
        return text_in(list_in(papers.at(paper), table).back(), "paid_on");
    };
    BOOST_REQUIRE(money_in(last, "total") > zero);
    BOOST_TEST(paid_on("year 2019", "distributions") == "not paid yet");
    BOOST_TEST(paid_on("year 2020", "distributions") == "2020-01-02");
    BOOST_TEST(paid_on("trustee 2019-07-26", "recomputed") == "2020-01-02");
    const GovernanceLog members(ChainState::from_genesis(alliance()));
    const PaperChain chain{members, 1, true};
    const auto unpaid = [&](const char* day) {
        Answer answer("tranchain.report.interim/1");
        interim_paper({deal, chain, deal.program.closing, date(day)}, PaperWords{}, answer);
        return list_in(*parse_json(answer.as_json()), "facts").front();
    };
    BOOST_TEST(text_in(unpaid("2019-08-26"), "due") == "yes");
    Money arrears, interest;
    for (const Json& line : list_in(last, "tranches")) {
        arrears += money_in(line, "arrears");
        interest += money_in(line, "interest_paid");
    }
    BOOST_TEST((money_in(unpaid("2020-01-01"), "measured") == arrears + interest));
    BOOST_TEST((money_in(unpaid("2020-01-02"), "measured") == arrears));
}

BOOST_AUTO_TEST_CASE(a_break_is_shown_beside_the_books_and_its_correction_is_listed)
{
    Life life(1, Turn::charged);
    const ReportDeal& deal = life.books.deals().at("small");
    const auto cash = [&] { return list_in(papers_of(deal).at("annual"), "cash"); };
    const auto accounts = [&] { return list_in(papers_of(deal).at("annual"), "accounts"); };
    BOOST_TEST((money_in(cash().back(), "amount") == life.cash()));
    BOOST_TEST(text_in(cash().at(6), "amount") == "-50.00");
    BOOST_TEST((money_in(cash().at(5), "amount") == life.cash() + yuan("50.00")));
    BOOST_TEST(text_in(accounts().back(), "closing") == "50.00");
    BOOST_TEST(list_in(papers_of(deal).at("regulator"), "borne").empty());
    life.correct();
    BOOST_TEST(cash().size() == 6U);
    BOOST_TEST((money_in(cash().back(), "amount") == life.cash()));
    BOOST_TEST(text_in(accounts().back(), "closing") == "0.00");
    const Papers after = papers_of(deal);
    const Json& borne = list_in(after.at("regulator"), "borne").at(0);
    BOOST_TEST(text_in(borne, "date") == "2019-07-30");
    BOOST_TEST(text_in(borne, "amount") == "50.00");
    BOOST_TEST(text_in(borne, "ledger") == "principal");
    BOOST_TEST(text_in(borne, "reason") == "the yearly fee");
}

BOOST_AUTO_TEST_CASE(one_fen_more_in_any_of_these_is_found)
{
    const Life life(test_seed());
    Papers papers = papers_of(life.books.deals().at("small"));
    BOOST_REQUIRE(Walk(papers).disagreements().empty());
    const std::map<std::string, std::map<std::string, std::vector<std::string>>> compared{
        {"distribution",
         {{"", {"total"}},
          {"tranches",
           {"opening", "interest_due", "interest_paid", "principal_paid", "residual_paid",
            "arrears", "closing"}},
          {"instruction", {"amount"}}}},
        {"servicing", {{"pool", {"face"}}, {"purchases", {"face", "price"}}}},
        {"custody", {{"accounts", {"opening", "in", "out", "closing"}}, {"payments", {"amount"}}}},
        {"trustee", {{"pool", {"face"}}, {"recomputed", {"total"}}}},
        {"investor",
         {{"payments",
           {"interest_paid", "principal_paid", "residual_paid", "arrears", "closing"}}}},
        {"annual",
         {{"pool", {"face"}},
          {"cash", {"amount"}},
          {"tranches", {"interest_paid", "principal_paid", "residual_paid", "closing"}},
          {"distributions", {"total"}},
          {"fees", {"accrued", "paid", "above_cap_paid", "unpaid"}},
          {"caps", {"cap", "paid", "left"}}}},
        {"regulator",
         {{"", {"outstanding", "pool"}}, {"losses", {"defaulted", "lost", "recovered", "net"}}}}};
    std::size_t mutants = 0;
    for (auto& [name, paper] : papers) {
        const auto of = compared.find(name.substr(0, name.find(' ')));
        if (of == compared.end()) continue;
        for (const auto& [table, keys] : of->second) {
            const std::size_t rows = table.empty() ? 1 : list_in(paper, table).size();
            for (const std::string& key : keys) {
                for (std::size_t row = 0; row < rows; ++row) {
                    mutate(paper, table, row, key, Money::fen(1));
                    BOOST_TEST(!Walk(papers).disagreements().empty(),
                               fmt::format("'{}' {} {} row {}", name, table, key, row));
                    mutate(paper, table, row, key, Money::fen(-1));
                    ++mutants;
                }
            }
        }
    }
    BOOST_TEST(mutants > 200);
}

BOOST_AUTO_TEST_SUITE_END()
