// Amounts, tests and lines of a priority of payments.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/clause.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "data/text.hpp"
#include "waterfall/exact/lexer.hpp"

namespace tranchain {

namespace {

struct MeasureWords {
    std::string_view words;
    Measure measure;
};
constexpr std::array<MeasureWords, 11> plain_measures{{
    {"pool balance", Measure::pool_balance},
    {"principal cash", Measure::principal_cash},
    {"income cash", Measure::income_cash},
    {"collection account", Measure::collection_account},
    {"unapplied cash", Measure::unapplied_cash},
    {"senior balance", Measure::senior_balance},
    {"outstanding notes", Measure::outstanding_notes},
    {"notes", Measure::outstanding_notes},
    {"income collected", Measure::income_collected},
    {"cumulative defaults", Measure::defaulted_cumulative},
    {"cumulative purchases", Measure::bought_cumulative},
}};
constexpr int max_nesting = 8;

std::vector<std::string> plain_phrases()
{
    std::vector<std::string> out;
    for (const MeasureWords& m : plain_measures) out.emplace_back(m.words);
    return out;
}

Measure plain_measure(std::string_view words)
{
    const auto* found = std::find_if(plain_measures.begin(), plain_measures.end(),
                                     [&](const MeasureWords& m) { return m.words == words; });
    return found == plain_measures.end() ? Measure::pool_balance : found->measure;
}

/// A factor is an amount or a percentage; a product needs exactly one amount.
struct Factor {
    Expr amount;
    std::optional<Rate> rate;
};

class ClauseParser {
public:
    ClauseParser(const Located& sentence, const Names& names) : r_(sentence), names_(names) {}

    Expr expr()
    {
        Expr left = term();
        while (!r_.failed()) {
            if (r_.accept("+")) {
                left = add(std::move(left), term());
            } else if (r_.accept("-")) {
                left = binary(Expr::Kind::subtract, std::move(left), term());
            } else {
                break;
            }
        }
        return left;
    }

    Condition condition()
    {
        Condition out;
        out.left = expr();
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
            return out;
        }
        r_.next();
        out.compare = sign->second;
        out.right = expr();
        return out;
    }

    Step step()
    {
        const std::vector<std::string> verbs{"pay", "cover", "buy", "keep"};
        const std::string verb = r_.one_of(verbs, "how a line of a priority begins");
        Step out;
        if (verb == "pay") {
            pay(out);
        } else if (verb == "cover") {
            const std::vector<std::string> what{"losses", "income shortfall"};
            out.kind = r_.one_of(what, "something that can be covered") == "losses"
                           ? Step::Kind::cover_losses
                           : Step::Kind::cover_income_shortfall;
        } else if (verb == "buy") {
            r_.expect("receivables");
            out.kind = Step::Kind::buy_receivables;
        } else if (verb == "keep") {
            r_.expect("rest");
            out.kind = Step::Kind::keep_rest;
        }
        return out;
    }

    template <class T>
    Result<T> finish(T value)
    {
        if (auto error = r_.finish()) return tl::make_unexpected(std::move(*error));
        return value;
    }

private:
    static Expr binary(Expr::Kind kind, Expr left, Expr right)
    {
        Expr out;
        out.kind = kind;
        out.operands.push_back(std::move(left));
        out.operands.push_back(std::move(right));
        return out;
    }
    static Expr add(Expr left, Expr right)
    {
        if (left.kind != Expr::Kind::add) {
            return binary(Expr::Kind::add, std::move(left), std::move(right));
        }
        left.operands.push_back(std::move(right));
        return left;
    }
    static Expr measure(Measure m, std::string name = {})
    {
        Expr out;
        out.kind = Expr::Kind::measure;
        out.measure = m;
        out.name = std::move(name);
        return out;
    }

