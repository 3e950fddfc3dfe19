// Records about receivables: terms, snapshot, purchase, dilution, insolvency; and their references.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/facts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "waterfall/exact/facts_rows.hpp"
#include "waterfall/exact/program_json.hpp"

namespace tranchain {

namespace {

Record record_of(std::string_view type, std::optional<Date> business_date, Json part)
{
    Record r;
    r.type = type;
    r.business_date = business_date;
    r.public_part = std::move(part);
    return r;
}

} // namespace

// ---- terms -------------------------------------------------------------------------------------

Record build_terms(const Program& program, const Hash& source_sha256)
{
    return record_of(
        record_type::terms, program.closing,
        Json::object({{"program", to_json(program)}, {"source_sha256", hex(source_sha256)}}));
}

Checked<TermsPart> parse_terms(const Json& part)
{
    Fields f(part, "terms");
    TermsPart terms;
    const Json& program = f.object("program");
    terms.source_sha256 = f.hash("source_sha256");
    if (Errors e = f.finish(); !e.empty()) return tl::make_unexpected(std::move(e));
    auto read = program_from_json(program);
    if (!read) return tl::make_unexpected(std::move(read.error()));
    terms.program = std::move(*read);
    return terms;
}

// ---- receivables --------------------------------------------------------------------------------

Result<Holding> read_holding(const Row& row)
{
    Error problem;
    const auto wrong = [&](std::string_view column, std::string_view what) {
        problem = {Code::invalid_input,
                   fmt::format("row '{}': {} {}", row.key, column, what),
                   {},
                   {},
                   "bad-row"};
    };
    const auto text = [&](std::string_view column) -> std::string {
        const std::string* value = row.field(column);
        if (value == nullptr || value->empty()) wrong(column, "is missing");
        return value == nullptr ? std::string{} : *value;
    };
    const auto money = [&](std::string_view column) {
        const auto value = Money::parse(text(column));
        if (!value) wrong(column, "is not an amount");
        return value.value_or(zero);
    };
    const auto date = [&](std::string_view column) {
        const auto value = Date::parse(text(column));
        if (!value) wrong(column, "is not a date");
        return value.value_or(Date{});
    };
    Holding h;
    h.asset_id = text("asset_id");
    h.obligor_code = text("obligor_code");
    const std::string* group = row.field("obligor_group");
    h.obligor_group = group == nullptr || group->empty() ? h.obligor_code : *group;
    h.face = money("current_balance");
    h.price = money("purchase_price");
    h.purchase_date = date("purchase_date");
    const std::string* extended = row.field("extended_due_date");
    h.due = date(extended != nullptr && !extended->empty() ? "extended_due_date" : "due_date");
    const std::string* confirmation = row.field("confirmation");
    if (const std::string* financed = row.field("financed_amount")) {
        const auto amount = Money::parse(*financed);
        if (!amount) wrong("financed_amount", "is not an amount");
        h.financed = amount.value_or(zero);
    }
    const std::string* status = row.field("status");
    h.disputed = status != nullptr && *status == "disputed";
    h.confirmed = confirmation != nullptr && !confirmation->empty() && *confirmation != "none";
    if (problem.message.empty() && h.asset_id != row.key) wrong("asset_id", "is not the row's key");
    if (problem.message.empty() && h.face <= zero) wrong("current_balance", "is not above zero");
    if (problem.message.empty() && (h.price <= zero || h.price > h.face)) {
        wrong("purchase_price", "is not above zero and up to the face");
    }
    if (!problem.message.empty()) return tl::make_unexpected(std::move(problem));
    return h;
}

namespace {

Result<std::vector<Holding>> read_holdings(const std::vector<Row>& rows)
{
    std::vector<Holding> holdings;
    holdings.reserve(rows.size());
    for (const Row& row : rows) {
        auto h = read_holding(row);
        if (!h) return tl::make_unexpected(std::move(h.error()));
        holdings.push_back(std::move(*h));
    }
    return holdings;
}

template <class Part>
Part summed(const std::vector<Holding>& holdings)
{
    Part part;
    part.count = static_cast<std::int64_t>(holdings.size());
    for (const Holding& h : holdings) {
        part.face += h.face;
        part.price += h.price;
    }
    return part;
}

} // namespace

SnapshotPart snapshot_part(Date as_of, const std::vector<Holding>& holdings)
{
    auto part = summed<SnapshotPart>(holdings);
    part.as_of = as_of;
    return part;
}

PurchasePart purchase_part(Date settle, const std::vector<Holding>& holdings)
{
    auto part = summed<PurchasePart>(holdings);
    part.settle = settle;
    return part;
}

Result<Submission> build_snapshot(Date as_of, std::vector<Row> receivables)
{
    auto holdings = read_holdings(receivables);
    if (!holdings) return tl::make_unexpected(std::move(holdings.error()));
    const SnapshotPart s = snapshot_part(as_of, *holdings);
    Json part = Json::object(
        {{"as_of", s.as_of}, {"count", s.count}, {"face", s.face}, {"price", s.price}});
    return with_rows(record_of(record_type::snapshot, as_of, std::move(part)),
                     std::move(receivables));
}

Checked<SnapshotPart> parse_snapshot(const Json& part)
{
    Fields f(part, "snapshot");
    SnapshotPart s;
    s.as_of = f.date("as_of");
    s.count = f.integer("count");
    s.face = f.money("face");
    s.price = f.money("price");
    if (s.count < 0 || s.face < zero || s.price < zero) f.add("count", "is below zero");
    if (Errors e = f.finish(); !e.empty()) return tl::make_unexpected(std::move(e));
    return s;
}

Result<Submission> build_purchase(Date purchase_day, Date settle, std::vector<Row> receivables)
{
    auto holdings = read_holdings(receivables);
    if (!holdings) return tl::make_unexpected(std::move(holdings.error()));
    const PurchasePart p = purchase_part(settle, *holdings);
    Json part = Json::object(
        {{"settle", p.settle}, {"count", p.count}, {"face", p.face}, {"price", p.price}});
    return with_rows(record_of(record_type::purchase, purchase_day, std::move(part)),
                     std::move(receivables));
}

Checked<PurchasePart> parse_purchase(const Json& part)
{
    Fields f(part, "purchase");
    PurchasePart p;
    p.settle = f.date("settle");
    p.count = f.integer("count");
    p.face = f.money("face");
    p.price = f.money("price");
    if (p.count <= 0 || p.face <= zero || p.price <= zero) f.add("count", "is not above zero");
    if (Errors e = f.finish(); !e.empty()) return tl::make_unexpected(std::move(e));
    return p;
}

Date settlement_day(const Program& program, Date purchase_day)
{
    const int days = program.purchase ? program.purchase->settle_days : 1;
    if (days == 0) return purchase_day;
    const std::string name = program.purchase ? program.purchase->calendar : "china-bank";
    for (const Calendar& c : program.calendars) {
        if (c.name == name) return add_business_days(c, purchase_day, days);
    }
    return add_business_days(Calendar{}, purchase_day, days);
}

std::string purchase_reference(Date settle, std::int64_t seq)
{
    return fmt::format("purchase/{}/{}", settle.str(), seq);
}

std::string distribution_reference(Date unadjusted)
{
    return fmt::format("distribution/{}", unadjusted.str());
}

// ---- dilution -----------------------------------------------------------------------------------

namespace {

Money& sum_of(DilutionPart::Day& day, std::string_view reason)
{
    if (reason == "writeoff") return day.written_off;
    return reason == "extension" ? day.extended : day.amount;
}

} // namespace

DilutionPart dilution_part(const std::vector<Dilution>& dilutions)
{
    std::map<Date, DilutionPart::Day> days;
    for (const Dilution& d : dilutions) {
        DilutionPart::Day& day = days[d.date];
        day.date = d.date;
        sum_of(day, d.reason) += d.amount;
    }
    DilutionPart part;
    for (const auto& [date, day] : days) part.days.push_back(day);
    return part;
}

Submission build_dilution(std::vector<Dilution> dilutions, const RandomSource& random)
{
    std::vector<Row> rows;
    for (const Dilution& d : dilutions) {
        Json value = Json::object({{"asset_id", d.asset_id},
                                   {"date", d.date},
                                   {"amount", d.amount},
                                   {"reason", d.reason}});
        if (d.due) value["due"] = *d.due;
        rows.push_back(single_row(d.asset_id + "/" + d.date.str(), value.canonical()));
    }
    Json::Array list;
    for (const DilutionPart::Day& sums : dilution_part(dilutions).days) {
        Json day = Json::object({{"date", sums.date}, {"amount", sums.amount}});
        if (sums.written_off > zero) day["written_off"] = sums.written_off;
        if (sums.extended > zero) day["extended"] = sums.extended;
        list.push_back(std::move(day));
    }
    return with_rows(
        record_of(record_type::dilution, std::nullopt, Json::object({{"days", std::move(list)}})),
        seal_rows(std::move(rows), random));
}

Checked<DilutionPart> parse_dilution(const Json& part)
{
    Fields f(part, "dilution");
    DilutionPart result;
    Errors inner;
    for (const Json& json : f.array("days")) {
        Fields d(json, "dilution.days");
        DilutionPart::Day day;
        day.date = d.date("date");
        day.amount = d.money("amount");
        bool other = false;
        for (const auto& [key, amount] :
             {std::pair{"written_off", &day.written_off}, {"extended", &day.extended}}) {
            if (!d.has(key)) continue;
            other = true;
            *amount = d.money(key);
            if (*amount <= zero) d.add(key, "is not above zero");
        }
        if (day.amount < zero || (day.amount == zero && !other)) {
            d.add("amount", "is not above zero");
        }
        if (!result.days.empty() && day.date <= result.days.back().date)
            d.add("date", "is not ascending");
        result.days.push_back(day);
        for (Error& e : d.finish()) inner.push_back(std::move(e));
    }
    if (result.days.empty()) f.add("days", "is empty");
    Errors e = f.finish();
    e.insert(e.end(), inner.begin(), inner.end());
    if (!e.empty()) return tl::make_unexpected(std::move(e));
    return result;
}

Result<Dilution> read_dilution(const Row& row)
{
    auto json = row_object(row);
    if (!json) return tl::make_unexpected(std::move(json.error()));
    Fields f(*json, fmt::format("row '{}'", row.key));
    Dilution d;
    d.asset_id = f.text("asset_id");
    d.date = f.date("date");
    d.amount = f.money("amount");
    d.reason = f.text("reason");
    static const std::set<std::string_view> reasons{"return", "rebate",  "discount", "setoff",
                                                    "error",  "dispute", "writeoff", "extension"};
    if (!reasons.contains(d.reason)) f.add("reason", "is not a reason of tranchain-pool(5)");
    if (d.reason == "extension") {
        d.due = f.date("due");
        if (*d.due <= d.date) f.add("due", "is not after the day of the extension");
    }
    if (d.amount <= zero) f.add("amount", "is not above zero");
    if (row.key != d.asset_id + "/" + d.date.str()) f.add("asset_id", "does not fit the key");
    if (Errors e = f.finish(); !e.empty()) return tl::make_unexpected(bad_row(std::move(e)));
    return d;
}

// ---- insolvency ---------------------------------------------------------------------------------

Submission build_insolvency(Date date,
                            const std::string& group,
                            std::vector<std::string> obligors,
                            const RandomSource& random)
{
    std::vector<Row> rows;
    for (const std::string& code : obligors) {
        const Json value =
            Json::object({{"obligor_code", code}, {"obligor_group", group}, {"date", date}});
        rows.push_back(single_row(code, value.canonical()));
    }
    Json part = Json::object({{"date", date},
                              {"obligor_group", group},
                              {"count", static_cast<std::int64_t>(obligors.size())}});
    return with_rows(record_of(record_type::insolvency, date, std::move(part)),
                     seal_rows(std::move(rows), random));
}

Checked<InsolvencyPart> parse_insolvency(const Json& part)
{
    Fields f(part, "insolvency");
    InsolvencyPart p;
    p.date = f.date("date");
    p.group = f.text("obligor_group");
    p.count = f.integer("count");
    if (p.count <= 0) f.add("count", "is not above zero");
    if (Errors e = f.finish(); !e.empty()) return tl::make_unexpected(std::move(e));
    return p;
}

Result<std::string> read_insolvency(const Row& row, const InsolvencyPart& part)
{
    auto json = row_object(row);
    if (!json) return tl::make_unexpected(std::move(json.error()));
    Fields f(*json, fmt::format("row '{}'", row.key));
    std::string code = f.text("obligor_code");
    if (f.text("obligor_group") != part.group) f.add("obligor_group", "differs from the record's");
    if (f.date("date") != part.date) f.add("date", "differs from the record's");
    if (row.key != code) f.add("obligor_code", "does not fit the key");
    if (Errors e = f.finish(); !e.empty()) return tl::make_unexpected(bad_row(std::move(e)));
    return code;
}

// ---- acknowledgement ----------------------------------------------------------------------------

Record build_acknowledgement(const Hash& notice)
{
    return record_of(record_type::acknowledgement, std::nullopt,
                     Json::object({{"notice", hex(notice)}}));
}

Checked<std::string> parse_acknowledgement(const Json& part)
{
    Fields f(part, "acknowledgement");
    std::string notice = f.hash("notice");
    if (Errors e = f.finish(); !e.empty()) return tl::make_unexpected(std::move(e));
    return notice;
}

} // namespace tranchain
