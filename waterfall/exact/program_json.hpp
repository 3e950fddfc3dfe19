// Program <-> canonical JSON: what the terms record holds and members execute.
//
// Reading is strict: an unknown member, an unknown word or a reference to a tranche or fee that is
// not declared is an error, so that a program which was read can be run without further questions.
// Lines and columns of clauses are not stored: a comment added to the deal file changes no program.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/error.hpp"
#include "data/json.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

Json to_json(const Program& program);
[[nodiscard]] Checked<Program> program_from_json(const Json& json);

/// An expression in postfix order: one object per operand or operator, so that depth stays flat.
Json to_json(const Expr& expr);
Json to_json(const Condition& condition);

/// The same program with every clause at line 0, as it is read back from a record.
Program without_places(Program program);
/// What a stored program must satisfy beside its types: ids declared and unique, dates ascending,
/// faces in whole units, numbers in their ranges. Empty = sound.
Errors unsound(const Program& program);

} // namespace tranchain
