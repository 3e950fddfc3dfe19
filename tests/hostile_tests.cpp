// Hostile: records made to break the judge get a finding, at once; nothing aborts.
//
// Each goes through a session of the contract, with rows and without, from the state of a small
// deal after its snapshot and one closed day. SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <functional>

#include "chain/contract.hpp"
#include "cmd/contract.hpp"
#include "tests/judge_fixture.hpp"
#include "waterfall/exact/program_json.hpp"

namespace tranchain {

namespace hostile_tests {

using test::date;
using test::yuan;

constexpr const char* most = "9999999999999.00";

struct Hostile {
    Hostile()
    {
        d.snapshot({{"R-1", "o1", "2019-03-15", "500000.00", "495000.00"},
                    {"R-2", "o2", "2019-04-15", "500000.00", "495000.00"}});
        d.close(date("2019-02-01"));
        public_state = d.with.public_state();
        private_state = d.with.private_state();
    }

    /// The verdict of a fresh session; the row-less one must not abort either.
    Judgement judge(Submission s, const std::string& role) const
    {
        s.record.deal = "small";
        if (!role.empty()) s.record.author = "someone";
        if (!role.empty()) s.record.seq = 2;
        s.record.rows = static_cast<std::int64_t>(s.rows.size());
        RecordContext context;
        context.height = 5;
        context.time = 1'549'000'000;
        if (!role.empty()) context.author_roles = {role};
        const auto begin = std::chrono::steady_clock::now();
        Judgement result;
        for (const bool rows : {false, true}) {
            const DealContract contract(rows);
            auto session = contract.open("small", public_state,
                                         rows ? std::optional(private_state) : std::nullopt);
            BOOST_REQUIRE(session);
            result = (*session)->judge(s.record, context, rows ? &s.rows : nullptr);
            if (result.ruling != Ruling::accepted)
                BOOST_TEST(((*session)->public_state() == public_state));
        }
        BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(5)));
        return result;
    }
    void refused(const Submission& s, const std::string& role, const std::string& id) const
    {
        const Judgement j = judge(s, role);
        BOOST_TEST((j.ruling == Ruling::refused));
        BOOST_REQUIRE(!j.findings.empty());
        std::string all;
        for (const Finding& f : j.findings) all += f.id + " ";
        BOOST_TEST(all.find(id) != std::string::npos, s.record.type + ": " + all);
    }
    /// Not accepted, whatever the reason.
    void no(const Submission& s, const std::string& role) const
    {
        const Judgement j = judge(s, role);
        BOOST_TEST((j.ruling != Ruling::accepted), s.record.type);
    }

    test::Driver d{test::small_deal()};
    std::string public_state, private_state;
};

Json list(std::size_t n, const std::function<Json(std::size_t)>& one)
{
    Json::Array all;
    for (std::size_t i = 0; i < n; ++i) all.push_back(one(i));
    return Json(std::move(all));
}

Submission record(std::string_view type, Json part, Date day)
{
    Submission s;
    s.record.type = type;
    s.record.public_part = std::move(part);
    s.record.business_date = day;
    return s;
}

} // namespace hostile_tests

BOOST_FIXTURE_TEST_SUITE(hostile_tests, Hostile)

