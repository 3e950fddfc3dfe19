// Papers walk: every paper of a life, and what two of them say of the same thing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "cmd/report_fields.hpp"
#include "tests/alliance.hpp"

namespace tranchain::test {

using Papers = std::map<std::string, Json>; ///< `custody 2019-02-26`

/// Every paper of a life, as its JSON says it.
inline Papers papers_of(const ReportDeal& deal)
{
    const GovernanceLog members(ChainState::from_genesis(alliance()));
    const PaperChain chain{members, 1, true};
    Papers out;
    const auto add = [&](const std::string& name, const PaperSubject& s,
                         void (*fill)(const PaperSubject&, const PaperWords&, Answer&)) {
        Answer answer("tranchain.report.paper/1");
        fill(s, PaperWords{}, answer);
        auto json = parse_json(answer.as_json());
        BOOST_REQUIRE_MESSAGE(json, name);
        out[name] = std::move(*json);
    };
    for (const Json& d : deal.distributions) {
        PaperSubject s{deal, chain, date_in(d, "collection_from"), date_in(d, "calculation"), d};
        const std::string date = " " + date_in(d, "date").str();
        add("distribution" + date, s, distribution_paper);
        add("servicing" + date, s, servicing_paper);
        add("custody" + date, s, custody_paper);
        add("trustee" + date, s, trustee_paper);
    }
    PaperSubject all{deal, chain, deal.program.closing, deal.days.back().date,
                     deal.distributions.back()};
    for (all.tranche = 0; all.tranche < deal.program.tranches.size(); ++all.tranche)
        add("investor " + deal.program.tranches[all.tranche].id, all, investor_paper);
    add("annual", all, annual_paper);
    for (int year = deal.program.closing.year(); year <= deal.days.back().date.year(); ++year) {
        PaperSubject s = all;
        s.from = std::max(deal.program.closing, Date::of(year, 1, 1));
        s.to = std::min(deal.days.back().date, Date::of(year, 12, 31));
        add(fmt::format("year {}", year), s, annual_paper);
    }
    add("regulator", all, regulator_paper);
    add("interim", all, interim_paper);
    return out;
}

/// Compares what the papers say of the same thing.
class Walk {
public:
    explicit Walk(const Papers& papers) : papers_(papers)
    {
        for (const auto& [name, json] : papers_) {
            name_ = name;
            json_ = &json;
            const std::string kind = name.substr(0, name.find(' '));
            date_ = name.size() > kind.size() ? name.substr(kind.size() + 1) : "";
            if (kind == "distribution") distribution();
            if (kind == "servicing" || kind == "trustee") pool("pool of " + date_);
            if (kind == "servicing") servicing();
            if (kind == "custody") custody();
            if (kind == "trustee") trustee();
            if (kind == "investor") investor();
            if (kind == "annual") annual();
            if (kind == "year") year();
            if (kind == "regulator") regulator();
            if (kind == "interim") interim();
        }
        sums();
    }
    [[nodiscard]] const std::vector<std::string>& disagreements() const { return wrong_; }
    [[nodiscard]] std::size_t compared() const { return compared_; }

private:
    const Json::Array& rows(const char* table) const { return list_in(*json_, table); }
    static Money at(const Json::Array& rows, std::size_t i, const char* key)
    {
        return money_in(rows.at(i), key);
    }
    Money sum(const char* table, const char* key) const
    {
        Money out;
        for (const Json& row : rows(table)) out += money_in(row, key);
        return out;
    }
    /// Two papers that say `what` must say the same amount.
    void say(const std::string& what, Money amount)
    {
        const auto [known, is_new] = said_.try_emplace(what, amount, name_);
        if (is_new) return;
        ++compared_;
        if (known->second.first != amount)
            wrong_.push_back(fmt::format("{}: {} in '{}', {} in '{}'", what,
                                         known->second.first.str(), known->second.second,
                                         amount.str(), name_));
    }
    void same(const std::string& what, Money one, Money other)
    {
        ++compared_;
        if (one != other)
            wrong_.push_back(
                fmt::format("{} of '{}': {} is not {}", what, name_, one.str(), other.str()));
    }
    void add(const std::string& what, Money amount) { sums_[what] += amount; }

