// Reading tests: comparisons, triggers and dates, joined by `and` and `or`.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "waterfall/exact/formula_parser.hpp"

namespace tranchain {

Expr FormulaParser::test()
{
    Expr left = conjunction();
    while (!r_.failed() && r_.accept("or")) {
        if (left.kind != Expr::Kind::some) left = of(Expr::Kind::some, {std::move(left)});
        left.operands.push_back(conjunction());
    }
    return left;
}

Expr FormulaParser::conjunction()
{
    Expr left = single_test();
    while (!r_.failed() && r_.accept("and")) {
        if (left.kind != Expr::Kind::every) left = of(Expr::Kind::every, {std::move(left)});
        left.operands.push_back(single_test());
    }
    return left;
}

/// `trigger ID`, `date >= DATE`, `date < DATE`, a comparison, or `not` and one of them.
Expr FormulaParser::single_test()
{
    if (r_.accept("not")) return of(Expr::Kind::negate, {single_test()});
    Expr out;
    if (r_.accept("trigger")) {
        out.kind = Expr::Kind::fired;
        out.name = declared(names_.triggers, "trigger");
        return out;
    }
    if (r_.accept("date")) {
        out.kind = Expr::Kind::since;
        const bool before = r_.accept("<");
        if (!before) r_.expect(">=");
        out.date = r_.date("a date");
        return before ? of(Expr::Kind::negate, {std::move(out)}) : out;
    }
    Condition c = condition();
    out = of(Expr::Kind::compare, {std::move(c.left), std::move(c.right)});
    out.compare = c.compare;
    return out;
}

Condition FormulaParser::condition()
{
    Condition out;
    out.left = amount();
    out.compare = sign();
    if (!r_.failed()) out.right = amount();
    return out;
}

Compare FormulaParser::sign()
{
    const Token at = r_.peek();
    constexpr std::array<std::pair<std::string_view, Compare>, 7> signs{
        {{"<", Compare::less},
         {"<=", Compare::less_equal},
         {"=", Compare::equal},
         {"==", Compare::equal},
         {"!=", Compare::not_equal},
         {">=", Compare::greater_equal},
         {">", Compare::greater}}};
    const auto* sign =
        std::find_if(signs.begin(), signs.end(), [&](const auto& s) { return at.is(s.first); });
    if (sign == signs.end()) {
        r_.fail(at,
                at.kind == Token::Kind::end
                    ? std::string("the comparison is missing")
                    : fmt::format("'{}' stands where a comparison is expected", at.text),
                "write one of < <= = != >= >");
        return {};
    }
    r_.next();
    return sign->second;
}

Result<Expr> parse_test(const Located& sentence, const Names& names)
{
    FormulaParser p(sentence, names);
    Expr out = p.test();
    return p.finish(std::move(out));
}

Result<Condition> parse_condition(const Located& sentence, const Names& names)
{
    FormulaParser p(sentence, names);
    Condition out = p.condition();
    return p.finish(std::move(out));
}

Result<TestRule> parse_trigger_test(const Located& sentence, const Names& names)
{
    FormulaParser p(sentence, names);
    Expr test = p.test();
    TestRule out;
    out.when = first_comparison(test);
    if (test.kind != Expr::Kind::compare) out.test = std::move(test);
    return p.finish(std::move(out));
}

} // namespace tranchain
