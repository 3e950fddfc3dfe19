// Tests of data/statement: the readers of camt, MT940 and CSV, the checks, and hostile files.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <fmt/core.h>
#include <rapidcheck/boost_test.h>

#include "data/encoding.hpp"
#include "data/statement.hpp"
#include "tests/golden.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(statement_tests)

namespace {

using List = std::vector<BankStatement>;

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, "'" << from << "' is not in the sample");
    return text.replace(at, from.size(), to);
}

std::string swift_sample()
{
    return golden::read_text("tests/golden/statement/week.sta");
}

std::string camt_sample()
{
    return golden::read_text("tests/golden/statement/next.xml");
}

std::string problem(const std::string& bytes)
{
    const auto read = parse_statements(bytes, "s");
    if (read) return "none";
    const Error& e = read.error().front();
    return fmt::format("{}:{}:{}: {}", e.where.file, e.where.line, e.where.column, e.message);
}

List read(const std::string& bytes)
{
    auto list = parse_statements(bytes, "s");
    BOOST_REQUIRE_MESSAGE(list.has_value(), problem(bytes));
    return std::move(*list);
}

/// "balance yes, chain skipped" in the order of the checks.
std::string results(const List& list)
{
    std::string all;
    for (const StatementCheck& c : check_statements(list))
        all += fmt::format("{}{} {}", all.empty() ? "" : ", ", c.id,
                           c.holds == Holds::yes  ? "yes"
                           : c.holds == Holds::no ? "no"
                                                  : "skipped");
    return all;
}

List both(List a, const List& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

} // namespace

BOOST_AUTO_TEST_CASE(mt940_is_read)
{
    const List list = read(swift_sample());
    BOOST_REQUIRE(list.size() == 1U);
    const BankStatement& s = list.front();
    BOOST_TEST(s.format == "MT940");
    BOOST_TEST(s.account == "117080100100000001");
    BOOST_TEST(s.currency == "CNY");
    BOOST_TEST(s.number == 4);
    BOOST_TEST(s.page == 1);
    BOOST_TEST(s.opening->amount.str() == "100.00");
    BOOST_TEST(s.closing->amount.str() == "60.00");
    BOOST_TEST(s.first_day().str() == "2018-12-03");
    BOOST_TEST(s.last_day().str() == "2018-12-09");
    BOOST_REQUIRE(s.entries.size() == 2U);
    BOOST_TEST(s.entries[0].amount.str() == "50.00");
    BOOST_TEST(s.entries[0].reference == "INV-000001");
    BOOST_TEST(s.entries[0].bank_reference == "B1812030001");
    BOOST_TEST(s.entries[0].text == "Invoice 04411234 and 04411235");
    BOOST_TEST(s.entries[0].counterparty == "Hua Dong Trading");
    BOOST_TEST(s.entries[1].amount.str() == "-90.00");
    BOOST_TEST(s.entries[1].reference == "");
    BOOST_TEST(results(list) == "balance yes, chain skipped");
}

/// RC undoes a credit and is a debit, RD the reverse; EC is only expected.
BOOST_AUTO_TEST_CASE(marks_of_mt940)
{
    const auto entry = [](const char* line) {
        return read(fmt::format(":20:A\n:25:1\n:60F:C181202CNY0,\n:61:{}\n:62F:C181202CNY0,\n",
                                line))
            .front()
            .entries.at(0);
    };
    BOOST_TEST(entry("181203RC1,NTRF").amount.str() == "-1.00");
    BOOST_TEST(entry("181203RD1,5NTRF").amount.str() == "1.50");
    BOOST_TEST(entry("181203RD1,5NTRF").reversal);
    BOOST_TEST(!entry("181203EC1,5NTRF").booked);
    BOOST_TEST(entry("181203CR1,50NTRF").amount.str() == "1.50"); // R is a funds code here
    // Booked on the other side of new year; 29 February only where there is one.
    BOOST_TEST(entry("1901011231C1,NTRF").date.str() == "2018-12-31");
    BOOST_TEST(entry("1812310102C1,NTRF").date.str() == "2019-01-02");
    BOOST_TEST(entry("2002280229C1,NTRF").date.str() == "2020-02-29");
    BOOST_TEST(entry("991231C1,NTRF").date.str() == "1999-12-31");
}

