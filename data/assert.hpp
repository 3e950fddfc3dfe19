// invariant: a fact that only a bug can make false; checked in release builds too.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>

namespace tranchain {

[[noreturn]] inline void broken_invariant(const char* fact, const char* file, int line)
{
    std::fprintf(stderr, "%s:%d: this is a bug in tranchain: not (%s)\n", file, line, fact);
    std::abort();
}

}  // namespace tranchain

#define invariant(fact)                                                                            \
    ((fact) ? static_cast<void>(0) : ::tranchain::broken_invariant(#fact, __FILE__, __LINE__))
