#!/bin/sh
# Every chart of every command, drawn by gnuplot as a picture and as characters, in both languages.
# Quiet when all is well; else says what was wrong and fails.
# usage: charts.sh TRANCHAIN FOLDER
# SPDX-License-Identifier: Apache-2.0
set -eu
one=$1 folder=$2 golden=$PWD/tests/golden data=$PWD/data
rm -rf "$folder"; mkdir -p "$folder"; cd "$folder"
wrong() { echo "FAILED: charts: $*"; cat said 2>/dev/null; exit 1; }

# draw NAME COMMAND...: a picture with a title and figures in each language, and one in the terminal.
draw() {
    name=$1; shift
    for lang in en zh; do
        "$one" "$@" --lang $lang --chart "$name" -o "$name-$lang.svg" >said 2>&1 || wrong "$name: no picture"
        grep -q '</svg>' "$name-$lang.svg" || wrong "$name: the picture has no end"
        grep -q '<path' "$name-$lang.svg" || wrong "$name: nothing is drawn"
    done
    "$one" "$@" --chart "$name" -o "$name.txt" >said 2>&1 || wrong "$name: nothing in the terminal"
    [ "$(wc -l <"$name.txt")" -gt 20 ] || wrong "$name: the terminal's chart is too small"
    ! cmp -s "$name-en.svg" "$name-zh.svg" || wrong "$name: Chinese is English"
}
small="$golden/waterfall/small.toml --pool $golden/waterfall/tape.csv"
"$one" pool generate --seed 15 -o pool -q >/dev/null
for name in balances payments margin; do
    draw $name waterfall run "$data/deal/jdht-2018-6.toml" --pool pool
done
draw waterfall waterfall trace $small
draw strata pool age "$golden/waterfall/tape.csv"
draw grid scenario grid "$data/deal/jdht-2018-6.toml" --pool pool --default 0%,10% --delay 0,30
"$one" simulate plan "$golden/waterfall/terms.toml" --pool "$golden/waterfall/tape.csv" \
    --model "$golden/simulate/model.toml" --paths 40 --seed 7 -o plan.json -q
draw losses simulate run plan.json

"$one" waterfall run $small -o run.html
[ "$(grep -c '<svg' run.html)" = 2 ] || wrong "the page should have two charts"
! grep -qiE '<script|http-equiv|src=' run.html || wrong "the page fetches or runs something"