BOOST_AUTO_TEST_CASE(camt_is_read)
{
    const List list = read(camt_sample());
    BOOST_REQUIRE(list.size() == 1U);
    const BankStatement& s = list.front();
    BOOST_TEST(s.format == "camt.053.001.08");
    BOOST_TEST(s.number == 5);
    BOOST_TEST(s.first_day().str() == "2018-12-10");
    BOOST_TEST(s.last_day().str() == "2018-12-16");
    BOOST_REQUIRE(s.entries.size() == 3U);
    BOOST_TEST(s.entries[0].counterparty == "华东贸易有限公司");
    BOOST_TEST(s.entries[0].text == "付发票 04411236");
    BOOST_TEST(s.entries[0].reference == "E-17");
    BOOST_TEST(s.entries[1].amount.str() == "-20.00");
    BOOST_TEST(s.entries[1].reversal);
    BOOST_TEST(!s.entries[2].booked);
    // 60.00 + 50.50 - 20.00 = 90.50; the 7.00 pending is in no sum.
    BOOST_TEST(s.credits().str() == "50.50");
    BOOST_TEST(results(list) ==
               "balance yes, sums yes, sums yes, pending skipped, chain skipped, reversal skipped");
}

BOOST_AUTO_TEST_CASE(kinds_of_camt)
{
    const std::string text = camt_sample();
    std::string report = text;
    for (const char* name : {"BkToCstmrStmt", "BkToCstmrStmt"})
        report = replaced(report, name, "BkToCstmrAcctRpt");
    report = replaced(replaced(report, "d:Stmt>", "d:Rpt>"), "/d:Stmt>", "/d:Rpt>");
    report = replaced(report, "camt.053.001.08", "camt.052.001.02");
    BOOST_TEST(read(report).front().format == "camt.052.001.02");
    // A notification has no balances: nothing to check is no failure.
    const std::string notice =
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.054.001.04'>"
        "<BkToCstmrDbtCdtNtfctn><Ntfctn><Id>N</Id><Acct><Id><IBAN>CN1</IBAN></Id></Acct>"
        "<Ntry><Amt Ccy='CNY'>5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>"
        "<BookgDt><Dt>2018-12-03</Dt></BookgDt></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>";
    BOOST_TEST(read(notice).front().credits().str() == "5.00");
    BOOST_TEST(results(read(notice)) == "balance skipped, chain skipped");
}

/// A day report: interim balances; a batch whose references begin alike; midnight ends the day
/// before.
BOOST_AUTO_TEST_CASE(interim_balances_and_batches)
{
    const auto balance = [](const char* code, const char* amount) {
        return fmt::format("<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy='CNY'>{}</Amt>"
                           "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2018-12-03</Dt></Dt></Bal>",
                           code, amount);
    };
    const auto report = [&](const std::string& balances) {
        return read("<Document><BkToCstmrAcctRpt><Rpt><FrToDt><FrDtTm>2018-12-03T00:00:00</FrDtTm>"
                    "<ToDtTm>2018-12-05T00:00:00</ToDtTm></FrToDt>"
                    "<Acct><Id><IBAN>CN1</IBAN></Id></Acct>" +
                    balances +
                    "<Ntry><Amt Ccy='CNY'>5</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
                    "<BookgDt><Dt>2018-12-03</Dt></BookgDt><NtryDtls>"
                    "<TxDtls><RmtInf><Ustrd>INV-12</Ustrd></RmtInf></TxDtls>"
                    "<TxDtls><RmtInf><Ustrd>INV-1</Ustrd></RmtInf></TxDtls>"
                    "<TxDtls><RmtInf><Ustrd>INV-1</Ustrd></RmtInf></TxDtls>"
                    "</NtryDtls></Ntry></Rpt></BkToCstmrAcctRpt></Document>")
            .front();
    };
    const BankStatement plain = report(balance("OPBD", "1") + balance("ITBD", "6"));
    BOOST_TEST(results({plain}) == "balance yes, chain skipped");
    BOOST_TEST(plain.entries[0].text == "INV-12 INV-1");
    BOOST_TEST(plain.last_day().str() == "2018-12-04");
    BOOST_TEST(results({report(balance("ITBD", "6") + balance("OPBD", "1"))}) ==
               "balance yes, chain skipped");
    BOOST_TEST(results({report(balance("ITBD", "1") + balance("ITBD", "6"))}) ==
               "balance yes, chain skipped");
    BOOST_TEST(results({report(balance("ITBD", "6"))}) == "balance skipped, chain skipped");
    BOOST_TEST(results({report(balance("PRCD", "1") + balance("CLBD", "7"))}) ==
               "balance no, chain skipped");
}

