// Sign: signed records, answers, freeze statements and submission files.
// SPDX-License-Identifier: Apache-2.0
#include "chain/sign.hpp"

#include <boost/test/unit_test.hpp>

#include "data/csv.hpp"
#include "tests/alliance.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(sign_tests)

namespace {

std::string ids(const Errors& errors)
{
    std::string out;
    for (const auto& error : errors) {
        out += (out.empty() ? "" : " ") + error.id;
    }
    return out;
}

ReadyAnswer answer(Stance verdict = Stance::ready, std::string reason = "")
{
    ReadyAnswer out;
    out.chain = test::alliance().chain_id();
    out.height = 4;
    out.attempt = 2;
    out.header = sha256("header");
    out.member = "custodian";
    out.verdict = verdict;
    out.reason = std::move(reason);
    out.sign(test::key_of("custodian"));
    return out;
}

SubmissionFile submission(std::size_t rows = 3)
{
    SubmissionFile out;
    auto random = seeded_random("rows");
    for (std::size_t i = 0; i < rows; ++i) {
        out.rows.push_back({"R-" + std::to_string(i),
                            {{"asset_id", "R-" + std::to_string(i)}, {"face", "100.00"}},
                            random()});
    }
    out.signed_record = test::signed_record(test::alliance(), "servicer");
    Record& record = out.signed_record.record;
    record.rows = static_cast<std::int64_t>(rows);
    if (rows > 0) {
        record.rows_root = rows_root(out.rows);
    }
    out.signed_record.sign(test::key_of("servicer"), "servicer");
    return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

BOOST_AUTO_TEST_CASE(author_and_approvers_sign_and_nobody_else)
{
    const auto members = test::alliance().members;
    auto record = test::signed_record(test::alliance(), "manager");
    record.record.approvals_required = {"custodian", "manager"};
    record.signatures.clear();
    BOOST_TEST(ids(check_signatures(record, members)) == "missing-signature missing-signature");
    record.sign(test::key_of("manager"), "manager");
    BOOST_TEST((record.signers_missing() == std::vector<std::string>{"custodian"}));
    record.sign(test::key_of("custodian"), "custodian");
    BOOST_TEST(record.signatures[0].member == "custodian");
    BOOST_TEST(check_signatures(record, members).empty());
    record.sign(test::key_of("custodian"), "custodian");
    BOOST_TEST(record.signatures.size() == 2U);

    auto bad = record;
    bad.sign(test::key_of("trustee"), "trustee");
    BOOST_TEST(ids(check_signatures(bad, members)) == "unwanted-signature");
    bad = record;
    bad.sign(test::key_of("regulator"), "regulator");
    BOOST_TEST(ids(check_signatures(bad, members)) == "unknown-signer");
    bad = record;
    bad.sign(test::key_of("trustee"), "custodian");
    BOOST_TEST(ids(check_signatures(bad, members)) == "bad-record-signature");
    bad = record;
    bad.record.public_part["note"] = "changed";
    BOOST_TEST(ids(check_signatures(bad, members)) == "bad-record-signature bad-record-signature");
}

BOOST_AUTO_TEST_CASE(a_signed_record_comes_back_and_every_flipped_byte_is_found)
{
    const auto members = test::alliance().members;
    const auto record = test::signed_record(test::alliance(), "manager");
    const auto bytes = record.canonical();
    BOOST_TEST((SignedRecord::parse(bytes).value() == record));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (const char flip : {'\x01', '\x20', '\x80'}) {
            auto changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ flip);
            const auto read = SignedRecord::parse(changed);
            BOOST_TEST((!read || !check_signatures(*read, members).empty()), "byte " << i);
        }
    }
    Json json = record.to_json();
    json["signatures"].push_back(json["signatures"].as_array()[0]);
    BOOST_TEST(!SignedRecord::from_json(json).has_value());
    json = record.to_json();
    json["more"] = 1;
    BOOST_TEST(!SignedRecord::from_json(json).has_value());
    json = record.to_json();
    json["signatures"].as_array()[0]["signature"] = "AAAA";
    BOOST_TEST(!SignedRecord::from_json(json).has_value());
    json["signatures"].as_array()[0] = Json::object({});
    BOOST_TEST(!SignedRecord::from_json(json).has_value());
}

BOOST_AUTO_TEST_CASE(answers_come_back)
{
    const PublicKey key = test::key_of("custodian").public_key();
    for (const ReadyAnswer& one : {answer(), answer(Stance::refused, "record 1: wrong amount"),
                              answer(Stance::not_yet, "rows of record 1")}) {
        BOOST_TEST((ReadyAnswer::parse(one.canonical()).value() == one));
        BOOST_TEST(one.verify(key));
        BOOST_TEST(one.signed_text().starts_with("tranchain/ready/v1\n{\"answer\":"));
    }
}

