// trigger: commands under `trigger`.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/commands.hpp"

namespace tranchain {

void add_trigger(Tree&) {}

}  // namespace tranchain
