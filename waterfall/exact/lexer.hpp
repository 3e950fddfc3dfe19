// Lexer: one sentence of a deal file cut into words, numbers and signs, each with its column.
//
// PhraseReader is what the clause parsers read with. The first problem sticks: after it nothing is
// accepted any more, so a parser need not look after every step, only at `finish`.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"
#include "data/rate.hpp"
#include "data/toml.hpp"

namespace tranchain {

struct Token {
    enum class Kind : std::uint8_t { word, number, percent, date, sign, end };
    Kind kind = Kind::end;
    std::string text;
    int column = 0; ///< characters from the beginning of the sentence
    int length = 0; ///< in characters

    bool is(std::string_view t) const { return text == t && kind != Kind::end; }
};

class PhraseReader {
public:
    explicit PhraseReader(const Located& sentence);

    const Token& peek(std::size_t ahead = 0) const;
    Token next();
    bool accept(std::string_view text);            ///< takes the token if it is `text`
    bool accept_words(std::string_view phrase);    ///< takes all words of `phrase`, or none
    void expect(std::string_view phrase);          ///< takes all words of `phrase`, or fails
    std::string word(std::string_view what);       ///< any word; `what` is for the message
    int count(std::string_view what, int highest); ///< a whole number from 1
    Rate percent(std::string_view what);
    Date date(std::string_view what);
    /// The phrase of `phrases` that stands here, longest first; fails with the closest one.
    std::string one_of(std::span<const std::string> phrases, std::string_view what);

    void fail(const Token& at, std::string message, std::string hint = {});
    bool failed() const { return error_.has_value(); }
    /// Nothing may be left over. The error, if there was one.
    [[nodiscard]] std::optional<Error> finish();

private:
    void cut(std::string_view text);
    /// Words from here on, at most `count`, joined by spaces.
    Token joined(std::size_t count) const;
    void fail_unknown(std::span<const std::string> candidates, std::string_view what);

    Located sentence_;
    std::vector<Token> tokens_; // ends with Kind::end
    std::size_t at_ = 0;
    std::optional<Error> error_;
};

} // namespace tranchain
