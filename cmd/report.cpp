// report: the papers of a deal, each made from a copy that is checked while it is read, and carrying the
// block it was made from, so that anybody with a copy can make it again and compare.
// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <fmt/core.h>

#include "cmd/chain_read.hpp"
#include "cmd/choose.hpp"
#include "cmd/commands.hpp"
#include "cmd/report_fields.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr const char* stamp_key = "paper";

struct ReportOptions {
    CopyOptions copy;
    std::optional<std::string> deal, tranche, trigger;
    std::optional<Date> date;
};

/// What a paper is of and was made from; the paper carries it as canonical JSON.
struct Stamp {
    std::string kind, deal, tranche, trigger, language;
    Date date;                ///< unadjusted payment date, or the day a trigger took effect
    std::string chain, block; ///< SHA-256 of the header at `height`
    std::string root;         ///< of the checkpoint there
    std::int64_t height = 0;
    std::string version;

    [[nodiscard]] Json json() const
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
        return out;
    }
};

[[nodiscard]] Checked<Stamp> read_stamp(const Json& json)
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
    s.root = f.hash("root");
    s.version = f.text("version");
    if (json.find("tranche") != nullptr) s.tranche = f.text("tranche");
    if (json.find("trigger") != nullptr) s.trigger = f.text("trigger");
    if (Errors errors = f.finish(); !errors.empty()) return tl::make_unexpected(std::move(errors));
    return s;
}

using Fill = void (*)(const PaperSubject&, const PaperWords&, Answer&);
struct Kind {
    const char* verb;
    const char* help;
    Fill fill;
};
constexpr Kind kinds[]{
    {"distribution", "what each tranche and payee gets, with the payment instruction", distribution_paper},
    {"servicing", "the pool, collections, purchases and triggers of a period", servicing_paper},
    {"custody", "accounts, payments and statements of a period", custody_paper},
    {"investor", "one tranche, distribution by distribution", investor_paper},
    {"breach", "a trigger that took effect: its days, its notice, what would have stopped it", breach_paper},
};

const Kind* kind_named(std::string_view verb)
{
    for (const Kind& k : kinds)
        if (verb == k.verb) return &k;
    return nullptr;
}

/// A copy checked up to its end, and its books up to one block.
struct Read {
    VerifyReport report;
    ReportBooks books;
};

Checked<Read> read_books(Opened& opened, const CopyOptions& o, std::int64_t last, const Globals& globals)
{
    ReportBooks books(last);
    VerifyOptions options;
    options.on_record = [&](std::int64_t height, const Record& record, Session& session) {
        books.follow(height, record, session);
    };
    auto report = check_copy(opened, o, std::move(options), "reading blocks", globals);
    if (!report) return tl::make_unexpected(Errors{report.error()});
    if (Errors wrong = problems_of(*report, opened.path); !wrong.empty()) {
        wrong.insert(wrong.begin(), {Code::answer_no, "no paper is made from a copy that does not hold",
                                     {opened.path}, "see 'tranchain chain verify'"});
        return tl::make_unexpected(std::move(wrong));
    }
    return Read{std::move(*report), std::move(books)};
}

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

/// The last effect of a trigger, or the one of that day; the only trigger that took effect if none is
/// named.
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

/// The paper a stamp asks for; fills in what the stamp leaves open: the only deal, the last date.
Result<Answer> make_paper(const Kind& kind, const ReportBooks& books, std::optional<Date> date, Stamp& stamp)
{
    TRANCHAIN_TRY(const ReportDeal* deal, choose_deal(books, stamp.deal));
    PaperSubject subject{*deal};
    if (kind.fill == breach_paper) {
        TRANCHAIN_TRY(subject.effect, choose_effect(*deal, date, stamp.trigger));
        stamp.date = subject.effect->date;
    } else {
        TRANCHAIN_TRY(const Json* distribution, choose_distribution(*deal, date));
        subject.distribution = *distribution;
        stamp.date = date_in(*distribution, "date");
    }
    if (kind.fill == investor_paper) {
        TRANCHAIN_TRY(subject.tranche, choose_tranche(*deal, stamp.tranche));
    }
    const PaperWords w{stamp.language == "zh"};
    Answer answer(fmt::format("tranchain.report.{}/1", kind.verb));
    kind.fill(subject, w, answer);
    const Json json = stamp.json();
    answer.data(stamp_key, Value(json));
    answer.note(fmt::format("{}: {}", stamp_key, json.canonical()));
    return answer;
}

/// Hash of the block at `height`, and the root of its checkpoint.
Result<> stamp_block(Opened& opened, std::int64_t height, Stamp& stamp)
{
    const ChainSource source = opened.source();
    TRANCHAIN_TRY(const auto block, source.block(height));
    if (!block) return fail(Code::not_found, fmt::format("there is no block {}", height), {opened.path});
    TRANCHAIN_TRY(const Checkpoint checkpoint, Checkpoint::parse(block->checkpoint.text));
    stamp.height = height;
    stamp.block = hex(sha256(block->header));
    stamp.root = hex(checkpoint.root);
    return {};
}

Outcome run_report(const Kind& kind, const ReportOptions& o, const Globals& globals, Output& out)
{
    auto opened = open_copy(o.copy, globals);
    if (!opened) return opened.error();
    const auto read =
        read_books(*opened, o.copy, std::numeric_limits<std::int64_t>::max(), globals);
    if (!read) return read.error();
    Stamp stamp;
    stamp.kind = kind.verb;
    stamp.deal = o.deal.value_or("");
    stamp.tranche = o.tranche.value_or("");
    stamp.trigger = o.trigger.value_or("");
    stamp.language = globals.lang;
    stamp.chain = read->report.chain;
    stamp.version = TRANCHAIN_VERSION;
    TRANCHAIN_DO(stamp_block(*opened, read->report.newest, stamp));
    TRANCHAIN_TRY(const Answer answer, make_paper(kind, read->books, o.date, stamp));
    return out.write(answer);
}

