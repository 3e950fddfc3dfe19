// Report make.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/report_make.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "chain/evidence.hpp"
#include "cmd/choose.hpp"
#include "cmd/report_fields.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

namespace {

using About = PaperKind::About;
constexpr PaperKind kinds[]{
    {"distribution", "what each tranche and payee gets, with the payment instruction",
     About::period, distribution_paper},
    {"servicing", "the pool, collections, purchases and triggers of a period", About::period,
     servicing_paper},
    {"custody", "accounts, payments and statements of a period", About::period, custody_paper},
    {"trustee", "what the pool is proven by, which checks were made, and what was recomputed",
     About::period, trustee_paper, false, true},
    {"investor", "one tranche, distribution by distribution", About::period, investor_paper, true},
    {"regulator", "terms, parties, breaches, notices, changes and losses since closing", About::day,
     regulator_paper},
    {"annual", "a calendar year: cash, pool, payments, fees and events", About::year, annual_paper},
    {"interim", "whether an interim report is due, fact by fact", About::day, interim_paper},
    {"breach", "a trigger that took effect: its days, its notice, what would have stopped it",
     About::effect, breach_paper},
};

Result<const ReportDeal*> choose_deal(const ReportBooks& books, std::string& id)
{
    std::vector<std::string> ids;
    for (const auto& [name, deal] : books.deals()) ids.push_back(name);
    TRANCHAIN_TRY(const std::size_t index, choose({"the chain", "deal", "--deal"}, ids, id));
    id = ids[index];
    return &books.deals().at(id);
}

/// The last one, or the one named by its unadjusted date or the day it was paid.
Result<const Json*> choose_distribution(const ReportDeal& deal, const std::optional<Date>& date)
{
    std::vector<std::string> dates;
    for (const Json& d : deal.distributions) {
        if (date == date_in(d, "date") || date == date_in(d, "paid_on")) return &d;
        dates.push_back(date_in(d, "date").str());
    }
    if (dates.empty()) return fail(Code::not_found, "nothing has been distributed yet");
    if (!date) return &deal.distributions.back();
    return fail(Code::not_found, fmt::format("there is no distribution of {}", date->str()), {},
                "there are " + join(dates, ", "));
}

Result<std::size_t> choose_tranche(const ReportDeal& deal, const std::string& id)
{
    std::vector<std::string> ids;
    for (const Tranche& t : deal.program.tranches) ids.push_back(t.id);
    return choose({"the deal", "tranche", "--tranche"}, ids, id);
}

/// The last closed day not after `date`, of its calendar year if `in_year`; the last of all if none
/// is named.
Result<Date> choose_day(const ReportDeal& deal, const std::optional<Date>& date, bool in_year)
{
    if (deal.days.empty()) return fail(Code::not_found, "no day is closed yet");
    const Date last = deal.days.back().date;
    if (!date) return last;
    const Date asked = in_year ? Date::of(date->year(), 12, 31) : *date;
    const Date first = in_year ? Date::of(date->year(), 1, 1) : *date;
    if (last < first || deal.days.front().date > asked)
        return fail(Code::not_found,
                    in_year ? fmt::format("no day of {} is closed", date->year())
                            : fmt::format("{} is not closed", date->str()),
                    {},
                    fmt::format("closed are {} to {}", deal.days.front().date.str(), last.str()));
    return std::min(asked, last);
}

/// The last effect of a trigger, or the one of that day; the only trigger that took effect if none
/// is named.
Result<const ReportEffect*>
choose_effect(const ReportDeal& deal, const std::optional<Date>& date, std::string& trigger)
{
    const ReportEffect* found = nullptr;
    std::vector<std::string> known;
    for (const ReportEffect& e : deal.effects) {
        const std::string& id = deal.program.triggers[e.trigger].id;
        known.push_back(fmt::format("{} on {}", id, e.date.str()));
        if ((trigger.empty() || trigger == id) && (!date || *date == e.date)) found = &e;
    }
    if (known.empty()) return fail(Code::not_found, "no trigger has taken effect");
    if (!found)
        return fail(Code::not_found, "no such trigger took effect then", {},
                    "there are " + join(known, ", "));
    trigger = deal.program.triggers[found->trigger].id;
    return found;
}

/// Sets the days of a paper, and what else its kind needs.
Result<>
choose_subject(const PaperKind& kind, std::optional<Date> date, PaperSubject& subject, Stamp& stamp)
{
    const ReportDeal& deal = subject.deal;
    if (kind.about == About::effect) {
        TRANCHAIN_TRY(subject.effect, choose_effect(deal, date, stamp.trigger));
        stamp.date = subject.from = subject.to = subject.effect->date;
    } else if (kind.about == About::period) {
        TRANCHAIN_TRY(const Json* distribution, choose_distribution(deal, date));
        subject.distribution = *distribution;
        subject.from = date_in(*distribution, "collection_from");
        subject.to = date_in(*distribution, "calculation");
        stamp.date = date_in(*distribution, "date");
    } else {
        TRANCHAIN_TRY(subject.to, choose_day(deal, date, kind.about == About::year));
        const Date january = Date::of(subject.to.year(), 1, 1);
        subject.from = kind.about == About::year ? std::max(january, deal.program.closing)
                                                 : deal.program.closing;
        stamp.date = subject.to;
    }
    if (kind.of_tranche) {
        TRANCHAIN_TRY(subject.tranche, choose_tranche(deal, stamp.tranche));
    }
    return {};
}

} // namespace

