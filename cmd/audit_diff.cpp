// audit diff: two copies of a chain, checked each by itself and then compared: the first input that
// differs, and what differs in what was recomputed from them.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <optional>

#include <fmt/core.h>

#include "chain/block.hpp"
#include "cmd/accepted.hpp"
#include "cmd/chain_read.hpp"
#include "cmd/commands.hpp"
#include "cmd/why_books.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "waterfall/exact/difference.hpp"

namespace tranchain {

namespace {

struct DiffOptions {
    std::string mine, theirs;
    bool all = false;
};

/// One of the two, checked.
struct DiffCopy {
    Opened opened;
    ChainSource source;
    VerifyReport report;
    WhyBooks books{std::numeric_limits<std::int64_t>::max()};
};

/// Where the two copies first part.
struct InputDifference {
    std::int64_t block = 0;
    std::int64_t record = 0; ///< from 1; 0: the header itself
    std::string name;        ///< `purchase of servicer, number 4`
    std::string row, field, mine, theirs;
};

Result<> read_diff_copy(const std::string& file, const Globals& globals, DiffCopy& copy)
{
    if (const auto bytes = read_file(file); bytes && (bytes->starts_with('{') || bytes->starts_with("<!doctype")))
        return fail(Code::invalid_input, "this is neither a database nor a bundle", {file},
                    "a paper is compared with a copy by 'tranchain report check'");
    TRANCHAIN_TRY(copy.opened, open_copy({file, {}}, globals));
    VerifyOptions options;
    options.on_record = [&](std::int64_t height, const Record& record, Session& session) {
        copy.books.follow(height, record, session);
    };
    CopyOptions none;
    TRANCHAIN_TRY(copy.report, check_copy(copy.opened, none, std::move(options), "reading blocks", globals));
    copy.source = copy.opened.source();
    return {};
}

std::string record_name(const Record& r)
{
    if (r.author.empty()) return r.type + ", computed";
    return fmt::format("{} of {}, number {}", r.type, r.author, r.seq);
}

std::optional<InputDifference>
record_difference(std::int64_t height, std::size_t at, const SignedRecord* mine, const SignedRecord* theirs)
{
    InputDifference d;
    d.block = height;
    d.record = static_cast<std::int64_t>(at + 1);
    if (mine == nullptr || theirs == nullptr) {
        d.name = record_name((mine ? mine : theirs)->record);
        d.mine = mine ? "there" : "absent";
        d.theirs = theirs ? "there" : "absent";
        return d;
    }
    const auto found = find_difference(mine->to_json(), theirs->to_json());
    if (!found) return std::nullopt;
    d.name = record_name(mine->record);
    d.field = found->path;
    d.mine = found->stated;
    d.theirs = found->computed;
    return d;
}

/// Rows that both copies hold of one record.
Result<std::optional<InputDifference>>
row_difference_of(const DiffCopy& mine, const DiffCopy& theirs, std::int64_t height, std::size_t at,
                  const Record& r, std::int64_t& compared)
{
    if (r.rows == 0 || !mine.source.has_rows || !theirs.source.has_rows)
        return std::optional<InputDifference>();
    TRANCHAIN_TRY(const auto a, mine.source.rows(hex(r.hash())));
    TRANCHAIN_TRY(const auto b, theirs.source.rows(hex(r.hash())));
    InputDifference d;
    d.block = height;
    d.record = static_cast<std::int64_t>(at + 1);
    d.name = record_name(r);
    if (!a || !b) {
        if (!a && !b) return std::optional<InputDifference>();
        d.field = "rows";
        d.mine = a ? "there" : "absent";
        d.theirs = b ? "there" : "absent";
        return std::optional(d);
    }
    for (std::size_t i = 0; i < std::max(a->size(), b->size()); ++i) {
        ++compared;
        const Row* x = i < a->size() ? &(*a)[i] : nullptr;
        const Row* y = i < b->size() ? &(*b)[i] : nullptr;
        if (x && y && x->key == y->key && x->fields == y->fields && x->secret == y->secret) continue;
        const bool same_key = x && y && x->key == y->key;
        const bool only_mine = x && (!y || x->key < y->key);
        d.row = only_mine || !y ? x->key : y->key;
        d.mine = same_key || only_mine ? "there" : "absent";
        d.theirs = same_key || !only_mine ? "there" : "absent";
        if (!same_key) return std::optional(d);
        d.field = "(its secret)";
        d.mine = d.theirs = "(not shown)"; // who sees it can open the row's fields
        for (const auto& [field, value] : x->fields) {
            const std::string* other = y->field(field);
            if (other && *other == value) continue;
            d.field = field;
            d.mine = value;
            d.theirs = other ? *other : "absent";
            break;
        }
        return std::optional(d);
    }
    return std::optional<InputDifference>();
}

struct DiffCounts {
    std::int64_t blocks = 0, records = 0, rows = 0, figures = 0;
};

Result<std::optional<InputDifference>>
block_difference(const DiffCopy& mine, const DiffCopy& theirs, std::int64_t height, DiffCounts& counts)
{
    TRANCHAIN_TRY(const auto a, mine.source.block(height));
    TRANCHAIN_TRY(const auto b, theirs.source.block(height));
    ++counts.blocks;
    if (!a || !b) {
        if (!a && !b) return std::optional<InputDifference>();
        return std::optional(InputDifference{height, 0, "block", "", "", a ? "there" : "absent",
                                             b ? "there" : "absent"});
    }
    const auto x = parse_body(a->body);
    const auto y = parse_body(b->body);
    const std::size_t size = x && y ? std::max(x->size(), y->size()) : 0;
    for (std::size_t i = 0; i < size; ++i) {
        ++counts.records;
        auto found = record_difference(height, i, i < x->size() ? &(*x)[i] : nullptr,
                                       i < y->size() ? &(*y)[i] : nullptr);
        if (found) return found;
        TRANCHAIN_TRY(found, row_difference_of(mine, theirs, height, i, (*x)[i].record, counts.rows));
        if (found) return found;
    }
    if (a->body != b->body)
        return std::optional(InputDifference{height, 0, "body", "", "", hex(sha256(a->body)), hex(sha256(b->body))});
    if (a->header == b->header) return std::optional<InputDifference>();
    InputDifference d{height, 0, "header", "", "", hex(sha256(a->header)), hex(sha256(b->header))};
    const auto one = parse_json(a->header);
    const auto two = parse_json(b->header);
    if (const auto found = one && two ? find_difference(*one, *two) : std::nullopt; found) {
        d.field = found->path;
        d.mine = found->stated;
        d.theirs = found->computed;
    }
    return std::optional(d);
}

/// A recomputed figure that is not the same in both.
struct FigureGap {
    std::string deal;
    Date date;
    std::string figure;
    Money mine, theirs;
};

class FigureComparison {
public:
    FigureComparison(std::string deal, DiffCounts& counts, std::vector<FigureGap>& out)
        : deal_(std::move(deal)), counts_(counts), out_(out)
    {
    }
    void run(const ReportDeal& mine, const ReportDeal& theirs)
    {
        program_ = &mine.program;
        for (std::size_t i = 0; i < std::min(mine.days.size(), theirs.days.size()); ++i) {
            const std::size_t before = out_.size();
            day(mine.days[i], theirs.days[i]);
            if (out_.size() > before) break; // every later day follows from it
        }
        for (const Json& a : mine.distributions) {
            for (const Json& b : theirs.distributions)
                if (date_in(a, "date") == date_in(b, "date")) distribution(a, b);
        }
    }

private:
    void compare(const std::string& figure, Money mine, Money theirs)
    {
        ++counts_.figures;
        if (mine != theirs) out_.push_back({deal_, date_, figure, mine, theirs});
    }
    void day(const ReportDay& a, const ReportDay& b)
    {
        date_ = a.date;
        compare("pool balance", a.totals.pool_balance, b.totals.pool_balance);
        for (std::size_t i = 0; i < std::min(a.book.size(), b.book.size()); ++i) {
            const auto account = static_cast<Account>(i);
            compare(std::string(name(account)), a.book.balance(account), b.book.balance(account));
        }
        compare("defaulted since closing", a.totals.defaulted_to_date, b.totals.defaulted_to_date);
        for (std::size_t i = 0; i < std::min(a.readings.size(), b.readings.size()); ++i) {
            if (!a.readings[i] || !b.readings[i]) continue;
            compare(program_->triggers.at(i).id + ", value", a.readings[i]->value, b.readings[i]->value);
        }
    }
    void distribution(const Json& a, const Json& b)
    {
        date_ = date_in(a, "date");
        compare("leaves the bank", money_in(a, "total"), money_in(b, "total"));
        const auto& x = list_in(a, "lines");
        const auto& y = list_in(b, "lines");
        for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
            const std::string line = text_in(x[i], "number") + " " + text_in(x[i], "payee");
            for (const char* part : {"due", "paid", "left"})
                compare(line + ", " + part, money_in(x[i], part), money_in(y[i], part));
        }
        const auto& s = list_in(a, "tranches");
        const auto& t = list_in(b, "tranches");
        for (std::size_t i = 0; i < std::min(s.size(), t.size()); ++i)
            for (const char* part : {"arrears", "closing"})
                compare(text_in(s[i], "id") + ", " + part, money_in(s[i], part), money_in(t[i], part));
    }

