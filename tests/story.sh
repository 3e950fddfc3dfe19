#!/usr/bin/env bash
# The story: one deal from its term sheet to an audit, four members and a regulator. The desk plays
# both branches to the end; the alliance anchors the first months (STORY_TO=DATE: up to that day).
#
#     bash tests/story.sh [FOLDER]        (make demo; the folder is build/demo unless given)
#
# Everything is done by commands a person would type; STORY_TRACE=1 prints each of them.
# Keys, row secrets and the clock are given, so that two runs write the same bytes. Files travel
# between the members' folders by name, as they would by mail. Exit status 0 when every step came
# out as it should.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
T=${TRANCHAIN:-$root/build/release/tranchain}
case $T in /*) ;; *) T=$PWD/$T ;; esac
F=${1:-$root/build/demo}
rm -rf "$F"
mkdir -p "$F"
F=$(cd "$F" && pwd)
cd "$F" || exit 1
export LC_ALL=C.UTF-8 TRANCHAIN_TEST_RANDOM=story TRANCHAIN_TEST_TIME=0
unset TRANCHAIN_CHAIN TRANCHAIN_KEY
members="servicer manager custodian trustee"
failures=0
began=$(date +%s)

# ---- telling ------------------------------------------------------------------------------------
title() { printf '\n== %s\n\n' "$*"; }
say() { printf '%s\n' "$*"; }
wrong() { say "!! $*"; failures=$((failures + 1)); }
# show COMMAND...: prints the command as typed and what it answers.
show() {
    say "\$ tranchain $*"
    "$T" "$@" 2>&1
}
# expect STATUS TEXT COMMAND...: the command must end so, and say that.
expect() {
    local want=$1 text=$2 out status
    shift 2
    say "\$ tranchain $*"
    out=$("$T" "$@" 2>&1)
    status=$?
    say "$out" | head -n "${LINES_SHOWN:-12}"
    say "(exit status $status)"
    [ "$status" = "$want" ] || wrong "exit status $status, not $want"
    grep -qF -- "$text" <<<"$out" || wrong "the answer does not say '$text'"
}
# must COMMAND...: quiet unless it fails, and then the story ends.
must() {
    local out
    [ "${STORY_TRACE:-}" != 1 ] || say "\$ tranchain $*" >&2
    if ! out=$("$T" "$@" 2>&1); then
        wrong "tranchain $* failed:"
        say "$out"
        exit 1
    fi
}

# ---- members and their mail ---------------------------------------------------------------------
# at DATE: the clock all members show.
at() { TRANCHAIN_TEST_TIME=$(date -u -d "$1 16:00" +%s); }
# as MEMBER COMMAND...: with his database and key.
as() {
    local m=$1
    shift
    must "$@" -C "$m/$m.db" --key "$m/$m.key" --no-input
}
declare -A mail=()
posted=0
# post MEMBER FILE: every other member will find it in his mail.
post() {
    local m
    for m in $members; do [ "$m" = "$1" ] || mail[$m]+=" $2"; done
}
# read_mail MEMBER: imports what has come.
read_mail() {
    local files=${mail[$1]:-}
    mail[$1]=
    # shellcheck disable=SC2086
    [ -z "$files" ] || as "$1" chain import $files
}
# anchor MEMBER VERB ARGUMENT...: submits a record and posts it.
anchor() {
    local m=$1 file
    shift
    read_mail "$m"
    posted=$((posted + 1))
    file=$(printf 'mail/%04d-%s-%s.sub' "$posted" "$m" "$1")
    as "$m" anchor "$@" --valid-for 2592000 --file "$file"  # a block comes once a month
    post "$m" "$file"
}
# answer MEMBER: takes the proposal, judges it and writes the answer.
answer() {
    as "$1" chain import ${mail[$1]:-} "mail/to-$1.tcb"
    as "$1" chain ready
    as "$1" chain export --since "$height" -o "mail/from-$1.tcb"
}
cosign() {
    as "$1" chain import mail/ready.tcb
    as "$1" chain endorse
    as "$1" chain export --since "$height" -o "mail/signed-$1.tcb"
}
others="servicer custodian trustee"
# each FUNCTION: for the three who do not order, at once.
each() {
    local m jobs=()
    for m in $others; do
        "$1" "$m" & jobs+=($!)
    done
    for m in "${jobs[@]}"; do wait "$m" || exit 1; done
}
blocks=0
# propose: the orderer makes a block of what was handed in and sends it to the others.
propose() {
    local m
    read_mail manager
    as manager chain propose
    for m in $others; do as manager chain export --to "$m" --since "$height" -o "mail/to-$m.tcb"; done
}
# settle: once three are ready, all endorse, and the block is final everywhere.
settle() {
    local m
    as manager chain import mail/from-servicer.tcb mail/from-custodian.tcb mail/from-trustee.tcb
    as manager chain endorse
    as manager chain export --since "$height" -o mail/ready.tcb
    each cosign
    as manager chain import mail/signed-servicer.tcb mail/signed-custodian.tcb mail/signed-trustee.tcb
    height=$((height + 1))
    as manager chain export --since "$((height - 1))" -o "mail/block-$height.tcb"
    for m in $others; do mail[$m]=" mail/block-$height.tcb"; done
    blocks=$((blocks + 1))
}
seal() {
    propose
    each answer
    for m in $others; do mail[$m]=; done
    settle
}

# play BRANCH FROM UNTIL: hands in the branch's files whose week ends in (FROM, UNTIL], a block a
# month, and one at each notice.
play() {
    local branch=$1 from=$2 until=$3 act day file month=
    while IFS=, read -r _ act day file; do
        [ "$act" != order ] && [ "$act" != snapshot ] || continue
        case $act in
        distribution) ;;
        *)
            case $act in statement | dilution | insolvency) week=$(week_of "$file") ;; esac
            ;;
        esac
        [[ $week > $from && ! $week > $until ]] || continue
        if [ "$act" != distribution ] && [ "$act" != purchase ] && [ -n "$month" ] &&
            [ "${week%-*}" != "$month" ]; then
            at "$last"
            seal
            month=
        fi
        month=${week%-*}
        last=$week
        at "$week"
        hand_in "$branch" "$act" "$day" "$file"
    done <"pool/$branch/story.csv"
    at "$last"
    seal
}
# week_of FILE: the last day of the week that a file belongs to; an insolvency is told in between.
week_of() {
    case $1 in
    insolvency-*) printf '%s' "$week" ;;
    *) basename "$1" .csv | grep -oE '[0-9]{4}-[0-9]{2}-[0-9]{2}$' ;;
    esac
}
hand_in() {
    local branch=$1 act=$2 day=$3 file=pool/$1/$4
    case $act in
    statement) anchor custodian statement "$file" ;;
    dilution | insolvency | collections | purchase) anchor servicer "$act" "$file" ;;
    close) anchor manager close "$day" ;;
    notice)
        anchor manager notice
        say "A notice of $day went out; every member sees it with the next block."
        ;;
    distribution)
        anchor manager distribution "$day"
        anchor custodian distribution "$day" --approve
        ;;
    esac
}
week=
last=

# ---- 1 the desk ---------------------------------------------------------------------------------
title "1. The desk: a deal file, a sample pool, the cash flows"
D=pool/jdht-2018-6.toml
[ -d "${STORY_POOL:-}" ] && cp -r "$STORY_POOL" pool || must pool generate --seed 15 -o pool
show deal check $D
show deal explain $D | sed -n '1,8p'
expect 1 'ineligible.csv' pool check pool/ineligible.csv --deal $D
LINES_SHOWN=6 expect 3 'error' pool check pool/malformed.csv
must pool check pool/tape-2018-11-08.csv --deal $D
say 'The opening tape passes every criterion and limit.'
for branch in ${STORY_BRANCHES:-base stressed}; do
    must waterfall run $D --pool pool --scenario $branch -f csv -o $branch.csv
    must waterfall run $D --pool pool --scenario $branch -o $branch.txt
    say "-- $branch"
    sed -n '1,200p' $branch.txt | cut -c1-150 | sed -n '1,40p'
done

# ---- 2 the alliance -----------------------------------------------------------------------------
title "2. The alliance: four members, four keys, four databases, a regulator who only reads"
mkdir -p mail
{
    say 'name = "jdht"'
    say 'orderer = "manager"'
    say 'succession = ["manager", "custodian", "trustee", "servicer"]'
} >alliance.toml
n=0
for m in $members; do
    n=$((n + 1))
    mkdir -p "$m"
    printf '%064d\n' "$n" >seed
    must key new "$m/$m.key" --no-passphrase --seed-file seed
    printf '%064d\n' "$((100 + n))" >seed
    must key new "$m/recovery.key" --no-passphrase --seed-file seed
    case $m in
    servicer) roles='"originator", "servicer", "supporter"' ;;
    manager) roles='"plan_manager"' ;;
    *) roles="\"$m\"" ;;
    esac
    printf '\n[[member]]\nname = "%s"\nroles = [%s]\nkey = "%s"\nrecovery_key = "%s"\n' "$m" "$roles" \
        "$("$T" key show "$m/$m.key" --public)" "$("$T" key show "$m/recovery.key" --public)" >>alliance.toml
done
rm -f seed
at 2018-11-08
say '$ tranchain chain init alliance.toml -C manager/manager.db --key manager/manager.key'
"$T" chain init alliance.toml -C manager/manager.db --key manager/manager.key || exit 1
height=0
join() {
    as "$1" chain import "mail/to-$1.tcb"
    as "$1" chain endorse
    as "$1" chain export -o "mail/signed-$1.tcb"
}
for m in $others; do as manager chain export --to "$m" -o "mail/to-$m.tcb"; done
each join
as manager chain import mail/signed-servicer.tcb mail/signed-custodian.tcb mail/signed-trustee.tcb
as manager chain export -o mail/block-0.tcb
for m in $others; do mail[$m]=" mail/block-0.tcb"; done
height=1
anchor manager terms $D
anchor servicer snapshot pool/tape-2018-11-08.csv
seal
say "Terms and opening pool are anchored: all four endorsed block 1."




# ---- 3 the deal lives ---------------------------------------------------------------------------
title "3. The deal lives: statements, allocations, purchases, days closed, a distribution"
play stressed 2018-11-08 "${STORY_REFUSAL_AFTER:-2018-11-26}"
say "$blocks blocks so far; each member judged every record again before it signed."

# ---- 4 a refusal heals --------------------------------------------------------------------------
title "4. A refusal heals: a wrong amount in the servicer's allocations"
week=2018-12-03
last=$week
at $week
hand_in stressed dilution $week dilutions-$week.csv
hand_in stressed statement $week statements-$week.csv
# 100.00 of the first receipt is left unapplied; the sums still agree.
awk -F, -v OFS=, 'NR==3 { split($5, a, "."); $5 = a[1]-100 "." a[2]; print; print $1, $2, "", "unapplied", "100.00"; next } 1' \
    pool/stressed/collections-$week.csv >wrong.csv
read_mail servicer
as servicer anchor collections wrong.csv --file mail/wrong.sub
post servicer mail/wrong.sub
wrong_hash=$("$T" chain status -C servicer/servicer.db --json |
    jq -r '[.. | objects | select(.type? == "collections") | .hash] | last')
propose
refuse() {
    as "$1" chain import ${mail[$1]:-} "mail/to-$1.tcb"
    if [ "$1" = custodian ]; then
        as custodian chain ready --refuse "receipt plan/000004/000001 paid R-000196 in full: 99276.56"
    else as "$1" chain ready; fi
    as "$1" chain export --since "$height" -o "mail/from-$1.tcb"
}
each refuse
for m in $others; do mail[$m]=; done
as manager chain import mail/from-servicer.tcb mail/from-custodian.tcb mail/from-trustee.tcb
say "The custodian refuses: its books say 99276.56."
as servicer anchor collections pool/stressed/collections-$week.csv --replaces "$wrong_hash" \
    --file mail/right.sub
post servicer mail/right.sub
at 2018-12-04
seal
show chain show $((height - 1)) -C manager/manager.db --no-pager | sed -n '1,14p'
anchor manager close $week
hand_in stressed purchase $week purchase-$week.csv
play stressed 2018-12-03 "${STORY_TO:-2019-02-25}"
say "$blocks blocks are final at height $((height - 1))."

# ---- 5 trustee and regulator --------------------------------------------------------------------
title "5. Trustee and regulator: everything is recomputed"
must chain import ${mail[trustee]} -C trustee/trustee.db
expect 0 '' chain verify trustee/trustee.db
expect 0 '' audit run trustee/trustee.db
mkdir -p regulator
must chain export -C manager/manager.db -o regulator/public.tcb
say 'The regulator has one file, no key and no rows:'
expect 0 '' audit run regulator/public.tcb

# ---- 6 tampering --------------------------------------------------------------------------------
title "6. Tampering is found"
cp regulator/public.tcb regulator/changed.tcb
LC_ALL=C sed -i '0,/1524335791.92/s//1524335791.93/' regulator/changed.tcb
cmp -s regulator/public.tcb regulator/changed.tcb && wrong "nothing was changed in the bundle"
expect 1 '' chain verify regulator/changed.tcb
awk -F, -v OFS=, 'NR==2 { $19 = "229289.75"; $18 = $19 } 1' pool/tape-2018-11-08.csv >tape-changed.csv
expect 1 'R-000001' pool verify tape-changed.csv -C trustee/trustee.db

say
say "$blocks blocks, $(($(date +%s) - began)) s, $failures steps came out wrong. Folder: $F"
[ "$failures" = 0 ]
