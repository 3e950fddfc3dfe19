// Documents: papers bound by their hash to receivables that the judge knows, and to nothing else.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "waterfall/exact/document.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(document_tests)

namespace {

/// R1 and R2, in the pool since closing.
Driver opened(const Program& p = small_deal())
{
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "990000.00"},
                {"R2", "O2", "2019-04-10", "10000.00", "9900.00"}});
    return d;
}

struct Paper {
    const char* kind = "contract";
    std::vector<std::string> assets = {"R1"};
    const char* dated = nullptr;
    const char* expires = nullptr;
    DocumentRow common = {
        "", "HT-2019-001", {{"宏远贸易有限公司", "obligor"}, {"banghui", "seller"}}};
};

Submission paper(Driver& d, const Paper& p = {})
{
    DocumentPart part;
    part.kind = p.kind;
    part.sha256 = sha256("the file");
    part.size = 8;
    if (p.expires) part.expires = date(p.expires);
    return build_document(part, p.dated ? std::optional(date(p.dated)) : std::nullopt, p.assets,
                          p.common, d.random);
}

std::string outcome(Driver& d, const Submission& s, const std::string& role = "servicer")
{
    const Verdict v = d.feed(s, role);
    return v.findings.empty() ? told(v) : v.findings.front().id;
}

/// With rows that say something else; count and root are the author's, so they follow.
Submission changed(Submission s, std::size_t field, const std::string& value)
{
    s.rows.front().fields[field].second = value;
    s.record.rows_root = rows_root(s.rows);
    return s;
}

} // namespace

BOOST_AUTO_TEST_CASE(public_part_tells_no_names)
{
    Driver d = opened();
    const Submission s = paper(d, {"registry", {"R2", "R1"}, "2019-01-31", "2024-01-30"});
    // printf 'the file' | sha256sum
    BOOST_TEST(s.record.public_part.canonical() ==
               "{\"count\":2,\"expires\":\"2024-01-30\",\"kind\":\"registry\",\"sha256\":"
               "\"994659de87f727ddcde75df44314f31d7f367b3bff347e852f390530f29720c7\",\"size\":8}");
    BOOST_REQUIRE(s.rows.size() == 2U);
    BOOST_TEST(s.rows[0].key == "document/R1");
    BOOST_TEST(s.rows[1].key == "document/R2");
    BOOST_TEST(*s.rows[0].field("number") == "HT-2019-001");
    BOOST_TEST(*s.rows[0].field("parties") ==
               "[{\"name\":\"宏远贸易有限公司\",\"role\":\"obligor\"},"
               "{\"name\":\"banghui\",\"role\":\"seller\"}]");
    const auto part = parse_document(s.record.public_part);
    BOOST_REQUIRE(part.has_value());
    BOOST_TEST(part->kind == "registry");
    BOOST_TEST(part->expires->str() == "2024-01-30");
    const auto row = read_document(s.rows[1]);
    BOOST_REQUIRE(row.has_value());
    BOOST_TEST(row->asset_id == "R2");
    BOOST_TEST((row->parties == Paper{}.common.parties));
}

BOOST_AUTO_TEST_CASE(nothing_moves)
{
    Driver d = opened();
    const std::string shared = d.with.public_state();
    const std::string own = d.with.private_state();
    for (const std::string_view kind : document_kinds) {
        const std::string word(kind);
        BOOST_TEST(outcome(d, paper(d, {word.c_str(), {"R1", "R2"}})) == "accepted");
        BOOST_TEST(outcome(d, paper(d, {word.c_str(), {}})) == "accepted");
    }
    BOOST_TEST(d.with.public_state() == shared);
    BOOST_TEST(d.with.private_state() == own);
}

