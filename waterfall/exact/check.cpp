// Judging sizes, dates, triggers and support of a deal.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/check.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/timetable.hpp"

namespace tranchain {

namespace {

class DealCheck {
public:
    DealCheck(const DealFile& deal, const Program* compiled)
        : deal_(deal), p_(deal.program), compiled_(compiled)
    {
    }

    DealJudgement judge()
    {
        sizes();
        ratings();
        if (!p_.tranches.empty() || !deal_.schedules.empty()) dates();
        last_due();
        for (const ScheduleRule& rule : deal_.schedules) schedule(rule);
        check_formulas(deal_, compiled_, out_.findings);
        check_support(deal_, out_.findings);
        sources();
        disclosure();
        if (!p_.tranches.empty()) {
            check_priorities(deal_, out_.findings);
            check_facilities(deal_, out_.findings);
        }
        if (compiled_ != nullptr) timetable();
        if (compiled_ != nullptr) milestones();
        const auto by_place = [](const Error& a, const Error& b) {
            return std::pair(a.where.line, a.where.column) <
                   std::pair(b.where.line, b.where.column);
        };
        std::stable_sort(out_.findings.begin(), out_.findings.end(), by_place);
        return std::move(out_);
    }

private:
    void find(std::string_view id, Source where, std::string message, std::string hint = {})
    {
        out_.findings.push_back(
            deal_finding(id, std::move(where), std::move(message), std::move(hint)));
    }
    Source at(const std::string& path) const { return deal_.at(path); }
    static std::string tranche_path(const Tranche& t, std::string_view key)
    {
        return fmt::format("tranche.{}.{}", t.id, key);
    }

    void sizes()
    {
        Money sum;
        for (std::size_t i = 0; i < p_.tranches.size(); ++i) {
            const Tranche& t = p_.tranches[i];
            const Source face = at(tranche_path(t, "face"));
            if (t.face <= zero) {
                find("face-not-positive", face,
                     fmt::format("face of tranche '{}' is not above zero", t.id));
            } else if (t.face.in_fen() % p_.unit.in_fen() != 0) {
                const Money rest = Money::fen(t.face.in_fen() % p_.unit.in_fen());
                find("no-whole-units", face,
                     fmt::format("face {} of tranche '{}' is not a whole number of units of {}",
                                 t.face.str(), t.id, p_.unit.str()),
                     fmt::format("{} or {}", (t.face - rest).str(),
                                 (t.face - rest + p_.unit).str()));
            }
            if (t.notional.empty()) sum += max(t.face, zero);
            if (t.lockout && *t.lockout > p_.legal_final) {
                find("date-order", at(tranche_path(t, "lockout")),
                     fmt::format("tranche '{}' takes no principal before {}, after legal_final {}",
                                 t.id, t.lockout->str(), p_.legal_final.str()));
            }
        }
        if (deal_.size && *deal_.size != sum) {
            find("sizes-differ", at("deal.size"),
                 fmt::format("size {} is not the sum of the faces, {}", deal_.size->str(),
                             sum.str()),
                 fmt::format("the difference is {}", (*deal_.size - sum).str()));
        }
    }

    /// `AAA` 0, `AA+` 2, `AA` 3, ...; nothing for a text that is no rating of that scale.
    static std::optional<int> grade(std::string text)
    {
        if (text.ends_with("sf")) text.erase(text.size() - 2);
        int sign = 0;
        if (text.ends_with('+')) sign = -1;
        if (text.ends_with('-')) sign = 1;
        if (sign != 0) text.pop_back();
        static const std::vector<std::string> letters{"AAA", "AA",  "A",  "BBB", "BB",
                                                      "B",   "CCC", "CC", "C"};
        const auto found = std::find(letters.begin(), letters.end(), text);
        if (found == letters.end()) return std::nullopt;
        return static_cast<int>(found - letters.begin()) * 3 + sign;
    }

    void ratings()
    {
        const Tranche* senior = nullptr;
        for (const Tranche& t : p_.tranches) {
            const auto mine = grade(t.rating);
            if (!mine) continue;
            if (senior != nullptr && *grade(senior->rating) > *mine) {
                find("rating-order", at(tranche_path(t, "rating")),
                     fmt::format("tranche '{}', rank {}, is rated {}, and '{}', rank {}, only {}",
                                 t.id, t.rank, t.rating, senior->id, senior->rank, senior->rating));
            }
            senior = &t;
        }
    }

