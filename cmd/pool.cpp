// pool: commands under `pool`.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/commands.hpp"

namespace tranchain {

void add_pool(Tree&) {}

}  // namespace tranchain
