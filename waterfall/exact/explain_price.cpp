// The price of a receivable as a plain sentence.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "waterfall/exact/explain.hpp"

namespace tranchain {

namespace {

std::string base(const Purchase& p, bool en)
{
    const std::string rate = p.discount.str();
    switch (p.form) {
    case Purchase::Form::discount:
        return en ? fmt::format("a receivable costs its face less {} a year (of {} days) for the "
                                "days from settlement to its due date",
                                rate, p.basis)
                  : fmt::format("购买价格为面值扣除自交割日至到期日按年率{}（一年{}"
                                "日）计算的折价",
                                rate, p.basis);
    case Purchase::Form::face:
        return en ? "a receivable costs its face" : "购买价格为面值";
    case Purchase::Form::financed:
        return en ? "a receivable costs the amount financed that is outstanding"
                  : "购买价格为未偿融资余额";
    case Purchase::Form::yield:
        return en ? fmt::format("a receivable costs what earns {} a year (of {} days, simple) from "
                                "settlement to its due date when the face is paid",
                                rate, p.basis)
                  : fmt::format("购买价格使自交割日至到期日的单利年化收益率为{}（一年{}日）", rate,
                                p.basis);
    }
    return {};
}

std::string fee(const PriceFee& f, const std::string& currency, bool en)
{
    const std::string rate = f.rate.str();
    switch (f.kind) {
    case PriceFee::Kind::fixed:
        return currency + " " + f.amount.grouped();
    case PriceFee::Kind::of_face:
        return en ? rate + " of the face" : "面值的" + rate;
    case PriceFee::Kind::per_started_period:
        return en ? fmt::format("{} of the face for every {} days begun", rate, f.days)
                  : fmt::format("每{}日（不足按一期计）面值的{}", f.days, rate);
    case PriceFee::Kind::per_full_period:
        return en ? fmt::format("{} of the face for every {} days ended", rate, f.days)
                  : fmt::format("每满{}日面值的{}", f.days, rate);
    case PriceFee::Kind::a_year_of_financed:
        return en ? fmt::format("{} a year (of 365 days) of the amount financed", rate)
                  : fmt::format("融资余额按年率{}（一年365日）计算的费用", rate);
    }
    return {};
}

} // namespace

std::string explain(const Purchase& p, const Program& program, Language language)
{
    const bool en = language == Language::english;
    std::string text = base(p, en);
    for (std::size_t i = 0; i < p.fees.size(); ++i) {
        text += i == 0 ? (en ? ", less " : "，再扣除") : (en ? " and " : "及");
        text += fee(p.fees[i], program.currency, en);
    }
    text += en ? fmt::format("; settlement is {} {} day(s) after the purchase", p.settle_days,
                             p.calendar)
               : fmt::format("，于购买日后第{}个{}工作日交割", p.settle_days, p.calendar);
    return text;
}

} // namespace tranchain
