// waterfall: commands under `waterfall`.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/commands.hpp"

namespace tranchain {

void add_waterfall(Tree&) {}

}  // namespace tranchain
