// Error: what went wrong, where in which file, and what to write instead.
//
// Three levels, never mixed. A Result is for what a user or a file can cause. A list of findings is
// for judges (deal check, chain verify, audit): they report everything, in a fixed order.
// invariant() in assert.hpp is for bugs. Exceptions of libraries end in the file that wraps them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace tranchain {

/// Kinds of failure; each has one exit status in tranchain(1): usage 2, invalid_input 3,
/// not_found 4, denied 5, busy and io 6. `answer_no` is exit status 1: the command worked, and the
/// answer is no.
enum class Code : std::uint8_t { answer_no, usage, invalid_input, not_found, denied, busy, io };

/// A place in an input file. Lines and columns count from 1, columns in characters (not bytes);
/// 0 means unknown.
struct Source {
    std::string file;
    int line = 0;
    int column = 0;
    int length = 0;  ///< characters to underline from `column`; 0 = unknown

    bool operator==(const Source&) const = default;
};

/// One problem: message in lower case without a full stop, the offending thing in single quotes.
struct Error {
    Code code = Code::invalid_input;
    std::string message;
    Source where;
    std::string hint;      ///< the right form or the next command; may be empty
    std::string id = "";   ///< finding id such as `bad-prev-hash`; empty for plain errors

    bool operator==(const Error&) const = default;
};

template <class T = void> using Result = tl::expected<T, Error>;

/// For readers that report all problems of a file in one run, in the order of the file.
using Errors = std::vector<Error>;
template <class T = void> using Checked = tl::expected<T, Errors>;

inline void append(Errors& into, Errors from)
{
    for (auto& error : from) into.push_back(std::move(error));
}

inline tl::unexpected<Error> fail(Code code, std::string message, Source where = {},
                                  std::string hint = {})
{
    return tl::make_unexpected(Error{code, std::move(message), std::move(where), std::move(hint)});
}

}  // namespace tranchain
