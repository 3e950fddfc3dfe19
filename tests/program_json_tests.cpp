// Programs as canonical JSON: byte-exact both ways, strict in reading.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "waterfall/compile.hpp"
#include "waterfall/exact/program_json.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(program_json_tests)

namespace {

Program sample()
{
    auto program = compile_file("data/deal/jdht-2018-6.toml");
    BOOST_REQUIRE(program.has_value());
    return *program;
}

std::string first_error(const Json& json)
{
    const auto program = program_from_json(json);
    return program ? std::string("accepted") : program.error().front().message;
}

} // namespace

BOOST_AUTO_TEST_CASE(round_trip_is_exact)
{
    const Program p = sample();
    const std::string bytes = to_json(p).canonical();
    const auto json = parse_canonical(bytes);
    BOOST_REQUIRE(json.has_value());
    const auto back = program_from_json(*json);
    if (!back) BOOST_FAIL(back.error().front().message);
    BOOST_TEST((*back == without_places(p)));
    BOOST_TEST(to_json(*back).canonical() == bytes);
}

BOOST_AUTO_TEST_CASE(every_expression_survives)
{
    const Names names{{"A", "B"}, {}};
    for (const char* text :
         {"pool balance", "100% * senior balance",
          "min(notes, pool balance, 5.00) - interest A unpaid",
          "max(1.00, principal A or B unpaid) + 2.00 + balance B",
          "notes - (pool balance - (income cash - (5.00 - (6.00 - unapplied cash))))"}) {
        BOOST_TEST_CONTEXT(text)
        {
            Program p = sample();
            const auto expr = parse_expr({text, {}}, names);
            BOOST_REQUIRE(expr.has_value());
            p.triggers[0].when.left = *expr;
            const auto json = parse_canonical(to_json(p).canonical());
            BOOST_REQUIRE(json.has_value());
            BOOST_TEST((program_from_json(*json).value().triggers[0].when.left == *expr));
        }
    }
}

BOOST_AUTO_TEST_CASE(unknown_members_and_words_are_refused)
{
    const Json good = to_json(sample());
    BOOST_TEST(first_error(good) == "accepted");
    Json bad = good;
    bad["surprise"] = 1;
    BOOST_TEST(first_error(bad) != "accepted");
    bad = good;
    bad["tranches"].as_array()[0]["surprise"] = 1;
    BOOST_TEST(first_error(bad) != "accepted");
    bad = good;
    bad["triggers"].as_array()[0]["effect"] = "explode";
    BOOST_TEST(first_error(bad) != "accepted");
    bad = good;
    bad["v"] = 2;
    BOOST_TEST(first_error(bad) != "accepted");
    bad = good;
    bad["priorities"]["ended"] = good.find("priorities")->as_object().at("default");
    BOOST_TEST(first_error(bad) != "accepted");
}

BOOST_AUTO_TEST_CASE(what_could_not_run_is_refused)
{
    const Json good = to_json(sample());
    const auto step = [](Json& json) -> Json& {
        return json["priorities"]["default"]["all"].as_array()[0];
    };
    Json bad = good;
    step(bad)["payees"] = Json::Array{Json("nobody")};
    BOOST_TEST(first_error(bad) == "program.priorities.default: fee 'nobody' is not declared");
    bad = good;
    bad["revolving_dates"].as_array()[1] = bad["revolving_dates"].as_array()[0];
    BOOST_TEST(first_error(bad) == "program.revolving_dates: 2019-02-26 is out of order");
    bad = good;
    bad["triggers"].as_array()[0]["when"]["left"] = Json::array();
    BOOST_TEST(first_error(bad) != "accepted");
    bad = good;
    bad["tranches"].as_array()[0]["face"] = "1080000000.01";
    BOOST_TEST(first_error(bad) == "program.tranches: face of 'A' is not a whole number of units");
}

BOOST_AUTO_TEST_CASE(a_member_removed_anywhere_is_refused_or_optional)
{
    const Json good = to_json(sample());
    for (const auto& [key, value] : good.as_object()) {
        Json bad = good;
        bad.as_object().erase(key);
        const bool optional = key == "purchase" || key == "support" || key == "timetable";
        BOOST_TEST_CONTEXT(key) BOOST_TEST((first_error(bad) == "accepted") == optional);
    }
}

namespace {

/// Every value of the document, wherever it is.
void values(Json& json, std::vector<Json*>& out)
{
    out.push_back(&json);
    if (json.is_object()) {
        for (auto& [key, value] : json.as_object()) values(value, out);
    } else if (json.is_array()) {
        for (Json& value : json.as_array()) values(value, out);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_hostile_program_is_refused_or_means_what_it_says)
{
    Program small = sample();
    small.monthly_dates.resize(3);
    for (Calendar& calendar : small.calendars) calendar.exceptions.resize(3);
    const std::string bytes = to_json(small).canonical();
    const std::vector<Json> other{Json(0),
                                  Json(-1),
                                  Json(std::int64_t{9007199254740991}),
                                  Json(""),
                                  Json("A"),
                                  Json(true),
                                  Json::array(),
                                  Json(),
                                  Json("0.01"),
                                  Json("2199-12-31"),
                                  Json("subtract")};
    Json whole = parse_canonical(bytes).value();
    std::vector<Json*> places;
    values(whole, places);
    int accepted = 0;
    // From the back, so that a value is tried before the one that holds it.
    for (std::size_t i = places.size(); i-- > 0;) {
        const Json kept = *places[i];
        *places[i] = other[i % other.size()];
        if (const auto program = program_from_json(whole)) {
            ++accepted;
            BOOST_TEST((to_json(*program) == whole));
        }
        *places[i] = kept;
    }
    BOOST_TEST(accepted > 0);
}

BOOST_AUTO_TEST_SUITE_END()