BOOST_AUTO_TEST_CASE(who_has_no_rows_says_so)
{
    Driver d = opened();
    const Submission s = paper(d, {"invoice", {"R9"}});
    BOOST_TEST(outcome(d, s) == "unknown-asset");
    const Verdict v = d.without.judge(s.record, by("servicer"), nullptr);
    BOOST_TEST(v.accepted());
    BOOST_REQUIRE(v.not_checked.size() == 1U);
    BOOST_TEST(v.not_checked.front() == rows_not_checked);
    const Verdict waits = d.with.judge(s.record, by("servicer"), nullptr);
    BOOST_TEST((waits.kind == Verdict::Kind::not_yet));
    BOOST_TEST(waits.waits_for == "the rows of this document");
}

BOOST_AUTO_TEST_CASE(receivables_are_known)
{
    Driver d = opened();
    BOOST_TEST(outcome(d, paper(d, {"invoice", {"R1", "R2"}})) == "accepted");
    BOOST_TEST(outcome(d, paper(d, {"invoice", {"R1", "R3"}})) == "unknown-asset");
    BOOST_TEST(outcome(d, changed(paper(d), 0, "")) == "bad-row"); // its key is of R1
    Submission bound = paper(d, {"invoice", {}});
    bound.rows.front().key = document_key("R1");
    BOOST_TEST(outcome(d, changed(bound, 0, "R1")) == "sum-differs"); // count says the deal
    Submission loose = paper(d);
    loose.rows.front().key = document_key("");
    BOOST_TEST(outcome(d, changed(loose, 0, "")) == "sum-differs"); // count says one receivable
    Submission few = paper(d, {"invoice", {"R1", "R2"}});
    few.record.public_part["count"] = 1;
    BOOST_TEST(outcome(d, few) == "sum-differs");
}

BOOST_AUTO_TEST_CASE(receivables_gone_may_still_have_papers)
{
    Driver d = opened();
    d.pay(date("2019-02-01"), "R2", "10000.00");
    d.close(date("2019-02-02"));
    BOOST_TEST(outcome(d, paper(d, {"confirmation", {"R2"}})) == "accepted");
}

BOOST_AUTO_TEST_CASE(malformed_rows_and_parts)
{
    Driver d = opened();
    const Submission good = paper(d);
    const auto refused_row = [&](std::size_t field, const std::string& value) {
        BOOST_TEST_CONTEXT(value) BOOST_TEST(outcome(d, changed(good, field, value)) == "bad-row");
    };
    refused_row(1, std::string(101, '1'));
    refused_row(1, "HT\n1");
    for (const char* parties :
         {"", "{}", "[1]", "[{\"name\":\"a\"}]", "[{\"name\":\"\",\"role\":\"a\"}]",
          "[{\"name\":\"a\",\"role\":\"A\"}]", "[{\"name\":\"a\",\"role\":\"\"}]",
          "[ {\"name\":\"a\",\"role\":\"b\"}]",
          "[{\"name\":\"a\",\"role\":\"b\",\"share\":\"1\"}]"})
        refused_row(2, parties);
    Submission more = good;
    more.rows.front().fields.emplace_back("face", "1.00");
    more.record.rows_root = rows_root(more.rows);
    BOOST_TEST(outcome(d, more) == "bad-row");

    const auto refused_part = [&](const char* key, Json value) {
        Submission s = good;
        s.record.public_part[key] = std::move(value);
        BOOST_TEST_CONTEXT(key) BOOST_TEST(outcome(d, s) == "bad-record");
    };
    refused_part("kind", 1);
    refused_part("sha256", "00");
    refused_part("size", 0);
    refused_part("count", -1);
    refused_part("expires", "2019-02-30");
    refused_part("receivable", "R1");
    Submission days = good;
    days.record.covers = {date("2019-02-01"), date("2019-02-01")};
    BOOST_TEST(outcome(d, days) == "bad-record");
    Submission corrects = good;
    corrects.record.corrects = sha256("a record");
    BOOST_TEST(outcome(d, corrects) == "bad-record");
}

/// As a type that a later version adds: a newer program is the remedy, not another record.
BOOST_AUTO_TEST_CASE(kinds_of_later_versions_are_unknown)
{
    Driver d = opened();
    Submission s = paper(d);
    s.record.public_part["kind"] = "will";
    const Verdict v = d.feed(s, "servicer");
    BOOST_REQUIRE(v.findings.size() == 1U);
    BOOST_TEST(v.findings.front().id == "unknown-type");
    BOOST_TEST(v.findings.front().message == "document kind 'will' is not known to this version");
}

