// Tests of data/mapping: the grammar of mapping files, ledgers read through them, and bad ones.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <fmt/core.h>

#include <filesystem>

#include "data/encoding.hpp"
#include "data/mapping.hpp"
#include "data/text.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(mapping_tests)

namespace {

constexpr const char* sample_map = R"([file]
date_format = "D.M.YYYY"
decimal_mark = ","
[columns]
id = "单号"
obligor = "买方"
invoice_date = "开票日"
due_date = "到期日"
settled_date = "结清日"
amount = "金额"
contract_no = "合同"
obligor_name = "名称"
[constants]
currency = "CNY"
recourse = "full"
discount_rate = "7.00%"
)";
constexpr const char* sample_ledger = "买方,单号,开票日,到期日,金额,结清日,合同,名称,备注\n"
                                      "C1,A-1,1.3.2018,31.3.2018,\"1.234,5\",5.4.2018,K1,甲,x\n"
                                      "C2,A-2,02.03.2018,30.3.2018,10,,K2,,y\n"
                                      "C2,A-3,3.3.2018,1.4.2018,\"20,25\",3.3.2018,K2,,z\n";

std::string problem(const Errors& errors)
{
    std::string all;
    for (const Error& e : errors) {
        all += fmt::format("{}{}:{}:{}: {}", all.empty() ? "" : " | ", e.where.file, e.where.line,
                           e.where.column, e.message);
    }
    return all;
}

std::string map_problem(const std::string& text)
{
    const auto mapping = parse_mapping(text, "m.toml");
    return mapping ? "none" : problem(mapping.error());
}

std::string ledger_problem(const std::string& text)
{
    const auto mapping = parse_mapping(sample_map, "m.toml");
    BOOST_REQUIRE(mapping);
    const auto ledger = parse_ledger(text, "l.csv", *mapping);
    return ledger ? "none" : problem(ledger.error());
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    const auto at = text.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

} // namespace

BOOST_AUTO_TEST_CASE(date_formats)
{
    const auto read = [](std::string_view format, std::string_view text) {
        const auto parsed = DateFormat::parse(format);
        BOOST_REQUIRE(parsed);
        const auto date = parsed->read(text);
        return date ? date->str() : date.error().message;
    };
    BOOST_TEST(read("M/D/YYYY", "1/26/2013") == "2013-01-26");
    BOOST_TEST(read("M/D/YYYY", "01/06/2013") == "2013-01-06");
    BOOST_TEST(read("YYYYMMDD", "20130126") == "2013-01-26");
    BOOST_TEST(read("YYYY年M月D日", "2018年3月1日") == "2018-03-01");
    BOOST_TEST(read("M/D/YYYY", "26/1/2013") == "'26/1/2013' is not a date of the form M/D/YYYY");
    for (const char* bad :
         {"2/30/2013", "1/26/13", "1/26/2013 ", "", "1-26-2013", "/26/2013", "1/026/2013"}) {
        BOOST_TEST_CONTEXT(bad)
        {
            BOOST_TEST(read("M/D/YYYY", bad).starts_with("'"));
        }
    }
    BOOST_TEST(read("MM/DD/YYYY", "1/26/2013").find("is not a date") != std::string::npos);
    for (const char* bad :
         {"", "M/D", "M/D/YY", "MMM/D/YYYY", "M/M/YYYY", "YYYY-MM-DD-D", "1/D/YYYY"}) {
        BOOST_TEST_CONTEXT(bad)
        {
            BOOST_TEST(!DateFormat::parse(bad));
        }
    }
}

BOOST_AUTO_TEST_CASE(invoices_become_receivables)
{
    const auto mapping = parse_mapping(sample_map, "m.toml");
    BOOST_REQUIRE_MESSAGE(mapping, map_problem(sample_map));
    const auto ledger = parse_ledger(encode_gb18030(sample_ledger).value(), "l.csv", *mapping);
    BOOST_REQUIRE(ledger);
    BOOST_REQUIRE(ledger->invoices.size() == 3U);
    BOOST_TEST(ledger->conversions.size() == 2U); // GB18030, thousands separators
    BOOST_TEST(ledger->invoices[0].amount.str() == "1234.50");
    BOOST_TEST(ledger->invoices[1].amount.str() == "10.00");
    BOOST_TEST(!ledger->invoices[1].settled_date);
    BOOST_TEST(ledger->invoices[2].line == 4);
    BOOST_TEST(ledger->invoices[0].outstanding(Date::of(2018, 4, 4)));
    BOOST_TEST(!ledger->invoices[0].outstanding(Date::of(2018, 4, 5)));
    BOOST_TEST(!ledger->invoices[2].outstanding(Date::of(2018, 3, 3)));

    const Tape tape = receivables_on(*ledger, *mapping, Date::of(2018, 4, 2));
    BOOST_REQUIRE(tape.receivables.size() == 2U);
    const Receivable& first = tape.receivables[0];
    BOOST_TEST(first.asset_id == "A-1");
    BOOST_TEST(first.contract_no == "K1");
    BOOST_TEST(first.obligor_name == "甲");
    BOOST_TEST((first.recourse == Recourse::full));
    BOOST_TEST(first.discount_rate->str() == "7.00%");
    BOOST_TEST((first.status == Status::delinquent));
    BOOST_TEST(first.days_past_due == 2);
    BOOST_TEST(first.current_balance.str() == "1234.50");
    BOOST_TEST(first.snapshot_date.str() == "2018-04-02");
    const auto rows = to_rows(tape, seeded_random("m"));
    BOOST_TEST((from_row(rows[0]).value() == first));

    const auto money = settlements(*ledger, Date::of(2018, 3, 1), Date::of(2018, 4, 5));
    BOOST_REQUIRE(money.size() == 2U);
    BOOST_TEST(money[0].asset_id == "A-3");
    BOOST_TEST(money[1].date.str() == "2018-04-05");
    BOOST_TEST(money[1].amount.str() == "1234.50");
    BOOST_TEST(settlements(*ledger, Date::of(2018, 3, 4), Date::of(2018, 4, 4)).empty());
}