BOOST_AUTO_TEST_CASE(what_follows_what)
{
    const List week = read(swift_sample());
    const List next = read(camt_sample());
    // In either order: the week of the 3rd comes before that of the 10th.
    for (const List& list : {both(week, next), both(next, week)}) {
        const auto text = results(list);
        BOOST_TEST(text.find("chain yes") != std::string::npos, text);
        BOOST_TEST(text.find(" no") == std::string::npos, text);
    }
    const List apart = both(week, read(replaced(camt_sample(), ">60.00<", ">61.00<")));
    BOOST_TEST(results(apart).find("balance no") != std::string::npos);
    BOOST_TEST(results(apart).find("chain no") != std::string::npos);
    BOOST_TEST(results(both(week, week)) ==
               "balance yes, chain skipped, balance yes, duplicate no");
    const std::string fifth =
        replaced(replaced(swift_sample(), "28C:4/1", "28C:6/1"), "C181209", "C181216");
    BOOST_TEST(results(both(week, read(fifth))).find("sequence no") != std::string::npos);
    // The same entries in another statement are told twice.
    BOOST_TEST(results(both(week, read(fifth))).find("duplicate-entry no") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_reversal_names_what_it_undoes)
{
    const List list = read(":20:A\n:25:1\n:60F:C181202CNY10,\n:61:181203C5,NTRF\n"
                           ":61:181204RC5,NTRF\n:62F:C181204CNY10,\n");
    BOOST_TEST(results(list) == "balance yes, chain skipped, reversal yes");
    BOOST_TEST(check_statements(list).back().detail == "-5.00 undoes s:4");
}

BOOST_AUTO_TEST_CASE(csv_is_read)
{
    const auto mapping =
        parse_statement_mapping(golden::read_text("tests/golden/statement/bank.toml"), "m");
    BOOST_REQUIRE(mapping);
    const std::string utf8 = golden::read_text("tests/golden/statement/bank.csv");
    for (const std::string& bytes : {utf8, *encode_gb18030(utf8)}) {
        const auto list = parse_statements(bytes, "s", StatementFormat::any, &*mapping);
        BOOST_REQUIRE(list);
        const BankStatement& s = list->front();
        BOOST_TEST(s.opening->amount.str() == "100.00"); // 150.00 less 50.00
        BOOST_TEST(s.closing->amount.str() == "60.00");
        BOOST_TEST(s.entries[0].counterparty == "华东贸易有限公司"); // the older row
        BOOST_TEST(s.first_day().str() == "2018-12-03");
        BOOST_TEST(results(*list) == "balance yes, running yes, chain skipped");
    }
}

BOOST_AUTO_TEST_CASE(amounts)
{
    BOOST_TEST(parse_bank_amount("1234,5", ',')->str() == "1234.50");
    BOOST_TEST(parse_bank_amount("000000001000,00", ',')->str() == "1000.00");
    BOOST_TEST(parse_bank_amount("7,", ',')->str() == "7.00");
    BOOST_TEST(parse_bank_amount("0.10000", '.')->str() == "0.10");
    for (const char* bad :
         {"", ",5", "1,5,0", "-1", "1.5", "1,005", " 1", "99999999999999,00", "1e3"})
        BOOST_TEST(!parse_bank_amount(bad, ','), bad);
}

BOOST_AUTO_TEST_CASE(refused_with_place)
{
    BOOST_TEST(problem("") == "s:1:1: the file is empty");
    BOOST_TEST(problem("hello") == "s:1:1: this is no bank statement");
    BOOST_TEST(problem(replaced(swift_sample(), "50,00N", "50,001N")) ==
               "s:6:16: '50,001' has a fraction of a hundredth");
    BOOST_TEST(problem(replaced(swift_sample(), "181209CNY", "181209EUR")) ==
               "s:10:1: 'EUR' in an account of 'CNY'");
    BOOST_TEST(problem(replaced(swift_sample(), "1812031203C", "1813031203C")) ==
               "s:6:5: '181303' is not a date");
    BOOST_TEST(problem(replaced(swift_sample(), ":62F:", ":64:")) ==
               "s:2:1: the statement has an opening balance and no closing one");
    BOOST_TEST(problem(replaced(camt_sample(), ">DBIT<", ">DEBIT<")) ==
               "s:23:40: 'DEBIT' is neither CRDT nor DBIT");
    BOOST_TEST(problem(replaced(camt_sample(), ">50.50</d:Amt", ">50.505</d:Amt")) ==
               "s:14:10: '50.505' has a fraction of a hundredth");
    BOOST_TEST(problem(std::string("\xFF\xFE<\0", 4)).find("UTF-16") != std::string::npos);
    BOOST_TEST(problem(std::string(":20:A\n\0", 7)) == "s:2:0: a NUL byte");
    BOOST_TEST(
        problem(replaced(swift_sample(), "C181202CNY100,00", "C181202CNY9999999999999,00")) ==
        "s:2:1: the amounts of this statement together exceed 10 trillion");
}

/// Entities are never expanded: a file that declares any is refused, at once.
BOOST_AUTO_TEST_CASE(entities_are_refused)
{
    std::string bomb = "<?xml version='1.0'?>\n<!DOCTYPE l [<!ENTITY a0 'ha'>\n";
    for (int i = 1; i < 40; ++i) bomb += fmt::format("<!ENTITY a{} '&a{};&a{};'>", i, i - 1, i - 1);
    bomb += "]>\n<Document>&a39;</Document>";
    BOOST_TEST(problem(bomb) == "s:1:0: a document type is declared");
    BOOST_TEST(problem("<!DOCTYPE d SYSTEM 'file:///etc/hostname'><d/>") ==
               "s:1:0: a document type is declared");
    // An entity that nobody declared stays text.
    const List list = read(replaced(camt_sample(), "E-17", "&a;-17"));
    BOOST_TEST(list.front().entries[0].reference == "&a;-17");
}

BOOST_AUTO_TEST_CASE(a_deep_file_is_refused)
{
    std::string deep;
    for (int i = 0; i < 200000; ++i) deep += "<a>";
    BOOST_TEST(problem(deep).find("not well-formed XML") != std::string::npos);
    for (int i = 0; i < 200000; ++i) deep += "</a>";
    BOOST_TEST(problem(deep) == "s:1:2: 'a' is not a bank statement");
}

/// Cut anywhere or with any byte changed, a file is read or refused, and nothing aborts.
BOOST_AUTO_TEST_CASE(damaged_anywhere)
{
    for (const std::string& whole : {swift_sample(), camt_sample()}) {
        for (std::size_t i = 0; i < whole.size(); ++i) {
            for (std::string bytes : {whole.substr(0, i), whole}) {
                if (bytes.size() == whole.size()) bytes[i] = static_cast<char>(bytes[i] ^ 0x15);
                if (auto list = parse_statements(bytes, "s"))
                    BOOST_CHECK(!check_statements(*list).empty());
                else
                    BOOST_CHECK(!list.error().front().message.empty());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(encodings_and_line_ends)
{
    std::string windows;
    for (const char c : swift_sample()) windows += c == '\n' ? "\r\n" : std::string(1, c);
    const auto text = [](const std::string& bytes) { return read(bytes).front().entries[0].text; };
    const std::string plain = text(swift_sample());
    BOOST_TEST(text(windows) == plain);
    BOOST_TEST(text("\xEF\xBB\xBF" + windows) == plain);
    // One letter above 7F alone is Latin-1, pairs of them are Chinese.
    BOOST_TEST(text(replaced(swift_sample(), "Invoice", "f\xFCr")) ==
               replaced(plain, "Invoice", "für"));
    BOOST_TEST(text(replaced(swift_sample(), "Invoice", *encode_gb18030("付发票"))) ==
               replaced(plain, "Invoice", "付发票"));
    const std::string latin = replaced(replaced(camt_sample(), "UTF-8", "ISO-8859-1"), "付发票",
                                       "Stra\xDF"
                                       "e");
    BOOST_TEST(text(latin) == "Straße 04411236");
}

/// Any movements, written by the test in both formats, are read back to the fen, and add up.
RC_BOOST_PROP(both_formats_say_the_same, ())
{
    const auto opening = *rc::gen::inRange<std::int64_t>(-100000000, 100000000);
    const auto fens = *rc::gen::container<std::vector<std::int64_t>>(
        rc::gen::suchThat(rc::gen::inRange<std::int64_t>(-99999999, 99999999),
                          [](std::int64_t f) { return f != 0; }));
    const auto digits = [](std::int64_t fen, char mark) {
        return fmt::format("{}{}{:02}", std::abs(fen) / 100, mark, std::abs(fen) % 100);
    };
    std::int64_t closing = opening;
    std::string lines, entries;
    for (const std::int64_t f : fens) {
        closing += f;
        lines += fmt::format(":61:181203{}{}NTRFNONREF\n", f < 0 ? 'D' : 'C', digits(f, ','));
        entries += fmt::format("<Ntry><Amt Ccy=\"CNY\">{}</Amt><CdtDbtInd>{}</CdtDbtInd><BookgDt>"
                               "<Dt>2018-12-03</Dt></BookgDt></Ntry>",
                               digits(f, '.'), f < 0 ? "DBIT" : "CRDT");
    }
    const auto swift_balance = [&](const char* tag, std::int64_t f) {
        return fmt::format(":{}:{}181203CNY{}\n", tag, f < 0 ? 'D' : 'C', digits(f, ','));
    };
    const auto camt_balance = [&](const char* code, std::int64_t f) {
        return fmt::format("<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">{}"
                           "</Amt><CdtDbtInd>{}</CdtDbtInd><Dt><Dt>2018-12-03</Dt></Dt></Bal>",
                           code, digits(f, '.'), f < 0 ? "DBIT" : "CRDT");
    };
    const std::string swift =
        ":20:A\n:25:1\n" + swift_balance("60F", opening) + lines + swift_balance("62F", closing);
    const std::string camt = "<Document><BkToCstmrStmt><Stmt><Acct><Id><Othr><Id>1</Id></Othr></Id>"
                             "</Acct>" +
                             camt_balance("OPBD", opening) + camt_balance("CLBD", closing) +
                             entries + "</Stmt></BkToCstmrStmt></Document>";
    for (const std::string& bytes : {swift, camt}) {
        const auto list = parse_statements(bytes, "s");
        RC_ASSERT(list.has_value());
        const BankStatement& s = list->front();
        RC_ASSERT(s.entries.size() == fens.size());
        for (std::size_t i = 0; i < fens.size(); ++i)
            RC_ASSERT(s.entries[i].amount.in_fen() == fens[i]);
        RC_ASSERT(check_statements(*list).front().holds == Holds::yes);
    }
}

BOOST_AUTO_TEST_SUITE_END()
