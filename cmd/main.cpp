// main: runs one command line.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

int main()
{
    std::puts("tranchain " TRANCHAIN_VERSION);
    return 0;
}