BOOST_AUTO_TEST_CASE(statements_of_everything)
{
    const Date from = date("2019-02-02");
    const auto statement = [&](Json days, Record::Covers covers, const char* closing) {
        Submission s = record("statement",
                              Json::object({{"account", "plan"},
                                            {"number", 2},
                                            {"opening", d.cash},
                                            {"closing", closing},
                                            {"days", std::move(days)}}),
                              from);
        s.record.business_date.reset();
        s.record.covers = covers;
        return s;
    };
    const auto credits = [&](std::size_t n) {
        return list(n, [&](std::size_t i) {
            return Json::object({{"date", from + static_cast<std::int32_t>(i)},
                                 {"credits", most},
                                 {"debits", Json::Array{}}});
        });
    };
    refused(statement(credits(20), {from, from + 30}, most), "custodian", "too-large");
    refused(statement(credits(60'000), {from, date("2199-12-31")}, most), "custodian",
            "wrong-date");
    const Json debits = list(1, [&](std::size_t) {
        return Json::object({{"date", from},
                             {"credits", "0.00"},
                             {"debits", list(5000, [](std::size_t) {
                                  return Json::object({{"reference", "x"}, {"amount", most}});
                              })}});
    });
    refused(statement(debits, {from, from}, most), "custodian", "too-large");
    // One record is within the limit, two in days not closed yet are not.
    test::Driver again = d;
    const Money large = yuan("150000000000.00");
    const Money more = yuan("40000000000.00");
    const Submission one = build_statement("plan", 2, d.cash, {from, from},
                                           {{1, from, large, "", "", ""}}, again.random);
    BOOST_TEST((judge(one, "custodian").ruling == Ruling::accepted));
    BOOST_REQUIRE(again.with.judge(one.record, test::by("custodian"), &one.rows).accepted());
    const Submission two = build_statement(
        "plan", 3, d.cash + large, {from + 1, from + 1},
        {{1, from + 1, more, "", "", ""}, {2, from + 1, -more, "transfer/x", "", ""}},
        again.random);
    const Verdict v = again.with.judge(two.record, test::by("custodian"), &two.rows);
    BOOST_TEST(test::told(v).find("[too-large]") != std::string::npos, test::told(v));
}

BOOST_AUTO_TEST_CASE(allocations_of_everything)
{
    const Date day = date("2019-02-02");
    Submission s = build_collections({day, day}, {}, d.random);
    s.record.public_part = Json::object(
        {{"days", list(1, [&](std::size_t) {
              return Json::object(
                  {{"date", day}, {"amount", "0.00"}, {"unapplied", "0.00"}, {"income", "0.00"}});
          })}});
    for (int i = 0; i < 1000; ++i) {
        Row row;
        row.key = "2019-02-02/plan/000002/00000001/" + std::to_string(1000 + i);
        row.fields = {{"row", std::string("{\"amount\":\"") + (i % 2 ? "-" : "") + most +
                                  "\",\"date\":\"2019-02-02\",\"kind\":\"unapplied\","
                                  "\"receipt\":\"plan/000002/00000001\"}"}};
        s.rows.push_back(row);
    }
    no(s, "servicer");
    Json::Array days;
    for (int i = 0; i < 200; ++i)
        days.push_back(Json::object(
            {{"date", day + i}, {"amount", most}, {"unapplied", most}, {"income", most}}));
    s.record.public_part = Json::object({{"days", std::move(days)}});
    s.record.covers = Record::Covers{day, day + 300};
    refused(s, "servicer", "too-large");
}

BOOST_AUTO_TEST_CASE(receivables_of_everything)
{
    const Date day = date("2019-02-01");
    std::vector<Row> rows;
    for (int i = 0; i < 1000; ++i) {
        const std::string id = "H-" + std::to_string(1000 + i);
        rows.push_back(test::receivable({id.c_str(), "o9", "2199-12-31", most, most},
                                        date("2019-02-02"), d.random));
    }
    const auto purchase = [&](const char* face, const char* price, std::int64_t count,
                              Date settle) {
        return record(
            "purchase",
            Json::object({{"settle", settle}, {"count", count}, {"face", face}, {"price", price}}),
            day);
    };
    Submission s = purchase("1.00", "1.00", 1000, settlement_day(d.with.program(), day));
    s.rows = rows;
    no(s, "servicer");
    for (const char* face : {most, "-9999999999999.00", "0.00", "-0.00", "x"}) {
        no(purchase(face, face, 0, settlement_day(d.with.program(), day)), "servicer");
        no(purchase(face, face, -1, settlement_day(d.with.program(), day)), "servicer");
    }
    Submission late = purchase(most, most, 0, day);
    for (const char* when : {"1900-01-01", "2199-12-31"}) {
        late.record.business_date = date(when);
        refused(late, "servicer", "wrong-date");
    }
    Submission opening = record(
        "snapshot",
        Json::object({{"as_of", "2019-01-31"}, {"count", 1000}, {"face", most}, {"price", most}}),
        date("2019-01-31"));
    opening.rows = rows;
    no(opening, "servicer");
    // And where a snapshot is due: the rows' sum leaves the range of an amount.
    Judge fresh(test::small_deal(), Judge::Rows::present);
    opening.record.public_part["price"] = "1.00";
    opening.record.rows = 1000;
    const Verdict v = fresh.judge(opening.record, test::by("servicer"), &rows);
    BOOST_TEST(test::told(v).find("[too-large]") != std::string::npos, test::told(v));
}

BOOST_AUTO_TEST_CASE(dilutions_of_everything)
{
    const Date from = date("2019-02-02");
    Submission s =
        record("dilution",
               Json::object({{"days", list(200,
                                           [&](std::size_t i) {
                                               return Json::object(
                                                   {{"date", from + static_cast<std::int32_t>(i)},
                                                    {"amount", most}});
                                           })}}),
               from);
    refused(s, "servicer", "too-large");
    std::vector<Dilution> rows;
    for (int i = 0; i < 200; ++i)
        rows.push_back({"R-" + std::to_string(100 + i), from, yuan("1.00"), "rebate"});
    Submission small = build_dilution(rows, d.random);
    for (Row& row : small.rows) {
        std::string& text = row.fields.front().second;
        text.replace(text.find("\"1.00\""), 6, std::string("\"") + most + "\"");
    }
    refused(small, "servicer", "too-large");
}

BOOST_AUTO_TEST_CASE(closes_of_everything)
{
    const auto close = [&](const char* amount, std::int64_t count, std::size_t days) {
        const Json sheets = list(days, [&](std::size_t i) {
            Json one = Json::object({{"date", date("2019-02-02") + static_cast<std::int32_t>(i)},
                                     {"bought", Json::Array{}},
                                     {"defaults", count},
                                     {"live_count", count}});
            for (const char* key : {"to_principal", "to_income", "recovered", "paid", "diluted",
                                    "loss", "defaulted_face", "defaulted_cost"})
                one[key] = amount;
            return one;
        });
        const Date through = date("2019-02-01") + static_cast<std::int32_t>(days);
        return record("day_close",
                      Json::object({{"through", through},
                                    {"days", sheets},
                                    {"live", Json::object({{"count", count},
                                                           {"root", std::string(64, '0')}})}}),
                      through);
    };
    for (const char* amount : {most, "-9999999999999.00", "0.00"})
        for (const std::int64_t count : {std::int64_t{0}, std::int64_t{9'007'199'254'740'991},
                                         std::int64_t{-9'007'199'254'740'991}})
            for (const std::size_t days : {1u, 2u, 2000u}) no(close(amount, count, days), "");
    refused(close(most, 0, 200), "", "too-large");
}

BOOST_AUTO_TEST_CASE(terms_of_everything)
{
    const auto with = [&](const std::function<void(Program&)>& change) {
        Program p = test::small_deal();
        change(p);
        return test::told(Judge(Judge::Rows::present)
                              .judge(build_terms(p, Hash{}), test::by("plan_manager"), nullptr));
    };
    int number = 0;
    const auto bad = [&](const std::function<void(Program&)>& change) {
        ++number;
        const std::string text = with(change);
        BOOST_TEST(text.find("not accepted:  [") == 0u, number << ": " << text);
    };
    BOOST_TEST(with([](Program&) {}) == "accepted");
    bad([](Program& p) {
        p.tranches[0].face = yuan(most);
        p.unit = yuan("1.00");
    });
    bad([](Program& p) { p.tranches[0].coupon = Rate::ppb(1'000'000'000'000); });
    bad([](Program& p) { p.fees[0].rate = Rate::ppb(1'000'000'000'000); });
    bad([](Program& p) {
        p.fees[1].kind = Fee::Kind::annual_amount;
        p.fees[1].amount = yuan(most);
    });
    bad([](Program& p) { p.legal_final = date("2199-12-31"); });
    bad([](Program& p) { p.closing = date("1900-01-01"); });
    bad([](Program& p) { p.monthly_dates.back().unadjusted = date("2199-12-31"); });
    bad([](Program& p) { p.sources[0].latest_days = 1'000'000; });
    bad([](Program& p) {
        p.purchase = Purchase{};
        p.purchase->calendar = "china-bank";
        p.purchase->settle_days = 1'000'000;
    });
    bad([](Program& p) {
        Trigger t;
        t.id = "t";
        t.days = 1'000'000;
        p.triggers.push_back(t);
    });
    bad([](Program& p) {
        Trigger t;
        t.id = "t";
        t.when.left.kind = Expr::Kind::scale;
        t.when.left.rate = Rate::ppb(1'000'000'000'000);
        Expr measure;
        measure.kind = Expr::Kind::measure;
        t.when.left.operands = {measure};
        p.triggers.push_back(t);
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
