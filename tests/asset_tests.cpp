// Asset adapters: schedules worked by hand, contract lists with their problems, tapes of payments.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <random>

#include "waterfall/asset/contracts.hpp"
#include "waterfall/asset/instalment.hpp"
#include "waterfall/asset/sample.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(asset_tests)

namespace {

InstalmentTerms terms(Method method, const char* principal, const char* rate, std::int64_t count)
{
    InstalmentTerms t;
    t.method = method;
    t.principal = Money::parse(principal).value();
    t.rate = Rate::parse(rate).value();
    t.count = count;
    t.first = Date::of(2019, 1, 31);
    return t;
}

/// `principal+charge` of each payment.
std::string text(const std::vector<Due>& schedule)
{
    std::string out;
    for (const Due& due : schedule) {
        out += (out.empty() ? "" : " ") + due.principal.str() + "+" + due.charge.str();
    }
    return out;
}

const std::string header = "contract_no,asset_type,snapshot_date,contract_date,seller_code,"
                           "obligor_code,method,principal,rate,instalments,first_due,balloon,"
                           "due_date,charge,face,advance,paid\n";
const std::string seller = "91110105MA6250971D";

std::string line(const std::string& head, const std::string& tail)
{
    return head + ",2019-01-10,2019-01-01," + seller + "," + tail + "\n";
}

std::vector<AssetContract> read(const std::string& rows)
{
    auto contracts = parse_contracts(header + rows, "c.csv");
    if (!contracts) BOOST_FAIL(contracts.error().front().message);
    return std::move(*contracts);
}

/// All problems as `line:column message`.
std::vector<std::string> problems(const std::string& rows)
{
    std::vector<std::string> out;
    const auto contracts = parse_contracts(header + rows, "c.csv");
    if (contracts) return out;
    for (const Error& e : contracts.error()) {
        out.push_back(std::to_string(e.where.line) + ":" + std::to_string(e.where.column) + " " +
                      e.message);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(level_instalments_of_ten_thousand)
{
    // 10,000.00 at 1% a month, twelve times: the annuity is 888.4878..., so 888.49; by hand the
    // first month's interest is 100.00, the last one's 1% of 879.67.
    const auto schedule = instalments(terms(Method::level, "10000.00", "12.00%", 12));
    BOOST_TEST(text(schedule) ==
               "788.49+100.00 796.37+92.12 804.34+84.15 812.38+76.11 820.51+67.98 828.71+59.78 "
               "837.00+51.49 845.37+43.12 853.82+34.67 862.36+26.13 870.98+17.51 879.67+8.80");
    BOOST_TEST(schedule[1].date.str() == "2019-02-28");
    BOOST_TEST(schedule[2].date.str() == "2019-03-31");
}

BOOST_AUTO_TEST_CASE(the_other_methods)
{
    // 1,000.00 in three: 333.33 and the rest, 1% of 1,000.00, 666.67 and 333.34.
    BOOST_TEST(text(instalments(terms(Method::even, "1000.00", "12.00%", 3))) ==
               "333.33+10.00 333.33+6.67 333.34+3.33");
    BOOST_TEST(text(instalments(terms(Method::interest_only, "1000.00", "12.00%", 3))) ==
               "0.00+10.00 0.00+10.00 1000.00+10.00");
    // 0.60% of the principal each time.
    BOOST_TEST(text(instalments(terms(Method::flat_fee, "1000.00", "0.60%", 3))) ==
               "333.33+6.00 333.33+6.00 333.34+6.00");
    // 208.02 three times leaves 399.98 of the balloon's 400.00; 208.01 would leave 400.01.
    InstalmentTerms balloon = terms(Method::balloon, "1000.00", "12.00%", 3);
    balloon.balloon = Money::parse("400.00").value();
    BOOST_TEST(text(instalments(balloon)) == "198.02+10.00 200.00+8.02 601.98+6.02");
    // Without interest the sum is the third part, rounded up.
    BOOST_TEST(text(instalments(terms(Method::level, "1000.00", "0.00%", 3))) ==
               "333.34+0.00 333.34+0.00 333.32+0.00");
    BOOST_TEST(text(instalments(terms(Method::flat_fee, "0.01", "1.00%", 3))) ==
               "0.00+0.00 0.00+0.00 0.01+0.00");
}

BOOST_AUTO_TEST_CASE(principals_add_up_and_nothing_is_left)
{
    std::mt19937 random(5);
    for (int i = 0; i < 2000; ++i) {
        InstalmentTerms t;
        t.method = static_cast<Method>(random() % 5);
        t.principal = Money::fen(1 + static_cast<std::int64_t>(random() % 10'000'000));
        t.rate = Rate::ppb(static_cast<std::int64_t>(random() % 400'000'000));
        t.count = 1 + static_cast<std::int64_t>(random() % 36);
        t.first = Date::of(2019, 1, 15);
        t.balloon = scale(t.principal, static_cast<std::int64_t>(random() % 101), 100,
                          Rounding::down);
        const auto schedule = instalments(t);
        BOOST_REQUIRE(schedule.size() == static_cast<std::size_t>(t.count));
        Money sum;
        for (const Due& due : schedule) {
            BOOST_REQUIRE(due.principal >= zero);
            BOOST_REQUIRE(due.charge >= zero);
            sum += due.principal;
        }
        BOOST_REQUIRE(sum == t.principal);
        if (t.method != Method::level) continue;
        const Money first = schedule.front().face();
        for (std::size_t k = 0; k + 1 < schedule.size(); ++k) {
            BOOST_REQUIRE((schedule[k].face() == first || schedule[k].principal == zero ||
                           schedule[k + 1].face() == zero));
        }
        BOOST_REQUIRE(schedule.back().face() <= first);
    }
}

BOOST_AUTO_TEST_CASE(a_list_of_three_kinds_becomes_a_tape)
{
    const auto contracts =
        read(line("C1,instalment", "P-1,flat_fee,1000.00,0.60%,3,2019-01-05,,,,,,") +
             line("C2,factoring", "91310115MA9900300U,,,,,,,2019-03-01,,500.00,400.00,") +
             line("C3,scheduled", "91310115MA9900300U,,70.00,,,,,2019-02-01,1.50,,,") +
             line("C3,scheduled", "91310115MA9900300U,,30.00,,,,,2019-05-01,,,,"));
    BOOST_REQUIRE(contracts.size() == 3U);
    BOOST_TEST(contracts[0].paid == 1); // due on 5 January, the list is as of the 10th
    std::vector<Receivable> rows;
    for (const AssetContract& c : contracts) {
        for (Receivable& r : receivables_of(c, nullptr, c.terms.snapshot_date)) {
            BOOST_TEST(check_receivable(r).empty());
            rows.push_back(std::move(r));
        }
    }
    std::string ids;
    for (const Receivable& r : rows) {
        ids += r.asset_id + " " + r.due_date.str() + " " + r.current_balance.str() + " " +
               r.financed_amount.str() + ";";
    }
    BOOST_TEST(ids == "C1.002 2019-02-05 339.33 333.33;C1.003 2019-03-05 339.34 333.34;"
                      "C2.001 2019-03-01 500.00 400.00;"
                      "C3.001 2019-02-01 71.50 70.00;C3.002 2019-05-01 30.00 30.00;");
    const Tape tape = tape_of(rows);
    const auto again = parse_tape(tape_csv(tape), "t.csv");
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST((again->receivables == rows));
}

BOOST_AUTO_TEST_CASE(what_is_not_paid_is_past_due)
{
    const auto contracts =
        read(line("C1,instalment", "P-1,even,900.00,0.00%,3,2019-01-05,,,,,,0"));
    const auto rows = receivables_of(contracts[0], nullptr, Date::of(2019, 1, 10));
    BOOST_REQUIRE(rows.size() == 3U);
    BOOST_TEST(rows[0].days_past_due == 5);
    BOOST_TEST((rows[0].status == Status::delinquent));
    BOOST_TEST((rows[1].status == Status::performing));
}

BOOST_AUTO_TEST_CASE(every_problem_has_its_place)
{
    const auto found = problems(
        line("C1,instalment", "P-1,flat,1000.00,0.60%,3,2019-02-05,,,,,,") +
        line("C2,instalment", "P-2,level,1000.00,160.00%,0,2019-02-05,,,,,,") +
        line("C3,instalment", "P-3,level,1000.00,12.00%,3,2019-02-05,100.00,2019-02-01,,,,") +
        line("C4,factoring", "P-4,,,,,,,2019-03-01,,500.00,600.00,") +
        line("C5,scheduled", "91310115MA9900300U,,70.00,,,,,2019-02-01,,,,") +
        line("C5,scheduled", "91310115MA9900300U,,30.00,,,,,2019-02-01,,,,") +
        line("C6,loan", "P-6,level,1000.00,12.00%,3,2019-02-05,,,,,,") +
        line("C7,instalment", "P-7,balloon,1000.00,12.00%,3,2019-02-05,1000.01,,,,,") +
        line("C8,instalment", "P-8,level,1000.00,12.00%,3,2018-12-05,,,,,,"));
    const std::vector<std::string> expected{
        "2:60 'flat' is not a word of column 'method'",
        "3:74 '160.00%' is not a rate from 0% to 100%",
        "3:82 0 is not a number from 1 to 600",
        "4:101 'due_date' says nothing of an asset of type 'instalment'",
        "5:84 the advance is above the face",
        "7:85 2019-02-01 is not after 2019-02-01, the payment before it",
        "8:4 'loan' is not a word of column 'asset_type'",
        "9:96 the balloon is above the principal",
        "10:26 a payment falls due on 2018-12-05, before the contract"};
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(contracts_agree_with_each_other)
{
    const std::string one = line("C1,instalment", "P-1,even,900.00,0.00%,3,2019-02-05,,,,,,");
    auto found = problems(one + one);
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0] == "3:1 contract 'C1' appears a second time");
    std::string other = line("C2,instalment", "P-1,even,900.00,0.00%,3,2019-02-05,,,,,,");
    other.replace(other.find("2019-01-10"), 10, "2019-01-11");
    found = problems(one + other);
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0] ==
               "3:15 2019-01-11 differs from 2019-01-10 of the first contract");
    BOOST_TEST(problems("").size() == 1U);
    const auto columns = parse_contracts("contract_no,asset_type,methd\n", "c.csv");
    BOOST_REQUIRE(!columns.has_value());
    BOOST_TEST(columns.error().front().hint == "did you mean 'method'?");
    BOOST_TEST(columns.error().size() == 5U); // and four that are missing
}

BOOST_AUTO_TEST_CASE(a_sample_is_whole_and_the_same_again)
{
    const Money principal = Money::parse("1000000.00").value();
    ContractSampler first(15);
    const std::string list = first.list(Date::of(2018, 6, 15), principal);
    BOOST_TEST((ContractSampler(15).list(Date::of(2018, 6, 15), principal) == list));
    BOOST_TEST((ContractSampler(16).list(Date::of(2018, 6, 15), principal) != list));
    const auto contracts = parse_contracts(list, "c.csv");
    BOOST_REQUIRE(contracts.has_value());
    Money price;
    for (const AssetContract& c : *contracts) {
        BOOST_REQUIRE(c.paid == 0);
        for (const Receivable& r : receivables_of(c, nullptr, Date::of(2018, 6, 15))) {
            BOOST_REQUIRE(check_receivable(r).empty());
            price += r.purchase_price;
        }
    }
    BOOST_TEST(price.str() == "1000000.00");
}

BOOST_AUTO_TEST_CASE(every_kind_is_registered_under_its_word)
{
    for (const AssetAdapter* a : adapters()) {
        BOOST_TEST(&adapter_of(a->type()) == a);
        BOOST_TEST(!a->about().empty());
        BOOST_TEST(!a->columns().empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
