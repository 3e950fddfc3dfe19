// Audit: a small deal on a chain of four, audited with rows, from an outsider's bundle, and after
// figures were changed; and its opening tape compared with one in the mail.
// SPDX-License-Identifier: Apache-2.0
#include "tests/alliance_fixture.hpp"

#include "chain/verify.hpp"
#include "cmd/audit_books.hpp"
#include "cmd/commands.hpp"
#include "cmd/contract.hpp"
#include "cmd/output.hpp"
#include "data/tape.hpp"
#include "tests/judge_fixture.hpp"
#include "waterfall/exact/purchase.hpp"
#include "waterfall/generate.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(audit_tests)

namespace {

using test::date;
using test::yuan;

/// The records of a small deal from terms to its second distribution, as its judge accepts them.
struct SmallStory {
    SmallStory() : driver(program())
    {
        keep({build_terms(program(), sha256("small.toml")), {}}, "plan_manager");
        feed(build_snapshot(program().closing, to_rows(tape(), driver.random)).value(), "servicer");
        driver.cash = driver.with.state().book.balance(Account::principal);
        driver.next = program().closing;
        const std::string first = tape().receivables.front().asset_id;
        driver.pay(date("2019-02-05"), first.c_str(), "1000.00");
        close(date("2019-02-10"));
        driver.credit(date("2019-02-20"), "55.00");
        driver.allocations.push_back({date("2019-02-20"), driver.last_entry(), "",
                                      AllocationKind::unapplied, yuan("55.00")});
        close(date("2019-02-25"));
        distribute(date("2019-02-26"));
        close(date("2019-03-25"));
        distribute(date("2019-03-26"));
        close(date("2019-03-27"));
    }
    static Program program()
    {
        Program p = test::small_deal();
        Trigger t;
        t.id = "shortfall";
        t.when.left.kind = t.when.right.kind = Expr::Kind::measure;
        t.when.left.measure = Measure::pool_balance;
        t.when.right.measure = Measure::senior_balance;
        t.clock = Trigger::Clock::consecutive_days;
        t.days = 30;
        t.during = Phase::revolving;
        t.clause = {"trigger.1", "when pool balance < senior balance"};
        p.triggers = {t};
        return p;
    }
    static const Tape& tape()
    {
        static const Tape made = [] {
            SampleTerms terms;
            terms.receivables = 12;
            terms.price = yuan("1000000.00");
            terms.closing = date("2019-01-31");
            Tape t;
            t.columns = sample_tape_columns();
            t.receivables = SampleWorld(3, terms).opening();
            return t;
        }();
        return made;
    }
    void keep(Submission s, const std::string& role) { fed.emplace_back(std::move(s), role); }
    void feed(Submission s, const std::string& role)
    {
        driver.must(s, role);
        keep(std::move(s), role);
    }
    void close(Date through)
    {
        feed(build_statement("plan", driver.number + 1, driver.cash, {driver.next, through},
                             driver.entries, driver.random), "custodian");
        feed(build_collections({driver.next, through}, driver.allocations, driver.random),
             "servicer");
        feed({driver.with.make_close(through).value(), {}}, "");
        for (const StatementEntry& e : driver.entries) driver.cash += e.amount;
        ++driver.number;
        driver.next = through + 1;
        driver.entries.clear();
        driver.allocations.clear();
    }
    void distribute(Date unadjusted)
    {
        const Record r = driver.with.make_distribution(unadjusted).value();
        feed({r, {}}, "plan_manager");
        const Money total = Money::parse(r.public_part.find("total")->as_string()).value();
        if (total > zero)
            driver.debit(*r.business_date, distribution_reference(unadjusted), total);
    }

