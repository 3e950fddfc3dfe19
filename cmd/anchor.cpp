// anchor: commands under `anchor`.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/commands.hpp"

namespace tranchain {

void add_anchor(Tree&) {}

}  // namespace tranchain
