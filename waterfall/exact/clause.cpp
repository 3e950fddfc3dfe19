// Lines of a priority of payments.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/clause.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "data/text.hpp"
#include "waterfall/exact/formula_parser.hpp"

namespace tranchain {

namespace {

class StepParser : public FormulaParser {
public:
    using FormulaParser::FormulaParser;

    /// A step, perhaps only if a test holds, perhaps with another step if it does not.
    Step line()
    {
        Step out = step();
        if (!r_.accept("if")) return out;
        out.only_if = test();
        if (r_.accept("else")) out.otherwise.push_back(step());
        return out;
    }

private:
    Step step()
    {
        const std::vector<std::string> verbs{"pay",   "fund", "release", "cover",
                                             "repay", "buy",  "keep",    "judge"};
        const std::string verb = r_.one_of(verbs, "how a line of a priority begins");
        Step out;
        if (verb == "pay") {
            pay(out);
        } else if (verb == "fund" || verb == "release") {
            r_.expect("reserve");
            const bool fund = verb == "fund";
            out.kind = fund ? Step::Kind::fund_reserve : Step::Kind::release_reserve;
            out.payees = {reserve()};
            if (fund) limits(out);
        } else if (verb == "repay") {
            r_.expect("facility");
            out.kind = Step::Kind::repay_facility;
            out.payees = {facility()};
            limits(out);
        } else if (verb == "cover") {
            const std::vector<std::string> what{"losses", "income shortfall"};
            out.kind = r_.one_of(what, "something that can be covered") == "losses"
                           ? Step::Kind::cover_losses
                           : Step::Kind::cover_income_shortfall;
            if (out.kind == Step::Kind::cover_losses) limits(out);
        } else if (verb == "judge") {
            out.kind = Step::Kind::judge_trigger;
            out.payees = {declared(names_.triggers, "trigger")};
        } else if (verb == "buy") {
            r_.expect("receivables");
            out.kind = Step::Kind::buy_receivables;
        } else if (verb == "keep") {
            r_.expect("rest");
            out.kind = Step::Kind::keep_rest;
        }
        return out;
    }

    std::vector<std::string> tranches()
    {
        std::vector<std::string> out = members();
        while (r_.accept(",")) {
            for (std::string& id : members()) out.push_back(std::move(id));
        }
        return out;
    }

    /// `pay facility interest X`, `pay facility premium X`; a fee may still be called `facility`.
    bool pays_facility(Step& out)
    {
        const bool interest = r_.peek(1).is("interest");
        if (!r_.peek().is("facility") || (!interest && !r_.peek(1).is("premium"))) return false;
        r_.next();
        r_.next();
        out.kind = interest ? Step::Kind::pay_facility_interest : Step::Kind::pay_facility_premium;
        out.payees = {facility()};
        limits(out);
        return true;
    }

    /// A reserve or a facility.
    std::string supporter()
    {
        std::vector<std::string> ids = names_.reserves;
        ids.insert(ids.end(), names_.facilities.begin(), names_.facilities.end());
        return declared(ids, names_.facilities.empty() ? "reserve" : "reserve or facility");
    }

    void pay(Step& out)
    {
        if (pays_facility(out)) return;
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
        } else {
            out.kind = Step::Kind::pay_fees;
            out.payees.push_back(fee());
            while (r_.accept(",")) out.payees.push_back(fee());
            r_.accept_words("pro rata");
            out.pro_rata = out.payees.size() > 1;
        }
        limits(out);
        supported(out);
        for (std::size_t i = 1; i < out.payees.size(); ++i) {
            if (std::find(out.payees.begin(), out.payees.begin() + static_cast<std::ptrdiff_t>(i),
                          out.payees[i]) != out.payees.begin() + static_cast<std::ptrdiff_t>(i)) {
                r_.fail(r_.peek(), fmt::format("'{}' is paid twice by this line", out.payees[i]));
            }
        }
    }

    /// `up to ... a year`, `up to 50% of due`, `up to AMOUNT`, `keep AMOUNT`: each at most once.
    void limits(Step& out)
    {
        while (r_.accept_words("up to")) up_to(out);
        if (r_.accept("keep")) out.keep = amount();
    }

    void supported(Step& out)
    {
        const Token at = r_.peek();
        if (!r_.accept_words("supported by")) return;
        if (out.kind == Step::Kind::pay_rest_to_principal ||
            out.kind == Step::Kind::pay_rest_to_tranche) {
            r_.fail(at, "what is left over needs no support");
        }
        do {
            const Token helper = r_.peek();
            out.supports.push_back(supporter());
            const auto& ids = out.supports;
            if (std::count(ids.begin(), ids.end(), ids.back()) > 1) {
                r_.fail(helper, fmt::format("'{}' supports this line twice", ids.back()));
            }
        } while (r_.accept(","));
    }

    void up_to(Step& out)
    {
        const Token at = r_.peek();
        if (at.kind == Token::Kind::percent && r_.peek(1).is("of")) {
            if (out.due_share) r_.fail(at, "the line has two shares of what is due");
            out.due_share = r_.percent("a share");
            r_.expect("of due");
            if (*out.due_share > Rate::ppb(Rate::one)) r_.fail(at, "more than all that is due");
            return;
        }
        Expr limit = amount();
        const bool yearly = r_.accept_words("a year");
        if (yearly ? out.cap_per_year.has_value() : out.limit.has_value()) {
            r_.fail(at, "the line has two limits of one kind", "the smaller is 'min(ONE, OTHER)'");
        }
        if (!yearly) {
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
};

} // namespace

const std::vector<std::string>& reserved_ids()
{
    static const std::vector<std::string> words{"interest", "principal", "rest", "fees"};
    return words;
}

Result<Step> parse_step(const Located& sentence, const Names& names)
{
    StepParser p(sentence, names);
    Step out = p.line();
    return p.finish(std::move(out));
}

} // namespace tranchain
