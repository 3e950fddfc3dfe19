// deal: commands under `deal`.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/commands.hpp"

namespace tranchain {

void add_deal(Tree&) {}

}  // namespace tranchain