// A refusal must never be shown as consent, nor one member's answer as another's.
BOOST_AUTO_TEST_CASE(every_flipped_byte_of_an_answer_is_found)
{
    const PublicKey key = test::key_of("custodian").public_key();
    const auto bytes = answer(Stance::refused, "wrong amount").canonical();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (const char flip : {'\x01', '\x20', '\x80'}) {
            auto changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ flip);
            const auto read = ReadyAnswer::parse(changed);
            BOOST_TEST((!read || !read->verify(key)), "byte " << i);
        }
    }
    auto consent = answer(Stance::refused, "wrong amount");
    consent.verdict = Stance::ready;
    consent.reason.clear();
    BOOST_TEST(!consent.verify(key));
}

BOOST_AUTO_TEST_CASE(malformed_answers)
{
    const Json good = answer().to_json();
    const auto refused = [&](const char* member, Json value) {
        Json json = good;
        json["answer"][member] = std::move(value);
        return !ReadyAnswer::from_json(json).has_value();
    };
    BOOST_TEST(refused("answer", "maybe"));
    BOOST_TEST(refused("answer", "refused")); // without a reason
    BOOST_TEST(refused("reason", "why"));     // with one
    BOOST_TEST(refused("reason", ""));
    BOOST_TEST(refused("attempt", 0));
    BOOST_TEST(refused("epoch", 0));
    BOOST_TEST(refused("height", -1));
    BOOST_TEST(refused("member", "e2"));
    BOOST_TEST(refused("header", "00"));
    BOOST_TEST(refused("more", 1));
    BOOST_TEST(!ReadyAnswer::parse("{}").has_value());
    BOOST_TEST(!ReadyAnswer::parse("").has_value());
}

BOOST_AUTO_TEST_CASE(ready_answers_count_once_and_for_one_header_only)
{
    const auto genesis = test::alliance();
    std::vector<ReadyAnswer> answers;
    for (const char* name : {"manager", "custodian", "trustee"}) {
        ReadyAnswer one = answer();
        one.member = name;
        one.sign(test::key_of(name));
        answers.push_back(one);
    }
    const auto count = [&](const std::vector<ReadyAnswer>& list) {
        return count_ready(list, genesis.chain_id(), 1, 4, 2, sha256("header"), genesis.members);
    };
    BOOST_TEST(count(answers) == 3U);
    answers.push_back(answers[0]);
    BOOST_TEST(count(answers) == 3U);
    const auto spoiled = [&](auto change) {
        auto list = answers;
        list.resize(3);
        change(list[1]);
        list[1].sign(test::key_of("custodian"));
        return count(list);
    };
    BOOST_TEST(spoiled([](ReadyAnswer&) {}) == 3U);
    BOOST_TEST(spoiled([](ReadyAnswer& a) { a.header = sha256("other"); }) == 2U);
    BOOST_TEST(spoiled([](ReadyAnswer& a) { a.attempt = 1; }) == 2U);
    BOOST_TEST(spoiled([](ReadyAnswer& a) { a.epoch = 2; }) == 2U);
    BOOST_TEST(spoiled([](ReadyAnswer& a) { a.height = 5; }) == 2U);
    BOOST_TEST(spoiled([](ReadyAnswer& a) { a.chain = "jdht/0000000000000000"; }) == 2U);
    BOOST_TEST(spoiled([](ReadyAnswer& a) { a.member = "servicer"; }) == 2U);
    BOOST_TEST(spoiled([](ReadyAnswer& a) { a.member = "regulator"; }) == 2U);
    BOOST_TEST(spoiled([](ReadyAnswer& a) {
                   a.verdict = Stance::refused;
                   a.reason = "no";
               }) == 2U);
}

// The statement of tranchain-chain(5), "Takeover", byte by byte.
BOOST_AUTO_TEST_CASE(the_statement_of_the_manual)
{
    Freeze f;
    f.chain = test::alliance(3).chain_id();
    f.orderer = "custodian";
    f.log_key = test::key_of("log of epoch 2").public_key();
    f.member = "custodian";
    f.endorsed = Freeze::Endorsed{
        1, 1, 1,
        hash_from_hex("a556dbc5017b11f689e65c81dfc452a99c827f9479d4dc4aef9fb79a004db71d").value()};
    f.sign(test::key_of("custodian"));
    std::string page = read_file("man/tranchain-chain.5").value();
    std::erase(page, '\n'); // lines are broken there
    BOOST_TEST(page.find(f.canonical()) != std::string::npos);
    BOOST_TEST((Freeze::from_intent(f.intent())->signed_text() == f.signed_text()));
    BOOST_TEST(!Freeze::from_intent(f.canonical()).has_value());
}