    Expr term()
    {
        const Token first = r_.peek();
        Factor product = factor();
        while (!r_.failed() && r_.peek().is("*")) {
            const Token star = r_.next();
            Factor other = factor();
            if (product.rate.has_value() == other.rate.has_value()) {
                r_.fail(star, "a product needs one percentage and one amount",
                        "such as '100% * senior balance'");
                return {};
            }
            Expr scaled;
            scaled.kind = Expr::Kind::scale;
            scaled.rate = product.rate ? *product.rate : *other.rate;
            scaled.operands.push_back(product.rate ? std::move(other.amount)
                                                   : std::move(product.amount));
            product = {std::move(scaled), std::nullopt};
        }
        if (product.rate) {
            r_.fail(first, fmt::format("'{}' is a share of nothing", first.text),
                    fmt::format("such as '{} * senior balance'", first.text));
        }
        return std::move(product.amount);
    }

    Factor factor()
    {
        const Token at = r_.peek();
        if (at.kind == Token::Kind::percent) return {{}, r_.percent("a percentage")};
        if (at.kind == Token::Kind::number) return {money(), std::nullopt};
        if (at.is("(")) {
            r_.next();
            Expr inner = nested();
            r_.expect(")");
            return {std::move(inner), std::nullopt};
        }
        if ((at.is("min") || at.is("max")) && r_.peek(1).is("(")) {
            r_.next();
            r_.next();
            Expr out = nested();
            if (!r_.peek().is(",")) r_.fail(r_.peek(), "min and max need two amounts");
            Expr list;
            list.kind = at.is("min") ? Expr::Kind::minimum : Expr::Kind::maximum;
            list.operands.push_back(std::move(out));
            while (r_.accept(",")) list.operands.push_back(nested());
            r_.expect(")");
            return {std::move(list), std::nullopt};
        }
        return {measure_phrase(), std::nullopt};
    }

    Expr nested()
    {
        if (++depth_ > max_nesting) {
            r_.fail(r_.peek(), "the amount is nested too deeply");
            return {};
        }
        Expr out = expr();
        --depth_;
        return out;
    }

    Expr money()
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

    Expr measure_phrase()
    {
        const bool interest = r_.peek().is("interest");
        if (interest || r_.peek().is("principal")) {
            const bool tranche = std::find(names_.tranches.begin(), names_.tranches.end(),
                                           r_.peek(1).text) != names_.tranches.end();
            if (interest || tranche) return unpaid(interest);
        }
        if (r_.peek().is("balance")) {
            r_.next();
            return measure(Measure::tranche_balance, tranche());
        }
        std::vector<std::string> phrases = plain_phrases();
        phrases.insert(phrases.end(), {"interest", "principal", "balance", "min", "max"});
        const std::string words = r_.one_of(phrases, "an amount of the deal");
        if (words == "principal") {
            tranche(); // fails: it would have been taken above
            return {};
        }
        return measure(plain_measure(words));
    }

    /// `interest A unpaid`, `principal A or B unpaid`: several are added up.
    Expr unpaid(bool interest)
    {
        r_.next();
        const Measure m = interest ? Measure::interest_unpaid : Measure::principal_unpaid;
        Expr out = measure(m, tranche());
        while (r_.accept(",") || r_.accept("or") || r_.accept("and")) {
            out = add(std::move(out), measure(m, tranche()));
        }
        r_.expect("unpaid");
        return out;
    }

    std::string tranche() { return declared(names_.tranches, "tranche"); }

    std::string declared(const std::vector<std::string>& ids, std::string_view what)
    {
        const Token at = r_.peek();
        std::string id = r_.word(fmt::format("a {}", what));
        if (r_.failed() || std::find(ids.begin(), ids.end(), id) != ids.end()) return id;
        std::string hint = ids.empty() ? fmt::format("declare it under [[{}]]", what)
                                       : "declared: " + join(ids, ", ");
        if (const auto near = closest(id, ids)) hint = fmt::format("did you mean '{}'?", *near);
        r_.fail(at, fmt::format("{} '{}' is not declared", what, id), hint);
        return {};
    }

