// pool reserve: what a programme of trade receivables must hold back, line by line.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "cmd/reserve_lines.hpp"
#include "data/attempt.hpp"
#include "data/tape.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/reserve.hpp"

namespace tranchain {

namespace {

struct ReserveOptions {
    std::string history, terms;
    std::optional<Money> balance, funded;
    std::optional<std::string> pool, deal;
    NetTerms net;
};

Checked<Money> net_of_tape(const ReserveOptions& o, const Globals& globals, ReserveLines& lines)
{
    const auto tape = read_tape(*o.pool);
    if (!tape) return tl::make_unexpected(tape.error());
    std::optional<Program> program;
    if (o.deal) {
        auto compiled = compile_file(*o.deal);
        if (!compiled) return tl::make_unexpected(compiled.error());
        program = std::move(*compiled);
    }
    auto net = add_net_balance(lines, tape->receivables, program ? &*program : nullptr, globals.as_of,
                               o.net);
    if (!net) return tl::make_unexpected(Errors{std::move(net.error())});
    return *net;
}

Outcome run_reserve(const ReserveOptions& o, const Globals& globals, Output& out)
{
    if (o.balance.has_value() == o.pool.has_value()) {
        return Error{Code::usage,
                     "one of --balance and --pool is needed",
                     {},
                     "the net receivables pool balance, or the tape to take it from"};
    }
    if (o.balance && (o.deal || o.net.limit || o.net.deduct)) {
        return Error{Code::usage, "--deal, --limit and --deduct belong to --pool", {}, {}};
    }
    auto terms = read_reserve_terms(o.terms);
    if (!terms) return terms.error();
    auto history = read_reserve_history(o.history);
    if (!history) return history.error();
    Answer answer("tranchain.pool.reserve/1");
    ReserveLines lines;
    Money balance = o.balance.value_or(zero);
    if (o.pool) {
        auto net = net_of_tape(o, globals, lines);
        if (!net) return net.error();
        balance = *net;
    } else {
        lines.add("net_balance", "as given", balance);
    }
    if (balance <= zero) {
        return Error{Code::invalid_input,
                     fmt::format("the net balance is {}: nothing to lend on", balance.str()),
                     {},
                     o.pool ? no_balance_hint : ""};
    }
    auto reserve = reserve_of(*history, *terms, balance);
    if (!reserve) {
        Error error = reserve.error();
        error.where.file = o.history;
        return error;
    }
    add_reserve(lines, *reserve, *terms, balance);
    const Money funded = o.funded.value_or(zero);
    const Money deficiency = max(zero, funded - reserve->fundable);
    if (o.funded) {
        lines.add("funded", "as given", funded);
        lines.add("deficiency", "max(0, funded - borrowing base)", deficiency);
    }
    lines.add_to(answer);
    add_reserve_months(answer, *reserve);
    add_reserve_chart(answer, *reserve, *terms);
    TRANCHAIN_DO(out.write(answer));
    if (deficiency > zero) return answer_no();
    return {};
}

} // namespace

void add_pool_reserve(Tree& tree)
{
    tree.add<ReserveOptions>(
        "pool", "reserve", "required reserve and borrowing base of a programme, line by line",
        run_reserve, [](Setup& s, ReserveOptions& o) {
            s.positional("HISTORY", o.history, "CSV: month, sales, defaults, dilution").file();
            s.as_of(AsOf::day);
            s.option("--terms", o.terms, "FILE", "the terms of the programme as TOML")
                .file()
                .required();
            s.option("--balance", o.balance, "AMOUNT", "net receivables pool balance");
            s.option("--pool", o.pool, "TAPE", "or the tape to take it from").file();
            s.option("--deal", o.deal, "FILE",
                     "its criteria say which rows are eligible, its limits what is too much")
                .file();
            s.option("--limit", o.net.limit, "SHARE",
                     "of an obligor group in the eligible balance, in the place of the deal's limits");
            s.option("--deduct", o.net.deduct, "AMOUNT", "unapplied cash, contra, deferred revenue");
            s.option("--funded", o.funded, "AMOUNT",
                     "what is lent now; a deficiency is exit status 1");
        });
}

} // namespace tranchain
