// Prices of purchases, and the fees they leave out.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/exact/lexer.hpp"

namespace tranchain {

namespace {

constexpr std::string_view price_hint =
    "write 'face * (1 - 7.00% * days to due / 365)', 'face / (1 + 7.00% * days to due / 365)', "
    "'face' or 'financed', each perhaps less fees";

void base(PhraseReader& r, PriceRule& out)
{
    static const std::vector<std::string> heads{"face", "financed"};
    if (r.one_of(heads, "what a price begins with") == "financed") {
        out.form = Purchase::Form::financed;
        return;
    }
    const bool discount = r.accept("*");
    if (!discount && !r.accept("/")) {
        out.form = Purchase::Form::face;
        return;
    }
    out.form = discount ? Purchase::Form::discount : Purchase::Form::yield;
    r.expect(discount ? "( 1 -" : "( 1 +");
    out.discount = r.percent(discount ? "the discount rate" : "the yield");
    r.expect("* days to due /");
    out.basis = r.count("the days of a year", 366);
    r.expect(")");
}

PriceFee fee(PhraseReader& r)
{
    PriceFee out;
    if (r.peek().kind == Token::Kind::number) {
        const Token at = r.next();
        const auto amount = Money::parse(at.text);
        if (!amount) r.fail(at, fmt::format("'{}' is not an amount", at.text), "such as '500.00'");
        if (amount) out.amount = *amount;
        return out;
    }
    out.rate = r.percent("an amount or a rate");
    if (r.accept_words("a year of financed")) {
        out.kind = PriceFee::Kind::a_year_of_financed;
        return out;
    }
    r.expect("of face");
    out.kind = PriceFee::Kind::of_face;
    if (!r.accept("per")) return out;
    static const std::vector<std::string> rungs{"started", "full"};
    out.kind = r.one_of(rungs, "how days of a period count") == "started"
                   ? PriceFee::Kind::per_started_period
                   : PriceFee::Kind::per_full_period;
    out.days = r.count("the days of a period", days_limit);
    if (!r.accept("days")) r.expect("day");
    return out;
}

} // namespace

Result<PriceRule> parse_price(const Located& sentence)
{
    PhraseReader r(sentence);
    PriceRule out;
    base(r, out);
    while (r.accept("-")) {
        const Token at = r.peek();
        out.fees.push_back(fee(r));
        if (out.fees.size() > price_fees_limit) r.fail(at, "a price leaves out at most 16 fees");
    }
    if (auto error = r.finish()) {
        if (error->hint.empty()) error->hint = price_hint;
        return tl::make_unexpected(std::move(*error));
    }
    return out;
}

} // namespace tranchain
