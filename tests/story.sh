#!/usr/bin/env bash
# The story: one deal from its term sheet to an audit, four members and a regulator, two branches
# from one closing, each played on a chain to its end.
#
#     bash tests/story.sh [FOLDER]        (make demo; a folder of its own under TMPDIR unless given)
#
# Everything is done by commands a person would type; STORY_TRACE=1 prints each of them.
# Keys, row secrets and the clock are given, so that two runs write the same bytes. Files travel
# between the members' folders by name, as they would by mail. Exit status 0 when every step came
# out as it should; otherwise the lines that begin with !! say which did not.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
T=${TRANCHAIN:-$root/build/release/tranchain}
case $T in /*) ;; *) T=$PWD/$T ;; esac
F=${1:-$(mktemp -d "${TMPDIR:-/tmp}/tranchain-story.XXXXXX")}
mkdir -p "$F"
F=$(cd "$F" && pwd)
[ -z "$(ls -A "$F")" ] || { printf '%s\n' "$F is not empty: give a new folder"; exit 1; }
cd "$F" || exit 1
export LC_ALL=C.UTF-8 TRANCHAIN_TEST_RANDOM=story TRANCHAIN_TEST_TIME=0
unset TRANCHAIN_CHAIN TRANCHAIN_KEY
members="servicer manager custodian trustee"
others="servicer custodian trustee"
began=$SECONDS
part=
: >wrong

# ---- telling ------------------------------------------------------------------------------------
title() { part=$*; printf '\n== %s\n\n' "$*"; }
say() { printf '%s\n' "$*"; }
# wrong WHAT: noted in a file, for a step may run beside another one.
wrong() { say "!! $part: $*" | tee -a "$F/wrong"; }
# tell: prints the command as typed.
tell() { say "\$ tranchain $*"; }
show() {
    tell "$@"
    "$T" "$@" 2>&1
}
# expect STATUS TEXT COMMAND...: the command must end so, and say all the lines of TEXT somewhere.
expect() {
    local want=$1 text=$2 out status line
    shift 2
    tell "$@"
    out=$("$T" "$@" 2>&1)
    status=$?
    { grep 'error:' <<<"$out"; grep -v 'error:' <<<"$out"; } | head -n "${LINES_SHOWN:-12}"
    say "(exit status $status)"
    [ "$status" = "$want" ] || wrong "exit status $status, not $want: tranchain $*"
    while IFS= read -r line; do
        grep -qF -- "$line" <<<"$out" || {
            wrong "no '$line' in the answer of tranchain $*"
            grep -E 'error|hint' <<<"$out"
        }
    done <<<"$text"
}
# same WHAT GIVEN WANTED
same() {
    say "$1: $2"
    [ "$2" = "$3" ] || wrong "$1 is '$2', not '$3'"
}
# must COMMAND...: quiet unless it fails, and then the story ends.
must() {
    local out
    [ "${STORY_TRACE:-}" != 1 ] || tell "$@" >&2
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
declare -A mail=() unread=()  # files of members, and the newest block
# post FILE: every other member will find it in his mail.
post() {
    local m
    for m in $members; do [[ $1 == *"-$m-"* ]] || mail[$m]+=" $1"; done
}
# read_mail MEMBER: imports what has come. The trustee waits for the proposal, which brings it all.
read_mail() {
    local files="${unread[$1]:-}${mail[$1]:-}"
    mail[$1]= unread[$1]=
    # shellcheck disable=SC2086
    [ -z "$files" ] || as "$1" chain import $files
}
open=0
# anchor MEMBER VERB ARGUMENT...: submits a record and posts it.
anchor() {
    local m=$1 file=mail/$week-$1-$2.sub
    shift
    [ -z "${unread[$m]:-}" ] || read_mail "$m"
    [ -z "${approve:-}" ] || file=${file%.sub}-approved.sub
    as "$m" anchor "$@" ${approve:-} --valid-for 7776000 --file "$file"
    post "$file"
    open=$((open + 1))
}
# answer MEMBER: takes the proposal, judges it and writes the answer.
answer() {
    # shellcheck disable=SC2086
    as "$1" chain import ${unread[$1]:-} "mail/to-$1.tcb"
    as "$1" chain ready
    as "$1" chain export --since "$height" -o "mail/from-$1.tcb"
}
cosign() {
    as "$1" chain import mail/ready.tcb
    as "$1" chain endorse
    as "$1" chain export --since "$height" -o "mail/signed-$1.tcb"
}
send() { as manager chain export --to "$1" --since "$height" -o "mail/to-$1.tcb"; }
# each FUNCTION: for the three who do not order, at once.
each() {
    local m jobs=()
    for m in $others; do
        "$1" "$m" & jobs+=($!)
    done
    for m in "${jobs[@]}"; do wait "$m" || exit 1; done
}
take_block() { as "$1" chain import "mail/block-$((height - 1)).tcb"; }
height=0
# propose: the orderer makes a block of what was handed in and sends it to the others.
propose() {
    read_mail manager
    as manager chain propose
    each send
    mail=()
}
# settle: once three are ready, all endorse, and the block is final everywhere.
settle() {
    local m
    as manager chain import mail/from-servicer.tcb mail/from-custodian.tcb mail/from-trustee.tcb
    as manager chain endorse
    as manager chain export --since "$height" -o mail/ready.tcb
    each cosign
    as manager chain import mail/signed-servicer.tcb mail/signed-custodian.tcb mail/signed-trustee.tcb
    as manager chain export --since "$height" -o "mail/block-$height.tcb"
    for m in $others; do unread[$m]=" mail/block-$height.tcb"; done
    height=$((height + 1))
    open=0
    paid_out=
}
seal() {
    at "${1:-$week}"
    propose
    each answer
    unread=()
    settle
}

week=
paid_out=
# play BRANCH FROM UNTIL: hands in the branch's files whose week ends in (FROM, UNTIL]; a block
# for each distribution, and whenever 45 records are waiting.
play() {
    local branch=$1 from=$2 until=$3 act day file
    while IFS=, read -r _ act day file; do
        if [ "$act" = statement ]; then
            [[ ! $day > $until ]] || break
            [ "$open" -lt 45 ] && [ -z "$paid_out" ] || [[ ! $day > $from ]] || seal
            week=$day
        fi
        [[ $week > $from ]] || continue
        at "$week"
        hand_in "$branch" "$act" "$day" "$file"
    done < <(acts "$branch")
    seal
    each take_block
    unread=()
}
# acts BRANCH: what each week brings, the bank's statement first: all else waits for it.
acts() {
    awk -F, '$2 == "dilution" || $2 == "insolvency" { kept = kept $0 "\n"; next }
             $2 == "statement" { print; printf "%s", kept; kept = ""; next }
             $2 != "act" && $2 != "snapshot" && $2 != "order"' "../pool/$branch/story.csv"
}
hand_in() {
    local act=$2 day=$3 file=../pool/$1/${4:-}
    case $act in
    statement)
        anchor custodian statement "$file"
        read_mail servicer
        ;;
    dilution | insolvency | collections | purchase) anchor servicer "$act" "$file" ;;
    close)
        read_mail manager
        anchor manager close "$day"
        ;;
    notice) notice "$day" ;;
    distribution)
        anchor manager distribution "$day"
        read_mail custodian
        approve=--approve anchor custodian distribution "$day"
        paid_out=1
        ;;
    esac
}
# notice DAY: the trigger fired. Nothing else of the deal is accepted before the notice is.
notice() {
    local m
    say "-- the trigger took effect at the end of $1; the orderer, who closes the next day now, and the"
    say "custodian, who hands in its next statement (in a copy of its folder), are told:"
    expect 1 'not yet: the notice of the triggers that took effect' \
        anchor close "$(date -u -d "$1 + 1 day" +%F)" -C manager/manager.db --key manager/manager.key
    read_mail custodian
    cp -r custodian early
    expect 0 'it will wait for the notice of the triggers that took effect' anchor statement \
        "../pool/stressed/$(ls ../pool/stressed | grep -A1 "^statements-$1" | tail -n 1)" \
        -C early/custodian.db --key early/custodian.key --no-input
    rm -r early
    anchor manager notice
    seal
    say "-- the notice, in block $((height - 1)), with the last days counted:"
    record=$(last_of notice)
    # shellcheck disable=SC2086
    "$T" chain show ${record% *} --record ${record#* } -C manager/manager.db --json |
        jq -r '.record.record.public | (.triggers[] | "\(.id) took effect at the end of \(.effective)",
            (.days[-2:][] | "\(.date)  value \(.value)  threshold \(.threshold)  day \(.count)")),
            (.addressees[] | "to \(.party): \(.action) by \(.by)")' | tee notice.txt
    grep -q "took effect at the end of $1" notice.txt || wrong "the notice does not say $1"
    grep -q 'day 30$' notice.txt || wrong 'the notice does not count to day 30'
    for m in servicer manager custodian; do anchor "$m" acknowledge; done
    say "-- servicer, manager and custodian acknowledge it"
}
# last_of TYPE: height and number of the newest record of that type.
last_of() {
    "$T" chain log -C manager/manager.db -f csv --no-pager |
        awk -F, -v type="$1" '$5 == type { found = $1 " " $4 } END { print found }'
}
# paid: what the chain's distributions say, one line each: date, day paid, loan, losses covered,
# then for A and B interest and principal paid, A's and B's balance, support demanded.
paid() {
    local h n
    "$T" chain log -C trustee/trustee.db -f csv --no-pager | awk -F, '$5 == "distribution" { print $1, $4 }' |
        while read -r h n; do
            "$T" chain show "$h" --record "$n" -C trustee/trustee.db --json |
                jq -r '.record.record.public | (.tranches | map({key: .id, value: .}) | from_entries) as $t |
                    [.date, .pay_date, .loan, .covered, $t.A.interest_paid, $t.A.principal_paid,
                     $t.B.interest_paid, $t.B.principal_paid, $t.A.closing, $t.B.closing,
                     $t.A.interest, $t.B.interest, ([.support[] | "\(.covers) \(.amount)"] | join("; "))] | @tsv'
        done
}
# compare_with_desk BRANCH: the chain paid what the desk's run says, to the fen.
compare_with_desk() {
    paid >paid.tsv
    awk -F'\t' '{ printf "%s  paid %s  A %14s + %16s = %16s left  B %13s + %15s = %15s left%s\n", $1, $2, $5, $6, $9,
        $7, $8, $10, ($13 == "" ? "" : "  support demanded, unpaid: " $13) }' paid.tsv
    jq -r '.periods[] | [.date, .paid, .loan, .covered, .A_interest, .A_principal, .B_interest,
        .B_principal] | @tsv' "../$1.json" >desk.tsv
    cut -f1-8 paid.tsv | cmp - desk.tsv || wrong "the chain of $1 paid something else than the desk's run"
    say "$(wc -l <desk.tsv) distributions: the chain paid what the desk foresaw, to the fen."
}

# ---- 1 the desk ---------------------------------------------------------------------------------
title "1. The desk: a deal file, a sample pool, the cash flows"
D=pool/jdht-2018-6.toml
must pool generate --seed 15 -o pool
show deal check $D
show deal explain $D | sed -n '1,8p'
expect 1 'ineligible.csv' pool check pool/ineligible.csv --deal $D
LINES_SHOWN=6 expect 3 'error' pool check pool/malformed.csv
must pool check pool/tape-2018-11-08.csv --deal $D
say 'The opening tape passes every criterion and limit.'
for branch in base stressed; do
    for format in json csv txt; do
        [ $format != json ] || days=--days
        must waterfall run $D --pool pool --scenario $branch ${days:-} ${days:+--json} \
            -o $branch.$format &
        days=
    done
done
wait
[ ! -s wrong ] || exit 1
for branch in base stressed; do
    say "-- $branch"
    cut -c1-150 $branch.txt
done
of() { jq -r "$2" "$1.json"; }
same 'base: lowest margin' "$(of base '.lowest_margin + " on " + .lowest_on')" '7319827.32 on 2019-04-22'
same 'base: breach days' "$(of base '[.days[] | select(.count > 0)] | length')" 0
same 'stressed: face of the insolvent group' "$(of stressed .insolvent_face)" 68318090.82
same 'stressed: first breach day' "$(of stressed .first_breach)" 2019-12-01
same 'stressed: breach days counted on 29, 30 and 31 December' \
    "$(of stressed '[.days[] | select(.date >= "2019-12-29" and .date <= "2019-12-31") |
        "\(.count) \(.state)"] | join(", ")')" '29 revolving, 30 accelerated, 30 accelerated'

# ---- 2 the alliance -----------------------------------------------------------------------------
title "2. The alliance: four members, four keys, four databases, a regulator who only reads"
mkdir -p base/mail
cd base || exit 1
D=../$D
{
    say 'name = "jdht"'
    say 'orderer = "manager"'
    say 'succession = ["manager", "custodian", "trustee", "servicer"]'
    say '[policy]'
    say 'valid_until_max = 7776000'
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
each send
each join
as manager chain import mail/signed-servicer.tcb mail/signed-custodian.tcb mail/signed-trustee.tcb
as manager chain export -o mail/block-0.tcb
height=1
each take_block
week=2018-11-08
anchor manager terms $D
read_mail servicer
anchor servicer snapshot ../pool/tape-2018-11-08.csv
seal
say "Terms and opening pool are anchored: all four endorsed block 1."

# ---- 3 a refusal heals --------------------------------------------------------------------------
title "3. The deal lives; a refusal heals: a wrong amount in the servicer's allocations"
play base 2018-11-08 2018-11-26
week=2018-12-03
at $week
hand_in base statement $week statements-$week.csv
hand_in base dilution $week dilutions-$week.csv
# 100.00 of the first receipt is left unapplied; the sums still agree.
awk -F, -v OFS=, 'NR==3 { split($5, a, "."); $5 = a[1]-100 "." a[2]; print; print $1, $2, "", "unapplied", "100.00"; next } 1' \
    ../pool/base/collections-$week.csv >wrong.csv
as servicer anchor collections wrong.csv --file mail/wrong-servicer-.sub
post mail/wrong-servicer-.sub
wrong_hash=$("$T" chain status -C servicer/servicer.db --json |
    jq -r '[.. | objects | select(.type? == "collections") | .hash] | last')
propose
refuse() {
    # shellcheck disable=SC2086
    as "$1" chain import ${unread[$1]:-} "mail/to-$1.tcb"
    if [ "$1" = custodian ]; then
        as custodian chain ready --refuse "receipt plan/000004/000001 paid R-000196 in full: 99276.56"
    else as "$1" chain ready; fi
    as "$1" chain export --to manager --since "$height" -o "mail/from-$1.tcb"  # reasons are for members
}
each refuse
unread=()
as manager chain import mail/from-servicer.tcb mail/from-custodian.tcb mail/from-trustee.tcb
expect 0 'refused: receipt plan/000004/000001 paid R-000196 in full: 99276.56' \
    chain status -C manager/manager.db
say "The servicer replaces the record; the next attempt becomes final."
as servicer anchor collections ../pool/base/collections-$week.csv --replaces "$wrong_hash" \
    --file mail/right-servicer-.sub
post mail/right-servicer-.sub
seal 2018-12-04
show chain show $((height - 1)) -C manager/manager.db --no-pager | sed -n '1,14p'
same 'attempt' "$("$T" chain show $((height - 1)) -C manager/manager.db --json | jq -r '.. | .attempt? // empty' | head -1)" 2
hand_in base close $week
hand_in base purchase $week purchase-$week.csv

# ---- 4 two branches -----------------------------------------------------------------------------
title "4. The deal lives on to November 2019; from there two branches, each to its end"
play base 2018-12-03 2019-11-25
paid >paid.tsv
same 'first distribution: principal lent to income' "$(sed -n 1p paid.tsv | cut -f3)" 11940036.72
same 'losses covered in May, August and November 2019' \
    "$(sed -n 2,4p paid.tsv | cut -f4 | paste -sd' ')" '9019573.13 7496625.70 7401702.41'
say "Until here both branches are one history of $height blocks. What follows is played twice, in two"
say "copies of the alliance: a rehearsal of what a real member, who has one history, never signs."
cd ..
cp -r base stressed
(
    cd stressed || exit 1
    play stressed 2019-11-25 2021-02-26
    compare_with_desk stressed
) >stressed.log 2>&1 &
job=$!
cd base || exit 1
say "-- base"
play base 2019-11-25 2021-02-26
compare_with_desk base
same 'base: left of A and B at the end' "$(tail -n 1 paid.tsv | cut -f1,9,10 | tr '\t' ' ')" '2021-02-26 0.00 0.00'
cd ..
wait $job || { cat stressed.log; exit 1; }
say "-- stressed"
cat stressed.log
field() { awk -F'\t' -v date="$1" -v n="$2" '$1 == date { print $n }' stressed/paid.tsv; }
same 'the first accelerated distribution, 2020-01-26, is paid on' "$(field 2020-01-26 2)" 2020-02-03
same 'its interest on A and B, 61 days' "$(field 2020-01-26 11) $(field 2020-01-26 12)" '7400219.18 4133919.86'
same 'A is repaid on 2020-04-26' "$(field 2020-03-26 9 | sed 's/^0.00$/early/') $(field 2020-04-26 9)" \
    "$(field 2020-03-26 9) 0.00"
same 'B is short at the end' "$(field 2021-02-26 10)" 54910011.00
same 'unpaid interest B is demanded from' "$(awk -F'\t' '$13 ~ /interest B/ { print $1; exit }' stressed/paid.tsv)" 2020-08-26
same 'support demanded at the end' "$(field 2021-02-26 13)" 'interest B 275028.00; principal B 54910011.00'

# ---- 5 trustee and regulator --------------------------------------------------------------------
title "5. Trustee and regulator: everything is recomputed"
for branch in base stressed; do
    expect 0 'every check holds' chain verify $branch/trustee/trustee.db
    LINES_SHOWN=40 expect 0 'distributions recomputed to the fen' audit run $branch/trustee/trustee.db
done
LINES_SHOWN=16 expect 0 'no longer owned' pool verify pool/tape-2018-11-08.csv -C base/trustee/trustee.db
say 'A tape in the mail, with one amount changed, one row missing and one added:'
awk -F, -v OFS=, 'NR == 2 { $19 = "229289.75" } NR == 3 { next } 1
    NR == 4 { sub(/^[^,]*/, "R-999999"); print }' pool/tape-2018-11-08.csv >altered.csv
