// Simulation: sums written and read; what does not fit 53 bits as text.
// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "waterfall/desk/simulation.hpp"

namespace tranchain {

namespace {

constexpr const char* damaged = "damaged sums";
constexpr std::size_t digits_max = 38; // below 2^127

std::string decimal(Int128 value)
{
    std::string text;
    do {
        text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value > 0);
    return text;
}

std::optional<Int128> parse_wide(std::string_view text)
{
    if (text.empty() || text.size() > digits_max) return std::nullopt;
    Int128 value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

Int128 wide(Fields& f, const char* key)
{
    const auto value = parse_wide(f.text(key));
    if (!value) f.add(key, "is not a sum");
    return value.value_or(0);
}

/// None, or one for each sum that paths are weighted in.
std::vector<Int128> read_squares(Fields& f, const SimulationSums& sums)
{
    std::vector<Int128> out;
    if (!f.has("squares")) return out;
    for (const std::string& text : f.texts("squares")) {
        const auto value = parse_wide(text);
        if (!value) f.add("squares", "hold something else than sums");
        out.push_back(value.value_or(0));
    }
    if (out.size() != sums.place_of_trigger(sums.triggers.size())) {
        f.add("squares", "are too few or too many");
    }
    return out;
}

std::int64_t count(Fields& f, const char* key)
{
    const std::int64_t n = f.integer(key);
    if (n < 0) f.add(key, "is below zero");
    return n;
}

SimulationSums::OfTranche read_tranche_sums(Fields& f)
{
    SimulationSums::OfTranche t;
    t.interest_missed = count(f, "interest_missed");
    t.principal_missed = count(f, "principal_missed");
    t.loss = wide(f, "loss");
    t.loss_squared = wide(f, "loss_squared");
    t.worst = count(f, "worst");
    const Json::Array& bands = f.array("bands");
    if (bands.size() != t.bands.size()) f.add("bands", "are too few or too many");
    for (std::size_t i = 0; i < std::min(bands.size(), t.bands.size()); ++i) {
        if (bands[i].is_integer()) t.bands[i] = bands[i].as_integer();
        if (!bands[i].is_integer() || t.bands[i] < 0) f.add("bands", "are not counts");
    }
    return t;
}

SimulationSums::OfTrigger read_trigger_sums(Fields& f)
{
    SimulationSums::OfTrigger t;
    t.fired = count(f, "fired");
    t.days = count(f, "days");
    t.days_squared = wide(f, "days_squared");
    for (const Json& pair : f.array("months")) {
        if (!pair.is_array() || pair.as_array().size() != 2 ||
            !pair.as_array()[0].is_integer() || !pair.as_array()[1].is_integer()) {
            f.add("months", "are not pairs of counts");
            break;
        }
        if (!t.months.emplace(pair.as_array()[0].as_integer(), pair.as_array()[1].as_integer()).second) {
            f.add("months", "name a month twice");
        }
    }
    return t;
}

template <class T, class Read>
Result<std::vector<T>> read_all(const Json::Array& items, std::size_t size, const Read& read)
{
    if (items.size() != size) return fail(Code::invalid_input, damaged);
    std::vector<T> out;
    for (const Json& item : items) {
        if (!item.is_object()) return fail(Code::invalid_input, damaged);
        Fields f(item, "sums");
        out.push_back(read(f));
        if (const Errors e = f.finish(); !e.empty()) return tl::make_unexpected(e.front());
    }
    return out;
}

} // namespace

Json sums_json(const SimulationSums& sums)
{
    Json j;
    j["paths"] = sums.paths;
    j["defaults"] = decimal(sums.defaults);
    j["defaults_squared"] = decimal(sums.defaults_squared);
    Json tranches = Json::array();
    for (const auto& t : sums.tranches) {
        Json bands = Json::array();
        for (const std::int64_t n : t.bands) bands.push_back(n);
        tranches.push_back(Json::object({{"interest_missed", t.interest_missed},
                                         {"principal_missed", t.principal_missed},
                                         {"loss", decimal(t.loss)},
                                         {"loss_squared", decimal(t.loss_squared)},
                                         {"worst", t.worst},
                                         {"bands", std::move(bands)}}));
    }
    j["tranches"] = std::move(tranches);
    Json triggers = Json::array();
    for (const auto& t : sums.triggers) {
        Json months = Json::array();
        for (const auto& [month, n] : t.months) months.push_back(Json::Array{month, n});
        triggers.push_back(Json::object({{"fired", t.fired},
                                         {"days", t.days},
                                         {"days_squared", decimal(t.days_squared)},
                                         {"months", std::move(months)}}));
    }
    j["triggers"] = std::move(triggers);
    if (!sums.squares.empty()) {
        Json squares = Json::array();
        for (const Int128 square : sums.squares) squares.push_back(decimal(square));
        j["squares"] = std::move(squares);
    }
    return j;
}

Result<SimulationSums> read_sums(const Json& json, std::size_t tranches, std::size_t triggers)
{
    if (!json.is_object()) return fail(Code::invalid_input, damaged);
    SimulationSums sums;
    Fields f(json, "sums");
    sums.paths = count(f, "paths");
    sums.defaults = wide(f, "defaults");
    sums.defaults_squared = wide(f, "defaults_squared");
    TRANCHAIN_TRY(sums.tranches, read_all<SimulationSums::OfTranche>(f.array("tranches"), tranches,
                                                                     read_tranche_sums));
    TRANCHAIN_TRY(sums.triggers, read_all<SimulationSums::OfTrigger>(f.array("triggers"), triggers,
                                                                     read_trigger_sums));
    sums.squares = read_squares(f, sums);
    if (const Errors e = f.finish(); !e.empty()) return tl::make_unexpected(e.front());
    return sums;
}

} // namespace tranchain
