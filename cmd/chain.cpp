// chain: makes blocks with others, and hands them on.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include "chain/proof.hpp"
#include "cmd/chain_read.hpp"
#include "cmd/commands.hpp"
#include "cmd/key.hpp"
#include "cmd/on_notice.hpp"
#include "cmd/output.hpp"
#include "cmd/replica.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

struct InitOptions {
    std::string alliance;
};

/// The log key beside the member's key; made if it is missing and the alliance file names none.
Result<Key> log_key_for(const Globals& globals)
{
    const std::string path = log_key_path(globals.key);
    std::error_code ec;
    if (std::filesystem::exists(path, ec)) return open_key(path, globals);
    Key key = Key::from_seed(random_for("log key")());
    if (!globals.dry_run) TRANCHAIN_DO(key.write(path, std::nullopt));
    return key;
}

Outcome run_init(const InitOptions& o, const Globals& globals, Output& out)
{
    const auto path = chain_path(globals);
    if (!path) return path.error();
    auto signer = open_signer(globals, NeedKey::yes);
    if (!signer) return signer.error();
    const auto now = time_now();
    if (!now) return now.error();
    auto log_key = log_key_for(globals);
    if (!log_key) return log_key.error();
    const auto genesis = read_alliance(o.alliance, *now, random_for("genesis"),
                                       log_key->public_key());
    if (!genesis) return genesis.error();
    if (genesis->log_key == log_key->public_key()) (*signer)->log_key = *log_key;
    Answer answer("tranchain.chain.init/1");
    answer.field("chain", "chain", genesis->chain_id())
        .field("genesis", "genesis, SHA-256", hex(sha256(genesis->to_json().canonical())))
        .field("members", "members", genesis->members.size())
        .field("quorum", "endorsements per block", genesis->members.quorum());
    if (!globals.dry_run) {
        auto desk = new_desk(*path, true, std::move(*signer), *genesis);
        if (!desk) return desk.error();
        if (const auto note = (*desk)->endorse(*now); !note) return note.error();
        if (const auto done = (*desk)->finish(); !done) return done.error();
    }
    answer.note("compare the genesis hash with the other members by another way, send them a "
                "bundle (chain export); each endorses it (chain endorse)");
    return out.write(answer);
}

/// What answers or cosigns happens once and for ever, so there is no trying it.
Result<> no_dry_run(const Globals& globals)
{
    if (!globals.dry_run) return {};
    return fail(Code::usage, "this command signs, and cannot be tried with --dry-run", {},
                "see 'tranchain chain status' first, then leave --dry-run out");
}

struct ProposeOptions {};

Outcome run_propose(const ProposeOptions&, const Globals& globals, Output& out)
{
    TRANCHAIN_DO(no_dry_run(globals));
    auto desk = open_desk(globals, Open::write, NeedKey::yes);
    if (!desk) return desk.error();
    const auto now = time_now();
    if (!now) return now.error();
    const auto p = (*desk)->propose(*now);
    if (!p) return p.error();
    Answer answer("tranchain.chain.propose/1");
    answer.field("height", "height", p->candidate.height)
        .field("attempt", "attempt", p->candidate.attempt)
        .field("header", "header", hex(p->candidate.hash))
        .field("time", "time", time_text(p->header.time))
        .field("repeated", "as proposed before", p->repeated);
    Table& records = answer.table("records", {{"type"}, {"author"}, {"seq"}, {"rows"}, {"hash"}});
    for (const SignedRecord& r : p->records)
        records.add({r.record.type, r.record.author, r.record.seq, r.record.rows,
                     hex(r.record.hash())});
    if (p->left_out.empty()) {
        answer.data("left_out", Value::array());
        return out.write(answer);
    }
    Table& left = answer.table("left_out", {{"type"}, {"author"}, {"seq"}, {"why"}, {"reason"}},
                               "left out");
    for (const LeftOut& l : p->left_out)
        left.add({l.entry.record.type, l.entry.record.author, l.entry.record.seq,
                  name(l.verdict), l.reason});
    return out.write(answer);
}

struct ReadyOptions {
    std::optional<std::string> refuse;
};

