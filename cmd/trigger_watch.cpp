// trigger watch: where every clock of a deal stands, and what would stop it.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/deal_now.hpp"
#include "cmd/output.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/trigger.hpp"

namespace tranchain {

namespace {

struct WatchOptions {
    std::optional<std::string> deal;
};

const char* standing(const TriggerState& t, const Reading* last)
{
    if (t.effective) return "in effect";
    if (t.lapsed) return "lapsed";
    if (last == nullptr) return "not judged yet";
    return last->breach ? "in breach" : "holds";
}

/// By how much the left side must move for the comparison to stop being a breach; nothing if the
/// trigger is more than one comparison of amounts.
std::optional<Money> needed(const Trigger& trigger, const Reading& last)
{
    if (trigger.test || !last.breach) return {};
    const Money gap = last.threshold - last.value;
    const Money one = Money::fen(1);
    switch (trigger.when.compare) {
    case Compare::less: return gap;
    case Compare::less_equal: return gap + one;
    case Compare::greater: return gap;
    case Compare::greater_equal: return gap - one;
    case Compare::equal:
    case Compare::not_equal: break;
    }
    return {};
}

Outcome run_watch(const WatchOptions& o, const Globals& globals, Output& out)
{
    const auto now = DealNow::open(globals, o.deal);
    if (!now) return now.error();
    const Program& program = now->program();
    const DealState& state = now->state();
    Answer answer("tranchain.trigger.watch/1");
    answer.field("deal", "deal", now->id())
        .field("closed_through", "days closed through", state.closed_through)
        .field("phase", "phase", name_of(state.phase));
    Table& t = answer.table("triggers", {{"trigger"},
                                         {"standing"},
                                         {"judged", "judged on"},
                                         {"value"},
                                         {"threshold"},
                                         {"margin"},
                                         {"count"},
                                         {"days_left", "days left"},
                                         {"takes_effect", "takes effect"},
                                         {"effect"},
                                         {"needed"},
                                         {"clause", "", true}});
    bool counting = false;
    for (std::size_t i = 0; i < program.triggers.size(); ++i) {
        const Trigger& trigger = program.triggers[i];
        const TriggerState& s = state.triggers[i];
        const Reading* last = s.run.empty() ? nullptr : &s.run.back();
        const auto earliest = s.effective || s.lapsed || !last || !last->breach
                                  ? std::optional<Date>()
                                  : earliest_effect(program, state, i);
        const auto need = last ? needed(trigger, *last) : std::nullopt;
        Value takes_effect, days_left;
        if (s.effective) takes_effect = *s.effective;
        if (earliest) {
            counting = true;
            takes_effect = *earliest;
            days_left = *earliest - state.closed_through;
        }
        t.add({trigger.id, standing(s, last), last ? Value(last->date) : Value(),
               last ? Value(last->value) : Value(), last ? Value(last->threshold) : Value(),
               last ? Value(last->value - last->threshold) : Value(), s.count,
               days_left, takes_effect,
               name_of(trigger.effect), need ? Value(*need) : Value(), trigger.clause.text});
    }
    if (counting)
        answer.note("'needed' is by how much the value must change against its threshold; at the end of "
                    "the day 'takes effect' it is too late");
    return out.write(answer);
}

} // namespace

void add_trigger_watch(Tree& tree)
{
    tree.add<WatchOptions>("trigger", "watch", "where every clock of a deal on the chain stands",
                           run_watch, [](Setup& s, WatchOptions& o) {
                               bind_deal_now(s, o.deal);
                           });
}

} // namespace tranchain
