// Json: RFC 8785 where it applies, everything else refused, and values that come back.
// SPDX-License-Identifier: Apache-2.0
#include "data/json.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include "data/json_canonical.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(json_tests)

namespace {

using namespace std::string_literals;

std::string nested(int depth)
{
    std::string text;
    for (int i = 1; i < depth; ++i) text += "{\"a\":";
    text += "{}";
    for (int i = 1; i < depth; ++i) text += "}";
    return text;
}

/// A value spelled by arbitrary bytes, so that rapidcheck shrinks the bytes (its nested generators
/// of recursive values take minutes).
class FromBytes {
public:
    explicit FromBytes(const std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

    Json value(int depth)
    {
        const auto kind = next() % (depth == 0 ? 3 : 5);
        const auto count = kind > 2 ? next() % 5 : 0;
        Json::Array items;
        Json::Object members;
        switch (kind) {
        case 0:
            return number();
        case 1:
            return next() % 2 == 0;
        case 2:
            return "应收" + text(" \"\\/abz019_{}[]:,~");
        case 3:
            for (auto i = count; i > 0; --i) items.push_back(value(depth - 1));
            return items;
        default:
            for (auto i = count; i > 0; --i) members["k" + text("abz019_")] = value(depth - 1);
            return members;
        }
    }

private:
    std::uint8_t next() { return used_ < bytes_.size() ? bytes_[used_++] : std::uint8_t{0}; }
    std::int64_t number()
    {
        std::int64_t n = 0;
        for (auto digits = next() % 8; digits > 0; --digits) n = n << 8 | next();
        n &= 9'007'199'254'740'991;
        return next() % 2 == 0 ? n : -n;
    }
    std::string text(std::string_view letters)
    {
        std::string out;
        for (auto size = next() % 8; size > 0; --size) out += letters[next() % letters.size()];
        return out;
    }

    const std::vector<std::uint8_t>& bytes_;
    std::size_t used_ = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(writes_canonical_bytes)
{
    const std::pair<const char*, const char*> cases[] = {
        {R"({ "b" : 1, "a" : [ true , false ], "c":{} , "_":[] })",
         R"({"_":[],"a":[true,false],"b":1,"c":{}})"},
        {R"({"a1":1,"a":2,"a_":3,"1":4})", R"({"1":4,"a":2,"a1":1,"a_":3})"},
        {R"(["\u20ac\u00e9\/\"\\","\u0041"])", "[\"\u20ac\u00e9/\\\"\\\\\",\"A\"]"},
        {R"(["\ud83d\ude02"])", "[\"\xF0\x9F\x98\x82\"]"},
        {"[9007199254740991,-9007199254740991,0,-1]", "[9007199254740991,-9007199254740991,0,-1]"},
        {"\n\t \"x\" \r\n", "\"x\""},
        {"true", "true"},
    };
    for (const auto& [text, canonical] : cases) {
        BOOST_TEST_CONTEXT(text)
        {
            const auto json = parse_json(text);
            BOOST_REQUIRE(json);
            BOOST_TEST(json->canonical() == canonical);
            BOOST_TEST((parse_canonical(canonical).value() == *json));
            BOOST_TEST((parse_json(json->pretty()).value() == *json));
            BOOST_TEST((text == std::string(canonical) || !parse_canonical(text)));
        }
    }
}

BOOST_AUTO_TEST_CASE(escapes_as_rfc_8785)
{
    BOOST_TEST(Json("\b\t\n\f\r\"\\/\x01\x1f\x7f").canonical() ==
               "\"\\b\\t\\n\\f\\r\\\"\\\\/\\u0001\\u001f\x7f\"");
}

BOOST_AUTO_TEST_CASE(refuses_with_both_readers)
{
    const std::string cases[] = {
        "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "[1] 2", "{}{}", "nul",
        // numbers
        "1.0", "[1.5]", "1e3", "1E3", "-", "01", "+1", ".5", "NaN", "Infinity", "9007199254740992",
        "-9007199254740992", "18446744073709551615", "9223372036854775808",
        "1111111111111111111111111111111111111111",
        // null, comments, byte order mark, zero bytes
        "null", "{\"a\":null}", "[null]", "/**/1", "1//", "\xEF\xBB\xBF{}", "{}\0"s, "{}\0x"s,
        "\0"s, "[\"a\0b\"]"s,
        // keys
        "{\"\":1}", "{\"A\":1}", "{\"a-b\":1}", "{\"a b\":1}", "{\"é\":1}", "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"b\":2,\"a\":3}", "{\"x\":{\"a\":1,\"\\u0061\":1}}", "{\"a.b\":1}",
        // texts
        "[\"\n\"]", "[\"\\n\"]", "[\"\\u0000\"]", "[\"\\u007f\"]", "[\"\x7f\"]", "[\"\\u0085\"]",
        "[\"\\u202e\"]", "[\"\u202a\"]", "[\"\u2066\"]", "[\"\\u2069\"]", "[\"\\ufeff\"]",
        "[\"\xEF\xBB\xBF\"]", "[\"\xff\"]", "[\"\xC0\x80\"]", "[\"\xED\xA0\x80\"]", "[\"\\ud800\"]",
        "[\"\\udc00\"]", "[\"\\x41\"]", "[\"\\u12\"]", "[\"a]",
        // depth
        nested(17), "{\"a\":" + std::string(16, '[') + std::string(16, ']') + "}",
        std::string(100'000, '['), std::string(100'000, '{')};
    for (const auto& text : cases) {
        BOOST_TEST_CONTEXT(text.substr(0, 60))
        {
            BOOST_TEST(!parse_json(text));
            BOOST_TEST(!parse_canonical(text));
        }
    }
    BOOST_TEST(parse_canonical(nested(16)).has_value());
    BOOST_TEST(parse_canonical(std::string(16, '[') + std::string(16, ']')).has_value());
}

BOOST_AUTO_TEST_CASE(canonical_reader_demands_the_very_bytes)
{
    for (const std::string text :
         {" {}", "{} ", "{}\n", "{ }", "{\"b\":1,\"a\":2}", "[1, 2]", "-0", "[\"\\u0041\"]",
          "[\"\\/\"]", "[\"\\u00e9\"]", "{\"a\" :1}", "\t[]"}) {
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_TEST(parse_json(text).has_value());
            BOOST_TEST(!parse_canonical(text));
        }
    }
    const auto error = parse_canonical("{\"b\":1,\"a\":2}").error();
    BOOST_TEST(error.message == "not canonical from byte 3");
    BOOST_TEST(error.where.column == 3);
}

BOOST_AUTO_TEST_CASE(messages_say_where)
{
    const auto message = [](std::string_view text) { return parse_json(text).error().message; };
    BOOST_TEST(message(R"({"a":{"b":[1,2,{"c":1.5}]}})") ==
               "at 'a.b[2].c': '1.5' is not an integer within 2^53-1");
    BOOST_TEST(message(R"({"a":[1,null]})") ==
               "at 'a[1]': null is not allowed; leave the member out");
    BOOST_TEST(message(R"({"a":{"b":1,"b":2}})") == "at 'a': the key 'b' is there twice");
    BOOST_TEST(message(R"({"B":1})") == "the key 'B' is not of a-z, 0-9 and _");
    const auto error = parse_json("{\"a\":1,\n \"b\":tru}").error();
    BOOST_TEST(error.where.line == 2);
    BOOST_TEST(error.message.starts_with("at 'b': not JSON: "));
}

BOOST_AUTO_TEST_CASE(members_and_items)
{
    Json json;
    json["b"] = 2;
    json["a"] = Money::fen(150);
    json["c"]["d"] = Date::of(2018, 6, 25);
    json["e"] = Json::array();
    json["e"].push_back(true);
    json["e"].push_back("x");
    BOOST_TEST(json.canonical() == R"({"a":"1.50","b":2,"c":{"d":"2018-06-25"},"e":[true,"x"]})");
    BOOST_TEST(json.find("b")->as_integer() == 2);
    BOOST_TEST(json.find("x") == nullptr);
    BOOST_TEST(json.find("e")->as_array()[0].as_bool());
    BOOST_TEST((json != Json()));
    BOOST_TEST(json.pretty() == "{\n  \"a\": \"1.50\",\n  \"b\": 2,\n  \"c\": {\n    \"d\": "
                                "\"2018-06-25\"\n  },\n  \"e\": [\n    true,\n    \"x\"\n  ]\n}");
    BOOST_TEST(Json::array().pretty() == "[]");
}

RC_BOOST_PROP(values_come_back, (const std::vector<std::uint8_t>& bytes_of_value))
{
    const Json json = FromBytes(bytes_of_value).value(4);
    const auto bytes = json.canonical();
    RC_ASSERT(parse_canonical(bytes).value() == json);
    RC_ASSERT(parse_json(json.pretty()).value() == json);
}

RC_BOOST_PROP(any_bytes_are_refused_or_come_back, ())
{
    const auto bytes = *rc::gen::container<std::string>(
        rc::gen::elementOf(std::string("{}[]:,\"\\ a1-0.etrufls\x7f\xC3\xA9\0"s)));
    if (const auto json = parse_json(bytes)) {
        RC_ASSERT(parse_canonical(json->canonical()).value() == *json);
    }
    if (const auto json = parse_canonical(bytes)) RC_ASSERT(json->canonical() == bytes);
}

BOOST_AUTO_TEST_CASE(pairs_are_the_canonical_bytes)
{
    const TextPairs cases[] = {{}, {{"a", ""}}, {{"row", R"({"a":"b\\c"})"}, {"应收", "1.00"}}};
    for (const TextPairs& pairs : cases) {
        Json::Array list;
        for (const auto& [name, text] : pairs) {
            Json::Array pair;
            pair.emplace_back(name);
            pair.emplace_back(text);
            list.emplace_back(std::move(pair));
        }
        const std::string bytes = Json(std::move(list)).canonical();
        BOOST_TEST(canonical_pairs(pairs) == bytes);
        TextPairs back;
        BOOST_TEST((read_pairs(bytes, back) && back == pairs));
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
            BOOST_TEST(!read_pairs(bytes.substr(0, cut), back));
        }
    }
    TextPairs none;
    for (const char* text : {"[[]]", R"([["a"]])", R"([["a","b","c"]])", R"([["a",1]])", "[] ",
                             R"([["a","b"],])", R"([["a", "b"]])", "{}", R"([["a","\u0041"]])",
                             "[[\"a\",\"\x7f\"]]", "[[\"a\",\"\xff\"]]"}) {
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!read_pairs(text, none));
    }
}

