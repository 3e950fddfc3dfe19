// Outcome: how a command ended; nothing to report is exit status 0.
//
// Problems are printed as diagnostics on standard error, and the first one's Code gives the exit
// status. `answer_no()` is for commands whose answer on standard output already says what was found.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "data/error.hpp"

namespace tranchain {

class [[nodiscard]] Outcome {
public:
    Outcome() = default;  ///< done; every check holds
    Outcome(Error error) : problems_{std::move(error)} {}                               // NOLINT
    Outcome(Errors errors) : problems_(std::move(errors)) {}                            // NOLINT
    Outcome(tl::unexpected<Error> error) : problems_{std::move(error.value())} {}       // NOLINT
    Outcome(tl::unexpected<Errors> errors) : problems_(std::move(errors.value())) {}    // NOLINT
    Outcome(Result<> result)                                                            // NOLINT
    {
        if (!result) { problems_.push_back(std::move(result.error())); }
    }

    [[nodiscard]] const Errors& problems() const { return problems_; }
    [[nodiscard]] bool ok() const { return problems_.empty(); }

private:
    Errors problems_;
};

/// Exit status 1 with nothing more to say.
inline Outcome answer_no() { return Error{Code::answer_no, {}, {}, {}}; }

/// The exit status of tranchain(1).
int exit_status(const Errors& problems);

}  // namespace tranchain
