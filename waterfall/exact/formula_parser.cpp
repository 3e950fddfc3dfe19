// Reading amounts, rates and tests.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/formula_parser.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr int max_nesting = 8;

bool is_number(const Expr& e)
{
    return type_of(e) == ExprType::number;
}

} // namespace

Expr FormulaParser::of(Expr::Kind kind, std::vector<Expr> operands)
{
    Expr out;
    out.kind = kind;
    out.operands = std::move(operands);
    return out;
}

Expr FormulaParser::measure(Measure m, std::string name)
{
    Expr out;
    out.kind = Expr::Kind::measure;
    out.measure = m;
    out.name = std::move(name);
    return out;
}

void FormulaParser::demand(const Expr& e, ExprType type, const Token& at)
{
    if (r_.failed() || type_of(e) == type) return;
    if (is_number(e)) {
        r_.fail(at, "a count is no amount by itself", "such as '2.00 * receivable count'");
    } else if (type == ExprType::amount) {
        r_.fail(at, fmt::format("'{}' is a share of nothing", at.text),
                fmt::format("such as '{} * senior balance'", at.text));
    } else {
        r_.fail(at, fmt::format("'{}' is an amount where a rate is due", at.text),
                "such as '4.10%', or a table of rates");
    }
}

Expr FormulaParser::amount()
{
    const Token at = r_.peek();
    Expr out = sum();
    demand(out, ExprType::amount, at);
    return out;
}

Expr FormulaParser::rate()
{
    const Token at = r_.peek();
    Expr out = sum();
    demand(out, ExprType::rate, at);
    return out;
}

Expr FormulaParser::sum()
{
    Expr left = term();
    while (!r_.failed()) {
        const Token at = r_.peek();
        const bool plus = at.is("+");
        if (!plus && !at.is("-")) break;
        r_.next();
        const Token second = r_.peek();
        Expr right = term();
        demand(right, type_of(left), second);
        left = plus ? sum_of(std::move(left), std::move(right))
                    : of(Expr::Kind::subtract, {std::move(left), std::move(right)});
    }
    return left;
}

Expr FormulaParser::term()
{
    Expr product = factor();
    while (!r_.failed() && r_.peek().is("*")) {
        const Token star = r_.next();
        Expr other = factor();
        if (is_number(product) || is_number(other)) {
            product = times(std::move(product), std::move(other), star);
            continue;
        }
        const bool first_is_rate = type_of(product) == ExprType::rate;
        if (first_is_rate == (type_of(other) == ExprType::rate)) {
            r_.fail(star, "a product needs one percentage and one amount",
                    "such as '100% * senior balance'");
            return {};
        }
        Expr rate = first_is_rate ? std::move(product) : std::move(other);
        Expr amount = first_is_rate ? std::move(other) : std::move(product);
        if (rate.kind == Expr::Kind::rate) {
            product = of(Expr::Kind::scale, {std::move(amount)});
            product.rate = rate.rate;
        } else {
            product = of(Expr::Kind::product, {std::move(amount), std::move(rate)});
        }
    }
    return product;
}

/// An amount for each receivable.
Expr FormulaParser::times(Expr one, Expr other, const Token& star)
{
    if (is_number(one)) std::swap(one, other);
    if (type_of(one) != ExprType::amount || other.kind != Expr::Kind::count) {
        r_.fail(star, "receivables are counted times an amount",
                "such as '2.00 * receivable count'");
        return {};
    }
    return of(Expr::Kind::times, {std::move(one), std::move(other)});
}

Expr FormulaParser::factor()
{
    const Token at = r_.peek();
    if (r_.accept_words("receivable count")) return of(Expr::Kind::count, {});
    if (at.kind == Token::Kind::percent) {
        Expr out;
        out.kind = Expr::Kind::rate;
        out.rate = r_.percent("a percentage");
        return out;
    }
    if (at.kind == Token::Kind::number) return money();
    if (at.is("(")) {
        r_.next();
        Expr inner = nested();
        r_.expect(")");
        return inner;
    }
    if (at.is("if") && r_.peek(1).is("(")) return choose();
    if ((at.is("min") || at.is("max")) && r_.peek(1).is("(")) {
        r_.next();
        r_.next();
        Expr out = of(at.is("min") ? Expr::Kind::minimum : Expr::Kind::maximum, {nested()});
        if (!r_.peek().is(",")) r_.fail(r_.peek(), "min and max need two amounts");
        while (r_.accept(",")) {
            const Token next = r_.peek();
            out.operands.push_back(nested());
            demand(out.operands.back(), type_of(out.operands.front()), next);
        }
        r_.expect(")");
        return out;
    }
    const bool rates = is_one_of(names_.rate_tables, at.text);
    if (rates || is_one_of(names_.amount_tables, at.text)) {
        Expr out;
        out.kind = rates ? Expr::Kind::rate_table : Expr::Kind::amount_table;
        out.name = r_.next().text;
        return out;
    }
    if (at.is("average")) return average();
    return measure_phrase();
}

/// `if(TEST, THIS, ELSE THIS)`
Expr FormulaParser::choose()
{
    r_.next();
    r_.next();
    Expr out = of(Expr::Kind::choose, {test()});
    r_.expect(",");
    out.operands.push_back(nested());
    r_.expect(",");
    const Token second = r_.peek();
    out.operands.push_back(nested());
    demand(out.operands[2], type_of(out.operands[1]), second);
    r_.expect(")");
    return out;
}

Expr FormulaParser::nested()
{
    if (++depth_ > max_nesting) {
        r_.fail(r_.peek(), "the amount is nested too deeply");
        return {};
    }
    Expr out = sum();
    --depth_;
    return out;
}

Expr FormulaParser::money()
{
    const Token at = r_.next();
    Expr out;
    if (const auto amount = Money::parse(at.text)) {
        out.constant = *amount;
    } else {
        r_.fail(at, fmt::format("'{}' is not an amount of money", at.text),
                "write two decimals and no separators, such as '6000.00'");
    }
    return out;
}

std::string FormulaParser::declared(const std::vector<std::string>& ids, std::string_view what)
{
    const Token at = r_.peek();
    std::string id = r_.word(fmt::format("a {}", what));
    std::vector<std::string> known = ids;
    if (r_.failed() || std::find(ids.begin(), ids.end(), id) != ids.end()) return id;
    for (const auto& [group, members] : names_.groups) {
        if (what == "tranche") known.push_back(group);
    }
    std::string hint =
        ids.empty() ? fmt::format("declare it under [[{}]]", what) : "declared: " + join(ids, ", ");
    if (const auto near = closest(id, known)) hint = fmt::format("did you mean '{}'?", *near);
    r_.fail(at, fmt::format("{} '{}' is not declared", what, id), hint);
    return {};
}

Result<Expr> parse_expr(const Located& sentence, const Names& names)
{
    FormulaParser p(sentence, names);
    Expr out = p.amount();
    return p.finish(std::move(out));
}

Result<Expr> parse_rate(const Located& sentence, const Names& names)
{
    FormulaParser p(sentence, names);
    Expr out = p.rate();
    return p.finish(std::move(out));
}

} // namespace tranchain
