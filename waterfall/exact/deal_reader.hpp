// DealReader: reads the tables of one deal file; used by deal_file.cpp and deal_clauses.cpp only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include "data/text.hpp"
#include "data/toml.hpp"
#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

/// Reads one file; collects errors of sentences beside those of the TOML tables.
class DealReader {
public:
    explicit DealReader(TomlFile& file) : file_(file), root_(file.root()) {}

    DealFile read();
    Errors errors();

private:
    Program& p() { return out_.program; }

    template <class T>
    T take(Result<T> result)
    {
        if (result) return std::move(*result);
        errors_.push_back(result.error());
        return T{};
    }
    /// A required sentence; when it is missing or no string, that is the only message about it.
    template <class Parse>
    auto sentence(TomlTable& table, std::string_view key, const Located& text, Parse parse)
    {
        using Value = typename decltype(parse(text))::value_type;
        if (!text.text.empty()) return take(parse(text));
        if (table.has(key) && text.where.length == 0) {
            table.fail(key, fmt::format("'{}' is empty", key));
        }
        return Value{};
    }
    std::vector<TomlTable> all(std::string_view key) { return root_.tables(key); }
    void place(const std::string& path, const Source& where) { out_.places.emplace(path, where); }
    static Clause clause(std::string number, std::string text, const Source& where);
    /// An id that no other has; reports it otherwise.
    std::string id(TomlTable& table, std::string_view kind, std::vector<std::string>& taken);
    void deal();

    void rounding(TomlTable& table);
    Rounding mode(const Located& text);

    template <class E>
    E choice(const Located& text, std::string_view what)
    {
        if (const auto value = from_name<E>(text.text)) return *value;
        std::vector<std::string> known;
        for (const std::string_view name : names_of(E{})) known.emplace_back(name);
        unknown(text, what, known);
        return E{};
    }
    DayCount day_count(const Located& text) { return choice<DayCount>(text, "a day count"); }

    void unknown(const Located& text, std::string_view what, const std::vector<std::string>& known);
    std::optional<Rate> rate(TomlTable& table, std::string_view key, const std::string& of);

    void tranche(TomlTable& table);
    void table_of_values(TomlTable& table);
    void coupon(TomlTable& table, Tranche& t);
    void rank_tranches();
    void tranche_terms(TomlTable& table, Tranche& t);
    void late_terms(); ///< what names other tranches, once all of them are known
    void resets(TomlTable& table, Tranche& t);
    void group(TomlTable& table);

    Expr formula(TomlTable& table, std::string_view key, const Located& text);
    void reserve(TomlTable& table);
    void facility(TomlTable& table);
    void fee(TomlTable& table);
    bool per_year(TomlTable& table);
    void rated_fee(TomlTable& table, Fee& f);
    void dated_fee(TomlTable& table, Fee& f);
    void purchase(TomlTable& table);

    void eligibility(TomlTable& table);
    void schedule(TomlTable& table);

    Roll roll(const Located& text);
    void timetable(TomlTable& table);
    void trigger(TomlTable& table);

    void support(TomlTable& table);
    void judged(const Step& line, const Source& where);
    std::vector<Step> steps(TomlTable& table, std::string_view key, const std::string& path);

    void priorities(TomlTable& table);
    void sources();

    static std::map<std::string, std::vector<std::string>> default_authors();
    void roles(std::string_view key, std::map<std::string, std::vector<std::string>>& into);
    void ask_records();

    TomlFile& file_;
    TomlTable root_;
    DealFile out_;
    Names names_;
    std::vector<std::string> triggers_;
    std::vector<std::string> reserves_;
    std::map<std::string, std::vector<Located>> notional_; ///< by tranche
    std::map<std::string, Located> capitalises_;
    std::vector<std::string> groups_;
    DayCount day_count_ = DayCount::act_365f;
    Errors errors_;
};

}  // namespace tranchain
