// deal new: a deal file to begin from: the sample, or one made from a few answers.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <functional>
#include <iostream>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "cmd/sample_deal.hpp"
#include "cmd/terminal.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/check.hpp"
#include "waterfall/new_deal.hpp"

namespace tranchain {

namespace {

enum Item : std::size_t {
    id,
    closing,
    maturity,
    legal_final,
    revolving_until,
    size,
    senior,
    senior_coupon,
    mezzanine,
    mezzanine_coupon,
    discount,
    days,
    items
};

struct Question {
    const char* flag;
    const char* value_name;
    const char* words;     ///< help, and the question on a terminal
    const char* otherwise; ///< the answer of who says nothing; null: it must be answered
};
constexpr std::array<Question, items> questions{{
    {"--id", "ID", "short name of the deal", "my-deal"},
    {"--closing", "DATE", "closing date", nullptr},
    {"--maturity", "DATE", "expected maturity", nullptr},
    {"--legal-final", "DATE", "legal final maturity; two years after the expected one", ""},
    {"--revolving-until", "DATE", "last day of the revolving period; none", ""},
    {"--size", "AMOUNT", "face of all tranches together", nullptr},
    {"--senior", "AMOUNT", "face of tranche A", nullptr},
    {"--senior-coupon", "RATE", "coupon of tranche A, such as 4.10%", nullptr},
    {"--mezzanine", "AMOUNT", "face of tranche B; none", "0.00"},
    {"--mezzanine-coupon", "RATE", "coupon of tranche B", "0.00%"},
    {"--discount", "RATE", "yearly discount at which receivables are bought", "7.00%"},
    {"--days", "N", "days in a row after which a pool shortfall accelerates", "30"},
}};

struct NewOptions {
    std::array<std::optional<std::string>, items> given;
};

template <class T>
Result<> put(T& target, Result<T> read)
{
    if (!read) return tl::make_unexpected(std::move(read.error()));
    target = std::move(*read);
    return {};
}

Result<> take(DealAnswers& a, Item item, const std::string& text)
{
    switch (item) {
    case id:
        a.id = text;
        return {};
    case closing:
        return put(a.closing, Date::parse(text));
    case maturity:
        return put(a.maturity, Date::parse(text));
    case legal_final:
        if (text.empty()) {
            a.legal_final = a.maturity.plus_months(24);
            return {};
        }
        return put(a.legal_final, Date::parse(text));
    case revolving_until: {
        if (text.empty()) return {};
        Date date;
        auto read = put(date, Date::parse(text));
        if (read) a.revolving_until = date;
        return read;
    }
    case size:
        return put(a.size, Money::parse(text));
    case senior:
        return put(a.senior, Money::parse(text));
    case senior_coupon:
        return put(a.senior_coupon, Rate::parse(text));
    case mezzanine:
        return put(a.mezzanine, Money::parse(text));
    case mezzanine_coupon:
        return put(a.mezzanine_coupon, Rate::parse(text));
    case discount:
        return put(a.discount, Rate::parse(text));
    case days:
    case items:
        break;
    }
    if (text.empty() || text.size() > 4 || text.find_first_not_of("0123456789") != text.npos) {
        return fail(Code::invalid_input, fmt::format("'{}' is not a number of days", text));
    }
    a.days = std::stoi(text);
    return {};
}

/// Asks until the answer can be read; the end of the input is no answer.
Result<> ask(DealAnswers& a, Item item)
{
    const Question& q = questions[item];
    const std::string otherwise = q.otherwise != nullptr ? q.otherwise : "";
    for (;;) {
        fmt::print(stderr, "{}{}: ", q.words, otherwise.empty() ? "" : " [" + otherwise + "]");
        std::string line;
        if (!std::getline(std::cin, line)) {
            return fail(Code::usage, fmt::format("no answer: {}", q.words));
        }
        if (line.empty()) line = otherwise;
        auto taken = take(a, item, line);
        if (taken) return taken;
        fmt::print(stderr, "{}\n", taken.error().message);
    }
}

Result<DealAnswers> answers(const NewOptions& o, bool may_ask)
{
    DealAnswers a;
    for (std::size_t i = 0; i < items; ++i) {
        const auto item = static_cast<Item>(i);
        const Question& q = questions[i];
        Result<> taken;
        if (o.given[i]) {
            taken = take(a, item, *o.given[i]);
            if (!taken) {
                return fail(Code::usage, fmt::format("{}: {}", q.flag, taken.error().message), {},
                            taken.error().hint);
            }
            continue;
        }
        if (may_ask) {
            taken = ask(a, item);
        } else if (q.otherwise != nullptr) {
            taken = take(a, item, q.otherwise);
        } else {
            return fail(Code::usage, fmt::format("{} is missing", q.flag), {},
                        "a new deal needs --closing, --maturity, --size, --senior and "
                        "--senior-coupon");
        }
        if (!taken) return tl::make_unexpected(std::move(taken.error()));
    }
    return a;
}

Outcome run_new(const NewOptions& o, const Globals& globals, Output& out)
{
    const bool flags =
        std::any_of(o.given.begin(), o.given.end(), [](const auto& g) { return g.has_value(); });
    const bool may_ask = globals.input && is_terminal(0) && is_terminal(2);
    if (!flags && !may_ask) return out.write_raw(sample_deal);
    const auto answered = answers(o, may_ask);
    if (!answered) return answered.error();
    const std::string text = new_deal_text(*answered);
    // What does not pass 'deal check' is not written; what was answered is said, not a line of it.
    const auto wrong = [](Errors errors) {
        for (Error& e : errors) e.where = {};
        return errors;
    };
    const auto deal = parse_deal(text, "the new deal");
    if (!deal) return wrong(deal.error());
    const auto program = compile(*deal);
    const DealJudgement judged = check_deal(*deal, program ? &*program : nullptr);
    if (!judged.findings.empty()) return wrong(judged.findings);
    if (!program) return wrong(program.error());
    for (const Error& note : judged.notes) out.say("note: " + note.message);
    return out.write_raw(text);
}

} // namespace

void add_deal_new(Tree& tree)
{
    tree.add<NewOptions>("deal", "new", "write a deal to begin from: the sample, or your own",
                         run_new, [](Setup& s, NewOptions& o) {
                             for (std::size_t i = 0; i < items; ++i) {
                                 const Question& q = questions[i];
                                 s.option(q.flag, o.given[i], q.value_name, q.words);
                             }
                         });
}

} // namespace tranchain
