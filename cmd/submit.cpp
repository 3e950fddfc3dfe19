// Submit: number, validity, approvals, signature, inbox, file.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/submit.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "cmd/choose.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t a_week = 604'800;

}  // namespace

void bind_submit(Setup& s, SubmitOptions& o)
{
    s.option("--deal", o.deal, "ID", "which deal, if the chain has several");
    s.option("--valid-for", o.valid_for, "SECONDS", "no block after that takes it; a week if unsaid");
    s.option("--replaces", o.replaces, "HASH", "withdraw a submission that is not sealed yet");
    s.option("--file", o.file, "FILE", "also write it as a file for the other members").file();
}

Result<Composer> Composer::open_chain(const SubmitOptions& options, const Globals& globals)
{
    Composer c;
    c.options_ = options;
    c.globals_ = &globals;
    TRANCHAIN_TRY(c.now_, time_now());
    TRANCHAIN_TRY(c.desk_, open_desk(globals, Open::write, NeedKey::yes));
    if (c.desk_->tip() < 0)
        return fail(Code::answer_no, "genesis is not final yet", {},
                    "all members endorse it first: 'chain endorse'");
    TRANCHAIN_TRY(c.executor_, c.desk_->executor());
    c.executor_->trust_rows();   // checked when they were taken
    TRANCHAIN_DO(c.apply_open());
    return c;
}

Result<Composer> Composer::open(const SubmitOptions& options, const Globals& globals)
{
    TRANCHAIN_TRY(Composer c, open_chain(options, globals));
    const std::set<std::string> known = c.executor_->deals();
    const std::vector<std::string> deals(known.begin(), known.end());
    if (!deals.empty() || !options.deal.empty()) {
        TRANCHAIN_TRY(const std::size_t index,
                      choose({"the chain", "deal", "--deal"}, deals, options.deal));
        c.deal_ = deals[index];
    }
    if (!c.deal_.empty()) {
        TRANCHAIN_TRY(c.session_, c.executor_->session(c.deal_));
    }
    return c;
}

Result<> Composer::needs_terms()
{
    if (!deal_.empty() && judge().has_terms()) return {};
    return fail(Code::answer_no, "the chain has no deal yet", {}, "'anchor terms DEAL' comes first");
}

Result<> Composer::begin(const std::string& deal)
{
    deal_ = deal;
    TRANCHAIN_TRY(session_, executor_->session(deal_));
    return {};
}

Result<> Composer::govern(std::vector<std::string> approvers)
{
    deal_.clear();
    const MemberSet& members = desk_->state().members;
    for (const std::string& name : approvers)
        if (!members.find(name)) return fail(Code::not_found, "'" + name + "' is not a member");
    if (approvers.empty())
        for (const Member& m : members.all())
            if (m.name != desk_->member()) approvers.push_back(m.name);
    const std::set<std::string> unique(approvers.begin(), approvers.end());
    governors_.emplace(unique.begin(), unique.end());
    return {};
}

void Composer::govern_alone()
{
    deal_.clear();
    governors_.emplace();
}

std::vector<std::string> Composer::governors() const
{
    return governors_.value_or(std::vector<std::string>());
}

/// Records that are refused or wait are left aside, as they are by whoever proposes.
Result<> Composer::apply_open()
{
    TRANCHAIN_TRY(open_, desk_->open_submissions());
    const std::int64_t time = std::max(now_, desk_->newest_header()->time);
    std::vector<const SignedRecord*> waiting;
    for (const SignedRecord& s : open_) waiting.push_back(&s);
    for (bool progress = true; progress;) {
        progress = false;
        std::vector<const SignedRecord*> rest;
        for (const SignedRecord* s : waiting) {
            if (s->signers_missing().empty()) {
                TRANCHAIN_TRY(const Judgement j, executor_->judge(*s, desk_->tip() + 1, time,
                                                                  desk_->row_source(), true));
                if (j.ruling == Ruling::accepted) {
                    progress = true;
                    continue;
                }
            }
            rest.push_back(s);
        }
        waiting = std::move(rest);
    }
    return {};
}

RandomSource Composer::random(const std::string& type)
{
    // The newest header keeps two records of one type apart; the system's source needs no help.
    return random_for(fmt::format("rows/{}/{}/{}/{}", desk_->member(), type, deal_,
                                  hex(desk_->newest_header()->hash())) +
                      fmt::format("/{}", open_.size()));
}

