// The paper about a trigger that took effect.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/report_fields.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

struct BreachDay {
    const ReportDay* day;
    const Reading* reading;
};

/// The readings of the running count that ended with the effect, oldest first.
std::vector<BreachDay> days_of_count(const PaperSubject& s)
{
    std::vector<BreachDay> out;
    for (auto day = s.deal.days.rbegin(); day != s.deal.days.rend(); ++day) {
        if (day->date > s.effect->date) continue;
        const auto& reading = day->readings[s.effect->trigger];
        if (!reading) continue;
        if (!reading->breach) break;
        out.push_back({&*day, &*reading});
    }
    std::reverse(out.begin(), out.end());
    return out;
}

/// How much the value lacked that day to be no breach, where it has to be no lower than the threshold.
std::optional<Money> lacking(const Trigger& trigger, const Reading& reading)
{
    if (trigger.test) return {};
    const Money gap = reading.threshold - reading.value;
    if (trigger.when.compare == Compare::less) return gap;
    if (trigger.when.compare == Compare::less_equal) return gap + Money::fen(1);
    return {};
}

} // namespace

void breach_paper(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const Trigger& trigger = s.deal.program.triggers[s.effect->trigger];
    const auto days = days_of_count(s);
    answer.title(fmt::format("{} {}: {}", s.deal.program.name, w("evidence of a trigger", "触发事件证据"),
                             trigger.id));
    answer.field("plan", w("plan", "专项计划"), s.deal.program.name)
        .field("trigger", w("trigger", "触发事件"), trigger.id)
        .field("number", w("clause", "条款"), trigger.clause.number)
        .field("clause", w("its words", "条款内容"), trigger.clause.text)
        .field("effect", w("effect", "后果"), std::string(name_of(trigger.effect)))
        .field("effective", w("took effect at the end of", "生效日(日终)"), s.effect->date)
        .field("counted", w("judgements in breach", "连续突破次数"), days.size());
    Table& t = answer.table("days",
                            {{"date", w("date", "日期")},
                             {"value", w("value", "数值")},
                             {"threshold", w("threshold", "阈值")},
                             {"margin", w("margin", "裕度")},
                             {"count", w("count", "计数")},
                             {"carried", w("carried forward", "沿用前值")},
                             {"block", w("block", "区块")}},
                            w("the days of the count", "计数期间逐日数据"));
    std::optional<std::pair<Money, Date>> least;
    for (const auto& [day, r] : days) {
        t.add({day->date, r->value, r->threshold, r->value - r->threshold, r->count, r->stale,
               day->height});
        const auto lack = lacking(trigger, *r);
        if (lack && (!least || *lack < least->first)) least = {*lack, day->date};
    }
    notices_table(s, w, answer, s.effect);
    if (least && trigger.clock == Trigger::Clock::consecutive_days && trigger.of_last == 0)
        answer.note(fmt::format(fmt::runtime(w("had the value been {} higher on {}, the count would have "
                                               "begun anew, and the clause would not have taken effect on {}",
                                               "若数值于{1}高出{0}, 则计数重新开始, 该条款不会于{2}生效")),
                                least->first.grouped(), least->second.str(), s.effect->date.str()));
}

} // namespace tranchain