struct CheckPaperOptions {
    std::string paper;
    CopyOptions copy;
};

/// Where the stamp stands in a paper: a member of JSON, else the line of text or HTML.
Result<Json> find_stamp(std::string_view bytes, const std::string& file, Format& format)
{
    const auto none = [&] {
        return fail(Code::invalid_input, "this paper does not say what it was made from",
                    {file, 0, 0, 0}, "only text, HTML and JSON of 'tranchain report' do");
    };
    format = bytes.starts_with('{')           ? Format::json
             : bytes.starts_with("<!doctype") ? Format::html
                                              : Format::table;
    if (format == Format::json) {
        const auto json = parse_json(bytes);
        const Json* stamp = json && json->is_object() ? json->find(stamp_key) : nullptr;
        if (stamp == nullptr || !stamp->is_object()) return none();
        return *stamp;
    }
    const std::string head = fmt::format("{}: {{", stamp_key);
    const auto start = bytes.rfind(head);
    const auto end = bytes.find('}', start == std::string_view::npos ? bytes.size() : start);
    if (end == std::string_view::npos) return none();
    const auto first = start + head.size() - 1;
    const auto json = parse_canonical(bytes.substr(first, end + 1 - first));
    if (!json || !json->is_object()) return none();
    return *json;
}

/// The first line in which the two differ, as a problem of the paper.
Error first_difference(std::string_view paper, std::string_view made, const std::string& file)
{
    const auto theirs = split(paper, '\n');
    const auto ours = split(made, '\n');
    std::size_t i = 0;
    while (i < theirs.size() && i < ours.size() && theirs[i] == ours[i]) ++i;
    const auto line = [i](const auto& lines) {
        return i < lines.size() ? fmt::format("'{}'", trim(lines[i])) : std::string("nothing");
    };
    return {Code::answer_no, fmt::format("the paper says {}, the chain gives {}", line(theirs), line(ours)),
            {file, static_cast<int>(i + 1), 0, 0}, {}};
}

Outcome run_report_check(const CheckPaperOptions& o, const Globals& globals, Output& out)
{
    const auto bytes = read_file(o.paper);
    if (!bytes) return bytes.error();
    Format format = Format::table;
    const auto found = find_stamp(*bytes, o.paper, format);
    if (!found) return found.error();
    auto stamp = read_stamp(*found);
    if (!stamp) {
        for (Error& e : stamp.error()) e.where.file = o.paper;
        return stamp.error();
    }
    const Kind* kind = kind_named(stamp->kind);
    if (kind == nullptr)
        return Error{Code::invalid_input, fmt::format("'{}' is no kind of paper", stamp->kind),
                     {o.paper, 0, 0, 0}, "it may be of a newer version"};
    auto opened = open_copy(o.copy, globals);
    if (!opened) return opened.error();
    const auto read = read_books(*opened, o.copy, stamp->height, globals);
    if (!read) return read.error();
    const Stamp said = *stamp;
    stamp->chain = read->report.chain;
    stamp->version = TRANCHAIN_VERSION;
    if (said.height > read->report.newest)
        return Error{Code::not_found,
                     fmt::format("the paper was made from block {}, this copy ends at {}", said.height,
                                 read->report.newest),
                     {opened->path}, "import newer blocks first"};
    TRANCHAIN_DO(stamp_block(*opened, said.height, *stamp));
    TRANCHAIN_TRY(const Answer made, make_paper(*kind, read->books, said.date, *stamp));
    Answer answer("tranchain.report.check/1");
    TRANCHAIN_TRY(const std::string text, Output::text_of(made, format, stamp->language));
    const bool same = text == *bytes;
    answer.field("file", "paper", o.paper)
        .field("kind", "kind", said.kind)
        .field("deal", "deal", said.deal)
        .field("date", "its date", said.date)
        .field("height", "made from block", said.height)
        .field("same", "the chain gives the same", same);
    if (auto written = out.write(answer); !written) return written;
    if (same) return {};
    Error difference = first_difference(*bytes, text, o.paper);
    if (said.version != stamp->version)
        difference.hint = fmt::format("version {} made the paper, this is {}", said.version, stamp->version);
    return difference;
}

} // namespace

void add_report(Tree& tree)
{
    tree.noun("report", "the papers of a deal, and whether a paper is true");
    for (const Kind& kind : kinds) {
        tree.add<ReportOptions>(
            "report", kind.verb, kind.help,
            [&kind](const ReportOptions& o, const Globals& globals, Output& out) {
                return run_report(kind, o, globals, out);
            },
            [&kind](Setup& s, ReportOptions& o) {
                bind_copy(s, o.copy);
                s.option("--deal", o.deal, "ID", "which deal of the chain");
                s.option("--date", o.date, "DATE",
                         kind.fill == breach_paper ? "the day it took effect; the last if left out"
                                                   : "which distribution; the last one if left out");
                if (kind.fill == breach_paper)
                    s.option("--trigger", o.trigger, "ID", "which trigger");
                if (kind.fill == investor_paper)
                    s.option("--tranche", o.tranche, "ID", "whose payments").required();
            });
    }
    tree.add<CheckPaperOptions>("report", "check", "make a paper again and compare", run_report_check,
                                [](Setup& s, CheckPaperOptions& o) {
                                    s.positional("PAPER", o.paper, "a paper of 'tranchain report'").file();
                                    bind_copy(s, o.copy);
                                });
}

} // namespace tranchain