Outcome run_ready(const ReadyOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_DO(no_dry_run(globals));
    auto desk = open_desk(globals, Open::write, NeedKey::yes);
    if (!desk) return desk.error();
    const auto now = time_now();
    if (!now) return now.error();
    const auto a = o.refuse ? (*desk)->refuse(*o.refuse) : (*desk)->answer(*now);
    if (!a) return a.error();
    Answer answer("tranchain.chain.ready/1");
    answer.field("member", "member", a->member)
        .field("height", "height", a->height)
        .field("attempt", "attempt", a->attempt)
        .field("header", "header", hex(a->header))
        .field("answer", "answer", name(a->verdict))
        .field("reason", "reason", a->reason);
    if (auto written = out.write(answer); !written) return written;
    // A refusal that was asked for is what the user wanted; one that was found is a "no".
    return a->verdict == Stance::ready || o.refuse ? Outcome() : answer_no();
}

struct EndorseOptions {
    std::optional<std::string> on_notice;
};

Outcome run_endorse(const EndorseOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_DO(no_dry_run(globals));
    auto desk = open_desk(globals, Open::write, NeedKey::yes);
    if (!desk) return desk.error();
    const auto now = time_now();
    if (!now) return now.error();
    const std::int64_t seen = (*desk)->tip();
    const auto note = (*desk)->endorse(*now);
    if (!note) return note.error();
    const auto checkpoint = Checkpoint::parse(note->text);
    if (!checkpoint) return checkpoint.error();
    const auto done = (*desk)->finish();
    if (!done) return done.error();
    Answer answer("tranchain.chain.endorse/1");
    answer.field("member", "member", (*desk)->member())
        .field("height", "height", static_cast<std::int64_t>(checkpoint->size) - 1)
        .field("final", "final", done->has_value())
        .field("endorsement", "endorsement", note->str());
    const auto told = tell_notices(o.on_notice, *desk->replica, seen, out);
    if (auto written = out.write(answer); !written) return written;
    return told;
}

struct FreezeOptions {
    std::optional<std::int64_t> epoch;
    std::optional<std::string> orderer;
};

/// With the log key of the member's own epoch, if it wishes for that; made if there is none.
Result<FreezeWish> wish_of(const FreezeOptions& o, Replica& r, const Globals& g)
{
    TRANCHAIN_TRY(FreezeWish wish, r.plan({o.epoch, o.orderer, {}}));
    if (wish.log_key || *wish.orderer != r.member()) return wish;
    std::error_code ec;
    if (std::filesystem::exists(log_key_path(g.key), ec)) {
        TRANCHAIN_TRY(const Key key, open_key(log_key_path(g.key), g));
        wish.log_key = key.public_key();
        return wish;
    }
    const Key key = Key::from_seed(random_for(fmt::format("log key of epoch {}", *wish.epoch))());
    TRANCHAIN_DO(key.write(log_key_path(g.key), std::nullopt));
    wish.log_key = key.public_key();
    return wish;
}

Outcome run_freeze(const FreezeOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_DO(no_dry_run(globals));
    auto desk = open_desk(globals, Open::write, NeedKey::yes);
    if (!desk) return desk.error();
    Replica& r = *desk->replica;
    if (r.tip() < 0) return fail(Code::answer_no, "genesis is not final yet");
    const auto wish = wish_of(o, r, globals);
    if (!wish) return wish.error();
    const auto f = r.freeze(*wish);
    if (!f) return f.error();
    const auto wishes = r.wishes();
    if (!wishes) return wishes.error();
    std::size_t stated = 0;
    for (const EpochWish& w : *wishes)
        if (w.epoch == f->epoch && w.orderer == f->orderer)
            stated = std::max(stated, w.statements.size());
    Answer answer("tranchain.chain.freeze/1");
    answer.field("member", "member", f->member)
        .field("epoch", "epoch that begins", f->epoch)
        .field("orderer", "its orderer", f->orderer)
        .field("log_key", "its log key", to_text(f->log_key));
    if (f->endorsed)
        answer.field("endorsed", "newest endorsed", f->endorsed->height)
            .field("header", "its header", hex(f->endorsed->header));
    answer.field("statements", "statements like this", stated)
        .field("needed", "needed", r.state().members.quorum());
    answer.note(fmt::format("this key answers and endorses nothing more below epoch {}; when {} "
                            "members stated the same, '{}' proposes its first block",
                            f->epoch, r.state().members.quorum(), f->orderer));
    return out.write(answer);
}

