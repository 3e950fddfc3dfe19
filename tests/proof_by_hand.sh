#!/bin/sh
# Checks a proof file with jq, sha256sum and basenc alone: tranchain-chain(5), "Proof file".
# usage: proof_by_hand.sh FILE GENESIS-SHA256   (signatures: openssl_endorsement.sh)
# SPDX-License-Identifier: Apache-2.0
set -eu
file=$1
get() { jq -j "$1" "$file"; }
bytes() { printf %s "$1" | tr a-f A-F | basenc -d --base16; }
sum() { sha256sum | cut -c 1-64; }
node() { { printf '\001'; bytes "$1"; bytes "$2"; } | sum; }
climb() { # LEAF INDEX SIZE PATH...: the root of RFC 6962 that the path leads to
    root=$1 at=$2 last=$(($3 - 1)); shift 3
    for sibling; do
        if [ $((at % 2)) = 1 ] || [ $at = $last ]; then
            root=$(node "$sibling" "$root")
            while [ $at != 0 ] && [ $((at % 2)) = 0 ]; do at=$((at / 2)) last=$((last / 2)); done
        else
            root=$(node "$root" "$sibling")
        fi
        at=$((at / 2)) last=$((last / 2))
    done
    [ $last = 0 ] && echo "$root"
}
same() { if [ "$2" = "$3" ]; then echo "$1: yes"; else echo "$1: no"; exit 1; fi; }
leaf() { { printf '\000'; get "$1"; } | sum; }

same "the genesis trusted" "$(get .genesis | sum)" "$2"
height=$(get .block.header | jq .height)
same "the header under the checkpoint" \
    "$(climb "$(leaf .block.header)" "$height" $((height + 1)) $(get '.block.path | join(" ")'))" \
    "$(get '.checkpoint[2]' | base64 -d | od -An -v -tx1 | tr -d ' \n')"
same "the record in the block" \
    "$(climb "$(leaf .record.leaf)" "$(get .record.index)" "$(get .block.header | jq .records)" $(get '.record.path | join(" ")'))" \
    "$(get .block.header | jq -r .records_root)"
fields=$(get '.rows[0].fields_root')
count=$(get '.rows[0].count')
row=$({ printf '\000tranchain/row/v1\n'; bytes "$(printf %08x "$count")"; bytes "$fields"; } | sum)
same "the row in the record" \
    "$(climb "$row" "$(get '.rows[0].index')" "$(get .record.leaf | jq .record.rows)" $(get '.rows[0].path | join(" ")'))" \
    "$(get .record.leaf | jq -r .record.rows_root)"
n=0
while [ $n -lt "$(get '.rows[0].fields | length')" ]; do
    f=.rows[0].fields[$n]
    name=$(get $f.name)
    hash=$({ printf '\000tranchain/field/v1\n%s\000' "$name"; bytes "$(get $f.salt)"; get $f.value; } | sum)
    same "the field $name is $(get $f.value)" \
        "$(climb "$hash" "$(get $f.index)" "$count" $(get "$f.path | join(\" \")"))" "$fields"
    n=$((n + 1))
done
