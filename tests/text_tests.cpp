// Text: encodings with the vectors of RFC 4648, UTF-8 exhaustively, and typing errors.
// SPDX-License-Identifier: Apache-2.0
#include "data/text.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

namespace tranchain {

BOOST_AUTO_TEST_SUITE(text_tests)

namespace {

std::string encode(char32_t c)
{
    const auto byte = [](char32_t value) {
        return static_cast<char>(static_cast<unsigned char>(value));
    };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 63))};
    if (c < 0x10000)
        return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 63)), byte(0x80 | (c & 63))};
    return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 63)), byte(0x80 | (c >> 6 & 63)),
            byte(0x80 | (c & 63))};
}

bool forbidden(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

} // namespace

BOOST_AUTO_TEST_CASE(hexadecimal)
{
    BOOST_TEST(to_hex(bytes_of("\x01\xAB\xff")) == "01abff");
    BOOST_TEST((from_hex("01abff").value() == Bytes{0x01, 0xAB, 0xFF}));
    BOOST_TEST(from_hex("").value().empty());
    for (const auto* text : {"0", "0g", "0A", "0x", " 0", "é"}) BOOST_TEST(!from_hex(text));
}

BOOST_AUTO_TEST_CASE(base64)
{
    const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"},
                                                         {"\xfb\xff\xfe", "+//+"}};
    for (const auto& [plain, coded] : cases) {
        BOOST_TEST(to_base64(bytes_of(plain)) == coded);
        const auto bytes = from_base64(coded).value();
        BOOST_TEST(std::string(bytes.begin(), bytes.end()) == plain);
    }
    for (const auto* text : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "=", "====", "Zg==Zg==", "Z===",
                             "Zm9v\n", "Zm 9", "-__-", "Zg=A", "Zm9v="}) {
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_TEST(!from_base64(text));
        }
    }
}

RC_BOOST_PROP(encodings_come_back, (const Bytes& bytes))
{
    RC_ASSERT(from_hex(to_hex(bytes)).value() == bytes);
    RC_ASSERT(from_base64(to_base64(bytes)).value() == bytes);
}

BOOST_AUTO_TEST_CASE(every_character_of_utf8)
{
    int wrong = 0;
    for (char32_t c = 0; c < 0x110000; ++c) {
        const auto text = encode(c);
        const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        wrong += invalid_utf8(text).has_value() == surrogate ? 0 : 1;
        wrong += is_signable_text(text) == (!surrogate && !forbidden(c)) ? 0 : 1;
    }
    // In the middle of long text, where eight bytes are looked at together.
    for (char32_t c = 0; c < 0x10000; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        const auto text = "0123456~" + encode(c) + " 12345678";
        wrong += invalid_utf8(text) ? 1 : 0;
        wrong += is_signable_text(text) == !forbidden(c) ? 0 : 1;
        wrong += count_characters(text) == 18 ? 0 : 1;
    }
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(broken_utf8)
{
    const std::pair<std::string, std::size_t> cases[] = {{"\x80", 0},
                                                         {"a\xC0\x80", 1},
                                                         {"ab\xC1\xBF", 2},
                                                         {"\xE0\x80\x80", 0},
                                                         {"\xE0\x9F\xBF", 0},
                                                         {"\xF0\x80\x80\x80", 0},
                                                         {"\xF4\x90\x80\x80", 0},
                                                         {"\xF8\x88\x80\x80\x80", 0},
                                                         {"\xC3", 0},
                                                         {"12345678\xE4\xBD", 8},
                                                         {"\xE4\xBD\xA0\xE5", 3},
                                                         {"\xED\xA0\x80", 0},
                                                         {"\xFF", 0},
                                                         {"1234567\xC3"
                                                          "a",
                                                          7}};
    for (const auto& [text, at] : cases) {
        BOOST_TEST_CONTEXT(to_hex(bytes_of(text)))
        {
            const auto found = invalid_utf8(text);
            BOOST_REQUIRE(found.has_value());
            BOOST_TEST(*found == at);
            BOOST_TEST(!is_signable_text(text));
        }
    }
    BOOST_TEST(count_characters("应收账款") == 4U);
    BOOST_TEST(count_characters("\xFF\xFE"
                                "a") == 3U);
    BOOST_TEST(is_signable_text("应收账款 ABS 2018-6 \xF0\x9F\x92\xB0"));
    BOOST_TEST(is_signable_text(""));
}

BOOST_AUTO_TEST_CASE(did_you_mean)
{
    const std::vector<std::string> words = {"waterfall", "trigger", "chain", "cutoff", "到期日"};
    const auto found = [&](std::string_view word) { return closest(word, words).value_or("none"); };
    BOOST_TEST(found("waterfal") == "waterfall");
    BOOST_TEST(found("wtaerfall") == "waterfall");
    BOOST_TEST(found("tirgger") == "trigger");
    BOOST_TEST(found("chian") == "chain");
    BOOST_TEST(found("cut_off") == "cutoff");
    BOOST_TEST(found("到其日") == "到期日");
    BOOST_TEST(found("payment") == "none");
    BOOST_TEST(found("") == "none");
    BOOST_TEST(found("x") == "none");
    BOOST_TEST(!closest("a", {}));
    const std::vector<std::string> twins = {"face", "fact"};
    BOOST_TEST(closest("facx", twins).value() == "face"); // the earlier of equals
}

BOOST_AUTO_TEST_CASE(splits_trims_joins)
{
    using Parts = std::vector<std::string_view>;
    BOOST_TEST((split("a/b//c", '/') == Parts{"a", "b", "", "c"}));
    BOOST_TEST((split("", '/') == Parts{""}));
    BOOST_TEST((split("/", '/') == Parts{"", ""}));
    BOOST_TEST(trim(" \t a b \r\n") == "a b");
    BOOST_TEST(trim(" \n") == "");
    BOOST_TEST(join(std::vector<std::string>{"a", "b", "c"}, ", ") == "a, b, c");
    BOOST_TEST(join({}, ", ") == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