Result<> Composer::number(Record& record)
{
    std::int64_t newest = desk_->state().seq(deal_, record.author);
    if (options_.replaces) {
        for (const SignedRecord& s : open_) {
            const std::string hash = hex(s.record.hash());
            if (s.record.author != record.author || hash.rfind(*options_.replaces, 0) != 0) continue;
            record.replaces = s.record.hash();
            record.seq = s.record.seq;
            return {};
        }
        return fail(Code::not_found, "no open submission of this member begins with '" +
                                         *options_.replaces + "'", {},
                    "'chain status' lists them; a sealed record is corrected, not replaced");
    }
    for (const SignedRecord& s : open_) {
        const Record& r = s.record;
        if (r.author != record.author || r.deal != deal_) continue;
        if (r.valid_until < std::max(now_, desk_->newest_header()->time)) {
            auto late = fail(Code::answer_no,
                             fmt::format("{} was valid until {} and is not sealed; nothing after it "
                                         "can be", describe(r), time_text(r.valid_until)),
                             {}, "submit it again with --replaces " + hex(r.hash()).substr(0, 12));
            late.value().id = finding::expired_record;
            return late;
        }
        newest = std::max(newest, r.seq);
    }
    record.seq = newest + 1;
    return {};
}

/// Whether the rows kept for a record say the same; their secrets never do.
Result<bool> Composer::same_rows(const Record& known, const std::vector<Row>& rows)
{
    TRANCHAIN_TRY(const auto kept, desk_->store().rows(hex(known.hash())));
    return kept && std::ranges::equal(*kept, rows, [](const Row& a, const Row& b) {
        return a.key == b.key && a.fields == b.fields;
    });
}

/// Where a record that says the same is already: sealed in a block, or submitted. What two members
/// state in the same words are two facts; what is computed is one, whoever sends it. A document is
/// about what its rows name, and its own repetition however long ago it was.
Result<std::optional<std::string>> Composer::known(const Record& record, const std::vector<Row>& rows)
{
    const bool paper = record.type == record_type::document;
    const auto ours = [&](const auto& r) { return is_computed(r.type) || r.author == desk_->member(); };
    const auto same = [&](const Record& r) -> Result<bool> {
        if (r.public_part != record.public_part || r.business_date != record.business_date ||
            r.covers != record.covers)
            return false;
        if (!paper) return true;
        return same_rows(r, rows);
    };
    for (const SignedRecord& s : open_) {
        const Record& r = s.record;
        if (!is_computed(r.type) && r.valid_until < now_) continue;   // it can be sealed no more
        if (r.type != record.type || r.deal != deal_ || !ours(r)) continue;
        TRANCHAIN_TRY(const bool repeated, same(r));
        if (repeated) return std::optional<std::string>("submitted");
    }
    TRANCHAIN_TRY(const auto places, desk_->store().records());
    std::int64_t height = -1;
    std::vector<SignedRecord> records;   // of that block, read once for all its records
    for (auto p = places.rbegin(); p != places.rend(); ++p) {
        if (p->type != record.type || p->deal != deal_ || !ours(*p)) continue;
        if (p->height != height) {
            TRANCHAIN_TRY(const auto block, desk_->store().block(p->height));
            if (!block) continue;
            TRANCHAIN_TRY(records, one(parse_body(block->body)));
            height = p->height;
        }
        TRANCHAIN_TRY(const bool repeated,
                      same(records[static_cast<std::size_t>(p->position)].record));
        if (repeated) return std::optional<std::string>(fmt::format("anchored at height {}", p->height));
        if (!paper) break;   // only the newest of a type can be a repetition
    }
    return std::optional<std::string>{};
}

Outcome Composer::tell(const SignedRecord& entry, std::string_view what, Output& out) const
{
    const Record& r = entry.record;
    Answer answer("tranchain.anchor/1");
    answer.field("result", "result", what)
        .field("type", "type", r.type)
        .field("deal", "deal", r.deal)
        .field("author", "author", r.author)
        .field("seq", "number", r.seq)
        .field("rows", "rows", r.rows)
        .field("hash", "record hash", hex(r.hash()))
        .field("unsigned", "approvals missing", Value::texts(entry.signers_missing()));
    answer.data("record", Value(r.to_json()));
    return out.write(answer);
}

