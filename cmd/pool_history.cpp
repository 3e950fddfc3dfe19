// pool history: one receivable from the tape to the last fen, and the papers of its title.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/asset_history.hpp"
#include "cmd/commands.hpp"
#include "cmd/deal_now.hpp"
#include "cmd/output.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

namespace {

struct AssetHistoryOptions {
    std::string receivable;
    std::optional<std::string> deal;
};

std::string claim_of(const AssetHistory& history, std::string_view column)
{
    const std::string* value = history.tape ? history.tape->field(column) : nullptr;
    return value ? *value : std::string();
}

/// As the plan sees it now.
void describe_asset(const DealNow& now,
                    const AssetHistory& history,
                    const Asset& asset,
                    Answer& answer)
{
    const std::string obligor = claim_of(history, "obligor_name");
    answer.field("deal", "deal", now.id())
        .field("receivable", "receivable", asset.id)
        .field("obligor", "obligor",
               obligor.empty() ? now.judge().pool().obligor(asset.obligor) : obligor)
        .field("face", "face", asset.face)
        .field("price", "bought for", asset.price)
        .field("owned_from", "owned from", asset.settle)
        .field("due", "due", asset.due)
        .field("status", "status", name(asset.status))
        .field("unpaid", "unpaid", asset.unpaid());
    if (asset.defaulted_on) answer.field("defaulted_on", "defaulted on", *asset.defaulted_on);
    answer.field("closed_through", "days closed through", now.state().closed_through)
        .field("today", "today", now.today());
}

void describe_events(const AssetHistory& history, Answer& answer)
{
    Table& t = answer.table("events",
                            {{"height", "block"},
                             {"record"},
                             {"type"},
                             {"date"},
                             {"author"},
                             {"what"},
                             {"amount"},
                             {"detail", "", true}},
                            "what the chain holds");
    for (const AssetEvent& e : history.events)
        t.add({e.place.height, e.place.hash.substr(0, 12), e.place.type,
               e.date ? Value(*e.date) : Value(), e.place.author, e.what,
               e.amount ? Value(*e.amount) : Value(), e.detail});
}

/// By the members in force at its block: who leaves takes back no signature.
Result<> mark_obligors(const DealNow& now, std::vector<SealedDocument>& papers)
{
    for (SealedDocument& d : papers) {
        if (d.part.kind != "confirmation") continue;
        TRANCHAIN_TRY(const ChainState then, now.replica().in_force(d.place.height));
        const auto roles = then.members.roles(d.place.author);
        d.by_obligor = std::ranges::find(roles, "obligor") != roles.end();
    }
    return {};
}

std::string title_standing(const DealNow& now, const TitleLink& link)
{
    if (!link.paper) return "missing";
    if (link.paper->expired(now.today())) return "expired";
    if (link.paper->by_obligor)
        return fmt::format("signed by {}, an obligor", link.paper->place.author);
    return link.paper->part.count == 0 ? "anchored for the deal" : "anchored";
}

void describe_title(const DealNow& now, const std::vector<TitleLink>& links, Answer& answer)
{
    std::vector<std::string> missing, expired;
    Table& t = answer.table("title",
                            {{"link"},
                             {"standing"},
                             {"height", "block"},
                             {"dated"},
                             {"expires"},
                             {"author"},
                             {"number"},
                             {"shows", "", true}},
                            "chain of title");
    for (const TitleLink& link : links) {
        const std::string standing = title_standing(now, link);
        if (standing == "missing") missing.emplace_back(link.name);
        if (standing == "expired") expired.emplace_back(link.name);
        const SealedDocument* d = link.paper;
        const auto day = [](const std::optional<Date>& date) {
            return date ? Value(*date) : Value();
        };
        t.add({link.name, standing, d ? Value(d->place.height) : Value(),
               d ? day(d->dated) : Value(), d ? day(d->part.expires) : Value(),
               d ? Value(d->place.author) : Value(), d ? Value(d->rows->front().number) : Value(),
               link.means});
    }
    answer.data("missing", Value::texts(missing));
    answer.data("expired", Value::texts(expired));
    if (!missing.empty()) answer.note("missing in the chain of title: " + join(missing, ", "));
    for (const TitleLink& link : links)
        if (link.paper && link.paper->expired(now.today()))
            answer.note(
                fmt::format("the {} was good to {}", link.name, link.paper->part.expires->str()));
}

/// What the tape claims, against the papers.
std::vector<std::string> doubts(const DealNow& now,
                                const AssetHistory& h,
                                const std::vector<TitleLink>& links,
                                const Asset& asset)
{
    std::vector<std::string> found;
    const auto paper = [&](std::string_view name) {
        return std::ranges::find(links, name, &TitleLink::name)->paper;
    };
    const std::string confirmed = claim_of(h, "confirmation");
    if (!paper("confirmation") && !confirmed.empty() && confirmed != "none")
        found.push_back(fmt::format(
            "the tape says the obligor's confirmation is {}; no paper shows it", confirmed));
    if (!paper("notice") && claim_of(h, "disclosed") == "notified")
        found.emplace_back("the tape says that the obligor was notified; no paper shows it");
    const SealedDocument* registry = paper("registry");
    const std::string number = claim_of(h, "registry_no");
    if (registry && !number.empty() && !registry->rows->front().number.empty() &&
        registry->rows->front().number != number)
        found.push_back(fmt::format("the tape has registration '{}', the paper '{}'", number,
                                    registry->rows->front().number));
    if (registry && registry->part.expires && !registry->expired(now.today()) &&
        *registry->part.expires < asset.due && asset.unpaid() > zero)
        found.push_back(fmt::format("the registration ends {}, before the receivable is due",
                                    registry->part.expires->str()));
    if (const auto ends = Date::parse(claim_of(h, "registry_expiry"));
        !registry && ends && *ends < now.today())
        found.push_back(fmt::format("by the tape, the registration ended {}", ends->str()));
    const std::string hash = claim_of(h, "doc_hash");
    const auto is_it = [&](const SealedDocument& d) { return hex(d.part.sha256) == hash; };
    if (!hash.empty() && std::ranges::none_of(h.papers, is_it))
        found.push_back(fmt::format("the tape names a paper with SHA-256 {}; it is not anchored",
                                    hash.substr(0, 12)));
    return found;
}

Outcome run_asset_history(const AssetHistoryOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const DealNow now, DealNow::open(globals, o.deal));
    Store& store = now.replica().store();
    if (!now.judge().has_rows())
        return fail(Code::not_found, "this copy has no rows, and only they name receivables",
                    {store.path()}, "use a member's database; 'document check' needs no rows");
    const Asset* asset = now.judge().pool().find(o.receivable);
    if (!asset)
        return fail(Code::not_found,
                    fmt::format("deal '{}' has no receivable '{}'", now.id(), o.receivable), {},
                    "it is in no snapshot and no purchase that is sealed");
    TRANCHAIN_TRY(AssetHistory history,
                  asset_history(store, now.id(), asset->id, globals.as_of_height));
    TRANCHAIN_DO(mark_obligors(now, history.papers));
    const std::vector<TitleLink> links = chain_of_title(history, now.today());
    Answer answer("tranchain.pool.history/1");
    describe_asset(now, history, *asset, answer);
    describe_events(history, answer);
    describe_title(now, links, answer);
    const std::vector<std::string> doubtful = doubts(now, history, links, *asset);
    answer.data("doubts", Value::texts(doubtful));
    for (const std::string& doubt : doubtful) answer.note(doubt);
    answer.data("withheld", Value::texts(history.withheld));
    for (const std::string& paper : history.withheld)
        answer.note(paper + "; it may be about this receivable");
    answer.note("signatures and roots of the chain itself: run 'chain verify'");
    return out.write(answer);
}

} // namespace

void add_pool_history(Tree& tree)
{
    tree.add<AssetHistoryOptions>("pool", "history",
                                  "all that the chain holds about one receivable (-C)",
                                  run_asset_history, [](Setup& s, AssetHistoryOptions& o) {
                                      s.positional("RECEIVABLE", o.receivable, "its asset_id");
                                      bind_deal_now(s, o.deal);
                                  });
}

} // namespace tranchain
