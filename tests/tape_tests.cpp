// Tests of data/tape: a sound tape, rows and back, and every flaw at its place.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <fmt/core.h>

#include "data/encoding.hpp"
#include "data/tape.hpp"
#include "data/text.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(tape_tests)

namespace {

Receivable sample(int number)
{
    Receivable r;
    r.asset_id = fmt::format("R-{:06}", number);
    r.contract_no = "BL-2018-01";
    r.snapshot_date = Date::of(2018, 11, 8);
    r.seller_code = "914403001922038216";
    r.obligor_code = "9144030071526726XG";
    r.obligor_group = "G01";
    r.invoice_type = InvoiceType::special;
    r.invoice_code = "4403182130";
    r.invoice_no = fmt::format("{:08}", number);
    r.invoice_amount = Money::fen(120'000'00);
    r.trade_contract_no = "T-77";
    r.invoice_date = Date::of(2018, 10, 8);
    r.due_date = Date::of(2019, 1, 15);
    r.original_balance = Money::fen(100'000'00);
    r.current_balance = Money::fen(90'000'00);
    r.financed_amount = Money::fen(80'000'00);
    r.purchase_date = r.snapshot_date;
    r.purchase_price = Money::fen(88'826'03);
    r.discount_rate = Rate::parse("7.00%").value();
    r.recourse = Recourse::full;
    r.confirmation = Confirmation::stamped;
    r.registry_no = "04120000000001";
    r.collected_cum = Money::fen(10'000'00);
    return r;
}

Tape sample_tape(int count)
{
    Tape tape;
    tape.columns = required_tape_columns();
    for (int i = 1; i <= count; ++i) {
        tape.receivables.push_back(sample(i));
    }
    return tape;
}

/// The sample with `from` replaced by `to` once.
std::string altered(std::string_view from, std::string_view to)
{
    std::string text = tape_csv(sample_tape(2));
    const auto at = text.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

std::vector<std::string> problems(std::string_view text)
{
    const auto tape = parse_tape(text, "t.csv");
    std::vector<std::string> lines;
    if (tape) {
        return lines;
    }
    for (const Error& e : tape.error()) {
        lines.push_back(fmt::format("{}:{}: {}", e.where.line, e.where.column, e.message));
    }
    return lines;
}

std::string only_problem(std::string_view text)
{
    const auto lines = problems(text);
    return lines.size() == 1 ? lines[0]
                             : fmt::format("{} problems: {}", lines.size(), join(lines, " | "));
}

std::string flaw_of(const Receivable& r)
{
    const auto flaws = check_receivable(r);
    std::string all;
    for (const Flaw& flaw : flaws) {
        all += (all.empty() ? "" : " | ") + std::string(flaw.column) + ": " + flaw.message;
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(writes_and_reads_back)
{
    Tape tape = sample_tape(3);
    const auto again = parse_tape(tape_csv(tape), "t.csv");
    BOOST_REQUIRE(again);
    Receivable expected = sample(2);
    expected.discount_rate.reset(); // its column is not among the required ones
    BOOST_TEST((again->receivables[1] != sample(2)));
    expected.obligor_group = expected.obligor_code;
    BOOST_TEST((again->receivables[1] == expected));
    BOOST_TEST(again->lines[1] == 3);

    tape.columns.assign(tape_columns().begin(), tape_columns().end());
    tape.receivables[0].eligible = true;
    tape.receivables[0].delivery_date = Date::of(2018, 10, 1);
    tape.receivables[0].obligor_name = "深圳市\"腾讯\", 有限";
    const auto full = parse_tape(tape_csv(tape), "t.csv");
    BOOST_REQUIRE(full);
    BOOST_TEST((full->receivables == tape.receivables));
}

BOOST_AUTO_TEST_CASE(rows_carry_the_schema_order)
{
    // The columns of the file stand in another order.
    const auto tape = parse_tape(tape_csv(sample_tape(2)), "t.csv");
    BOOST_REQUIRE(tape);
    const auto rows = to_rows(*tape, seeded_random("s"));
    BOOST_REQUIRE(rows.size() == 2U);
    BOOST_TEST(rows[0].key == "R-000001");
    BOOST_TEST(rows[0].fields.front().first == "asset_id");
    BOOST_TEST(rows[0].fields.size() == required_tape_columns().size());
    BOOST_TEST(*rows[0].field("current_balance") == "90000.00");
    const auto back = from_row(rows[1]);
    BOOST_REQUIRE(back);
    BOOST_TEST((*back == tape->receivables[1]));

    Row bad = rows[0];
    std::swap(bad.fields[0], bad.fields[1]);
    BOOST_TEST(!from_row(bad));
    bad = rows[0];
    bad.fields[20].second = "1.5";
    BOOST_TEST(!from_row(bad));
    bad = rows[0];
    bad.fields.pop_back();
    BOOST_TEST(from_row(bad).error()[0].message ==
               "row 'R-000001': field 'recovery_cum' is missing");
    bad = rows[0];
    bad.key = "other";
    BOOST_TEST(!from_row(bad));
}

BOOST_AUTO_TEST_CASE(bad_files_name_their_place)
{
    BOOST_TEST(only_problem("") == "1:1: the file is empty");
    const std::string good = tape_csv(sample_tape(2));
    BOOST_TEST(problems(good).empty());
    BOOST_TEST(only_problem(good.substr(0, good.find('\n') + 1)) ==
               "1:1: the tape has a header and no rows");
    const auto truncated = problems(good.substr(0, good.size() - 40));
    BOOST_REQUIRE(!truncated.empty());
    BOOST_TEST(truncated[0].starts_with("3:1: the row has "));

    const auto renamed = parse_tape(altered("due_date", "due_dat"), "t.csv");
    BOOST_REQUIRE(!renamed);
    BOOST_REQUIRE(renamed.error().size() == 2U);
    BOOST_TEST(renamed.error()[0].message == "unknown column 'due_dat'");
    BOOST_TEST(renamed.error()[0].hint == "did you mean 'due_date'?");
    BOOST_TEST(renamed.error()[0].where.column > 100);
    BOOST_TEST(renamed.error()[1].message == "column 'due_date' is missing");

    BOOST_TEST(only_problem(altered("R-000002", "R-000001")) ==
               "3:1: asset_id 'R-000001' appears a second time");
    BOOST_TEST(only_problem(altered("00000002", "00000001"))
                   .find("invoice '00000001' appears a second time") != std::string::npos);
    BOOST_TEST(only_problem(altered("90000.00", "-90000.00"))
                   .find("current_balance '-90000.00' is negative") != std::string::npos);
    BOOST_TEST(only_problem(altered("2019-01-15", "2019-02-30"))
                   .find("'2019-02-30' in column 'due_date' is not a date") != std::string::npos);
    BOOST_TEST(only_problem(altered("9144030071526726XG", "9.1E+17"))
                   .find("'9.1E+17' in column 'obligor_code' has lost digits") !=
               std::string::npos);
    BOOST_TEST(only_problem(altered("9144030071526726XG", "9144030071526726Xg"))
                   .find("has lower-case letters") != std::string::npos);
    BOOST_TEST(only_problem(altered("special", "spezial"))
                   .find("'spezial' is not a word of column 'invoice_type'") != std::string::npos);
    BOOST_TEST(only_problem(altered("90000.00", "90000.01")).find("is not original - collected") !=
               std::string::npos);
    BOOST_TEST(only_problem(altered("CNY", "USD")).find("3:") == 0U); // the second row differs
}

BOOST_AUTO_TEST_CASE(real_exports_convert)
{
    const auto gb = encode_gb18030(altered("90000.00", "\"９０，０００.00\""));
    BOOST_REQUIRE(gb);
    const auto tape = parse_tape(*gb, "t.csv");
    BOOST_REQUIRE(tape);
    BOOST_TEST(tape->receivables[0].current_balance.str() == "90000.00");
    BOOST_REQUIRE(tape->conversions.size() == 3U);
    BOOST_TEST(tape->conversions[0] == "converted from GB18030 to UTF-8");
    BOOST_TEST(tape->conversions[1].starts_with("full-width characters to ASCII: 1 field"));
}

BOOST_AUTO_TEST_CASE(each_flaw)
{
    BOOST_TEST(flaw_of(sample(1)).empty());
    auto changed = [](auto change) {
        Receivable r = sample(1);
        change(r);
        return flaw_of(r);
    };
    BOOST_TEST(changed([](auto& r) {
                   r.due_date = Date::of(2018, 10, 7);
               }).starts_with("due_date: due_date 2018-10-07 is before invoice_date 2018-10-08"));
    BOOST_TEST(changed([](auto& r) { r.days_past_due = 3; }) ==
               "days_past_due: days_past_due 3 does not fit due date 2019-01-15 and snapshot "
               "2018-11-08 | status: status 'performing' with days past due");
    BOOST_TEST(changed([](auto& r) {
                   r.due_date = Date::of(2018, 11, 1);
                   r.days_past_due = 7;
                   r.status = Status::delinquent;
               }).empty());
    BOOST_TEST(changed([](auto& r) { r.status = Status::collected; }) ==
               "status: status 'collected' with a current balance");
    BOOST_TEST(changed([](auto& r) { r.invoice_code = "123"; }) ==
               "invoice_code: '123' is not the invoice_code of a special invoice");
    BOOST_TEST(changed([](auto& r) { r.invoice_no = "1234567X"; }) ==
               "invoice_no: '1234567X' is not the invoice_no of a special invoice");
    const auto digital = [](std::string code, std::string no) {
        Receivable r = sample(1);
        r.invoice_type = InvoiceType::digital;
        r.invoice_code = std::move(code);
        r.invoice_no = std::move(no);
        return flaw_of(r);
    };
    BOOST_TEST(digital("", "18440000000000000001").empty());
    BOOST_TEST(digital("", "19440000000000000001").starts_with("invoice_no: "));
    BOOST_TEST(digital("4403182130", "18440000000000000001").starts_with("invoice_code: "));
    BOOST_TEST(changed([](auto& r) { r.currency = "cny"; }) ==
               "currency: 'cny' is not a currency code");
    BOOST_TEST(changed([](auto& r) { r.current_balance = Money::fen(100'000'01); }) ==
               "current_balance: current_balance 100000.01 is above original_balance 100000.00");
    BOOST_TEST(changed([](auto& r) { r.repurchase_amount = Money::fen(1); }) ==
               "current_balance: current_balance 90000.00 is not original - collected - dilution - "
               "writeoff - repurchase = 89999.99");
    BOOST_TEST(changed([](auto& r) { r.asset_id = std::string(65, 'x'); }) ==
               "asset_id: asset_id is longer than 64 bytes");
    BOOST_TEST(changed([](auto& r) { r.doc_hash = "ab"; }) ==
               "doc_hash: 'ab' is not a SHA-256 hash");
    BOOST_TEST(changed([](auto& r) {
                   r.invoice_date = Date::of(2018, 11, 9);
               }).starts_with("invoice_date: invoice_date 2018-11-09 is after snapshot_date"));
}

BOOST_AUTO_TEST_SUITE_END()
