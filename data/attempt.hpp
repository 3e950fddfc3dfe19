// Attempt: passes an error on to the caller, so that the happy path reads straight down.
//
//     TRANCHAIN_TRY(auto block, store.block(41));   // declares `block`, or returns the error
//     TRANCHAIN_DO(store.close());                  // for results without a value
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "data/error.hpp"

#define TRANCHAIN_JOIN_(a, b) a##b
#define TRANCHAIN_JOIN(a, b) TRANCHAIN_JOIN_(a, b)
#define TRANCHAIN_TRY_(temporary, declaration, expression)                                         \
    auto temporary = (expression);                                                                 \
    if (!temporary) return tl::make_unexpected(std::move(temporary.error()));                      \
    declaration = std::move(*temporary)
#define TRANCHAIN_TRY(declaration, expression)                                                     \
    TRANCHAIN_TRY_(TRANCHAIN_JOIN(attempt_, __LINE__), declaration, expression)
#define TRANCHAIN_DO(expression)                                                                   \
    if (auto attempted_ = (expression); !attempted_)                                               \
    return tl::make_unexpected(std::move(attempted_.error()))

namespace tranchain {

/// The first of several problems as one error, saying how many more there are.
inline Error first_of(const Errors& errors)
{
    if (errors.empty()) return {Code::invalid_input, "malformed", {}, {}};
    Error e = errors.front();
    if (errors.size() > 1) e.message += " (and " + std::to_string(errors.size() - 1) + " more)";
    return e;
}

/// A Checked as a Result.
template <class T> Result<T> one(Checked<T> checked)
{
    if (checked) return std::move(*checked);
    return tl::make_unexpected(first_of(checked.error()));
}

}  // namespace tranchain
