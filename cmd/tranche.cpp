// tranche: what its payments are worth.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output.hpp"
#include "cmd/pool_input.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/desk/price.hpp"
#include "waterfall/exact/accrual.hpp"

namespace tranchain {

namespace {

struct PriceOptions {
    std::string deal, tranche, pool;
    std::vector<std::string> scenarios;
    std::optional<std::string> yield, price, margin, spread, curve, sell_price;
    std::string compounding = "annual";
    std::optional<Date> settle, sell_on;
};

/// What the user gave, and in which of the four ways.
struct Quote {
    enum class Kind : std::uint8_t { yield, price, margin, spread } kind = Kind::yield;
    double value = 0; ///< a fraction; for price per 100, clean
};

Result<double> fraction(const std::string& option, const std::string& text, const std::string& unit)
{
    const auto rate = Rate::parse(text + unit);
    if (!rate) {
        return fail(Code::usage, fmt::format("{}: {}", option, rate.error().message), {},
                    unit.empty() ? "write a rate such as 4.30%"
                                 : "write a price per 100 such as 99.85");
    }
    return static_cast<double>(rate->in_ppb()) / static_cast<double>(Rate::one);
}

Result<double> clean_price(const std::string& option, const std::string& text)
{
    TRANCHAIN_TRY(const double part, fraction(option, text, "%"));
    if (part <= 0) return fail(Code::usage, fmt::format("{}: a price is above 0", option));
    return 100 * part;
}

Result<Quote> read_quote(const PriceOptions& o)
{
    const int given = int{o.yield.has_value()} + int{o.price.has_value()} +
                      int{o.margin.has_value()} + int{o.spread.has_value()};
    if (given != 1) {
        return fail(Code::usage, "one of --yield, --price, --margin and --spread is needed", {},
                    "such as --yield 4.30%");
    }
    if ((o.margin || o.spread) && !o.curve) {
        return fail(Code::usage, "a margin or a spread is over a curve", {},
                    "name it with --curve: a CSV file, or a flat rate such as 3.00%");
    }
    if (o.sell_on.has_value() != o.sell_price.has_value()) {
        return fail(Code::usage, "--sell-on and --sell-price belong together");
    }
    Quote quote;
    if (o.price) {
        quote.kind = Quote::Kind::price;
        TRANCHAIN_TRY(quote.value, clean_price("--price", *o.price));
    } else if (o.yield) {
        TRANCHAIN_TRY(quote.value, fraction("--yield", *o.yield, ""));
    } else if (o.margin) {
        quote.kind = Quote::Kind::margin;
        TRANCHAIN_TRY(quote.value, fraction("--margin", *o.margin, ""));
    } else {
        quote.kind = Quote::Kind::spread;
        TRANCHAIN_TRY(quote.value, fraction("--spread", *o.spread, ""));
    }
    return quote;
}

Compounding compounding_of(const std::string& word)
{
    if (word == "semiannual") return Compounding::semiannual;
    if (word == "quarterly") return Compounding::quarterly;
    if (word == "monthly") return Compounding::monthly;
    if (word == "continuous") return Compounding::continuous;
    return word == "simple" ? Compounding::simple : Compounding::annual;
}

// ---- the curve ---------------------------------------------------------------------------------

Checked<Curve> read_curve(const std::string& name, Date from)
{
    if (const auto flat = Rate::parse(name)) {
        return Curve::flat(from,
                           static_cast<double>(flat->in_ppb()) / static_cast<double>(Rate::one));
    }
    auto table = read_csv(name);
    if (!table) return tl::make_unexpected(table.error());
    const int zero_column = table->column("zero");
    const int rate_column = zero_column >= 0 ? zero_column : table->column("par");
    const int date_column = table->column("date");
    if (date_column < 0 || rate_column < 0) {
        return tl::make_unexpected(Errors{{Code::invalid_input,
                                           "a curve has the columns 'date' and 'zero' or 'par'",
                                           table->at(0),
                                           {}}});
    }
    Errors errors;
    CsvCells cells(*table, errors);
    std::vector<Curve::Point> points;
    for (const CsvTable::Row& row : table->rows) {
        const Date date = cells.date(row, date_column);
        const auto rate = Rate::parse(cells.ascii(row, rate_column));
        if (!rate)
            cells.fail(row, rate_column, rate.error().message, "write a rate such as 3.10%");
        else
            points.emplace_back(date, static_cast<double>(rate->in_ppb()) /
                                          static_cast<double>(Rate::one));
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    auto curve =
        Curve::of(from, zero_column >= 0 ? Curve::Points::zeros : Curve::Points::pars, points);
    if (!curve) {
        Error error = curve.error();
        error.where.file = name;
        return tl::make_unexpected(Errors{std::move(error)});
    }
    return std::move(*curve);
}

// ---- what the holder has -----------------------------------------------------------------------

/// The tranche on `day`: payments made after it, principal then, interest earned and unpaid.
Position holding_on(const Program& program, std::size_t index, const Projection& p, Date day)
{
    Position h;
    h.settlement = day;
    const Tranche& tranche = program.tranches[index];
    h.outstanding = tranche.face;
    Date from = program.closing;
    Money arrears;
    for (const Distribution& d : p.distributions) {
        const TrancheLine& line = d.tranches[index];
        if (d.booked > day) {
            h.payments.push_back(
                {d.booked, line.interest_paid + line.residual_paid, line.principal_paid});
            continue;
        }
        h.outstanding = line.closing;
        arrears = line.arrears_after;
        from = d.date.unadjusted;
    }
    h.accrued = arrears;
    if (tranche.coupon && day > from && h.outstanding > zero) {
        h.accrued += accrued_interest(program, tranche, h.outstanding, from, day);
    }
    return h;
}

std::string places(std::optional<double> value, double scale, const char* end)
{
    if (!value) return "";
    std::string text = fmt::format("{:.6f}", *value * scale);
    if (text == "-0.000000") text.erase(0, 1);
    return text + end;
}

/// The figures of one scenario, in the order of `figure_names`.
using TrancheCells = std::vector<Value>;

struct FigureName {
    const char* name;
    const char* unit;
};
constexpr FigureName figure_names[] = {
    {"outstanding", "CNY on the settlement day"},
    {"accrued", "per 100"},
    {"clean_price", "per 100"},
    {"dirty_price", "per 100"},
    {"clean_per_unit", "CNY per unit"},
    {"dirty_per_unit", "CNY per unit"},
    {"yield", "a year"},
    {"discount_margin", "over the curve"},
    {"z_spread", "over the curve"},
    {"holder_return", "a year"},
    {"wal_act_365", "years"},
    {"wal_30_360", "years"},
    {"macaulay_duration", "years"},
    {"modified_duration", "years"},
    {"convexity", "years squared"},
    {"dv01", "per 100 and basis point"},
    {"first_principal", "date"},
    {"expected_maturity", "date of the last principal"},
    {"last_payment", "date"},
};

std::optional<double> dirty_of(const Position& h, const Quote& quote, const Curve* curve)
{
    switch (quote.kind) {
    case Quote::Kind::price:
        return quote.value + h.per_100(h.accrued);
    case Quote::Kind::yield:
        return price_from_yield(h, quote.value);
    case Quote::Kind::margin:
        return price_from_margin(h, *curve, quote.value);
    case Quote::Kind::spread:
        return price_from_spread(h, *curve, quote.value);
    }
    return std::nullopt;
}

/// Clean price of the sale times what is then outstanding, with accrued interest: yuan.
double proceeds_of(const Position& sold, double clean)
{
    const double outstanding = static_cast<double>(sold.outstanding.in_fen()) / 100.0;
    return clean * outstanding / 100.0 + static_cast<double>(sold.accrued.in_fen()) / 100.0;
}

Value date_or_none(const std::optional<Date>& date)
{
    return date ? Value(*date) : Value();
}

Value number(std::optional<double> value)
{
    return value ? Value::number(places(value, 1, "")) : Value();
}
Value rate(std::optional<double> value)
{
    return value ? Value::number(places(value, 100, "%")) : Value();
}

/// `sold`: the holding on the day of the sale, and the clean price.
TrancheCells figures_of(const Position& h,
                   const Quote& quote,
                   const Curve* curve,
                   double units,
                   const std::optional<std::pair<Position, double>>& sold)
{
    const auto dirty = dirty_of(h, quote, curve);
    const double accrued = h.per_100(h.accrued);
    std::optional<double> yield, margin, spread, held, clean;
    std::optional<Sensitivity> s;
    if (dirty) {
        clean = *dirty - accrued;
        yield = quote.kind == Quote::Kind::yield ? std::optional(quote.value) : yield_of(h, *dirty);
        if (curve != nullptr) {
            margin = margin_of(h, *curve, *dirty);
            spread = spread_of(h, *curve, *dirty);
        }
        if (sold)
            held = holder_return(h, *dirty, sold->first.settlement,
                                 proceeds_of(sold->first, sold->second));
    }
    if (yield) s = sensitivity_of(h, *yield);
    const double unit_face = static_cast<double>(h.outstanding.in_fen()) / 100.0 / units;
    const auto per_unit = [&](std::optional<double> price) -> Value {
        return price ? number(*price * unit_face / 100.0) : Value();
    };
    const auto of = [&](double Sensitivity::*member) -> Value {
        return s ? number((*s).*member) : Value();
    };
    const Life life = life_of(h);
    return {h.outstanding,
            number(accrued),
            number(clean),
            number(dirty),
            per_unit(clean),
            per_unit(dirty),
            rate(yield),
            rate(margin),
            rate(spread),
            rate(held),
            number(life.average_365),
            number(life.average_30_360),
            of(&Sensitivity::macaulay),
            of(&Sensitivity::modified),
            of(&Sensitivity::convexity),
            of(&Sensitivity::dv01),
            date_or_none(life.first_principal),
            date_or_none(life.last_principal),
            date_or_none(life.last_payment)};
}

Result<std::size_t> find_tranche(const Program& program, const std::string& id)
{
    std::vector<std::string> known;
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        if (program.tranches[i].id == id) return i;
        known.push_back(program.tranches[i].id);
    }
    return fail(Code::not_found, fmt::format("the deal has no tranche '{}'", id), {},
                fmt::format("one of: {}", join(known, ", ")));
}

Outcome run_price(const PriceOptions& o, const Globals&, Output& out)
{
    TRANCHAIN_TRY(const Quote quote, read_quote(o));
    std::optional<double> sell_price;
    if (o.sell_price) {
        TRANCHAIN_TRY(sell_price, clean_price("--sell-price", *o.sell_price));
    }
    auto program = compile_file(o.deal);
    if (!program) return program.error();
    TRANCHAIN_TRY(const std::size_t index, find_tranche(*program, o.tranche));
    const Date settle = o.settle.value_or(program->closing);
    if (settle < program->closing) {
        return Error{Code::usage,
                     fmt::format("the deal closes on {}, after --settle", program->closing.str()),
                     {},
                     {}};
    }
    if (o.sell_on && *o.sell_on <= settle) {
        return Error{Code::usage, "--sell-on is not after the settlement day", {}, {}};
    }
    std::optional<Curve> curve;
    if (o.curve) {
        auto read = read_curve(*o.curve, settle);
        if (!read) return read.error();
        curve = std::move(*read);
    }
    const std::vector<std::string> names =
        o.scenarios.empty() ? std::vector<std::string>{"base"} : o.scenarios;
    auto input = read_pool(*program, o.pool, names.front());
    if (!input) return input.error();

    Answer answer("tranchain.tranche.price/1");
    const Tranche& tranche = program->tranches[index];
    answer.field("deal", "deal", program->id);
    answer.field("tranche", "tranche", tranche.id);
    answer.field("face", "face", tranche.face);
    answer.field("settlement", "settlement", settle);
    answer.field("compounding", "yields compounded", o.compounding);
    std::vector<Column> columns{{"figure"}};
    std::vector<TrancheCells> all;
    std::set<std::string> taken;
    for (const std::string& name : names) {
        auto scenario = named_scenario(name, input->seed);
        if (!scenario) return scenario.error();
        input->scenario = std::move(*scenario);
        if (!taken.insert(input->scenario.name).second) {
            return Error{Code::usage,
                         fmt::format("two scenarios are called '{}'", input->scenario.name),
                         {},
                         {}};
        }
        TRANCHAIN_TRY(const Projection p, project(*input));
        Position h = holding_on(*program, index, p, settle);
        if (h.outstanding == zero) {
            return Error{Code::invalid_input,
                         fmt::format("tranche '{}' is repaid before {}", tranche.id, settle.str()),
                         {},
                         {}};
        }
        h.compounding = compounding_of(o.compounding);
        std::optional<std::pair<Position, double>> sold;
        if (o.sell_on) sold.emplace(holding_on(*program, index, p, *o.sell_on), *sell_price);
        const double units = static_cast<double>(tranche.face.in_fen() / program->unit.in_fen());
        all.push_back(figures_of(h, quote, curve ? &*curve : nullptr, units, sold));
        columns.push_back({input->scenario.name});
    }
    columns.push_back({"unit"});
    Table& table = answer.table("figures", std::move(columns));
    for (std::size_t i = 0; i < std::size(figure_names); ++i) {
        std::vector<Value> row{figure_names[i].name};
        for (const TrancheCells& figures : all) row.push_back(figures[i]);
        row.emplace_back(figure_names[i].unit);
        table.add(std::move(row));
    }
    TRANCHAIN_DO(add_inputs(answer, {o.deal, o.pool, names, o.curve}, out));
    answer.data("library", pricing_library());
    answer.data("tolerance", fmt::format("{:.0e}", pricing_tolerance));
    answer.note("advice in floating point: no figure here is signed or anchored");
    return out.write(answer);
}

} // namespace

void add_tranche(Tree& tree)
{
    tree.noun("tranche", "price a tranche, and size it");
    tree.add<PriceOptions>(
        "tranche", "price", "price, yield, spread and duration of projected payments", run_price,
        [](Setup& s, PriceOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            s.positional("TRANCHE", o.tranche, "its id, such as A");
            bind_pool(s, o.pool);
            s.option("--scenario", o.scenarios, "NAME", "base, stressed, or scenario files").file();
            s.option("--yield", o.yield, "RATE", "price from this yield, such as 4.30%");
            s.option("--price", o.price, "PRICE", "yield from this clean price per 100");
            s.option("--margin", o.margin, "RATE",
                     "price from this discount margin over the curve");
            s.option("--spread", o.spread, "RATE", "price from this Z-spread over the curve");
            s.option("--curve", o.curve, "CURVE", "a CSV of zero or par points, or a flat rate")
                .file();
            s.option("--compounding", o.compounding, "HOW", "of the yield; annual if left out")
                .choices({"annual", "semiannual", "quarterly", "monthly", "continuous", "simple"});
            s.option("--settle", o.settle, "DATE", "day of the purchase; closing if left out");
            s.option("--sell-on", o.sell_on, "DATE",
                     "the return of a holder who sells on that day");
            s.option("--sell-price", o.sell_price, "PRICE", "at this clean price per 100");
        });
}

} // namespace tranchain
