// Desk: a deal played on facts alone stands every evening where the same deal on records stands.
// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <boost/test/unit_test.hpp>

#include "waterfall/compile.hpp"
#include "waterfall/exact/difference.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/generate.hpp"
#include "waterfall/projection.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(desk_tests)

namespace {

/// What only records have: commitments to rows, and the heights of blocks.
DealState without_commitments(DealState state)
{
    state.live_root.clear();
    if (state.notice_owed) state.notice_owed->revealed = 0;
    for (NoticeGiven& notice : state.notices) notice.hash.clear(); // it tells the height
    return state;
}

/// Judges the steps of a run as members would: every fact a row with a secret, in a record.
class Members {
public:
    explicit Members(const Program& program) : judge(program, Judge::Rows::present) {}

    void must(const Record& record, const std::vector<Row>& rows, const char* role)
    {
        Context context;
        context.height = ++height_;
        if (*role != '\0') context.author_roles = {role, "originator"};
        Record numbered = record;
        if (std::string_view(role) == "servicer") numbered.seq = ++seq_;
        const Verdict v = judge.judge(numbered, context, &rows);
        BOOST_REQUIRE_MESSAGE(v.accepted(), record.type << ": " << v.waits_for
                                                        << (v.findings.empty()
                                                                ? ""
                                                                : v.findings.front().message));
    }
    void must(const Submission& s, const char* role) { must(s.record, s.rows, role); }

    void open(const std::vector<Receivable>& opening)
    {
        must(build_snapshot(judge.program().closing, rows_of(opening)).value(), "servicer");
    }

    void step(const ProjectionStep& s)
    {
        if (!s.dilutions.empty()) must(build_dilution(s.dilutions, random_), "servicer");
        if (s.insolvency) {
            must(build_insolvency(s.insolvency->date, s.insolvency->group, s.insolvency->obligors,
                                  random_),
                 "servicer");
        }
        must(build_statement("plan", s.number, s.opening, s.covers, s.entries, random_),
             "custodian");
        must(build_collections(s.covers, s.allocations, random_), "servicer");
        while (judge.state().closed_through < s.covers.to) close(s.covers.to);
        for (const Date date : s.distributions) {
            must(judge.make_distribution(date).value(), {}, "plan_manager");
        }
        if (s.bought.empty()) return;
        must(build_purchase(s.purchase_day, s.settle, rows_of(s.bought)).value(), "servicer");
    }

    Judge judge;
    int notices = 0;

private:
    /// As far as it goes: up to `through`, or day by day where a trigger takes effect on the way.
    void close(Date through)
    {
        auto record = judge.make_close(through);
        if (!record) record = judge.make_close(judge.state().closed_through + 1);
        BOOST_REQUIRE_MESSAGE(record, record.error().message);
        must(*record, {}, "");
        if (!judge.state().notice_owed) return;
        ++notices;
        must(judge.make_notice().value(), {}, "");
    }

    std::vector<Row> rows_of(const std::vector<Receivable>& receivables)
    {
        const std::vector<std::string> columns{"asset_id",       "obligor_code",    "obligor_group",
                                               "due_date",       "current_balance", "purchase_date",
                                               "purchase_price", "confirmation"};
        return to_rows({"", columns, receivables, {}, {}, {}}, random_);
    }

    RandomSource random_ = seeded_random("desk");
    std::int64_t height_ = 0;
    std::int64_t seq_ = 0;
};

/// A tenth of the sample's receivables and of what is offered each week.
ProjectionInput small_world(const Scenario& scenario)
{
    SampleTerms terms;
    terms.receivables = 200;
    const SampleWorld world(scenario.seed, terms);
    ProjectionInput input{compile_file("data/deal/jdht-2018-6.toml").value(), world.opening(),
                          world.candidates(), scenario};
    for (CandidateTape& tape : input.candidates) {
        if (tape.rows.size() > 140) tape.rows.resize(140);
    }
    return input;
}

} // namespace

BOOST_AUTO_TEST_CASE(facts_and_records_give_the_same_state_every_day)
{
    const ProjectionInput input = small_world(stressed_scenario(15));
    std::map<Date, DealState> desk;
    Members members(input.program);
    std::int64_t days = 0;
    members.judge.on_day([&](const DealState& state, const Journal&) {
        ++days;
        const DealState& there = desk.at(state.closed_through);
        const DealState here = without_commitments(state);
        BOOST_REQUIRE_MESSAGE((here == there),
                              state.closed_through.str()
                                  << ": " << first_difference(to_json(here, input.program),
                                                              to_json(there, input.program)));
    });
    members.open(input.opening);
    std::int64_t bought = 0, diluted = 0, insolvent = 0;
    const auto played = project(
        input,
        [&](const ProjectionStep& step) {
            members.step(step);
            bought += static_cast<std::int64_t>(step.bought.size());
            diluted += static_cast<std::int64_t>(step.dilutions.size());
            insolvent += step.insolvency ? 1 : 0;
        },
        [&](const DealState& state, const Journal&) {
            desk.emplace(state.closed_through, without_commitments(state));
        });
    BOOST_REQUIRE_MESSAGE(played, played.error().message);
    BOOST_TEST(days == static_cast<std::int64_t>(played->days.size()));
    BOOST_TEST(days > 700);
    BOOST_TEST(bought > 0);
    BOOST_TEST(diluted > 0);
    BOOST_TEST(insolvent == 1);
    BOOST_TEST(members.notices == 1);
    BOOST_TEST((members.judge.state().fired == played->fired));
}

BOOST_AUTO_TEST_CASE(what_the_judge_refuses_ends_a_run)
{
    ProjectionInput input = small_world(base_scenario(15));
    input.opening.front().purchase_price = input.opening.front().purchase_price - Money::fen(1);
    const auto played = project(input);
    BOOST_REQUIRE(!played);
    BOOST_TEST(played.error().message ==
               "the snapshot after 2018-11-07 is not accepted: row 'R-000001': purchase_price is " +
                   input.opening.front().purchase_price.str() + ", terms give " +
                   (input.opening.front().purchase_price + Money::fen(1)).str());
}

BOOST_AUTO_TEST_SUITE_END()