    std::string deal_;
    const Program* program_ = nullptr;
    DiffCounts& counts_;
    std::vector<FigureGap>& out_;
    Date date_;
};

void describe_diff_copies(const DiffCopy& mine, const DiffCopy& theirs, Answer& answer)
{
    Table& t = answer.table("copies",
                            {{"copy"}, {"file"}, {"chain"}, {"newest", "newest block"}, {"records"},
                             {"with_rows", "with rows"}, {"good", "every check holds"}, {"findings"}},
                            "the two copies, each checked by itself");
    for (const auto& [name, c] : {std::pair("mine", &mine), std::pair("theirs", &theirs)})
        t.add({name, c->opened.path, c->report.chain, c->report.newest, c->report.records,
               c->opened.has_rows(), c->report.good(), c->report.findings.size()});
}

void describe_input(const std::optional<InputDifference>& d, Answer& answer)
{
    if (!d) return;
    answer.field("block", "first input that differs: block", d->block)
        .field("record", "its record", d->record == 0 ? Value() : Value(d->record))
        .field("record_name", "which is", d->name)
        .field("row", "row", d->row.empty() ? Value() : Value(d->row))
        .field("field", "field", d->field.empty() ? Value() : Value(d->field))
        .field("mine", "mine", d->mine)
        .field("theirs", "theirs", d->theirs);
}

constexpr std::size_t figures_at_most = 20; ///< without --all

void describe_figures(const std::vector<FigureGap>& found, bool all, Answer& answer)
{
    if (found.empty()) {
        answer.data("figures", Value::array());
        return;
    }
    Table& t = answer.table("figures",
                            {{"deal"}, {"date"}, {"figure"}, {"mine"}, {"theirs"}, {"difference"}},
                            "recomputed figures that differ: the first such day, and distributions");
    for (std::size_t i = 0; i < found.size() && (all || i < figures_at_most); ++i) {
        const FigureGap& f = found[i];
        t.add({f.deal, f.date, f.figure, f.mine, f.theirs, f.theirs - f.mine});
    }
    if (t.rows().size() < found.size())
        answer.note(fmt::format("{} of {} are shown; --all shows every one", t.rows().size(), found.size()));
}

/// How the two stand to each other, and one sentence that says it.
std::pair<std::string, std::string>
verdict_of(const DiffCopy& mine, const DiffCopy& theirs, bool differ)
{
    const std::int64_t a = mine.report.newest;
    const std::int64_t b = theirs.report.newest;
    if (differ) return {"differ", "The two copies differ."};
    if (a == b) return {"same", "The two copies say the same."};
    const auto longer = [](const char* one, std::int64_t from, std::int64_t to) {
        const std::string more = from + 1 == to ? fmt::format("block {}", to)
                                                : fmt::format("blocks {} to {}", from + 1, to);
        return fmt::format("{} is the longer copy, by {}; up to block {} nothing differs.", one, more, from);
    };
    return a < b ? std::pair<std::string, std::string>{"theirs_longer", longer("Theirs", a, b)}
                 : std::pair<std::string, std::string>{"mine_longer", longer("Mine", b, a)};
}

Outcome run_diff(const DiffOptions& o, const Globals& globals, Output& out)
{
    DiffCopy mine;
    DiffCopy theirs;
    TRANCHAIN_DO(read_diff_copy(o.mine, globals, mine));
    TRANCHAIN_DO(read_diff_copy(o.theirs, globals, theirs));
    DiffCounts counts;
    std::optional<InputDifference> input;
    const std::int64_t common = std::min(mine.report.newest, theirs.report.newest);
    for (std::int64_t h = 0; h <= common && !input; ++h) {
        TRANCHAIN_TRY(input, block_difference(mine, theirs, h, counts));
    }
    std::vector<FigureGap> figures;
    for (const auto& [id, deal] : mine.books.reports().deals()) {
        const auto other = theirs.books.reports().deals().find(id);
        if (other != theirs.books.reports().deals().end())
            FigureComparison(id, counts, figures).run(deal, other->second);
    }
    const auto [verdict, sentence] = verdict_of(mine, theirs, input || !figures.empty());
    Answer answer("tranchain.audit.diff/1");
    answer.note(sentence);
    answer.field("verdict", "verdict", verdict);
    describe_input(input, answer);
    answer.field("blocks", "blocks compared", counts.blocks)
        .field("records", "records compared", counts.records)
        .field("rows", "rows compared", counts.rows)
        .field("compared", "recomputed figures compared", counts.figures);
    describe_diff_copies(mine, theirs, answer);
    describe_figures(figures, o.all, answer);
    if (!mine.source.has_rows || !theirs.source.has_rows)
        answer.note("not compared: rows, which not both copies have");
    if (auto written = out.write(answer); !written) return written;
    Errors wrong = problems_of(mine.report, mine.opened.path);
    const Errors more = problems_of(theirs.report, theirs.opened.path);
    wrong.insert(wrong.end(), more.begin(), more.end());
    if (!wrong.empty()) return wrong;
    return verdict == "differ" ? answer_no() : Outcome();
}

} // namespace

void add_audit_diff(Tree& tree)
{
    tree.add<DiffOptions>("audit", "diff", "two copies: the first input that differs, and the figures", run_diff,
                          [](Setup& s, DiffOptions& o) {
                              s.positional("MINE", o.mine, "a database or a bundle").file();
                              s.positional("THEIRS", o.theirs, "another one").file();
                              s.flag("--all", o.all, "every figure that differs, not only twenty");
                              s.as_of(AsOf::block);
                          });
}

} // namespace tranchain
