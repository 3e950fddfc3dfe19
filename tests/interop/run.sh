#!/bin/sh
# Lets check (Go) judge what export wrote, good and spoiled, and what the program itself exported;
# last line "N passed, N failed".
# usage: run.sh CHECK FOLDER CHAIN-FOLDER
# SPDX-License-Identifier: Apache-2.0
check=$1 chain=$3 own=$3/c2sp; cd "$2" || exit 2
passed=0 failed=0
want() {
    result=$1 title=$2; shift 2
    if "$check" "$@" 2> said; then got=yes; else got=no; fi
    if [ $got = "$result" ]; then passed=$((passed + 1)); else
        failed=$((failed + 1)); echo "FAILED: $title: $(cat said)"; fi
}
for n in 0 1 2 3 4 5; do
    want yes "leaf $n" inclusion policy inclusion.$n leaf.$n
    want yes "checkpoint $n is a prefix" consistency policy consistency.$n checkpoint.$n
done
want no "a changed leaf" inclusion policy inclusion.3 leaf.changed
want no "another leaf" inclusion policy inclusion.3 leaf.2
want no "members' keys that are not theirs" inclusion policy.wrong inclusion.3 leaf.3
want no "a wrong log key" inclusion policy.log inclusion.3 leaf.3
want no "too few endorsers" inclusion policy inclusion.few leaf.3
want no "one endorser twice" inclusion policy inclusion.twice leaf.3
want no "a forged endorser" inclusion policy inclusion.forged leaf.3
want no "a forked checkpoint" consistency policy consistency.2 checkpoint.fork
want no "a proof for another size" consistency policy consistency.2 checkpoint.3
for n in 0 1; do want yes "the program's leaf $n" inclusion "$own/policy" "$own/proof-$n" "$own/leaf-$n"; done
want yes "the program's checkpoint" consistency "$own/policy" "$own/consistency-1" "$own/checkpoint-1"
want no "the program's other leaf" inclusion "$own/policy" "$own/proof-1" "$own/leaf-0"
want no "another chain's policy" inclusion policy "$own/proof-1" "$own/leaf-1"
want yes "a receivable proved" proof "$own/policy" "$chain/receivable.json" 2
want yes "two receivables disclosed whole" proof "$own/policy" "$chain/disclosed.json" 70
want yes "a record proved" proof "$own/policy" "$chain/terms.json" 0
want no "a changed value" proof "$own/policy" "$chain/changed.json" 2
want no "a proof under another policy" proof policy "$chain/receivable.json" 2
want yes "the tiles, with the policy" tiles "$chain/policy" "$chain/tiles" 3
want no "tiles with a changed entry" tiles "$chain/policy" "$chain/tiles.entry" 3
want no "tiles with a changed hash" tiles "$chain/policy" "$chain/tiles.hash" 3
want no "tiles under another policy" tiles policy "$chain/tiles" 3
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