LINES_SHOWN=16 expect 1 'row R-000001, field current_balance: '"'229289.74' is anchored, the tape has '229289.75'"'
rows missing               1
rows added                 1' pool verify altered.csv -C base/trustee/trustee.db
mkdir -p regulator
for branch in base stressed; do
    must chain export -C $branch/manager/manager.db -o regulator/$branch.tcb
    say 'The regulator has one file, no key and no rows:'
    LINES_SHOWN=60 expect 0 'not checked: aggregates not checked against rows' chain verify regulator/$branch.tcb
    LINES_SHOWN=60 expect 0 'not checked: aggregates not checked against rows' audit run regulator/$branch.tcb
done

# ---- 6 tampering --------------------------------------------------------------------------------
title "6. Tampering is refused or found"
say 'One amount in a copy of the database:'
mkdir -p copy
cp base/trustee/trustee.db base/trustee/trustee.rows.db copy/
sqlite3 copy/trustee.rows.db "UPDATE row SET fields = replace(fields,
    '[\"current_balance\",\"229289.74\"]', '[\"current_balance\",\"229289.75\"]')
    WHERE key = 'R-000001'" || wrong 'sqlite3 changed nothing'
expect 1 "block 1, record 2 (snapshot of servicer, deal jdht-2018-6, number 1), row R-000001, field current_balance" \
    chain verify copy/trustee.db
