#!/bin/sh
# Verifies with openssl alone that a member endorsed a checkpoint and that a header is a leaf of it.
# usage: openssl_endorsement.sh PROOF HEADER NAME PUBLIC.pem
#   PROOF a C2SP tlog-proof, HEADER the bytes of the leaf, NAME such as jdht/0123456789abcdef/trustee
# SPDX-License-Identifier: Apache-2.0
set -eu
proof=$1 header=$2 name=$3 public=$4
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
no() { echo "$1"; exit 1; }
sha() { openssl dgst -sha256 -binary; }

# The checkpoint's text lies between the first empty line of the proof and the second.
awk 'part == 1 && $0 != "" { print } $0 == "" { part++ }' "$proof" > "$d/text"
size=$(sed -n 2p "$d/text")
sed -n 3p "$d/text" | openssl base64 -d -A > "$d/root"

# The endorsement: key id (4 bytes), time (8 bytes, big-endian), Ed25519 signature (64 bytes).
awk -v name="$name" '$1 == "\342\200\224" && $2 == name { print $3 }' "$proof" |
    openssl base64 -d -A > "$d/line"
[ "$(wc -c < "$d/line")" -eq 76 ] || no "no endorsement of $name"
time=$(tail -c +5 "$d/line" | od -An -N8 -tu8 --endian=big | tr -d ' ')
{ printf 'cosignature/v1\ntime %s\n' "$time"; cat "$d/text"; } > "$d/message"
tail -c 64 "$d/line" > "$d/signature"
openssl pkeyutl -verify -pubin -inkey "$public" -rawin -in "$d/message" \
    -sigfile "$d/signature" > /dev/null 2>&1 || no "endorsement of $name: BAD"

# The leaf: SHA-256(0x00 || header), then up the path (RFC 9162, 2.1.3.2).
{ printf '\000'; cat "$header"; } | sha > "$d/r"
fn=$(sed -n 's/^index //p' "$proof"); sn=$((size - 1))
[ "$fn" -le "$sn" ] || no "leaf: BAD"
awk 'NR > 2 && $0 == "" { exit } NR > 2 { print }' "$proof" > "$d/path"
while read -r hash; do
    [ "$sn" -gt 0 ] || no "leaf: BAD"
    echo "$hash" | openssl base64 -d -A > "$d/p"
    if [ $((fn % 2)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
        { printf '\001'; cat "$d/p" "$d/r"; } | sha > "$d/n"
        while [ $((fn % 2)) -eq 0 ] && [ "$fn" -gt 0 ]; do fn=$((fn / 2)); sn=$((sn / 2)); done
    else
        { printf '\001'; cat "$d/r" "$d/p"; } | sha > "$d/n"
    fi
    mv "$d/n" "$d/r"; fn=$((fn / 2)); sn=$((sn / 2))
done < "$d/path"
[ "$sn" -eq 0 ] && cmp -s "$d/r" "$d/root" || no "leaf: BAD"
echo "endorsement and leaf: good"