    /// The last due date that the criteria permit, 30 days late, against the calculation of the
    /// distribution at expected maturity.
    void last_due()
    {
        const Criterion* latest = nullptr;
        const Criterion* tenor = nullptr;
        for (const Criterion& c : p_.criteria) {
            if (c.kind == Criterion::Kind::due_at_latest) latest = &c;
            if (c.kind == Criterion::Kind::tenor_at_most) tenor = &c;
        }
        std::optional<Date> due;
        const Criterion* by = latest;
        if (latest != nullptr) due = latest->date;
        if (tenor != nullptr && revolves()) {
            const Date end = p_.revolving_until + static_cast<std::int32_t>(tenor->days);
            if (!due || end < *due) {
                due = end;
                by = tenor;
            }
        }
        const Date m = p_.expected_maturity;
        const Date calculation = Date::of(m.year(), m.month(), 1) - 1;
        if (!due || p_.tranches.empty() || *due + 30 <= calculation) return;
        find("due-too-late", deal_.at(by->clause),
             fmt::format("a receivable may fall due on {}; paid 30 days late it misses the "
                         "calculation of expected maturity on {}",
                         due->str(), calculation.str()),
             fmt::format("the last due date that fits is {}", (calculation - 30).str()));
    }

    void order(Date earlier,
               Date later,
               const char* earlier_name,
               const char* later_name,
               bool equal_is_fine)
    {
        if (earlier < later || (equal_is_fine && earlier == later)) return;
        find("date-order", at(std::string("deal.") + later_name),
             fmt::format("{} {} is {} {} {}", later_name, later.str(),
                         equal_is_fine ? "before" : "not after", earlier_name, earlier.str()));
    }

    bool revolves() const
    {
        return std::any_of(deal_.schedules.begin(), deal_.schedules.end(),
                           [](const ScheduleRule& s) { return s.revolving(); });
    }

    void dates()
    {
        order(p_.cut_off, p_.closing, "cut_off", "closing", true);
        order(p_.closing, p_.expected_maturity, "closing", "expected_maturity", false);
        order(p_.expected_maturity, p_.legal_final, "expected_maturity", "legal_final", true);
        if (revolves()) {
            const Source until = at("schedule.revolving.until");
            if (p_.revolving_until < p_.closing) {
                find("date-order", until,
                     fmt::format("the revolving period ends on {}, before closing {}",
                                 p_.revolving_until.str(), p_.closing.str()));
            } else if (p_.revolving_until >= p_.expected_maturity) {
                find("date-order", until,
                     fmt::format("the revolving period ends on {}, not before expected_maturity {}",
                                 p_.revolving_until.str(), p_.expected_maturity.str()));
            }
        }
        for (const Criterion& c : p_.criteria) {
            if (c.kind == Criterion::Kind::due_at_latest && c.date > p_.legal_final) {
                find("date-order", deal_.at(c.clause),
                     fmt::format("receivables may fall due on {}, after legal_final {}",
                                 c.date.str(), p_.legal_final.str()));
            }
        }
        const bool monthly = std::any_of(deal_.schedules.begin(), deal_.schedules.end(),
                                         [](const ScheduleRule& s) { return !s.revolving(); });
        if (!monthly) {
            find("schedule-missing", at("deal"), "no [[schedule]] pays after the revolving period",
                 R"(add one with during = "amortization, accelerated, default")");
        }
    }

    void schedule(const ScheduleRule& rule)
    {
        const std::string path = rule.revolving() ? "schedule.revolving" : "schedule.monthly";
        if (rule.calendars.empty()) {
            find(
                "calendar-missing", rule.where, "the schedule names no calendar",
                R"(write calendar = "china-bank and china-exchange", or "weekdays" for no holidays)");
        }
        if (!rule.first) return;
        const auto& months = rule.pay.months;
        const Date first = *rule.first;
        const bool fits = std::find(months.begin(), months.end(), first.month()) != months.end() &&
                          first.day() == std::min(rule.pay.day, first.end_of_month().day());
        if (!fits) {
            find("first-date", at(path + ".first"),
                 fmt::format("first payment date {} is not one of the schedule's own days",
                             first.str()));
        } else if (Date::of(first.year(), first.month(), 1) - 1 < p_.closing) {
            find("first-date", at(path + ".first"),
                 fmt::format("first payment date {} would be calculated before closing {}",
                             first.str(), p_.closing.str()));
        }
    }