struct ExportOptions {
    std::string to;
    std::optional<std::int64_t> since;
    std::optional<std::string> c2sp, tiles;
    bool policy = false;
};

Outcome run_export(const ExportOptions& o, const Globals& globals, Output& out)
{
    if ((o.c2sp ? 1 : 0) + (o.tiles ? 1 : 0) + (o.policy ? 1 : 0) + (o.to.empty() ? 0 : 1) > 1)
        return fail(Code::usage, "--to, --c2sp, --tiles and --policy exclude each other");
    Globals keyless = globals;
    keyless.key.clear();
    auto desk = open_desk(keyless, Open::read, NeedKey::no);
    if (!desk) return desk.error();
    if (o.tiles) return export_tiles(*desk->replica, *o.tiles, globals, out);
    if (o.policy) return export_policy(*desk->replica, globals, out);
    if (o.c2sp) return export_c2sp(*desk->replica, *o.c2sp, out);
    if (globals.output.empty())
        return fail(Code::usage, "a bundle is a file", {}, "say where with -o FILE");
    const auto bundle = export_bundle(*desk->replica, o.to, o.since.value_or(0));
    if (!bundle) return bundle.error();
    const std::string bytes = bundle->str();
    if (!globals.dry_run)
        if (auto w = write_file(globals.output, bytes, o.to.empty() ? 0644 : 0600); !w) return w;
    out.say(fmt::format("{}: {} blocks, {} submissions, {} bytes{}", globals.output,
                        bundle->blocks.size(), bundle->submissions.size(), bytes.size(),
                        o.to.empty() ? ", no rows" : ""));
    return {};
}

}  // namespace

void add_chain(Tree& tree)
{
    tree.noun("chain", "make, check and hand on blocks with the other members");
    tree.add<InitOptions>("chain", "init", "start a chain from an alliance file", run_init,
                          [](Setup& s, InitOptions& o) {
                              s.positional("ALLIANCE", o.alliance, "members and policy").file();
                          });
    add_chain_reading(tree);
    add_chain_rehearse(tree);
    tree.add<ExportOptions>(
        "chain", "export", "write blocks, answers and submissions to one file", run_export,
        [](Setup& s, ExportOptions& o) {
            s.option("--to", o.to, "MEMBER", "add rows and submissions, for this member only");
            s.option("--since", o.since, "HEIGHT", "leave out blocks below this one");
            s.option("--c2sp", o.c2sp, "DIR", "write checkpoint, leaves, proofs, policy instead")
                .folder();
            s.option("--tiles", o.tiles, "DIR", "write the log as C2SP tiles for a web server instead")
                .folder();
            s.flag("--policy", o.policy, "write the C2SP policy of the members instead");
        });
    add_chain_import(tree);
    tree.add<ProposeOptions>("chain", "propose", "make the next block of what was submitted",
                             run_propose, [](Setup&, ProposeOptions&) {});
    tree.add<ReadyOptions>("chain", "ready", "check the proposed block and answer", run_ready,
                           [](Setup& s, ReadyOptions& o) {
                               s.option("--refuse", o.refuse, "REASON", "refuse it for a reason");
                           });
    tree.add<FreezeOptions>(
        "chain", "freeze", "state that this epoch is over and who orders in the next", run_freeze,
        [](Setup& s, FreezeOptions& o) {
            s.option("--epoch", o.epoch, "N", "the epoch that begins; otherwise the next one");
            s.option("--orderer", o.orderer, "MEMBER",
                     "who orders in it; otherwise the next of the succession");
        });
    tree.add<EndorseOptions>("chain", "endorse", "cosign the block for which enough are ready",
                             run_endorse,
                             [](Setup& s, EndorseOptions& o) { bind_on_notice(s, o.on_notice); });
}

}  // namespace tranchain