Json Stamp::json() const
{
    Json out = Json::object({{"block", block},
                             {"chain", chain},
                             {"date", date},
                             {"deal", deal},
                             {"height", height},
                             {"kind", kind},
                             {"lang", language},
                             {"root", root},
                             {"version", version}});
    if (!tranche.empty()) out["tranche"] = tranche;
    if (!trigger.empty()) out["trigger"] = trigger;
    if (rows) out["rows"] = rows;
    return out;
}

Checked<Stamp> read_stamp(const Json& json)
{
    Stamp s;
    Fields f(json, stamp_key);
    s.block = f.hash("block");
    s.chain = f.text("chain");
    s.date = f.date("date");
    s.deal = f.text("deal");
    s.height = f.integer("height");
    s.kind = f.text("kind");
    s.language = f.text("lang");
    if (f.has("lang") && s.language != "en" && s.language != "zh")
        f.add("lang", "'" + s.language + "' is no language of papers; they are in en or zh");
    s.root = f.hash("root");
    s.version = f.text("version");
    if (json.find("tranche") != nullptr) s.tranche = f.text("tranche");
    if (json.find("trigger") != nullptr) s.trigger = f.text("trigger");
    if (json.find("rows") != nullptr) s.rows = f.boolean("rows");
    if (Errors errors = f.finish(); !errors.empty()) return tl::make_unexpected(std::move(errors));
    return s;
}

std::span<const PaperKind> paper_kinds()
{
    return kinds;
}

const PaperKind* paper_kind(std::string_view verb)
{
    for (const PaperKind& k : kinds)
        if (verb == k.verb) return &k;
    return nullptr;
}

bool ReadBooks::with_rows() const
{
    const auto& left = report.not_checked;
    return !left.contains(std::string(rows_not_checked)) &&
           !left.contains("records not checked against their rows");
}

Checked<ReadBooks>
read_books(Opened& opened, const CopyOptions& o, std::int64_t last, const Globals& globals)
{
    ReportBooks books(last);
    VerifyOptions options;
    options.on_record = [&](std::int64_t height, const Record& record, Session& session) {
        books.follow(height, record, session);
    };
    auto report = check_copy(opened, o, std::move(options), "reading blocks", globals);
    if (!report) return tl::make_unexpected(Errors{report.error()});
    if (Errors wrong = problems_of(*report, opened.path); !wrong.empty()) {
        wrong.insert(wrong.begin(), {Code::answer_no,
                                     "no paper is made from a copy that does not hold",
                                     {opened.path},
                                     "see 'tranchain chain verify'"});
        return tl::make_unexpected(std::move(wrong));
    }
    auto members = opened.bundle ? governance_of(*opened.bundle)
                                 : governance_of(*opened.store).map([](GovernanceLog log) {
                                       return std::optional(std::move(log));
                                   });
    if (!members) return tl::make_unexpected(Errors{members.error()});
    if (!*members)
        return tl::make_unexpected(
            Errors{{Code::invalid_input, "there is no block 0", {opened.path}, {}}});
    return ReadBooks{std::move(*report), std::move(books), std::move(**members)};
}

Result<> stamp_block(Opened& opened, std::int64_t height, Stamp& stamp)
{
    const ChainSource source = opened.source();
    TRANCHAIN_TRY(const auto block, source.block(height));
    if (!block)
        return fail(Code::not_found, fmt::format("there is no block {}", height), {opened.path});
    TRANCHAIN_TRY(const Checkpoint checkpoint, Checkpoint::parse(block->checkpoint.text));
    stamp.height = height;
    stamp.block = hex(sha256(block->header));
    stamp.root = hex(checkpoint.root);
    return {};
}

Result<Answer>
make_paper(const PaperKind& kind, const ReadBooks& read, std::optional<Date> date, Stamp& stamp)
{
    TRANCHAIN_TRY(const ReportDeal* deal, choose_deal(read.books, stamp.deal));
    const PaperChain chain{read.members, stamp.height, stamp.rows};
    PaperSubject subject{*deal, chain, {}, {}};
    TRANCHAIN_DO(choose_subject(kind, date, subject, stamp));
    Answer answer(fmt::format("tranchain.report.{}/1", kind.verb));
    kind.fill(subject, PaperWords{stamp.language == "zh"}, answer);
    const Json json = stamp.json();
    answer.data(stamp_key, Value(json));
    answer.note(fmt::format("{}: {}", stamp_key, json.canonical()));
    return answer;
}

} // namespace tranchain