    void distribution()
    {
        say("total of " + date_, money_in(*json_, "total"));
        Money paid;
        for (const Json& t : rows("tranches")) {
            const std::string id = text_in(t, "tranche");
            for (const char* key : {"interest_paid", "principal_paid", "residual_paid"}) {
                paid += money_in(t, key);
                say(fmt::format("{} {} of {}", id, key, date_), money_in(t, key));
            }
            say(fmt::format("{} closing of {}", id, date_), money_in(t, "closing"));
            say(fmt::format("{} arrears of {}", id, date_), money_in(t, "arrears"));
            same(id, money_in(t, "opening") - money_in(t, "principal_paid"),
                 money_in(t, "closing"));
            same(id, money_in(t, "interest_due") - money_in(t, "interest_paid"),
                 money_in(t, "arrears"));
        }
        Money instructed, fees;
        for (const Json& i : rows("instruction")) {
            const bool total = text_in(i, "payee") == "total";
            (total ? instructed : fees) += money_in(i, "amount");
        }
        same("the instruction", instructed, money_in(*json_, "total"));
        same("the instruction's parts", fees, instructed);
        add("fees", instructed - paid);
        Money by_line;
        for (const Json& line : rows("lines"))
            if (pays_out(text_in(line, "clause"))) by_line += money_in(line, "paid");
        same("the lines that pay somebody", by_line, instructed);
    }
    static bool pays_out(const std::string& words)
    {
        return words.starts_with("pay ") && !words.ends_with("to principal");
    }
    void pool(const std::string& what)
    {
        const auto& p = rows("pool");
        Money moved;
        for (std::size_t i = 0; i + 1 < p.size(); ++i) {
            moved += at(p, i, "face");
            say(fmt::format("{} {}", what, i), at(p, i, "face"));
        }
        say(what + " closing", at(p, p.size() - 1, "face"));
        same("the pool", moved, at(p, p.size() - 1, "face"));
    }
    void servicing()
    {
        same("purchases", sum("purchases", "face"), at(rows("pool"), 1, "face"));
        add("bought of " + date_, sum("purchases", "price"));
    }
    void custody()
    {
        for (const Json& a : rows("accounts"))
            same(text_in(a, "account"),
                 money_in(a, "opening") + money_in(a, "in") - money_in(a, "out"),
                 money_in(a, "closing"));
        Money distributed, bought;
        for (const Json& p : rows("payments")) {
            const std::string why = text_in(p, "reference");
            (why.starts_with("distribution/") ? distributed : bought) += money_in(p, "amount");
            if (why.starts_with("distribution/"))
                say("total of " + why.substr(13), money_in(p, "amount"));
        }
        same("what left the bank", distributed + bought, at(rows("accounts"), 0, "out"));
        add("bought of " + date_, -bought);
        Money claims; // what the bank holds belongs to somebody
        for (std::size_t i = 1; i < rows("accounts").size(); ++i)
            claims += at(rows("accounts"), i, "closing");
        same("the bank", at(rows("accounts"), 0, "closing"), claims);
    }
    void trustee()
    {
        for (const Json& d : rows("recomputed"))
            say("total of " + text_in(d, "payment_date"), money_in(d, "total"));
    }
    void investor()
    {
        Money before;
        for (std::size_t i = 0; i < rows("payments").size(); ++i) {
            const Json& p = rows("payments")[i];
            const std::string of = text_in(p, "payment_date");
            for (const char* key : {"interest_paid", "principal_paid", "residual_paid"}) {
                say(fmt::format("{} {} of {}", date_, key, of), money_in(p, key));
                add(fmt::format("{} {}", date_, key), money_in(p, key));
            }
            say(fmt::format("{} closing of {}", date_, of), money_in(p, "closing"));
            say(fmt::format("{} arrears of {}", date_, of), money_in(p, "arrears"));
            if (i > 0)
                same("principal", before - money_in(p, "principal_paid"), money_in(p, "closing"));
            before = money_in(p, "closing");
        }
        say(date_ + " at the end", before);
    }
    void annual()
    {
        const auto& cash = rows("cash");
        Money moved;
        for (std::size_t i = 0; i < 5; ++i) moved += at(cash, i, "amount");
        same("cash", moved, at(cash, 5, "amount"));
        same("cash", at(cash, 0, "amount"), at(rows("accounts"), 0, "opening"));
        same("cash", at(cash, 1, "amount"), at(rows("accounts"), 0, "in"));
        same("cash", at(cash, 5, "amount"), at(rows("accounts"), 0, "closing"));
        same("distributions", -at(cash, 2, "amount"), sum("distributions", "total"));
        for (const Json& d : rows("distributions"))
            say("total of " + text_in(d, "payment_date"), money_in(d, "total"));
        for (const Json& t : rows("tranches")) {
            for (const char* key : {"interest_paid", "principal_paid", "residual_paid"})
                add(fmt::format("{} {}", text_in(t, "tranche"), key), -money_in(t, key));
            say(text_in(t, "tranche") + " at the end", money_in(t, "closing"));
        }
        say("outstanding", sum("tranches", "closing"));
        add("fees", -sum("fees", "paid") - sum("fees", "above_cap_paid"));
        add("fees by year", -sum("fees", "paid") - sum("fees", "above_cap_paid"));
        for (const Json& f : rows("fees")) {
            const Money left = money_in(f, "accrued") - money_in(f, "paid");
            same(text_in(f, "fee"), left - money_in(f, "above_cap_paid"), money_in(f, "unpaid"));
            add(text_in(f, "fee") + " at the end", money_in(f, "unpaid"));
        }
        for (const Json& c : rows("caps")) {
            same("cap", money_in(c, "cap") - money_in(c, "paid"), money_in(c, "left"));
            same("cap", max(money_in(c, "left"), zero), money_in(c, "left"));
        }
        pool("pool of life");
        say("lost", at(rows("collections"), 3, "amount"));
        say("recovered", at(rows("collections"), 1, "amount"));
        say("pool at the end", at(rows("pool"), 6, "face"));
    }
    /// Years follow one another in the order of papers; the last one ends as life does.
    void year()
    {
        const bool last = std::next(papers_.find(name_)) == papers_.end() ||
                          !std::next(papers_.find(name_))->first.starts_with("year");
        Money paid;
        for (const Json& d : rows("distributions"))
            if (Date::parse(text_in(d, "paid_on"))) paid += money_in(d, "total");
        same("distributions", -at(rows("cash"), 2, "amount"), paid);
        for (const Json& t : rows("tranches")) {
            const std::string id = text_in(t, "tranche");
            const auto before = principal_.find(id);
            if (before != principal_.end()) same(id, before->second, money_in(t, "opening"));
            principal_[id] = money_in(t, "closing");
            same(id, money_in(t, "opening") - money_in(t, "principal_paid"), principal_[id]);
            if (last) say(id + " at the end", principal_[id]);
        }
        add("fees by year", sum("fees", "paid") + sum("fees", "above_cap_paid"));
        for (const Json& f : rows("fees")) {
            Money& due = due_[text_in(f, "fee")];
            due += money_in(f, "accrued") - money_in(f, "paid") - money_in(f, "above_cap_paid");
            same(text_in(f, "fee"), due, money_in(f, "unpaid"));
            if (last) add(text_in(f, "fee") + " at the end", -money_in(f, "unpaid"));
        }
    }
    void regulator()
    {
        const Json& all = rows("losses").back();
        say("lost", money_in(all, "lost"));
        say("recovered", money_in(all, "recovered"));
        say("net loss", money_in(all, "net"));
        say("outstanding", money_in(*json_, "outstanding"));
        say("pool at the end", money_in(*json_, "pool"));
        for (const char* key : {"defaulted", "lost", "recovered", "net"})
            same(key, sum("losses", key), money_in(all, key) + money_in(all, key));
    }
    void interim()
    {
        say("net loss", at(rows("facts"), 1, "measured"));
        say("outstanding", at(rows("facts"), 1, "of"));
    }
    void sums()
    {
        name_ = "all papers together";
        for (const auto& [what, left] : sums_) same(what, left, zero);
    }

    const Papers& papers_;
    const Json* json_ = nullptr;
    std::string name_, date_;
    std::map<std::string, std::pair<Money, std::string>> said_;
    std::map<std::string, Money> sums_;
    std::map<std::string, Money> principal_, due_; ///< at the end of the year before
    std::vector<std::string> wrong_;
    std::size_t compared_ = 0;
};

} // namespace tranchain::test