BOOST_AUTO_TEST_CASE(bad_mappings)
{
    BOOST_TEST(map_problem("") == "m.toml:1:1: 'columns' is missing | "
                                  "m.toml:1:1: the currency is missing");
    BOOST_TEST(map_problem(replaced(sample_map, "due_date", "due_dat")) ==
               "m.toml:4:1: 'columns.due_date' is missing | "
               "m.toml:8:12: 'due_dat' is not something a ledger can give");
    BOOST_TEST(map_problem(replaced(sample_map, "D.M.YYYY", "D.M.YY")) ==
               "m.toml:2:16: 'D.M.YY' is not a date format");
    BOOST_TEST(map_problem(replaced(sample_map, "\",\"", "\";\"")) ==
               "m.toml:3:17: decimal_mark ';' is neither '.' nor ','");
    BOOST_TEST(map_problem(replaced(sample_map, "\"full\"", "\"fully\"")) ==
               "m.toml:15:13: 'fully' is not one of its words");
    BOOST_TEST(map_problem(replaced(sample_map, "recourse", "due_date")) ==
               "m.toml:15:13: 'due_date' is both a column and a constant");
    BOOST_TEST(map_problem(replaced(sample_map, "[file]", "[fil]"))
                   .starts_with("m.toml:1:2: unknown key 'fil'"));
}

BOOST_AUTO_TEST_CASE(bad_ledgers)
{
    BOOST_TEST(ledger_problem("") == "l.csv:1:1: the file is empty");
    BOOST_TEST(ledger_problem(sample_ledger) == "none");
    BOOST_TEST(ledger_problem(replaced(sample_ledger, "到期日", "到期")) ==
               "m.toml:8:13: 'l.csv' has no column '到期日'");
    BOOST_TEST(ledger_problem(replaced(sample_ledger, "A-2", "A-1")) ==
               "l.csv:3:4: 'A-1' appears a second time");
    BOOST_TEST(ledger_problem(replaced(sample_ledger, ",10,", ",-10,")) ==
               "l.csv:3:29: the amount '-10.00' is negative");
    BOOST_TEST(ledger_problem(replaced(sample_ledger, "30.3.2018", "31.2.2018")) ==
               "l.csv:3:19: '31.2.2018' is not a date of the form D.M.YYYY in column '到期日'");
    BOOST_TEST(ledger_problem(replaced(sample_ledger, "A-3", "9.1E+17")) ==
               "l.csv:4:4: '9.1E+17' in column '单号' has lost digits");
    BOOST_TEST(ledger_problem(replaced(sample_ledger, ",10,", ",1e1,")) ==
               "l.csv:3:29: '1e1' is not an amount in column '金额'");
    BOOST_TEST(ledger_problem(replaced(sample_ledger, "1.4.2018", "2.3.2018")) ==
               "l.csv:4:17: due on 2018-03-02, before the invoice of 2018-03-03");
    BOOST_TEST(ledger_problem(replaced(sample_ledger, "5.4.2018", "5.2.2018")) ==
               "l.csv:2:37: settled on 2018-02-05, before the invoice of 2018-03-01");
}

BOOST_AUTO_TEST_CASE(full_width_digits_convert)
{
    BOOST_TEST(ledger_problem(replaced(sample_ledger, "1.3.2018", "１．３．２０１８")) == "none");
    BOOST_TEST(ledger_problem(replaced(sample_ledger, ",10,", ",１０,")) == "none");
}

BOOST_AUTO_TEST_CASE(the_shipped_mapping_reads_the_real_ledger)
{
    const auto mapping = read_mapping("data/map/ibm-ar.toml");
    BOOST_REQUIRE(mapping);
    const char* path = "../shared/data/ibm_ar/WA_Fn-UseC_-Accounts-Receivable.csv";
    if (!std::filesystem::exists(path)) {
        BOOST_TEST_MESSAGE("skipped: ../shared/data/ibm_ar is absent");
        return;
    }
    const auto ledger = read_ledger(path, *mapping);
    BOOST_REQUIRE(ledger);
    BOOST_TEST(ledger->invoices.size() == 2466U);
    const Tape tape = receivables_on(*ledger, *mapping, Date::of(2012, 6, 30));
    Money total;
    for (const Receivable& r : tape.receivables) {
        total += r.current_balance;
    }
    BOOST_TEST(total.str() == "5504.09");
    Money paid;
    for (const Settlement& s : settlements(*ledger, Date::of(2012, 7, 1), Date::of(2012, 12, 31))) {
        paid += s.amount;
    }
    Money issued;
    for (const Invoice& i : ledger->invoices) {
        if (i.invoice_date > Date::of(2012, 6, 30) && i.invoice_date <= Date::of(2012, 12, 31)) {
            issued += i.amount;
        }
    }
    BOOST_TEST((total + issued - paid).str() == "5725.06");
}

BOOST_AUTO_TEST_SUITE_END()
