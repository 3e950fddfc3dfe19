// chain: commands under `chain`.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/commands.hpp"

namespace tranchain {

void add_chain(Tree&) {}

}  // namespace tranchain