    std::vector<std::string> tranches()
    {
        std::vector<std::string> out{tranche()};
        while (r_.accept(",")) out.push_back(tranche());
        return out;
    }

    void pay(Step& out)
    {
        if (r_.accept_words("fees above cap")) {
            out.kind = Step::Kind::pay_fees_above_cap;
        } else if (r_.accept_words("rest to")) {
            const bool principal = r_.accept("principal");
            out.kind =
                principal ? Step::Kind::pay_rest_to_principal : Step::Kind::pay_rest_to_tranche;
            if (!principal) out.payees = {tranche()};
        } else if (r_.peek().is("interest") || r_.peek().is("principal")) {
            out.kind =
                r_.next().is("interest") ? Step::Kind::pay_interest : Step::Kind::pay_principal;
            out.payees = tranches();
            out.pro_rata = r_.accept_words("pro rata");
            up_to(out);
        } else {
            out.kind = Step::Kind::pay_fees;
            out.payees.push_back(fee());
            while (r_.accept(",")) out.payees.push_back(fee());
            r_.accept_words("pro rata");
            out.pro_rata = out.payees.size() > 1;
            up_to(out);
        }
        for (std::size_t i = 1; i < out.payees.size(); ++i) {
            if (std::find(out.payees.begin(), out.payees.begin() + static_cast<std::ptrdiff_t>(i),
                          out.payees[i]) != out.payees.begin() + static_cast<std::ptrdiff_t>(i)) {
                r_.fail(r_.peek(), fmt::format("'{}' is paid twice by this line", out.payees[i]));
            }
        }
    }

    void up_to(Step& out)
    {
        if (!r_.accept_words("up to")) return;
        const Token at = r_.peek();
        Expr limit = expr();
        if (!r_.accept_words("a year")) {
            out.limit = std::move(limit);
            return;
        }
        if (limit.kind != Expr::Kind::constant) {
            r_.fail(at, "a yearly cap must be an amount of money", "such as '700000.00 a year'");
        } else if (out.kind != Step::Kind::pay_fees) {
            r_.fail(at, "only fees can have a yearly cap");
        }
        out.cap_per_year = limit.constant;
    }

    std::string fee()
    {
        const Token at = r_.peek();
        std::string id = r_.word("a fee");
        const auto& fees = names_.fees;
        if (r_.failed() || std::find(fees.begin(), fees.end(), id) != fees.end()) return id;
        std::vector<std::string> candidates = fees;
        candidates.insert(candidates.end(), reserved_ids().begin(), reserved_ids().end());
        std::string hint = fmt::format("declare it: [[fee]] with id = \"{}\"", id);
        if (const auto near = closest(id, candidates))
            hint = fmt::format("did you mean '{}'?", *near);
        r_.fail(at, fmt::format("fee '{}' is paid but never declared", id), hint);
        return {};
    }

    PhraseReader r_;
    const Names& names_;
    int depth_ = 0;
};

} // namespace

const std::vector<std::string>& reserved_ids()
{
    static const std::vector<std::string> words{"interest", "principal", "rest", "fees"};
    return words;
}

Result<Expr> parse_expr(const Located& sentence, const Names& names)
{
    ClauseParser p(sentence, names);
    Expr out = p.expr();
    return p.finish(std::move(out));
}

Result<Condition> parse_condition(const Located& sentence, const Names& names)
{
    ClauseParser p(sentence, names);
    Condition out = p.condition();
    return p.finish(std::move(out));
}

Result<Step> parse_step(const Located& sentence, const Names& names)
{
    ClauseParser p(sentence, names);
    Step out = p.step();
    return p.finish(std::move(out));
}

Result<Measure> parse_measure(const Located& sentence)
{
    PhraseReader r(sentence);
    const Measure out = plain_measure(r.one_of(plain_phrases(), "an amount of the deal"));
    if (auto error = r.finish()) return tl::make_unexpected(std::move(*error));
    return out;
}

} // namespace tranchain
