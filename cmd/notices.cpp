// Notices, and the commands that show them.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/notices.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "cmd/accepted.hpp"
#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

struct NoticeListOptions {
    std::optional<std::string> deal;
};
struct NoticeShowOptions {
    std::string hash;
    std::optional<std::string> deal;
};

const char* answer_of(const NoticeAddressee& a, Date today)
{
    if (a.acknowledged) return "acknowledged";
    return a.by < today ? "overdue" : "open";
}

Outcome run_list(const NoticeListOptions& o, const Globals& globals, Output& out)
{
    const auto now = DealNow::open(globals, o.deal);
    if (!now) return now.error();
    const auto notices = notices_of(*now);
    if (!notices) return notices.error();
    Answer answer("tranchain.notice.list/1");
    answer.field("deal", "deal", now->id())
        .field("today", "today", now->today())
        .field("owed", "a notice is owed", now->state().notice_owed.has_value());
    Table& t = answer.table("notices", {{"notice"},
                                        {"block"},
                                        {"triggers"},
                                        {"effective"},
                                        {"party"},
                                        {"members"},
                                        {"by"},
                                        {"answer"},
                                        {"action", "must do", true}});
    for (const Notice& n : *notices) {
        std::vector<std::string> ids;
        for (const Json& trigger : list_in(n.part, "triggers")) ids.push_back(text_in(trigger, "id"));
        const auto& first = list_in(n.part, "triggers");
        const std::string effective = first.empty() ? "" : text_in(first.front(), "effective");
        for (const NoticeAddressee& a : n.addressees)
            t.add({n.hash.substr(0, 12), n.height, Value::texts(ids), effective, a.party,
                   now->holders(a.party), a.by, answer_of(a, now->today()), a.action});
    }
    return out.write(answer);
}

/// What is demanded of the supporter, where the notice is about that.
void add_demanded(Answer& answer, const Json& part)
{
    Table* t = nullptr;
    for (const Json& trigger : list_in(part, "triggers")) {
        for (const Json& demand : list_in(trigger, "demands")) {
            if (t == nullptr)
                t = &answer.table("demands", {{"distribution"}, {"covers"}, {"amount"}, {"by"}},
                                  "what is demanded of the supporter");
            t->add({text_in(trigger, "distribution"), text_in(demand, "covers"),
                    money_in(demand, "amount"), text_in(demand, "by")});
        }
    }
}

Outcome run_notice_show(const NoticeShowOptions& o, const Globals& globals, Output& out)
{
    const auto now = DealNow::open(globals, o.deal);
    if (!now) return now.error();
    const auto notices = notices_of(*now);
    if (!notices) return notices.error();
    const auto at = std::find_if(notices->begin(), notices->end(), [&](const Notice& n) {
        return !o.hash.empty() && n.hash.starts_with(o.hash);
    });
    if (at == notices->end())
        return Error{Code::not_found, fmt::format("no notice begins with '{}'", o.hash), {},
                     "'tranchain notice list' has them"};
    Answer answer("tranchain.notice.show/1");
    answer.field("notice", "notice", at->hash).field("height", "block", at->height);
    answer.data("record", Value(at->part));
    Table& days = answer.table("days", {{"trigger"}, {"date"}, {"value"}, {"threshold"}, {"margin"},
                                        {"breach"}, {"count"}},
                               "the days it is about");
    for (const Json& trigger : list_in(at->part, "triggers")) {
        for (const Json& day : list_in(trigger, "days")) {
            const Json* breach = day.find("breach");
            const Json* count = day.find("count");
            const Money value = money_in(day, "value");
            const Money threshold = money_in(day, "threshold");
            days.add({text_in(trigger, "id"), text_in(day, "date"), value, threshold,
                      value - threshold, breach ? Value(*breach) : Value(),
                      count ? Value(*count) : Value()});
        }
    }
    add_demanded(answer, at->part);
    Table& t = answer.table("addressees", {{"party"}, {"members"}, {"by"}, {"answer"}, {"action", "must do"}},
                            "who must do what");
    for (const NoticeAddressee& a : at->addressees)
        t.add({a.party, now->holders(a.party), a.by, answer_of(a, now->today()), a.action});
    for (const Json& trigger : list_in(at->part, "triggers"))
        answer.note(fmt::format("{}: {} ({}), effective {}", text_in(trigger, "id"),
                                text_in(trigger, "clause"), text_in(trigger, "number"),
                                text_in(trigger, "effective")));
    return out.write(answer);
}

} // namespace

Result<std::vector<Notice>> notices_of(const DealNow& now)
{
    std::vector<Notice> out;
    Store& store = now.replica().store();
    for (const NoticeGiven& given : now.state().notices) {
        TRANCHAIN_TRY(const auto place, store.find_record(given.hash));
        if (!place) return fail(Code::io, fmt::format("notice {} is not in the database", given.hash));
        TRANCHAIN_TRY(const auto block, store.block(place->height));
        if (!block) return fail(Code::io, fmt::format("there is no block {}", place->height));
        const auto records = parse_body(block->body);
        const auto index = static_cast<std::size_t>(place->position);
        if (!records || index >= records->size())
            return fail(Code::io, fmt::format("block {} is damaged", place->height), {},
                        "see 'tranchain chain verify'");
        Notice notice{given.hash, place->height, (*records)[index].record.public_part, {}};
        for (const Json& a : list_in(notice.part, "addressees")) {
            const std::string party = text_in(a, "party");
            const bool answered = std::find(given.acknowledged.begin(), given.acknowledged.end(),
                                            party) != given.acknowledged.end();
            notice.addressees.push_back({party, text_in(a, "action"), date_in(a, "by"), answered});
        }
        out.push_back(std::move(notice));
    }
    return out;
}

void add_notice(Tree& tree)
{
    tree.noun("notice", "notices of triggers, and who has answered");
    tree.add<NoticeListOptions>("notice", "list", "every notice of a deal, and who has answered", run_list,
                                [](Setup& s, NoticeListOptions& o) {
                                    bind_deal_now(s, o.deal);
                                });
    tree.add<NoticeShowOptions>("notice", "show", "one notice: its days, and who must do what",
                                run_notice_show, [](Setup& s, NoticeShowOptions& o) {
                                    s.positional("HASH", o.hash, "how the notice's hash begins");
                                    bind_deal_now(s, o.deal);
                                });
}

} // namespace tranchain
