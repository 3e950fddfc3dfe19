// Record: one record, one text; every changed byte is refused or changes the hash.
// SPDX-License-Identifier: Apache-2.0
#include "data/record.hpp"

#include <boost/test/unit_test.hpp>

namespace tranchain {

BOOST_AUTO_TEST_SUITE(record_tests)

namespace {

constexpr auto chain_id = "alliance/0123456789abcdef";

Record signed_record()
{
    Record record;
    record.chain = chain_id;
    record.deal = "jdht-2018-6";
    record.type = "distribution";
    record.author = "manager";
    record.seq = 7;
    record.replaces = sha256("before");
    record.valid_until = 1'530'000'000;
    record.business_date = Date::of(2018, 6, 25);
    record.covers = Record::Covers{Date::of(2018, 6, 1), Date::of(2018, 6, 24)};
    record.corrects = sha256("wrong");
    record.approvals_required = {"custodian", "manager"};
    record.public_part["paid"] = Money::fen(740'021'918);
    record.public_part["note"] = "兑付 \"Q2\" \\ A";
    record.public_part["final"] = true;
    record.public_part["list"] = Json::Array{1, -20, "x", Json()};
    record.rows = 12;
    record.rows_root = sha256("rows");
    return record;
}

Record computed_record()
{
    Record record;
    record.chain = chain_id;
    record.deal = "d";
    record.type = "day_close";
    record.public_part["through"] = Date::of(2018, 6, 25);
    return record;
}

Json with(Json json, std::string_view key, Json value)
{
    json[key] = std::move(value);
    return json;
}

Json without(Json json, const std::string& key)
{
    json.as_object().erase(key);
    return json;
}

/// The messages of a refusal, joined; "accepted" if there is none.
std::string refusal(const Json& json)
{
    const auto record = Record::from_json(json);
    if (record) return "accepted";
    std::string out;
    for (const auto& error : record.error()) out += (out.empty() ? "" : "; ") + error.message;
    return out;
}

/// Judges changed texts of one record, counting those accepted and those that pass for it.
class Changes {
public:
    explicit Changes(const Record& record) : record_(record), text_(record.to_json().canonical()) {}

    [[nodiscard]] std::size_t size() const { return text_.size(); }
    [[nodiscard]] int byte(std::size_t at) const { return static_cast<unsigned char>(text_[at]); }
    void change(std::size_t at, int value)
    {
        auto text = text_;
        text[at] = static_cast<char>(static_cast<unsigned char>(value));
        judge(text);
    }
    void judge(const std::string& text)
    {
        if (text == text_) return;
        const auto json = parse_canonical(text);
        if (!json) return;
        const auto read = Record::from_json(*json);
        if (!read) return;
        ++accepted;
        const bool seen = read->hash() != record_.hash() && *read != record_ &&
                          read->to_json().canonical() == text;
        unseen += seen ? 0 : 1;
    }

