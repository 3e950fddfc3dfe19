// Workbook: the cells of an .xlsx file, as text.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"

namespace tranchain {

struct WorkbookCell {
    std::string sheet;
    std::string place; ///< `B7`
    std::string text;  ///< a number as the file has it
    bool is_text = false;
    bool operator==(const WorkbookCell&) const = default;
};

bool is_workbook(std::string_view bytes); ///< by its first bytes

/// Every cell that holds something, sheet by sheet and row by row. Errors name `file`; what unpacks
/// to more than 256 MiB is refused.
[[nodiscard]] Result<std::vector<WorkbookCell>> read_workbook(std::string_view bytes,
                                                              const std::string& file);

} // namespace tranchain
