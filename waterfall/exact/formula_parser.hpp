// FormulaParser: reads amounts, rates and tests; the clause parsers build on it.
//
// One grammar serves every clause: what a formula is, an amount, a rate or a test, follows from its
// parts and is checked where it is used. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/error.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/exact/lexer.hpp"

namespace tranchain {

inline bool is_one_of(const std::vector<std::string>& ids, const std::string& id)
{
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// The words of measures of the whole deal, and the measure they mean.
std::vector<std::string> plain_phrases();
Measure plain_measure(std::string_view words);

class FormulaParser {
public:
    FormulaParser(const Located& sentence, const Names& names) : r_(sentence), names_(names) {}

    Expr amount();         ///< a sum that is an amount
    Expr rate();           ///< a sum that is a rate
    Expr test();           ///< tests joined by `and` and `or`
    Condition condition(); ///< two amounts and a comparison

    template <class T>
    Result<T> finish(T value)
    {
        if (auto error = r_.finish()) return tl::make_unexpected(std::move(*error));
        return value;
    }

protected:
    static Expr of(Expr::Kind kind, std::vector<Expr> operands);
    /// A sum of more than two is one list, so that it prints without parentheses.
    static Expr sum_of(Expr left, Expr right);
    static Expr measure(Measure m, std::string name = {});
    std::string tranche() { return declared(names_.tranches, "tranche"); }
    std::string reserve() { return declared(names_.reserves, "reserve"); }
    std::string facility() { return declared(names_.facilities, "facility"); }
    /// A tranche, or all of a group.
    std::vector<std::string> members();
    Expr sum_of(Measure m, const std::vector<std::string>& tranches);
    std::string declared(const std::vector<std::string>& ids, std::string_view what);

    PhraseReader r_;
    const Names& names_;

private:
    Expr sum();
    Expr term();
    Expr times(Expr one, Expr other, const Token& star);
    Expr factor();
    Expr nested();
    Expr money();
    Expr choose();
    Expr average();
    Expr measure_phrase();
    Expr unpaid(bool interest);
    Expr conjunction();
    Expr single_test();
    Compare sign();
    void demand(const Expr& e, ExprType type, const Token& at);

    int depth_ = 0;
};

} // namespace tranchain
