// Walking two values side by side.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/difference.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tranchain {

namespace {

std::string shown(const Json* value)
{
    if (value == nullptr) return "absent";
    if (value->is_string()) return fmt::format("'{}'", value->as_string());
    return value->canonical();
}

std::optional<ValueDifference> walk(const std::string& path, const Json* stated, const Json* computed)
{
    if (stated != nullptr && computed != nullptr) {
        if (*stated == *computed) return {};
        const auto below = [&](const std::string& name) {
            return path.empty() ? name : path + "." + name;
        };
        if (stated->is_object() && computed->is_object()) {
            for (const auto& [key, value] : computed->as_object()) {
                auto what = walk(below(key), stated->find(key), &value);
                if (what) return what;
            }
            for (const auto& [key, value] : stated->as_object()) {
                if (computed->find(key) == nullptr) return walk(below(key), &value, nullptr);
            }
        }
        if (stated->is_array() && computed->is_array()) {
            const auto& a = stated->as_array();
            const auto& b = computed->as_array();
            for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
                auto what =
                    walk(below(std::to_string(i)), i < a.size() ? &a[i] : nullptr,
                         i < b.size() ? &b[i] : nullptr);
                if (what) return what;
            }
        }
    }
    return ValueDifference{path, shown(stated), shown(computed)};
}

} // namespace

std::string first_difference(const Json& stated, const Json& computed)
{
    const auto found = find_difference(stated, computed);
    if (!found) return {};
    return fmt::format("{} is {}, recomputed {}", found->path, found->stated, found->computed);
}

std::optional<ValueDifference> find_difference(const Json& stated, const Json& computed)
{
    return walk({}, &stated, &computed);
}

} // namespace tranchain