std::vector<std::string> Composer::approvals_of(const Record& record)
{
    if (governors_) return *governors_;
    std::map<std::string, std::vector<std::string>> holders;
    for (const Member& m : desk_->state().members.all())
        for (const std::string& role : m.roles) holders[role].push_back(m.name);
    return approvers(judge().approval_roles(record.type), record.author, holders);
}

Outcome Composer::submit(Record record, std::vector<Row> rows, Output& out)
{
    record.chain = desk_->chain();
    record.deal = deal_;
    if (!is_computed(record.type)) {
        record.author = desk_->member();
        const std::int64_t most = desk_->state().policy.valid_until_max;
        record.valid_until = now_ + std::min(options_.valid_for.value_or(a_week), most);
        record.approvals_required = approvals_of(record);
    }
    const auto repeated = known(record, rows);
    if (!repeated) return repeated.error();
    if (*repeated && !options_.replaces) {
        out.say("already " + **repeated);
        return {};
    }
    if (!is_computed(record.type))
        if (auto numbered = number(record); !numbered) return numbered;
    SignedRecord entry{std::move(record), {}};
    if (globals_->dry_run) {
        out.say("dry run: nothing is signed or stored");
        return tell(entry, "dry run", out);
    }
    if (!is_computed(entry.record.type)) {
        auto signer = open_signer(*globals_, NeedKey::yes);
        if (!signer) return signer.error();
        entry.sign((*signer)->key, desk_->member());
    }
    // What the judge would refuse anyway is told now, before it travels.
    if (entry.signers_missing().empty() && !options_.replaces) {
        const auto judged = executor_->judge(
            entry, desk_->tip() + 1, std::max(now_, desk_->newest_header()->time),
            [&](const Record&) { return Result<std::optional<std::vector<Row>>>(rows); }, true);
        if (!judged) return judged.error();
        if (judged->ruling == Ruling::refused) {
            Errors errors;
            for (const Finding& f : judged->findings)
                errors.push_back({Code::answer_no, f.text(), {}, {}, f.id});
            return errors;
        }
        if (judged->ruling == Ruling::not_yet)
            out.say("it will wait for " + judged->waits_for);
    }
    const bool has_rows = entry.record.rows > 0;
    if (auto taken = desk_->take(entry, has_rows ? &rows : nullptr); !taken) return taken;
    if (!options_.file.empty()) {
        const SubmissionFile file{entry, std::move(rows), true};
        if (auto w = write_file(options_.file, file.str(), 0600); !w) return w;
    }
    return tell(entry, "submitted", out);
}

Outcome Composer::approve_same(const Record& wanted, Output& out, const std::vector<Row>* rows)
{
    for (const SignedRecord& s : open_) {
        const auto missing = s.signers_missing();
        if (s.record.type != wanted.type || s.record.deal != deal_ ||
            s.record.public_part != wanted.public_part ||
            std::find(missing.begin(), missing.end(), desk_->member()) == missing.end())
            continue;
        if (rows) {
            TRANCHAIN_TRY(const bool same, same_rows(s.record, *rows));
            if (!same || s.record.business_date != wanted.business_date) continue;
        }
        return approve(s, out);
    }
    if (rows)
        return fail(Code::answer_no,
                    fmt::format("no submitted {} says this of this file and asks for this member",
                                wanted.type), {},
                    "import the author's bundle; if it is there, file, words or receivables differ");
    return fail(Code::answer_no,
                fmt::format("no submitted {} that says what is computed here asks for this member",
                            wanted.type), {},
                "import the author's bundle; if it is there, its figures differ");
}

Outcome Composer::approve(const SignedRecord& entry, Output& out)
{
    const auto& required = entry.record.approvals_required;
    if (std::find(required.begin(), required.end(), desk_->member()) == required.end())
        return fail(Code::denied, "the record does not ask for the approval of '" +
                                      desk_->member() + "'");
    if (globals_->dry_run) return tell(entry, "dry run", out);
    auto signer = open_signer(*globals_, NeedKey::yes);
    if (!signer) return signer.error();
    SignedRecord approved = entry;
    approved.sign((*signer)->key, desk_->member());
    if (auto taken = desk_->take(approved, nullptr); !taken) return taken;
    if (!options_.file.empty()) {
        const SubmissionFile file{approved, {}, entry.record.rows == 0};
        if (auto w = write_file(options_.file, file.str(), 0600); !w) return w;
    }
    return tell(approved, "approved", out);
}

}  // namespace tranchain
