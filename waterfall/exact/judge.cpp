// Which record may come now, from whom; and the records of the terms and of closing.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/judge.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "data/text.hpp"
#include "waterfall/exact/difference.hpp"
#include "waterfall/exact/judge_parts.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/program_json.hpp"
#include "waterfall/exact/purchase.hpp"

namespace tranchain {

Verdict accepted()
{
    return {};
}

Verdict refused(Errors findings)
{
    Verdict v;
    v.kind = Verdict::Kind::refused;
    for (Error& e : findings) {
        if (e.id.empty()) e.id = "bad-record";
        e.code = Code::answer_no;
    }
    v.findings = std::move(findings);
    return v;
}

Verdict refused(std::string_view id, std::string message)
{
    return refused(Errors{{Code::answer_no, std::move(message), {}, {}, std::string(id)}});
}

Verdict not_yet(std::string waits_for)
{
    Verdict v;
    v.kind = Verdict::Kind::not_yet;
    v.waits_for = std::move(waits_for);
    return v;
}

std::optional<Verdict> judge_as_computed(const Record& said, Date paid_on, const Json& part)
{
    if (said.business_date != paid_on) {
        return refused("wrong-date", fmt::format("it is paid on {}", paid_on.str()));
    }
    const std::string what = first_difference(said.public_part, part);
    if (!what.empty()) return refused("figure-differs", what);
    return std::nullopt;
}

bool holds_role(const Context& context, std::string_view role)
{
    return std::find(context.author_roles.begin(), context.author_roles.end(), role) !=
           context.author_roles.end();
}

Judge::Judge(Rows rows) : pool_(rows == Rows::present ? std::make_unique<Pool>() : nullptr) {}

Judge::Judge(Program program, Rows rows) : Judge(rows)
{
    program_ = std::move(program);
    state_ = opening_state(*program_);
}

Judge::~Judge() = default;

Judge::Judge(const Judge& other)
    : program_(other.program_), state_(other.state_),
      pool_(other.pool_ ? std::make_unique<Pool>(*other.pool_) : nullptr), on_day_(other.on_day_)
{
}

Result<std::unique_ptr<Judge>> Judge::open(std::string_view public_state,
                                           std::optional<std::string_view> private_state)
{
    auto judge = std::make_unique<Judge>(private_state ? Rows::present : Rows::absent);
    auto json = parse_canonical(public_state);
    if (!json) return tl::make_unexpected(std::move(json.error()));
    Fields f(*json, "state");
    const Json& program = f.object("program");
    const Json& state = f.object("state");
    if (Errors e = f.finish(); !e.empty()) return tl::make_unexpected(std::move(e.front()));
    auto read = program_from_json(program);
    if (!read) return tl::make_unexpected(std::move(read.error().front()));
    judge->program_ = std::move(*read);
    auto at = state_from_json(state, *judge->program_);
    if (!at) return tl::make_unexpected(std::move(at.error().front()));
    judge->state_ = std::move(*at);
    if (private_state) {
        auto pool = Pool::from_bytes(*private_state);
        if (!pool) return tl::make_unexpected(std::move(pool.error()));
        judge->pool_ = std::make_unique<Pool>(std::move(*pool));
    }
    return judge;
}

bool Judge::has_terms() const
{
    return program_.has_value();
}

const Program& Judge::program() const
{
    invariant(program_.has_value());
    return *program_;
}

const Pool& Judge::pool() const
{
    invariant(pool_ != nullptr);
    return *pool_;
}

std::string Judge::public_state() const
{
    if (!program_) return {};
    return Json::object({{"program", to_json(*program_)}, {"state", to_json(state_, *program_)}})
        .canonical();
}

std::string Judge::private_state() const
{
    return pool_ ? pool_->bytes() : std::string{};
}

std::vector<std::string> Judge::approval_roles(std::string_view type) const
{
    if (!program_) return {};
    const auto at = program_->approvals.find(std::string(type));
    return at == program_->approvals.end() ? std::vector<std::string>{} : at->second;
}

namespace {

struct TypeRule {
    std::string_view type;
    std::array<std::string_view, 6> roles; ///< where the terms name none; empty: judged apart
    bool computed;
    bool rows;
};
constexpr std::array<TypeRule, 15> type_rules{{
    {record_type::terms, {"plan_manager"}, false, false},
    {record_type::snapshot, {"servicer", "originator"}, false, true},
    {record_type::purchase, {"servicer"}, false, true},
    {record_type::statement, {}, false, true},
    {record_type::collections, {}, false, true},
    {record_type::dilution, {"servicer"}, false, true},
    {record_type::insolvency, {"servicer", "plan_manager", "trustee"}, false, true},
    {record_type::day_close, {}, true, false},
    {record_type::notice, {}, true, false},
    {record_type::acknowledgement, {}, false, false},
    {record_type::distribution, {"plan_manager"}, false, false},
    {record_type::instruction, {"plan_manager"}, false, false},
    {record_type::execution, {"custodian"}, false, false},
    {record_type::correction, {"plan_manager"}, false, false},
    {record_type::document,
     {"servicer", "originator", "obligor", "plan_manager", "custodian", "trustee"},
     false,
     true},
}};

const TypeRule* rule_of(std::string_view type)
{
    for (const TypeRule& rule : type_rules) {
        if (rule.type == type) return &rule;
    }
    return nullptr;
}

/// Who may author it: as the terms say, else as the table says; sources are judged with their days.
std::optional<Verdict> judge_author(const std::optional<Program>& program,
                                    const TypeRule& rule,
                                    const Record& record,
                                    const Context& context)
{
    if (rule.computed) {
        if (record.author.empty()) return std::nullopt;
        return refused("not-computed", fmt::format("a {} has no author", rule.type));
    }
    if (rule.roles[0].empty()) return std::nullopt; // judged apart: a source's `instead` may be another
    std::vector<std::string> roles;
    const bool named = program && program->authors.contains(std::string(rule.type));
    if (named) roles = program->authors.at(std::string(rule.type));
    for (const std::string_view role : rule.roles) {
        if (!named && !role.empty()) roles.emplace_back(role);
    }
    for (const std::string& role : roles) {
        if (holds_role(context, role)) return std::nullopt;
    }
    return refused("wrong-author", fmt::format("'{}' may not author a record '{}', only {} may",
                                               record.author, rule.type, join(roles, " or ")));
}

/// Figures that cannot be added up, and days far outside the deal, go no further.
std::optional<Verdict> judge_bounds(const std::optional<Program>& program,
                                    const DealState& state,
                                    const TypeRule& rule,
                                    const Record& record)
{
    const auto far = [&](const std::optional<Date>& day) {
        const int year = day ? day->year() : first_year;
        return year < first_year || year > last_year ||
               (program && *day > program->legal_final + days_limit);
    };
    for (const std::optional<Date>& day :
         {record.business_date, record.covers ? std::optional(record.covers->from) : std::nullopt,
          record.covers ? std::optional(record.covers->to) : std::nullopt}) {
        if (day && far(day)) {
            return refused("wrong-date", fmt::format("{} is outside the deal's years", day->str()));
        }
    }
    if (!rule.rows && record.type != record_type::day_close) return std::nullopt;
    Gross gross;
    gross.add(record.public_part);
    if (record.type != record_type::day_close) {
        for (const auto& [day, open] : state.open) {
            for (const Money m :
                 {open.credits, open.collected, open.unapplied, open.other_income, open.support,
                  open.diluted}) {
                gross.add(m);
            }
            for (const Debit& d : open.debits) gross.add(d.amount);
        }
    }
    if (!gross.too_large()) return std::nullopt;
    return refused("too-large", fmt::format("the amounts of this {} are too large to add up, by "
                                            "themselves or with the days not closed yet",
                                            record.type));
}

} // namespace

/// Whether a record of this type may come now.
std::optional<Verdict> Judge::judge_turn(std::string_view type) const
{
    const bool is_terms = type == record_type::terms;
    if (!program_ && !is_terms) return not_yet("the terms of the deal");
    if (program_ && is_terms) return refused("terms-given", "the deal has its terms already");
    if (state_.notice_owed && type != record_type::notice) {
        return not_yet("the notice of the triggers that took effect");
    }
    if (program_ && !state_.started && type != record_type::snapshot) {
        return not_yet("the snapshot of closing");
    }
    return std::nullopt;
}

Verdict Judge::judge(const Record& record, const Context& context, const std::vector<Row>* rows)
{
    const TypeRule* rule = rule_of(record.type);
    if (record.v != 1 || rule == nullptr) {
        return refused("unknown-type",
                       fmt::format("record type '{}' v{} is not known to this version", record.type,
                                   record.v));
    }
    if (auto problem = judge_turn(record.type)) return *problem;
    if (auto problem = judge_author(program_, *rule, record, context)) return *problem;
    if (auto problem = judge_bounds(program_, state_, *rule, record)) return *problem;
    if (!rule->rows && record.rows != 0) {
        return refused("bad-record", fmt::format("a {} has no rows", record.type));
    }
    if (!rule->rows || record.rows == 0) rows = nullptr;
    if (pool_ && record.rows > 0 && rows == nullptr) {
        return not_yet(fmt::format("the rows of this {}", record.type));
    }
    if (rows != nullptr && static_cast<std::int64_t>(rows->size()) != record.rows) {
        return refused("wrong-rows", fmt::format("the record states {} rows, {} are here",
                                                 record.rows, rows->size()));
    }
    static const std::vector<Row> none;
    if (pool_ && rule->rows && rows == nullptr) rows = &none;
    if (!pool_) rows = nullptr;
    Verdict verdict = dispatch(record, context, rows);
    const bool from_rows = rule->rows || record.type == record_type::day_close;
    if (!pool_ && from_rows && verdict.accepted()) {
        verdict.not_checked.emplace_back(rows_not_checked);
    }
    return verdict;
}

Verdict Judge::dispatch(const Record& record, const Context& context, const std::vector<Row>* rows)
{
    const std::string_view type = record.type;
    const auto of = [&](auto part, auto judge) {
        return part ? judge(*part) : refused(std::move(part.error()));
    };
    const Json& json = record.public_part;
    if (type == record_type::terms) return judge_terms(record);
    if (type == record_type::snapshot) {
        return of(parse_snapshot(json),
                  [&](const auto& part) { return judge_snapshot(record, part, {rows, nullptr}); });
    }
    if (type == record_type::statement) {
        return of(parse_statement(json), [&](const auto& part) {
            return judge_statement(record, part, context, {rows, nullptr});
        });
    }
    if (type == record_type::collections) {
        return of(parse_collections(json), [&](const auto& part) {
            return judge_collections(record, part, context, {rows, nullptr});
        });
    }
    if (type == record_type::dilution) {
        return of(parse_dilution(json),
                  [&](const auto& part) { return judge_dilution(part, {rows, nullptr}); });
    }
    if (type == record_type::insolvency) {
        return of(parse_insolvency(json), [&](const auto& part) {
            return judge_insolvency(record, part, {rows, nullptr});
        });
    }
    if (type == record_type::purchase) {
        return of(parse_purchase(json),
                  [&](const auto& part) { return judge_purchase(record, part, {rows, nullptr}); });
    }
    if (type == record_type::day_close) return judge_close(record, context);
    if (type == record_type::notice) return judge_notice(record);
    if (type == record_type::acknowledgement) return judge_acknowledgement(record, context);
    if (type == record_type::instruction) return judge_instruction(record);
    if (type == record_type::execution) return judge_execution(record);
    if (type == record_type::correction) return judge_correction(record);
    if (type == record_type::document) return judge_document(record, rows);
    return judge_distribution(record);
}

Verdict Judge::judge_terms(const Record& record)
{
    auto terms = parse_terms(record.public_part);
    if (!terms) return refused(std::move(terms.error()));
    if (Errors e = unsound(terms->program); !e.empty()) return refused(std::move(e));
    if (!record.deal.empty() && terms->program.id != record.deal) {
        return refused("wrong-deal", fmt::format("these are the terms of '{}', not of '{}'",
                                                 terms->program.id, record.deal));
    }
    if (terms->program.sources.empty()) {
        return refused("no-sources", "the terms name no source that declares days complete");
    }
    program_ = std::move(terms->program);
    state_ = opening_state(*program_);
    return accepted();
}

} // namespace tranchain