    int accepted = 0;
    int unseen = 0;

private:
    const Record& record_;
    std::string text_;
};

} // namespace

BOOST_AUTO_TEST_CASE(comes_back)
{
    for (const auto& record : {signed_record(), computed_record()}) {
        const auto text = record.to_json().canonical();
        const auto read = Record::from_json(parse_canonical(text).value());
        BOOST_REQUIRE(read);
        BOOST_TEST((*read == record));
        BOOST_TEST(record.signed_text() == "tranchain/record/v1\n" + text);
        BOOST_TEST((record.hash() == sha256(text)));
    }
    BOOST_TEST(
        computed_record().to_json().canonical() ==
        R"({"chain":"alliance/0123456789abcdef","deal":"d","public":{"through":"2018-06-25"},)"
        R"("type":"day_close","v":1})");
}

BOOST_AUTO_TEST_CASE(refuses_and_says_why)
{
    const auto good = signed_record().to_json();
    const auto plain = computed_record().to_json();
    BOOST_TEST(refusal(with(good, "v", 2)) ==
               "record.v is 2, but this program knows version 1 only");
    BOOST_TEST(refusal(without(good, "v")) == "record.v is missing");
    BOOST_TEST(refusal(with(good, "extra", 1)) == "record.extra is not known here");
    BOOST_TEST(refusal(without(good, "type")) == "record.type is missing");
    BOOST_TEST(refusal(without(good, "public")) == "record.public is missing");
    BOOST_TEST(refusal(with(good, "public", "x")) == "record.public is not an object");
    BOOST_TEST(refusal(with(good, "deal", "")) == "record.deal is empty; leave it out");
    BOOST_TEST(refusal(with(good, "seq", 0)) == "record.seq is not above zero");
    BOOST_TEST(refusal(with(good, "valid_until", -1)) == "record.valid_until is not above zero");
    BOOST_TEST(refusal(without(good, "seq")) == "record.seq is missing");
    BOOST_TEST(refusal(with(good, "replaces", "00")) == "record.replaces is not a hash");
    BOOST_TEST(refusal(with(good, "business_date", "2018-02-30")) ==
               "record.business_date is not a date");
    BOOST_TEST(refusal(with(plain, "seq", 1)) ==
               "record.seq does not apply to a record without author");
    BOOST_TEST(refusal(with(good, "approvals_required", Json::array())) ==
               "record.approvals_required is empty; leave it out");
    BOOST_TEST(refusal(with(good, "approvals_required", Json::Array{"b", "a"})) ==
               "record.approvals_required is not sorted without repeats");
    BOOST_TEST(refusal(with(good, "approvals_required", Json::Array{"a", "a"})) ==
               "record.approvals_required is not sorted without repeats");
    BOOST_TEST(refusal(without(good, "rows_root")) == "record.rows_root is missing");
    BOOST_TEST(refusal(with(good, "rows", 0)) == "record.rows is not above zero");
    BOOST_TEST(refusal(without(good, "rows")) ==
               "record.rows_root does not apply to a record without rows");
    for (const auto* id : {"", "x", "/0123456789abcdef", "x/0123456789abcde", "x/0123456789ABCDEF",
                           "x/0123456789abcdef0", "x0123456789abcdef"}) {
        BOOST_TEST(refusal(with(good, "chain", id)) ==
                   "record.chain is not a name, a slash and 16 hexadecimal digits");
    }
    const auto covers = [&](const char* from, const char* to) {
        return refusal(with(good, "covers", Json::object({{"from", from}, {"to", to}})));
    };
    BOOST_TEST(covers("2018-06-24", "2018-06-24") == "accepted");
    BOOST_TEST(covers("2018-06-24", "2018-06-23") == "record.covers ends before it begins");
    BOOST_TEST(covers("2018-06-24", "x") == "record.covers.to is not a date");
    BOOST_TEST(refusal(Json(1)).starts_with("record is not an object"));
    BOOST_TEST(refusal(Json()) == "record.v is missing; record.chain is missing; record.type is "
                                  "missing; record.public is missing");
}

// What is read from a changed text must be another record with another hash, whose text is the
// changed text; most are refused.
BOOST_AUTO_TEST_CASE(every_changed_byte_of_a_short_record_is_seen)
{
    const auto record = computed_record();
    Changes changes(record);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        for (int value = 0; value < 256; ++value) changes.change(i, value);
    }
    BOOST_TEST(changes.unseen == 0);
    BOOST_TEST(changes.accepted > 500);
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_seen)
{
    const auto record = signed_record();
    Changes changes(record);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) changes.change(i, changes.byte(i) ^ (1 << bit));
    }
    BOOST_TEST(changes.unseen == 0);
    BOOST_TEST(changes.accepted > 500);
}

BOOST_AUTO_TEST_CASE(every_changed_byte_is_seen, *boost::unit_test::label("slow"))
{
    const auto record = signed_record();
    Changes changes(record);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        for (int value = 0; value < 256; ++value) changes.change(i, value);
    }
    BOOST_TEST(changes.unseen == 0);
    BOOST_TEST(changes.accepted > 5000);
}

// The same for a byte left out, doubled, or cut off with all that follows.
BOOST_AUTO_TEST_CASE(every_lost_or_doubled_byte_is_seen)
{
    for (const auto& record : {signed_record(), computed_record()}) {
        Changes changes(record);
        const auto original = record.to_json().canonical();
        for (std::size_t i = 0; i < original.size(); ++i) {
            changes.judge(original.substr(0, i));
            changes.judge(original.substr(0, i) + original.substr(i + 1));
            changes.judge(original.substr(0, i) + original[i] + original.substr(i));
        }
        BOOST_TEST(changes.unseen == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