    test::Driver driver;
    std::vector<std::pair<Submission, std::string>> fed;
};

struct RowsContract : DealContract {
    RowsContract() : DealContract(true) {}
};

/// The story sealed in blocks of at most three records.
struct Sealed : BasicAlliance<RowsContract> {
    Sealed()
    {
        start();
        const std::map<std::string, std::size_t> members{
            {"plan_manager", 0}, {"custodian", 1}, {"servicer", 2}};
        std::map<std::size_t, std::int64_t> seqs;
        std::size_t waiting = 0;
        for (auto& [submission, role] : story.fed) {
            SubmissionFile s;
            s.rows = submission.rows;
            Record& r = s.signed_record.record = submission.record;
            r.chain = genesis.chain_id();
            r.deal = "small";
            if (!role.empty()) {
                const std::size_t author = members.at(role);
                r.author = alliance_names[author];
                r.seq = ++seqs[author];
                r.valid_until = now + 86400;
                s.signed_record.sign(keys[author], r.author);
            }
            submit(s);
            if (++waiting % 3 == 0) seal();
        }
        if (waiting % 3 != 0) seal();
    }
    SmallStory story;
};

VerifyReport audited(const ChainSource& source, bool rows, AuditBooks& books)
{
    const DealContract contract(rows);
    VerifyOptions options;
    options.on_record = [&](std::int64_t height, const Record& record, Session& session) {
        books.follow(height, record, session);
    };
    auto report = verify_chain(source, contract, options);
    BOOST_REQUIRE(report);
    for (const Finding& f : report->findings) BOOST_TEST_MESSAGE(f.str());
    for (const Finding& f : books.findings()) BOOST_TEST_MESSAGE(f.str());
    return std::move(*report);
}

struct Ran {
    std::string text;
    Outcome outcome;
};

/// Runs a command of the tree; its first positional is `argument`.
Ran run(const std::string& noun, const std::string& verb, const std::string& argument,
        const std::string& chain, const TestFolder& folder)
{
    Globals globals;
    globals.format = Format::json;
    globals.output = folder / "answer.json";
    globals.chain = chain;
    const Tree tree = all_commands();
    const Command* command = tree.find(noun, verb);
    BOOST_REQUIRE(command != nullptr);
    BOOST_REQUIRE(command->parameters.front().store({argument}));
    Output out(globals);
    std::filesystem::remove(globals.output);
    Outcome outcome = command->run(globals, out);
    std::string text;
    if (std::filesystem::exists(globals.output)) text = read_file(globals.output, 1 << 20).value();
    return {std::move(text), std::move(outcome)};
}

bool says(const Ran& ran, const std::string& what)
{
    if (ran.text.find(what) != std::string::npos) return true;
    for (const Error& e : ran.outcome.problems())
        if (e.message.find(what) != std::string::npos) return true;
    return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(with_rows_everything_is_checked)
{
    Sealed a;
    AuditBooks books;
    const VerifyReport report = audited(source_of(a.at(3).store()), true, books);
    BOOST_TEST(report.good());
    BOOST_TEST(books.findings().empty());
    BOOST_TEST(report.not_checked.count("aggregates not checked against rows") == 0u);
    BOOST_TEST(books.counts().days == 56);            // 2019-01-31 to 2019-03-27
    BOOST_TEST(books.counts().statements == 4);
    BOOST_TEST(books.counts().bank == 4);
    BOOST_TEST(books.counts().readings == 56);
    BOOST_TEST(books.distributions().size() == 2u);
    BOOST_TEST(report.rows >= 12);
}

BOOST_AUTO_TEST_CASE(an_outsider_is_told_what_was_not_checked)
{
    Sealed a;
    const Bundle bundle = *export_bundle(a.at(0), "", 0);
    AuditBooks books;
    const VerifyReport report = audited(source_of(bundle), false, books);
    BOOST_TEST(report.good());
    BOOST_TEST(books.findings().empty());
    BOOST_TEST(report.not_checked.count("aggregates not checked against rows") == 1u);
    BOOST_TEST(books.counts().days == 56);
    BOOST_TEST(books.distributions().size() == 2u);
    BOOST_TEST(report.rows == 0);

    const std::string file = a.folder / "outsider.tcb";
    BOOST_REQUIRE(write_file(file, bundle.str(), 0644));
    const Ran ran = run("audit", "run", file, "", a.folder);
    BOOST_TEST(ran.outcome.ok());
    BOOST_TEST(says(ran, "aggregates not checked against rows"));
    BOOST_TEST(says(ran, "tranchain.audit.run/1"));
}

BOOST_AUTO_TEST_CASE(a_changed_row_is_named)
{
    Sealed a;
    ChainSource source = source_of(a.at(3).store());
    const auto sound = source.rows;
    source.rows = [&](const std::string& hash) -> Result<std::optional<std::vector<Row>>> {
        auto rows = sound(hash);
        if (rows && *rows && (*rows)->size() == 12) (*rows)->at(4).fields.at(0).second += "0";
        return rows;
    };
    AuditBooks books;
    const VerifyReport report = audited(source, true, books);
    BOOST_REQUIRE(!report.good());
    BOOST_TEST(report.findings.front().id == "bad-rows-root");
    BOOST_TEST(report.findings.front().record.find("snapshot of servicer") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_tape_in_the_mail)
{
    Sealed a;
    const std::string chain = a.database(3);
    a.close(3);
    Tape tape = SmallStory::tape();
    const std::string file = a.folder / "tape.csv";
    BOOST_REQUIRE(write_tape(file, tape));
    Ran ran = run("pool", "verify", file, chain, a.folder);
    BOOST_TEST_MESSAGE(ran.text);
    BOOST_TEST(ran.outcome.ok());
    BOOST_TEST(says(ran, "\"equal\": 12"));

    const std::string last = tape.receivables.back().asset_id;
    tape.receivables.pop_back();
    tape.receivables[2].seller_name += "X";
    tape.receivables.push_back(tape.receivables[3]);
    tape.receivables.back().asset_id = "STRANGER";
    tape.receivables.back().invoice_no = "87654321";
    BOOST_REQUIRE(write_tape(file, tape));
    ran = run("pool", "verify", file, chain, a.folder);
    BOOST_TEST(!ran.outcome.ok());
    BOOST_TEST((ran.outcome.problems().front().code == Code::answer_no));
    BOOST_TEST(says(ran, "row " + tape.receivables[2].asset_id + ", field seller_name"));
    BOOST_TEST(says(ran, "1 anchored rows are missing, first '" + last + "'"));
    BOOST_TEST(says(ran, "1 rows were never anchored, first 'STRANGER'"));
}

BOOST_AUTO_TEST_CASE(a_changed_amount_is_a_difference_not_a_broken_tape)
{
    Sealed a;
    const std::string chain = a.database(3);
    a.close(3);
    Tape tape = SmallStory::tape();
    tape.receivables[1].current_balance += Money::fen(1);   // no longer original - collected - ...
    const std::string file = a.folder / "tape.csv";
    BOOST_REQUIRE(write_tape(file, tape));
    const Ran ran = run("pool", "verify", file, chain, a.folder);
    BOOST_REQUIRE(!ran.outcome.ok());
    BOOST_TEST((ran.outcome.problems().front().code == Code::answer_no));
    BOOST_TEST(says(ran, "row " + tape.receivables[1].asset_id + ", field current_balance"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
