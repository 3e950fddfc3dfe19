// Purchases, eligibility, trigger clocks, support and schedules.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "data/text.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/exact/lexer.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

template <class T>
Result<T> done(PhraseReader& r, T value)
{
    if (auto error = r.finish()) return tl::make_unexpected(std::move(*error));
    return value;
}

std::string calendar(PhraseReader& r)
{
    return r.one_of(known_calendars(), "a known calendar");
}

/// Of a clock that counts periods: when each is judged.
Trigger::Clock period_clock(PhraseReader& r)
{
    if (r.accept_words("before payment")) return Trigger::Clock::before_payments;
    if (r.accept_words("after payment")) return Trigger::Clock::after_payments;
    if (r.accept_words("inside the distribution")) return Trigger::Clock::inside_payments;
    return Trigger::Clock::calculation_dates;
}

} // namespace

const std::vector<std::string>& known_calendars()
{
    static const std::vector<std::string> names{"china-bank", "china-exchange",
                                                "us-federal-reserve", "weekdays"};
    return names;
}

Result<TableRow> parse_table_row(const Located& sentence)
{
    PhraseReader r(sentence);
    TableRow out;
    out.is_rate = r.peek().kind == Token::Kind::percent;
    if (out.is_rate) {
        out.point.value = r.percent("a rate").in_ppb();
    } else {
        const Token at = r.next();
        const auto amount = Money::parse(at.text);
        if (!amount)
            r.fail(at, fmt::format("'{}' is neither a rate nor an amount", at.text),
                   "write '4.35% from 2017-11-01' or '1000.00 from 2017-11-01'");
        if (amount) out.point.value = amount->in_fen();
    }
    r.expect("from");
    out.point.from = r.date("the first day of the value");
    return done(r, std::move(out));
}

Result<DayRule> parse_settle(const Located& sentence)
{
    PhraseReader r(sentence);
    DayRule out;
    r.expect("T +");
    out.days = r.count("the days to settlement", 30);
    out.calendar = r.peek().kind == Token::Kind::end ? "china-bank" : calendar(r);
    return done(r, std::move(out));
}