    void sources()
    {
        if (p_.tranches.empty()) return;
        for (const auto* type : {"statement", "collections"}) {
            const bool named = std::any_of(p_.sources.begin(), p_.sources.end(),
                                           [&](const DaySource& s) { return s.type == type; });
            if (!named) {
                find("source-incomplete", at("deal"),
                     fmt::format("no source of type '{}' is named", type),
                     "leave [[source]] out altogether for the usual two");
            }
        }
        for (const DaySource& s : p_.sources) {
            if (s.by == s.instead) {
                find("source-incomplete", at("source." + s.id),
                     fmt::format("source '{}' is declared by '{}' in the place of himself", s.id,
                                 s.by));
            }
        }
    }

    /// Rules for asset-backed plans (2014-49, art. 9) ask to disclose an obligor above 15% of the
    /// pool, or above 20% with its affiliates.
    void disclosure()
    {
        if (!p_.purchase) return;
        const auto note = [&](const Source& where, std::string message) {
            out_.notes.push_back(deal_finding(
                "obligor-share", where, std::move(message),
                "an obligor above 15%, or above 20% with its affiliates, must be disclosed"));
        };
        const Limit* least = nullptr;
        for (const Limit& l : p_.limits) {
            if (l.each && (least == nullptr || l.share < least->share)) least = &l;
        }
        if (least == nullptr) {
            note(deal_.at(p_.purchase->clause), "no limit holds for a single obligor group");
        } else if (least->share > Rate::ppb(150'000'000)) {
            note(deal_.at(least->clause),
                 fmt::format("one obligor may be {} of the pool", least->share.str()));
        }
    }

    /// What must be known before a payment must be knowable by then.
    void timetable()
    {
        int provisional = 0;
        std::set<std::string> told;
        const auto look = [&](const PaymentDate& d, const char* path) {
            if (d.provisional) ++provisional;
            for (const DaySource& s : p_.sources) {
                if (d.calculation + s.latest_days < d.adjusted ||
                    !told.insert(path + s.id).second) {
                    continue;
                }
                find("timetable-impossible", at(path),
                     fmt::format(
                         "the payment of {} falls on {}, and source '{}' may be as late as {}",
                         d.unadjusted.str(), d.adjusted.str(), s.id,
                         (d.calculation + s.latest_days).str()),
                     "pay later in the month, or lower 'latest_days' of the source");
            }
            if (p_.support && support_day(*compiled_, *p_.support, d) <= d.calculation &&
                told.insert(std::string(path) + "/support").second) {
                find("timetable-impossible", deal_.at(p_.support->clause),
                     fmt::format("support for {} is due on {}, and what is short is known after {}",
                                 d.unadjusted.str(), support_day(*compiled_, *p_.support, d).str(),
                                 d.calculation.str()));
            }
        };
        for (const PaymentDate& d : compiled_->revolving_dates) look(d, "schedule.revolving.pay");
        for (const PaymentDate& d : compiled_->monthly_dates) look(d, "schedule.monthly.pay");
        if (provisional > 0) {
            out_.notes.push_back(deal_finding(
                "dates-provisional", at("deal.legal_final"),
                fmt::format("{} payment dates lie past what the calendars cover", provisional),
                "nothing can be distributed on a provisional date until its calendar is on the "
                "chain"));
        }
    }

    /// Days in an order in which nobody can do his work.
    void milestones()
    {
        for (const TimetableConflict& c : timetable_conflicts(*compiled_)) {
            const std::string what = fmt::format("{} of the payment of {} falls on {}",
                                                 milestone_words(c.milestone->kind),
                                                 c.payment.unadjusted.str(), c.day.str());
            const Source where = deal_.at(c.milestone->clause);
            if (c.needed_by != nullptr) {
                find("timetable-order", where,
                     fmt::format("{}, after {} on {}, which needs it", what,
                                 milestone_words(c.needed_by->kind), c.limit.str()),
                     fmt::format("write another day here or at '{}'", c.needed_by->clause.number));
            } else {
                find("timetable-order", where,
                     fmt::format("{}, {} on {}", what,
                                 c.day < c.limit ? "before the calculation" : "after the payment",
                                 c.limit.str()));
            }
        }
    }

    const DealFile& deal_;
    const Program& p_;
    const Program* compiled_;
    DealJudgement out_;
};

} // namespace

Error deal_finding(std::string_view id, Source where, std::string message, std::string hint)
{
    invariant(std::any_of(deal_findings.begin(), deal_findings.end(),
                          [&](const FindingMeaning& f) { return f.id == id; }));
    return {Code::answer_no, std::move(message), std::move(where), std::move(hint),
            std::string(id)};
}

DealJudgement check_deal(const DealFile& deal, const Program* compiled)
{
    return DealCheck(deal, compiled).judge();
}

} // namespace tranchain
