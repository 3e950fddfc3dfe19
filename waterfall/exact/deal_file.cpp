// Reading a deal file: the TOML of tranchain-deal(5).
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/deal_file.hpp"

#include <algorithm>

#include "data/csv.hpp"
#include "data/input_name.hpp"
#include "waterfall/exact/deal_reader.hpp"

namespace tranchain {

namespace {

bool is_id(std::string_view text)
{
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), good) &&
           !(text[0] >= '0' && text[0] <= '9') && text[0] != '-' && text.back() != '-';
}

} // namespace

DealFile DealReader::read()
{
    deal();
    for (TomlTable& table : all("table")) table_of_values(table);
    // A formula may name a trigger before the triggers are read.
    for (TomlTable& table : all("trigger")) {
        if (const auto id = table.optional_text("id")) names_.triggers.push_back(id->text);
    }
    for (TomlTable& table : all("tranche")) tranche(table);
    for (TomlTable& table : all("group")) group(table);
    late_terms();
    for (TomlTable& table : all("reserve")) {
        if (const auto id = table.optional_text("id")) names_.reserves.push_back(id->text);
    }
    for (TomlTable& table : all("facility")) {
        if (const auto id = table.optional_text("id")) names_.facilities.push_back(id->text);
    }
    for (TomlTable& table : all("reserve")) reserve(table);
    for (TomlTable& table : all("facility")) facility(table);
    for (TomlTable& table : all("fee")) fee(table);
    rank_tranches();
    if (auto table = root_.optional_table("purchase")) purchase(*table);
    if (auto table = root_.optional_table("eligibility")) eligibility(*table);
    for (TomlTable& table : all("schedule")) schedule(table);
    if (auto table = root_.optional_table("timetable")) timetable(*table);
    for (TomlTable& table : all("trigger")) trigger(table);
    std::stable_sort(p().triggers.begin(), p().triggers.end(), [](const auto& a, const auto& b) {
        return gravity(a.effect) > gravity(b.effect);
    });
    int rank = 0;
    for (Trigger& t : p().triggers) t.rank = ++rank;
    if (auto table = root_.optional_table("support")) support(*table);
    if (auto table = root_.optional_table("priority")) priorities(*table);
    sources();
    p().authors = default_authors();
    p().approvals = {{"distribution", {"custodian"}}};
    roles("authors", p().authors);
    roles("approvals", p().approvals);
    ask_records();
    return std::move(out_);
}

Errors DealReader::errors()
{
    Errors out = file_.finish();
    out.insert(out.end(), errors_.begin(), errors_.end());
    std::stable_sort(out.begin(), out.end(), [](const Error& a, const Error& b) {
        return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
    });
    return out;
}

Clause DealReader::clause(std::string number, std::string text, const Source& where)
{
    return {std::move(number), std::move(text), where.line, where.column};
}

std::string DealReader::id(TomlTable& table, std::string_view kind, std::vector<std::string>& taken)
{
    std::string text = table.text("id").text;
    const auto& reserved = reserved_ids();
    if (text.empty()) return text;
    if (!is_id(text)) {
        table.fail("id", fmt::format("'{}' cannot be an id", text),
                   "use letters, digits, '_' and '-', and begin with a letter");
    } else if (std::find(reserved.begin(), reserved.end(), text) != reserved.end()) {
        table.fail("id", fmt::format("'{}' is a word of the clauses and cannot be an id", text));
    } else if (std::find(taken.begin(), taken.end(), text) != taken.end()) {
        table.fail("id", fmt::format("{} '{}' is declared twice", kind, text));
    } else {
        taken.push_back(text);
    }
    place(fmt::format("{}.{}", kind, text), table.where("id"));
    return text;
}

