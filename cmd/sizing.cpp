// Sizing: reads what is sized, and what other tranches have meanwhile.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/sizing.hpp"

#include <fmt/core.h>

#include "cmd/choose.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

Result<> check_face(const Program& program, Money face, const std::string& option)
{
    if (face > zero && face.in_fen() % program.unit.in_fen() == 0) return {};
    return fail(Code::usage, fmt::format("{}: {} is not a number of units of {}", option,
                                         face.str(), program.unit.str()));
}

/// What an interest-only tranche is given brings in nothing.
Result<> check_principal(const Tranche& tranche)
{
    if (tranche.notional.empty()) return {};
    return fail(Code::usage, fmt::format("tranche '{}' is interest only: it has no principal to size",
                                         tranche.id));
}

/// `A=1500000.00`: that amount, the difference taken from or given to `against`.
Result<> fix(Sizing& s, const std::string& text)
{
    const auto equals = text.find('=');
    const auto amount =
        Money::parse(equals == std::string::npos ? "" : text.substr(equals + 1));
    if (!amount) {
        return fail(Code::usage, fmt::format("--fix: '{}' is not an amount of a tranche", text), {},
                    "write A=1500000.00");
    }
    TRANCHAIN_TRY(const std::size_t i, choose({"the deal", "tranche", "--fix"},
                                              ids_of(s.program.tranches), text.substr(0, equals)));
    TRANCHAIN_DO(check_principal(s.program.tranches[i]));
    TRANCHAIN_DO(check_face(s.program, *amount, "--fix"));
    if (i == s.tranche || i == s.against) {
        return fail(Code::usage,
                    fmt::format("--fix: the amount of '{}' is looked for", s.program.tranches[i].id));
    }
    s.both += s.program.tranches[i].face - *amount;
    s.program.tranches[i].face = *amount;
    return {};
}

/// The tranche that takes what others leave: the last without a coupon.
Result<std::size_t> residual_of(const SizingWords& o, const Program& program)
{
    if (o.against) return choose({"the deal", "tranche", "--against"}, ids_of(program.tranches), *o.against);
    for (std::size_t i = program.tranches.size(); i-- > 0;) {
        if (!program.tranches[i].coupon && program.tranches[i].notional.empty()) return i;
    }
    return fail(Code::usage, "the deal has no tranche without a coupon to size against", {},
                "name another with --against");
}

} // namespace

Program Sizing::program_at(std::int64_t point) const
{
    Program p = program;
    p.tranches[tranche].face = face_at(point);
    p.tranches[against].face = both - face_at(point);
    return p;
}

Result<Sizing> sizing_of(const SizingWords& o, const Program& program)
{
    Sizing s;
    s.program = program;
    TRANCHAIN_TRY(s.tranche, choose({"the deal", "tranche", "TRANCHE"}, ids_of(program.tranches), o.tranche));
    TRANCHAIN_TRY(s.against, residual_of(o, program));
    TRANCHAIN_DO(check_principal(program.tranches[s.tranche]));
    TRANCHAIN_DO(check_principal(program.tranches[s.against]));
    const Tranche& sized = program.tranches[s.tranche];
    const Tranche& other = program.tranches[s.against];
    if (s.tranche == s.against || sized.rank >= other.rank) {
        return fail(Code::usage, fmt::format("tranche '{}' is not junior to '{}'", other.id,
                                             sized.id));
    }
    s.both = sized.face + other.face;
    s.step = o.step.value_or(program.unit);
    TRANCHAIN_DO(check_face(program, s.step, "--step"));
    for (const std::string& text : o.fixed) TRANCHAIN_DO(fix(s, text));
    if (s.both <= s.step) {
        return fail(Code::usage, "nothing is left to size",
                    {}, fmt::format("'{}' and '{}' have {} together", sized.id, other.id,
                                    s.both.str()));
    }
    return s;
}

} // namespace tranchain
