// Lexer of deal sentences.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/lexer.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/text.hpp"

namespace tranchain {

namespace {

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Letters, digits, '_' and '.', and '-' where it joins two of them; '%' ends a number.
std::size_t run_length(std::string_view text)
{
    std::size_t n = 0;
    const bool number = is_digit(text[0]);
    while (n < text.size()) {
        const char c = text[n];
        const char after = n + 1 < text.size() ? text[n + 1] : ' ';
        const bool joins = c == '-' && n > 0 &&
                           (number ? is_digit(after) && is_digit(text[n - 1])
                                   : is_digit(after) || is_letter(after));
        const bool part =
            is_digit(c) || is_letter(c) || c == '_' || joins || (number && (c == '.' || c == '%'));
        if (!part) break;
        ++n;
        if (c == '%') break;
    }
    return n;
}

std::size_t sign_length(std::string_view text)
{
    for (const std::string_view sign : {"<=", ">=", "==", "!="}) {
        if (text.substr(0, 2) == sign) return 2;
    }
    return std::string_view("<>=+-*/(),").find(text[0]) != std::string_view::npos ? 1 : 0;
}

Token::Kind kind_of(std::string_view run)
{
    if (is_letter(run[0]) || run[0] == '_') return Token::Kind::word;
    if (run.size() == 10 && run[4] == '-') return Token::Kind::date;
    return run.back() == '%' ? Token::Kind::percent : Token::Kind::number;
}

bool is_plain_number(std::string_view run)
{
    return std::all_of(run.begin(), run.end(), [](char c) { return is_digit(c) || c == '.'; }) &&
           std::count(run.begin(), run.end(), '.') <= 1 && run.back() != '.';
}

std::size_t character_length(std::string_view text)
{
    std::size_t n = 1;
    while (n < text.size() && (static_cast<unsigned char>(text[n]) & 0xC0U) == 0x80U) ++n;
    return n;
}

} // namespace

PhraseReader::PhraseReader(const Located& sentence) : sentence_(sentence)
{
    cut(sentence_.text);
}

void PhraseReader::cut(std::string_view text)
{
    int column = 0;
    while (!text.empty()) {
        if (text[0] == ' ') {
            text.remove_prefix(1);
            ++column;
            continue;
        }
        const bool run = is_digit(text[0]) || is_letter(text[0]) || text[0] == '_';
        std::size_t n = run ? run_length(text) : sign_length(text);
        const bool known = n > 0;
        if (!known) n = character_length(text);
        Token token{Token::Kind::sign, std::string(text.substr(0, n)), column,
                    known ? static_cast<int>(n) : 1};
        if (run) token.kind = kind_of(token.text);
        if (!known) fail(token, fmt::format("'{}' does not belong in a clause", token.text));
        if (token.kind == Token::Kind::number && !is_plain_number(token.text)) {
            fail(token, fmt::format("'{}' is not a number", token.text),
                 "write money as '700000.00', rates as '4.10%', dates as '2020-12-31'");
        }
        tokens_.push_back(token);
        text.remove_prefix(n);
        column += token.length;
    }
    tokens_.push_back({Token::Kind::end, "", column, 1});
    if (error_) at_ = tokens_.size() - 1;
}

const Token& PhraseReader::peek(std::size_t ahead) const
{
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

Token PhraseReader::next()
{
    Token token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
}

bool PhraseReader::accept(std::string_view text)
{
    if (!peek().is(text)) return false;
    next();
    return true;
}

bool PhraseReader::accept_words(std::string_view phrase)
{
    std::size_t n = 0;
    for (const std::string_view part : split(phrase, ' ')) {
        if (!peek(n++).is(part)) return false;
    }
    at_ += n;
    return true;
}

void PhraseReader::expect(std::string_view phrase)
{
    if (failed() || accept_words(phrase)) return;
    std::size_t n = 0;
    for (const std::string_view part : split(phrase, ' ')) {
        if (!peek(n).is(part)) break;
        ++n;
    }
    const Token& at = peek(n);
    const std::string want(split(phrase, ' ')[n]);
    if (at.kind == Token::Kind::end) {
        fail(at, fmt::format("the sentence ends before '{}'", want));
    } else {
        fail(at, fmt::format("'{}' stands where '{}' is expected", at.text, want));
    }
}

std::string PhraseReader::word(std::string_view what)
{
    if (peek().kind == Token::Kind::word) return next().text;
    const Token& at = peek();
    fail(at, at.kind == Token::Kind::end ? fmt::format("{} is missing", what)
                                         : fmt::format("'{}' is not {}", at.text, what));
    return {};
}

int PhraseReader::count(std::string_view what, int highest)
{
    const Token at = peek();
    if (at.kind == Token::Kind::number && at.text.size() <= 7 &&
        std::all_of(at.text.begin(), at.text.end(), is_digit)) {
        const int n = std::stoi(at.text);
        if (n >= 1 && n <= highest) {
            next();
            return n;
        }
        fail(at, fmt::format("{} '{}' is not between 1 and {}", what, at.text, highest));
        return 1;
    }
    fail(at, at.kind == Token::Kind::end ? fmt::format("{} is missing", what)
                                         : fmt::format("'{}' is not a whole number", at.text));
    return 1;
}

Rate PhraseReader::percent(std::string_view what)
{
    const Token at = peek();
    if (at.kind == Token::Kind::percent) {
        if (const auto rate = Rate::parse(at.text)) {
            next();
            return *rate;
        }
    }
    fail(at,
         at.kind == Token::Kind::end ? fmt::format("{} is missing", what)
                                     : fmt::format("'{}' is not a percentage", at.text),
         "write up to seven decimals and a percent sign, such as '5.80%'");
    return {};
}

Date PhraseReader::date(std::string_view what)
{
    const Token at = peek();
    if (at.kind == Token::Kind::date) {
        if (const auto date = Date::parse(at.text)) {
            next();
            return *date;
        }
        fail(at, fmt::format("'{}' is not a day of the calendar", at.text));
        return {};
    }
    fail(at,
         at.kind == Token::Kind::end ? fmt::format("{} is missing", what)
                                     : fmt::format("'{}' is not a date", at.text),
         "write a date as '2020-12-31'");
    return {};
}

Token PhraseReader::joined(std::size_t count) const
{
    Token out = peek();
    for (std::size_t i = 1; i < count && peek(i).kind == Token::Kind::word; ++i) {
        out.text += " " + peek(i).text;
        out.length = peek(i).column + peek(i).length - out.column;
    }
    return out;
}

std::string PhraseReader::one_of(std::span<const std::string> phrases, std::string_view what)
{
    const std::string* best = nullptr;
    for (const std::string& phrase : phrases) {
        const std::size_t words = split(phrase, ' ').size();
        const bool here = joined(words).text == phrase && peek().kind == Token::Kind::word;
        if (here && (best == nullptr || phrase.size() > best->size())) best = &phrase;
    }
    if (best == nullptr) {
        fail_unknown(phrases, what);
        return {};
    }
    expect(*best);
    return *best;
}

void PhraseReader::fail_unknown(std::span<const std::string> candidates, std::string_view what)
{
    if (peek().kind != Token::Kind::word) {
        const bool end = peek().kind == Token::Kind::end;
        fail(peek(), end ? fmt::format("{} is missing", what)
                         : fmt::format("'{}' is not {}", peek().text, what));
        return;
    }
    for (std::size_t words = 4; words > 0; --words) {
        std::vector<std::string> same;
        for (const std::string& candidate : candidates) {
            if (split(candidate, ' ').size() == words) same.push_back(candidate);
        }
        const Token at = joined(words);
        if (const auto match = closest(at.text, same)) {
            fail(at, fmt::format("'{}' is not {}", at.text, what),
                 fmt::format("did you mean '{}'?", *match));
            return;
        }
    }
    std::string known;
    for (const std::string& candidate : candidates) {
        known += (known.empty() ? "" : ", ") + candidate;
    }
    fail(peek(), fmt::format("'{}' is not {}", peek().text, what), "known: " + known);
}

void PhraseReader::fail(const Token& at, std::string message, std::string hint)
{
    if (error_) return;
    Source where = sentence_.where;
    if (where.column > 0) where.column += at.column;
    where.length = std::max(at.length, 1);
    error_ = Error{Code::invalid_input, std::move(message), std::move(where), std::move(hint)};
    if (!tokens_.empty()) at_ = tokens_.size() - 1;
}

std::optional<Error> PhraseReader::finish()
{
    if (!error_ && peek().kind != Token::Kind::end) {
        fail(peek(), fmt::format("'{}' is left over after the end of the sentence", peek().text));
    }
    return error_;
}

} // namespace tranchain
