// Reading the formulas of a stored program: postfix arrays, so that nothing nests.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/program_reader.hpp"

namespace tranchain {

namespace {

constexpr std::size_t max_expr_items = 200; // an expression of a prospectus has fewer than twenty

void pop_operands(std::vector<Expr>& stack, Expr& into, std::size_t count)
{
    const auto first = stack.end() - static_cast<std::ptrdiff_t>(count);
    into.operands.assign(std::make_move_iterator(first), std::make_move_iterator(stack.end()));
    stack.erase(first, stack.end());
}

bool is_leaf(Expr::Kind kind)
{
    return kind == Expr::Kind::constant || kind == Expr::Kind::measure ||
           kind == Expr::Kind::rate || kind == Expr::Kind::amount_table ||
           kind == Expr::Kind::rate_table || kind == Expr::Kind::fired ||
           kind == Expr::Kind::since || kind == Expr::Kind::count ||
           kind == Expr::Kind::average;
}

bool fits(Expr::Kind kind, std::size_t operands)
{
    if (kind == Expr::Kind::negate) return operands == 1;
    if (kind == Expr::Kind::choose) return operands == 3;
    const bool two = kind == Expr::Kind::subtract || kind == Expr::Kind::product ||
                     kind == Expr::Kind::times;
    return operands == 2 || (operands > 2 && !two);
}

/// A leaf, if the item is one.
std::optional<Expr> leaf_item(Reader& r)
{
    Expr out;
    if (r.has("money")) {
        out.constant = r.money("money");
    } else if (r.has("measure")) {
        out.kind = Expr::Kind::measure;
        out.measure = r.word<Measure>("measure");
        if (r.has("of")) out.name = r.text("of");
    } else if (r.has("named")) {
        out.kind = r.word<Expr::Kind>("what");
        out.name = r.text("named");
        if (out.kind != Expr::Kind::amount_table && out.kind != Expr::Kind::rate_table &&
            out.kind != Expr::Kind::fired) {
            r.add("what", "nothing that has a name");
        }
    } else if (r.has("average")) {
        out.kind = Expr::Kind::average;
        out.measure = r.word<Measure>("average");
        out.periods = r.number("over");
        out.flow = r.flag("new");
    } else if (r.has("since")) {
        out.kind = Expr::Kind::since;
        out.date = r.date("since");
    } else if (r.has("count")) {
        out.kind = Expr::Kind::count;
        if (r.text("count") != "receivables") r.add("count", "is not known to this version");
    } else if (r.has("rate") && !r.has("op")) {
        out.kind = Expr::Kind::rate;
        out.rate = r.rate("rate");
    } else {
        return std::nullopt;
    }
    return out;
}

Expr operator_item(Reader& r, std::vector<Expr>& stack)
{
    Expr out;
    out.kind = r.word<Expr::Kind>("op");
    std::size_t count = 1;
    if (out.kind == Expr::Kind::scale) {
        out.rate = r.rate("rate");
    } else if (is_leaf(out.kind)) {
        r.add("op", "not an operator");
    } else {
        const bool compares = out.kind == Expr::Kind::compare;
        if (compares) out.compare = r.word<Compare>("by");
        count = compares ? 2 : static_cast<std::size_t>(r.number("of"));
        if (!fits(out.kind, count)) {
            r.add("of", "wrong number of operands");
        }
    }
    if (count < 1 || count > stack.size()) {
        r.add("op", "operands are missing");
        return {};
    }
    pop_operands(stack, out, count);
    return out;
}

} // namespace

Expr read_expr(const Json::Array& items, const std::string& where, Errors& errors)
{
    std::vector<Expr> stack;
    const auto fail = [&](std::string message) {
        errors.push_back({Code::invalid_input, where + ": " + message, {}, {}});
        return Expr{};
    };
    if (items.size() > max_expr_items) return fail("expression is too long");
    for (const Json& item : items) {
        Reader r(item, where, errors);
        auto leaf = leaf_item(r);
        stack.push_back(leaf ? std::move(*leaf) : operator_item(r, stack));
    }
    if (stack.size() != 1) return fail("not one expression");
    return std::move(stack.front());
}

Condition read_condition(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Condition out;
    out.left = read_expr(r.array("left"), where + ".left", errors);
    out.compare = r.word<Compare>("compare");
    out.right = read_expr(r.array("right"), where + ".right", errors);
    return out;
}

} // namespace tranchain