BOOST_AUTO_TEST_CASE(objects_are_written_and_read_in_place)
{
    const std::string bytes = ObjectText().add("a", "应\"收").add("b", -5).add("c", "x").take();
    BOOST_TEST(bytes == Json(Json::object({{"a", "应\"收"}, {"b", -5}, {"c", "x"}})).canonical());
    BOOST_TEST(ObjectText().take() == "{}");
    std::string_view text;
    std::int64_t n = 0;
    ObjectView escaped(bytes);
    BOOST_TEST(!escaped.take("a", text)); // for parse_canonical
    ObjectView plain(R"({"a":"应收","b":-5,"c":"x"})");
    BOOST_TEST(plain.next_is("a"));
    BOOST_TEST(!plain.next_is("b"));
    BOOST_TEST((plain.take("a", text) && text == "应收"));
    BOOST_TEST(!plain.finished());
    BOOST_TEST((plain.take("b", n) && n == -5));
    BOOST_TEST((plain.take("c", text) && text == "x" && plain.finished()));
    for (const char* wrong : {"", "{", R"({"a)", R"({"a":)", R"({"a":"x)", R"({"a": "x"})",
                              R"(["a":"x"])", R"({"a":5})", "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}"}) {
        BOOST_TEST_CONTEXT(wrong) BOOST_TEST(!ObjectView(wrong).take("a", text));
    }
    for (const char* wrong : {R"({"a":"5"})", R"({"a":05})", R"({"a":-0})", R"({"a":5)",
                              R"({"a":9007199254740992})", R"({"a":true})", R"({"a":})"}) {
        BOOST_TEST_CONTEXT(wrong) BOOST_TEST(!ObjectView(wrong).take("a", n));
    }
}

BOOST_AUTO_TEST_CASE(fields_collect_every_problem)
{
    const auto json = parse_json(R"({"name":"x","n":1,"yes":true,"pay":"1.00","day":"2018-06-25",
        "list":["a","b"],"inner":{"a":1},"hash":"00","naem":"y","when":"2018-02-30","odd":[1],
        "amount":"1.0"})")
                          .value();
    Fields f(json, "thing");
    BOOST_TEST(f.text("name") == "x");
    BOOST_TEST(f.integer("n") == 1);
    BOOST_TEST(f.boolean("yes"));
    BOOST_TEST((f.money("pay") == Money::fen(100)));
    BOOST_TEST((f.date("day") == Date::of(2018, 6, 25)));
    BOOST_TEST((f.texts("list") == std::vector<std::string>{"a", "b"}));
    BOOST_TEST(f.object("inner").find("a")->as_integer() == 1);
    BOOST_TEST(!f.has("absent"));
    f.hash("hash");
    f.date("when");
    f.texts("odd");
    f.money("amount");
    f.text("missing");
    f.text("n");
    f.integer("name");
    f.boolean("name");
    f.object("name");
    f.array("name");
    f.add("n", "is odd");
    std::vector<std::string> messages;
    std::string hint;
    for (const auto& error : f.finish()) {
        messages.push_back(error.message);
        hint = error.hint;
    }
    const std::vector<std::string> expected = {"thing.hash is not a hash",
                                               "thing.when is not a date",
                                               "thing.odd holds something that is not a text",
                                               "thing.amount is not an amount",
                                               "thing.missing is missing",
                                               "thing.n is not a text",
                                               "thing.name is not an integer",
                                               "thing.name is not true or false",
                                               "thing.name is not an object",
                                               "thing.name is not a list",
                                               "thing.n is odd",
                                               "thing.naem is not known here"};
    BOOST_TEST(messages == expected, boost::test_tools::per_element());
    BOOST_TEST(hint == "did you mean 'name'?");

    const Json number(1);
    Fields none(number, "it");
    none.text("x");
    const auto errors = none.finish();
    BOOST_REQUIRE(errors.size() == 1);
    BOOST_TEST(errors[0].message == "it is not an object");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