BOOST_AUTO_TEST_CASE(days_written_on_a_paper)
{
    Driver d = opened();
    BOOST_TEST(outcome(d, paper(d, {"notice", {"R1"}, "2019-02-01", "2019-02-01"})) == "accepted");
    BOOST_TEST(outcome(d, paper(d, {"notice", {"R1"}, "2019-02-02", "2019-02-01"})) ==
               "wrong-date");
    BOOST_TEST(outcome(d, paper(d, {"notice", {"R1"}, "1989-12-31"})) == "wrong-date");
    BOOST_TEST(outcome(d, paper(d, {"notice", {"R1"}, nullptr, "2151-01-01"})) == "wrong-date");
    BOOST_TEST(outcome(d, paper(d, {"registry", {"R1"}, "2010-01-01", "2049-12-31"})) ==
               "accepted");
}

BOOST_AUTO_TEST_CASE(authors)
{
    Driver d = opened();
    for (const char* role :
         {"servicer", "originator", "obligor", "plan_manager", "custodian", "trustee"})
        BOOST_TEST(outcome(d, paper(d), role) == "accepted");
    BOOST_TEST(outcome(d, paper(d), "rating_agency") == "wrong-author");
    Program p = small_deal();
    p.authors["document"] = {"originator"};
    Driver named = opened(p);
    BOOST_TEST(outcome(named, paper(named), "originator") == "accepted");
    BOOST_TEST(outcome(named, paper(named), "servicer") == "wrong-author");
}

BOOST_AUTO_TEST_CASE(before_the_pool_and_other_versions)
{
    Driver d(small_deal());
    BOOST_TEST(outcome(d, paper(d, {"contract", {}})) == "not accepted: the snapshot of closing");
    Driver started = opened();
    Submission s = paper(started);
    s.record.v = 2;
    BOOST_TEST(outcome(started, s) == "unknown-type");
}

/// Papers, a purchase, the papers of what was bought, and what the sources say of a day: every
/// order in which a paper comes after the purchase it is about leads to one state.
BOOST_AUTO_TEST_CASE(order_of_a_days_records_does_not_matter)
{
    Driver base = opened();
    base.pay(date("2019-02-01"), "R2", "10000.00");
    base.close(date("2019-02-03"));
    const Date day = date("2019-02-04");
    const Date settle = day;
    std::vector<Row> rows{
        receivable({"R3", "O1", "2019-04-10", "1000.00", "990.00"}, settle, base.random)};
    Submission buy = build_purchase(date("2019-02-01"), settle, std::move(rows)).value();
    buy.record.seq = 7;
    base.debit(day, "purchase/2019-02-04/7", yuan("990.00"));
    const std::vector<std::pair<Submission, std::string>> records{
        {build_statement("plan", 2, base.cash, {day, day}, base.entries, base.random), "custodian"},
        {buy, "servicer"},
        {build_collections({day, day}, {}, base.random), "servicer"},
        {paper(base, {"transfer", {"R3"}, "2019-02-01"}), "originator"},
        {paper(base, {"notice", {"R1"}}), "servicer"},
        {paper(base, {"registry", {}, "2019-02-04", "2024-02-03"}), "plan_manager"}};
    // What is bought is there before it is paid, allocated or written about; the servicer's own
    // follow each other.
    const auto in_order = [](const auto& place) {
        return place(1) < place(0) && place(1) < place(2) && place(1) < place(3) &&
               place(2) < place(4);
    };
    const int accepted = accepted_orders(base.with, records, day, in_order, [](const Judge& judge) {
        BOOST_REQUIRE(judge.state().closed_through.str() == "2019-02-04");
    });
    // Purchase, statement, collections, notice in this order; the transfer anywhere after the
    // purchase (4 ways), the registry anywhere (6 ways).
    BOOST_TEST(accepted == 24);
}

BOOST_AUTO_TEST_SUITE_END()