Result<Criterion> parse_criterion(const Located& sentence)
{
    static const std::vector<std::string> heads{
        "tenor", "due date", "not past due", "obligor not insolvent", "confirmation is not none",
        "yield", "not disputed"};
    PhraseReader r(sentence);
    Criterion out;
    const std::string head = r.one_of(heads, "a criterion");
    if (head == "tenor") {
        out.kind = Criterion::Kind::tenor_at_most;
        r.expect("<=");
        out.days = r.count("the longest tenor", 36'500);
        r.expect("days");
    } else if (head == "due date") {
        out.kind = Criterion::Kind::due_at_latest;
        r.expect("<=");
        out.date = r.date("the latest due date");
    } else if (head == "obligor not insolvent") {
        out.kind = Criterion::Kind::obligor_solvent;
    } else if (head == "confirmation is not none") {
        out.kind = Criterion::Kind::confirmed;
    } else if (head == "yield") {
        out.kind = Criterion::Kind::yield_at_least;
        r.expect(">=");
        out.rate = r.percent("the lowest yield");
    } else if (head == "not disputed") {
        out.kind = Criterion::Kind::undisputed;
    }
    return done(r, std::move(out));
}

Result<Limit> parse_limit(const Located& sentence)
{
    PhraseReader r(sentence);
    Limit out;
    if (r.accept("top")) {
        out.each = false;
        out.count = r.count("how many groups", 1000);
        if (!r.accept_words("obligor group")) r.expect("obligor groups");
    } else {
        static const std::vector<std::string> heads{"obligor group", "top"};
        r.one_of(heads, "a limit");
    }
    r.expect("<=");
    out.share = r.percent("the limit");
    return done(r, std::move(out));
}

Result<ClockRule> parse_clock(const Located& sentence)
{
    PhraseReader r(sentence);
    ClockRule out;
    const Token number = r.peek();
    out.days = r.count("how many days", 3660);
    if (r.accept_words("of the last")) {
        const Token last = r.peek();
        out.of_last = r.count("how many periods are looked at", 60);
        if (!r.failed() && out.of_last <= out.days) {
            r.fail(last, fmt::format("{} of the last {} are more than there can be, or all of them",
                                     out.days, out.of_last),
                   "write 'N consecutive periods' for all of them");
        }
        r.expect("periods");
        out.clock = period_clock(r);
        return done(r, std::move(out));
    }
    const bool row = r.accept("consecutive");
    if (r.accept("period") || r.accept("periods")) {
        if (out.days > 60) r.fail(number, "no more than 60 periods can be counted");
        out.clock = period_clock(r);
        return done(r, std::move(out));
    }
    if (row) {
        if (!r.accept("days")) r.expect("day");
        return done(r, std::move(out));
    }
    std::vector<std::string> words = known_calendars();
    words.insert(words.end(), {"consecutive", "period", "periods", "of the last"});
    out.calendar = r.one_of(words, "a known calendar");
    if (!r.accept("days")) r.expect("day");
    r.expect("after");
    if (r.accept_words("a payment date")) {
        out.clock = Trigger::Clock::days_after_payment;
    } else {
        static const std::vector<std::string> ends{"legal_final", "a payment date"};
        r.one_of(ends, "a point in time a clock can start at");
        out.clock = Trigger::Clock::days_after_final;
    }
    return done(r, std::move(out));
}

Result<int> parse_missing_day(const Located& sentence)
{
    PhraseReader r(sentence);
    if (r.accept("breach")) return done(r, 0);
    r.expect("carry forward");
    const int days = r.count("how many days", 366);
    if (!r.accept("days")) r.expect("day");
    r.expect(", then breach");
    return done(r, days);
}

Result<Trigger::Effect> parse_effect(const Located& sentence)
{
    PhraseReader r(sentence);
    static const std::vector<std::string> words{"accelerate", "default", "stop buying", "notice",
                                                "call",       "enforce", "end"};
    const std::string word = r.one_of(words, "what a trigger can do");
    const auto effect = std::find(words.begin(), words.end(), word);
    return done(r, effect == words.end() ? Trigger::Effect::accelerate
                                         : static_cast<Trigger::Effect>(effect - words.begin()));
}

Result<DayRule> parse_grace(const Located& sentence)
{
    PhraseReader r(sentence);
    DayRule out;
    out.days = r.count("the days of grace", 366);
    if (!r.peek().is("days") && !r.peek().is("day")) out.calendar = calendar(r);
    if (!r.accept("days")) r.expect("day");
    return done(r, std::move(out));
}

Result<int> parse_cure(const Located& sentence, bool dated)
{
    PhraseReader r(sentence);
    const int count = r.count("how many compliant days or periods", 3660);
    r.expect("compliant");
    const Token unit = r.peek();
    static const std::vector<std::string> units{"day", "days", "period", "periods"};
    const std::string word = r.one_of(units, "days or periods");
    if (!r.failed() && word.starts_with("period") != dated) {
        r.fail(unit, dated ? "a trigger that counts periods is cured by periods"
                           : "a trigger that counts days is cured by days");
    }
    return done(r, count);
}

Result<std::vector<Support::Cover>> parse_cover(const Located& sentence, const Names& names)
{
    PhraseReader r(sentence);
    std::vector<Support::Cover> out;
    static const std::vector<std::string> heads{"interest", "principal"};
    const bool interest = r.one_of(heads, "something that can be covered") == "interest";
    do {
        const Token at = r.peek();
        const std::string id = r.word("a tranche");
        const auto& known = names.tranches;
        if (!r.failed() && std::find(known.begin(), known.end(), id) == known.end()) {
            const auto near = closest(id, known);
            r.fail(at, fmt::format("tranche '{}' is not declared", id),
                   near ? fmt::format("did you mean '{}'?", *near)
                        : "declare it under [[tranche]]");
        }
        out.push_back({interest, id, false});
    } while (r.accept(",") || r.accept("and") || r.accept("or"));
    if (r.accept_words("at expected maturity")) {
        for (Support::Cover& cover : out) cover.at_expected_maturity = true;
    }
    return done(r, std::move(out));
}

Result<DayRule> parse_support_time(const Located& sentence)
{
    Located spaced = sentence;
    const bool minus = spaced.text.rfind("T-", 0) == 0;
    if (minus) spaced.text[1] = ' '; // else `T-3` is one word, as `china-bank` is
    PhraseReader r(spaced);
    DayRule out;
    if (!minus) r.fail(r.peek(), "days before a payment begin with 'T-'", "write 'T-3 china-bank'");
    r.expect("T");
    out.days = r.count("the days before payment", 30);
    out.calendar = calendar(r);
    return done(r, std::move(out));
}

Result<DayRule> parse_milestone(const Located& sentence)
{
    if (sentence.text.starts_with("T")) {
        auto rule = parse_support_time(sentence);
        if (rule) rule->days = -rule->days;
        return rule;
    }
    PhraseReader r(sentence);
    DayRule out;
    static const std::vector<std::string> heads{"calculation", "T"};
    r.one_of(heads, "a day that the timetable counts from");
    r.expect("+");
    out.days = r.count("the days after calculation", 30);
    out.calendar = calendar(r);
    return done(r, std::move(out));
}

Result<PayRule> parse_pay_rule(const Located& sentence)
{
    static const std::vector<std::string> words{"Jan", "Feb", "Mar", "Apr", "May", "Jun",    "Jul",
                                                "Aug", "Sep", "Oct", "Nov", "Dec", "monthly"};
    PhraseReader r(sentence);
    PayRule out;
    out.day = static_cast<unsigned>(r.count("the day of the month", 31));
    do {
        const Token at = r.peek();
        const std::string word = r.one_of(words, "a month or 'monthly'");
        if (r.failed()) break;
        const auto index =
            static_cast<unsigned>(std::find(words.begin(), words.end(), word) - words.begin());
        if (index == 12) {
            if (!out.months.empty()) r.fail(at, "'monthly' stands alone");
            for (unsigned m = 1; m <= 12; ++m) out.months.push_back(m);
            break;
        }
        if (!out.months.empty() && out.months.back() >= index + 1) {
            r.fail(at, fmt::format("month '{}' is out of order", word));
        }
        out.months.push_back(index + 1);
    } while (r.accept(","));
    return done(r, std::move(out));
}

std::vector<Date> days_of(const PayRule& rule, Date from, Date to)
{
    std::vector<Date> out;
    for (Date month = Date::of(from.year(), from.month(), 1); month <= to;
         month = month.plus_months(1)) {
        const auto& months = rule.months;
        if (std::find(months.begin(), months.end(), month.month()) == months.end()) continue;
        const unsigned day = std::min(rule.day, month.end_of_month().day());
        const Date date = Date::of(month.year(), month.month(), day);
        if (date >= from && date <= to) out.push_back(date);
    }
    return out;
}

Result<std::vector<std::string>> parse_calendars(const Located& sentence)
{
    PhraseReader r(sentence);
    std::vector<std::string> out{calendar(r)};
    while (r.accept("and")) out.push_back(calendar(r));
    return done(r, std::move(out));
}

Result<std::vector<Phase>> parse_phases(const Located& sentence)
{
    static const std::vector<std::string> words(names::phase.begin(), names::phase.end() - 1);
    PhraseReader r(sentence);
    std::vector<Phase> out;
    do {
        const std::string word = r.one_of(words, "a state of a deal");
        if (const auto phase = from_name<Phase>(word)) out.push_back(*phase);
    } while (r.accept(","));
    return done(r, std::move(out));
}

} // namespace tranchain
