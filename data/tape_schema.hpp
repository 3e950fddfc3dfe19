// Tape schema: the columns of a tape, each with its type and the member that holds it.
//
// One table drives reading, writing and row commitments, so that they cannot disagree.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "data/tape.hpp"

namespace tranchain {

template <class T>
using Field = T Receivable::*;

struct TapeColumn {
    std::string_view name;
    bool required;
    std::variant<Field<std::string>,
                 Field<Money>,
                 Field<Date>,
                 Field<std::int64_t>,
                 Field<std::optional<Date>>,
                 Field<std::optional<Money>>,
                 Field<std::optional<Rate>>,
                 Field<std::optional<bool>>,
                 Field<InvoiceType>,
                 Field<Recourse>,
                 Field<Disclosed>,
                 Field<Confirmation>,
                 Field<Status>,
                 Field<DilutionReason>,
                 Field<AssetType>>
        member;
    bool free_text = false; ///< a name or remark: kept as it stands, may be empty
};

std::span<const TapeColumn> tape_schema();

/// All names of an enumeration, in the order of its enumerators.
template <class E>
std::span<const std::string_view> names_of();
template <>
std::span<const std::string_view> names_of<InvoiceType>();
template <>
std::span<const std::string_view> names_of<Recourse>();
template <>
std::span<const std::string_view> names_of<Disclosed>();
template <>
std::span<const std::string_view> names_of<Confirmation>();
template <>
std::span<const std::string_view> names_of<Status>();
template <>
std::span<const std::string_view> names_of<DilutionReason>();
template <>
std::span<const std::string_view> names_of<AssetType>();

/// Canonical text of one field, as tapes are written and rows are hashed.
std::string canonical_text(const Receivable& receivable, const TapeColumn& column);
/// Sets one field from canonical text; anything else is an error.
[[nodiscard]] Result<>
set_canonical(Receivable& receivable, const TapeColumn& column, std::string_view text);

} // namespace tranchain