void DealReader::deal()
{
    TomlTable table = root_.table("deal");
    for (const std::string& key : table.keys()) place("deal." + key, table.where(key));
    place("deal", table.where());
    const Located id = table.text("id");
    p().id = id.text;
    if (!id.text.empty() && !is_id(id.text)) {
        table.fail("id", fmt::format("'{}' cannot be an id", id.text),
                   "use letters, digits, '_' and '-', and begin with a letter");
    }
    p().name = table.optional_text("name").value_or(id).text;
    p().currency = table.optional_text("currency").value_or(Located{"CNY", {}}).text;
    const bool notes = root_.has("tranche");
    p().closing = notes ? table.date("closing") : table.optional_date("closing").value_or(Date{});
    p().cut_off = table.optional_date("cut_off").value_or(p().closing);
    p().legal_final =
        notes ? table.date("legal_final") : table.optional_date("legal_final").value_or(Date{});
    p().expected_maturity = table.optional_date("expected_maturity").value_or(p().legal_final);
    p().revolving_until = p().closing - 1;
    p().unit = table.optional_money("unit").value_or(Money::fen(100'00));
    if (p().unit <= zero) table.fail("unit", "a unit must be above zero");
    out_.size = table.optional_money("size");
    if (const auto text = table.optional_text("day_count")) day_count_ = day_count(*text);
    if (auto rounding = table.optional_table("rounding")) this->rounding(*rounding);
}

void DealReader::rounding(TomlTable& table)
{
    if (auto text = table.optional_text("amount")) p().amount_rounding = mode(*text);
    if (auto text = table.optional_text("per_unit")) p().per_unit_rounding = mode(*text);
    if (auto places = table.optional_integer("per_unit_places")) {
        if (*places < 0 || *places > 8) {
            table.fail("per_unit_places", "per-unit amounts have 0 to 8 decimals");
        } else {
            p().per_unit_places = static_cast<int>(*places);
        }
    }
}

Rounding DealReader::mode(const Located& text)
{
    auto result = parse_rounding(text.text);
    if (!result) result.error().where = text.where;
    return take(std::move(result));
}

void DealReader::unknown(const Located& text,
                         std::string_view what,
                         const std::vector<std::string>& known)
{
    const auto near = closest(text.text, known);
    errors_.push_back(
        {Code::invalid_input, fmt::format("'{}' is not {}", text.text, what), text.where,
         near ? fmt::format("did you mean '{}'?", *near) : "known: " + join(known, ", ")});
}

std::optional<Rate> DealReader::rate(TomlTable& table, std::string_view key, const std::string& of)
{
    const auto text = table.optional_text(key);
    if (!text) return std::nullopt;
    const auto rate = Rate::parse(text->text);
    if (rate && *rate >= Rate{}) return *rate;
    errors_.push_back({Code::invalid_input,
                       rate ? fmt::format("rate '{}' of {} is below zero", text->text, of)
                            : fmt::format("rate '{}' of {} is not a percentage", text->text, of),
                       text->where,
                       R"(write up to seven decimals and a percent sign, such as "5.80%")"});
    return Rate{};
}

void DealReader::tranche(TomlTable& table)
{
    Tranche t;
    t.id = id(table, "tranche", names_.tranches);
    const std::int64_t rank = table.integer("rank");
    if (table.has("rank") && (rank < 1 || rank > 1000)) {
        table.fail("rank", fmt::format("rank {} is not between 1 and 1000", rank));
    } else {
        t.rank = static_cast<int>(rank);
    }
    t.face = table.money("face");
    coupon(table, t);
    t.deferred = rate(table, "on_deferred", fmt::format("tranche '{}'", t.id));
    tranche_terms(table, t);
    const auto count = table.optional_text("day_count");
    t.day_count = count ? day_count(*count) : day_count_;
    t.rating = table.optional_text("rating").value_or(Located{}).text;
    for (const auto* key : {"rank", "face", "coupon", "rating", "day_count", "lockout", "notional",
                             "capitalises", "reset"}) {
        place(fmt::format("tranche.{}.{}", t.id, key), table.where(key));
    }
    p().tranches.push_back(std::move(t));
}

void DealReader::rank_tranches()
{
    std::stable_sort(p().tranches.begin(), p().tranches.end(),
                     [](const Tranche& a, const Tranche& b) { return a.rank < b.rank; });
}

Source DealFile::at(const std::string& path) const
{
    const auto found = places.find(path);
    return found == places.end() ? Source{file, 1, 1, 0} : found->second;
}

Source DealFile::at(const Clause& clause) const
{
    if (clause.line == 0) return {file, 1, 1, 0};
    return {file, clause.line, clause.column, static_cast<int>(count_characters(clause.text))};
}

Checked<DealFile> parse_deal(std::string_view text, std::string file_name)
{
    if (text.empty()) {
        return tl::make_unexpected(Errors{{Code::invalid_input,
                                           "the file is empty",
                                           {file_name, 1, 1, 0},
                                           "'tranchain help deal' shows what a deal file holds"}});
    }
    auto file = TomlFile::parse(text, file_name);
    if (!file) return tl::make_unexpected(std::move(file.error()));
    DealReader reader(*file);
    DealFile deal = reader.read();
    Errors errors = reader.errors();
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    deal.file = std::move(file_name);
    deal.text = std::string(text);
    return deal;
}

Checked<DealFile> read_deal(const std::string& path)
{
    auto bytes = read_file(path);
    if (!bytes) return tl::make_unexpected(Errors{std::move(bytes.error())});
    return parse_deal(*bytes, input_name(path));
}

} // namespace tranchain