say 'One amount in a bundle:'
LC_ALL=C sed 's/"to_income":"433267.41"/"to_income":"433267.42"/' regulator/base.tcb >copy/changed.tcb
cmp -s regulator/base.tcb copy/changed.tcb && wrong 'nothing was changed in the bundle'
where=$("$T" chain log -C base/manager/manager.db -f csv --no-pager | awk -F, '$5 == "day_close" { print $1, $4 }' |
    while read -r h n; do
        "$T" chain show "$h" --record "$n" -C base/manager/manager.db --json | grep -q 433267.41 || continue
        say "block $h, record $n"
        break
    done)
expect 1 "$where (day_close, deal jdht-2018-6): 2019-02-19: to_principal + to_income 20350885.93 does not agree with 20350885.92" \
    chain verify copy/changed.tcb
say 'One row of a tape:'
awk -F, -v OFS=, 'NR==2 { $19 = "229289.75"; $18 = $19 } 1' pool/tape-2018-11-08.csv >changed.csv
expect 1 'block 1, record 2 (snapshot of servicer, deal jdht-2018-6, number 1), row R-000001, field original_balance' \
    pool verify changed.csv -C base/trustee/trustee.db
say 'A member is asked to sign a second block at one height:'
second=$(cd base && "$T" chain log -C manager/manager.db -f csv --no-pager | awk -F, 'NR > 1 && $2 > "2019-11-27" { print $1; exit }')
hash_at() { "$T" chain show "$second" -C "$1/manager/manager.db" --json | jq -r .hash; }
must chain export -C stressed/manager/manager.db --to custodian --since "$second" -o copy/second.tcb
expect 1 "block $second: the bundle's header has hash $(hash_at stressed), ours $(hash_at base)" \
    chain import copy/second.tcb -C base/custodian/custodian.db --key base/custodian/custodian.key --no-input
say 'Whoever holds both blocks can prove that the members signed twice:'
LINES_SHOWN=4 expect 1 "block $second: [two-endorsements] 'custodian' endorsed root " \
    chain evidence regulator/base.tcb regulator/stressed.tcb

say
count=$(wc -l <wrong)
say "$(($("$T" chain log -C base/manager/manager.db -f csv --no-pager | tail -n 1 | cut -d, -f1) + 1)) blocks, $(grep -c . wrong) steps came out wrong. Folder: $F"
say "The story took $((SECONDS - began)) s."
[ "$count" = 0 ]