BOOST_AUTO_TEST_CASE(freeze_statements_come_back)
{
    Freeze freeze;
    freeze.chain = test::alliance().chain_id();
    freeze.orderer = "custodian";
    freeze.log_key = test::key_of("new log").public_key();
    freeze.member = "trustee";
    freeze.sign(test::key_of("trustee"));
    BOOST_TEST((Freeze::from_json(freeze.to_json()).value() == freeze));
    BOOST_TEST(freeze.verify(test::key_of("trustee").public_key()));
    freeze.endorsed = Freeze::Endorsed{1, 6, 2, sha256("header")};
    BOOST_TEST(!freeze.verify(test::key_of("trustee").public_key()));
    freeze.sign(test::key_of("trustee"));
    BOOST_TEST((Freeze::from_json(freeze.to_json()).value() == freeze));
    BOOST_TEST((parse_canonical(freeze.canonical()).value() == freeze.to_json()));
    Json json = freeze.to_json();
    json["freeze"]["epoch"] = 1;
    BOOST_TEST(!Freeze::from_json(json).has_value());
    json["freeze"]["log_key"] = "AAAA";
    BOOST_TEST(!Freeze::from_json(json).has_value());
    json["freeze"]["endorsed"]["more"] = 1;
    BOOST_TEST(!Freeze::from_json(json).has_value());
}

BOOST_AUTO_TEST_CASE(no_signature_of_one_kind_is_one_of_another)
{
    BOOST_TEST(answer().signed_text().starts_with("tranchain/ready/v1\n"));
    BOOST_TEST(Freeze{}.signed_text().starts_with("tranchain/freeze/v1\n"));
    BOOST_TEST(Record{}.signed_text().starts_with("tranchain/record/v1\n"));
    BOOST_TEST(cosigned_text(1, "x").starts_with("cosignature/v1\n"));
}

BOOST_AUTO_TEST_CASE(submissions_come_back)
{
    for (const std::size_t rows : {0U, 1U, 3U}) {
        const auto one = submission(rows);
        const auto read = SubmissionFile::parse(one.str(), "s").value();
        BOOST_TEST((read.signed_record == one.signed_record));
        BOOST_TEST(read.rows.size() == rows);
        BOOST_TEST(read.str() == one.str());
    }
    auto without = submission();
    without.with_rows = false;
    const auto read = SubmissionFile::parse(without.str(), "s").value();
    BOOST_TEST(read.rows.empty());
    BOOST_TEST(!read.with_rows);
}

BOOST_AUTO_TEST_CASE(changed_submissions_are_refused_with_the_line)
{
    const std::string good = submission().str();
    const auto line_of = [](const std::string& text) {
        const auto read = SubmissionFile::parse(text, "s");
        BOOST_REQUIRE(!read.has_value());
        return read.error()[0].where.line;
    };
    BOOST_TEST(line_of("") == 1);
    BOOST_TEST(line_of("hello\n") == 1);
    BOOST_TEST(line_of(good.substr(0, 40)) == 2);
    BOOST_TEST(line_of(replaced(good, "\"record\"", "\"recard\"")) == 2);
    BOOST_TEST(line_of(replaced(good, "\"type\"", "\"tyqe\"")) == 2);
    BOOST_TEST(line_of(replaced(good, "{\"rows\":3,", "{\"rows\":2,")) == 3);
    BOOST_TEST(line_of(replaced(good, "{\"rows\":3,", "{\"rows\": 3,")) == 3);
    BOOST_TEST(line_of(replaced(good, "\"with_rows\":true", "\"with\":true")) == 3);
    BOOST_TEST(line_of(replaced(good, "\"with_rows\":true", "\"with_rows\":false")) == 4);
    BOOST_TEST(line_of(replaced(good, "[\"face\",\"100.00\"]", "[\"face\",\"100.01\"]")) == 4);
    BOOST_TEST(line_of(replaced(good, "[\"face\",\"100.00\"]", "[\"face\"]")) == 4);
    BOOST_TEST(line_of(replaced(good, "[\"face\",\"100.00\"]", "[\"asset_id\",\"x\"]")) == 4);
    BOOST_TEST(line_of(replaced(good, "\"key\":\"R-0\"", "\"key\":\"R-1\"")) == 5);
    BOOST_TEST(line_of(replaced(good, "\"key\":\"R-0\"", "\"key\":\"\"")) == 4);
    BOOST_TEST(line_of(good.substr(0, good.size() - 1)) == 6);
    BOOST_TEST(line_of(good.substr(0, good.rfind("\n{") + 1)) == 3);
    BOOST_TEST(line_of(good + "x\n") == 7);
}

BOOST_AUTO_TEST_SUITE_END()
