// member: who votes, and the records that change it.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include "chain/governance.hpp"
#include "cmd/commands.hpp"
#include "cmd/key.hpp"
#include "cmd/submit.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"

namespace tranchain {

namespace {

struct MemberListOptions {};

struct ApplyOptions {
    std::string name;
    std::vector<std::string> roles;
    std::string recovery_key;
};

struct ChangeOptions {
    std::string subject; ///< a name, or the file of an application
    SubmitOptions submit;
    std::vector<std::string> ask;
    std::optional<std::string> orderer, log_key;
    bool approve = false;
};

struct RotateOptions {
    std::string new_key;
    SubmitOptions submit;
};

Outcome run_member_list(const MemberListOptions&, const Globals& globals, Output& out)
{
    Globals keyless = globals;
    keyless.key.clear();
    TRANCHAIN_TRY(const Desk desk, open_desk(keyless, Open::read, NeedKey::no));
    Replica& r = *desk.replica;
    const ChainState& s = r.state();
    std::vector<std::pair<std::int64_t, ChainState>> states{{0, s}};
    if (r.tip() >= 0) {
        TRANCHAIN_TRY(GovernanceLog * log, r.governance());
        states = log->all();
    }
    const auto since = [&](const Member& m) {
        std::int64_t from = 0;
        for (auto at = states.rbegin(); at != states.rend(); ++at) {
            const Member* then = at->second.members.find(m.name);
            if (!then || then->key != m.key) break;
            from = at->first;
        }
        return from;
    };
    Answer answer("tranchain.member.list/1");
    answer.field("chain", "chain", s.chain)
        .field("height", "from block", r.tip() + 1)
        .field("epoch", "epoch", s.epoch)
        .field("orderer", "orderer", s.orderer)
        .field("members", "members", s.members.size())
        .field("quorum", "endorsements per block", s.members.quorum());
    Table& t = answer.table("list", {{"name"}, {"roles"}, {"status"}, {"since"}, {"key"}}, "");
    for (const Member& m : s.members.all())
        t.add({m.name, Value::texts(m.roles), "votes", since(m), to_text(m.key)});
    for (const Member& m : s.suspended)
        t.add({m.name, Value::texts(m.roles), "suspended", Value(), to_text(m.key)});
    for (const auto& [key, name] : s.former)
        if (!name.empty()) t.add({name, Value::texts({}), "key given up", Value(), to_text(key)});
    return out.write(answer);
}

Outcome run_apply(const ApplyOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const Key key, open_key(globals));
    Globals keyless = globals;
    keyless.key.clear();
    TRANCHAIN_TRY(const Desk desk, open_desk(keyless, Open::read, NeedKey::no));
    MemberChange change;
    change.change = "add";
    Member& m = change.member.emplace();
    m.name = o.name;
    m.roles = o.roles;
    std::ranges::sort(m.roles);
    m.key = key.public_key();
    const auto recovery = parse_public_key(o.recovery_key);
    if (!recovery)
        return fail(Code::usage, "--recovery-key is no public key: " + recovery.error().message,
                    {}, "it is what 'key show --public' prints of the key kept offline");
    m.recovery_key = *recovery;
    if (const auto sound = Member::from_json(m.to_json(), "member"); !sound)
        return fail(Code::usage, sound.error().front().message);
    change.proof = key.sign(possession_text(desk->chain(), m, std::nullopt));
    const std::string bytes = change.to_json().canonical() + "\n";
    if (globals.output.empty()) return out.write_raw(bytes);
    if (globals.dry_run) return {};
    return write_file(globals.output, bytes, 0644);
}

/// Judged as if all who are asked had signed, so that what can never be sealed is not signed.
Result<> foresee(const Record& record, const ChainState& state)
{
    SignedRecord entry{record, {}};
    for (const std::string& name : entry.signers_needed()) entry.signatures.push_back({name, {}});
    ChainState copy = state;
    Enactment enactment;
    const Judgement j = govern(entry, copy, enactment);
    if (j.ruling == Ruling::accepted) return {};
    const Finding& f = j.findings.front(); // the first in a block never waits
    return tl::make_unexpected(Error{Code::answer_no, f.text(), {}, {}, f.id});
}

Outcome send(Composer& c, const MemberChange& change, const ChangeOptions& o, Output& out)
{
    const ChainState& state = c.replica().state();
    Record record;
    record.type = "member";
    record.public_part = change.to_json();
    if (!o.approve) {
        record.author = c.replica().member();
        record.approvals_required = c.governors();
        TRANCHAIN_DO(foresee(record, state));
        return c.submit(std::move(record), {}, out);
    }
    // Approval is given to the change written here, and to nothing else.
    TRANCHAIN_TRY(const auto open, c.replica().open_submissions());
    for (const SignedRecord& s : open) {
        const auto missing = s.signers_missing();
        if (s.record.type != record.type || s.record.public_part != record.public_part ||
            std::ranges::find(missing, c.replica().member()) == missing.end())
            continue;
        TRANCHAIN_DO(foresee(s.record, state));
        return c.approve(s, out);
    }
    return fail(Code::answer_no, "no submitted change that says this asks for this member", {},
                "import the author's bundle; if it is there, it says something else");
}

Result<Composer> composer_of(const ChangeOptions& o, const Globals& g)
{
    SubmitOptions submit = o.submit;
    submit.deal.clear();
    TRANCHAIN_TRY(Composer c, Composer::open_chain(submit, g));
    TRANCHAIN_DO(c.govern(o.ask));
    return c;
}

Outcome run_add(const ChangeOptions& o, const Globals& g, Output& out)
{
    TRANCHAIN_TRY(std::string bytes, read_file(o.subject, 1 << 20));
    const auto bad = [&](const std::string& why) {
        return fail(Code::invalid_input, why, {o.subject},
                    "the newcomer makes the file with 'member apply'");
    };
    if (!bytes.ends_with('\n')) return bad("this is not an application");
    bytes.pop_back();
    const auto json = parse_canonical(bytes);
    if (!json || !json->is_object()) return bad("this is not an application");
    const auto change = MemberChange::from_json(*json);
    if (!change) return bad(change.error().front().message);
    if (change->change != "add") return bad("this is not an application");
    TRANCHAIN_TRY(Composer c, composer_of(o, g));
    return send(c, *change, o, out);
}

/// Who orders after `name`: who is asked for, else the next of the succession of genesis.
Result<std::string> next_orderer(Replica& r, const std::string& name)
{
    TRANCHAIN_TRY(const auto block, r.store().block(0));
    std::vector<std::string> order;
    if (block) {
        TRANCHAIN_TRY(const auto records, one(parse_body(block->body)));
        TRANCHAIN_TRY(const Genesis genesis, one(genesis_from_record(records.at(0).record)));
        order = genesis.succession;
    }
    for (const Member& m : r.state().members.all()) order.push_back(m.name);
    for (const std::string& next : order)
        if (next != name && r.state().members.find(next)) return next;
    return fail(Code::answer_no, "nobody is left to order");
}

Outcome run_named(const std::string& what, const ChangeOptions& o, const Globals& g, Output& out)
{
    TRANCHAIN_TRY(Composer c, composer_of(o, g));
    MemberChange change;
    change.change = what;
    change.name = o.subject;
    const bool leaves = what != "resume" && o.subject == c.replica().state().orderer;
    if (!leaves && (o.orderer || o.log_key))
        return fail(Code::usage, "--orderer and --log-key are for the removal of the orderer");
    if (leaves) {
        TRANCHAIN_TRY(const std::string next, next_orderer(c.replica(), o.subject));
        change.orderer = o.orderer.value_or(next);
        const auto key = parse_public_key(o.log_key.value_or(""));
        if (!key)
            return fail(Code::usage, fmt::format("'{}' orders: --log-key must give the log key of "
                                                 "'{}', who does after him",
                                                 o.subject, *change.orderer),
                        {}, "he makes one beside his own with 'key new KEY.log'");
        change.log_key = *key;
    }
    return send(c, change, o, out);
}

Outcome run_remove(const ChangeOptions& o, const Globals& g, Output& out)
{
    return run_named("remove", o, g, out);
}

Outcome run_suspend(const ChangeOptions& o, const Globals& g, Output& out)
{
    return run_named("suspend", o, g, out);
}

Outcome run_resume(const ChangeOptions& o, const Globals& g, Output& out)
{
    return run_named("resume", o, g, out);
}

Outcome run_rotate(const RotateOptions& o, const Globals& g, Output& out)
{
    SubmitOptions submit = o.submit;
    submit.deal.clear();
    TRANCHAIN_TRY(const Key key, open_key(o.new_key, g));
    TRANCHAIN_TRY(Composer c, Composer::open_chain(submit, g));
    c.govern_alone();
    Replica& r = c.replica();
    MemberChange change;
    change.change = "rotate";
    change.member = *r.state().members.find(r.member());
    const PublicKey old = change.member->key;
    change.member->key = key.public_key();
    change.member->certificate.reset();
    change.proof = key.sign(possession_text(r.chain(), *change.member, old));
    Record record;
    record.type = "member";
    record.author = r.member();
    record.public_part = change.to_json();
    TRANCHAIN_DO(foresee(record, r.state()));
    if (!g.dry_run) {
        TRANCHAIN_DO(r.hand_guard_to(Guard::folder_of(o.new_key)));
        std::error_code ec;
        if (std::filesystem::exists(log_key_path(g.key), ec) &&
            !std::filesystem::exists(log_key_path(o.new_key), ec)) {
            std::filesystem::copy_file(log_key_path(g.key), log_key_path(o.new_key), ec);
            if (ec) return fail(Code::io, "the log key cannot be copied", {log_key_path(g.key)});
        }
    }
    return c.submit(std::move(record), {}, out);
}

void bind_governed(Setup& s, SubmitOptions& o)
{
    s.option("--valid-for", o.valid_for, "SECONDS",
             "no block after that takes it; a week if unsaid");
    s.option("--replaces", o.replaces, "HASH", "withdraw a submission that is not sealed yet");
    s.option("--file", o.file, "FILE", "also write it as a file for the other members").file();
}

void bind_change(Setup& s, ChangeOptions& o)
{
    s.option("--ask", o.ask, "MEMBER", "who must approve; all if unsaid; may be repeated");
    s.flag("--approve", o.approve, "approve the one that is submitted");
    bind_governed(s, o.submit);
}

void bind_leaving(Setup& s, ChangeOptions& o)
{
    s.positional("NAME", o.subject, "which member");
    s.option("--orderer", o.orderer, "MEMBER", "who orders after an orderer that leaves");
    s.option("--log-key", o.log_key, "KEY", "public log key of that member");
    bind_change(s, o);
}

} // namespace

void add_member(Tree& tree)
{
    tree.noun("member", "list the members and change who they are");
    tree.add<MemberListOptions>("member", "list", "who votes on the next block, and by which key",
                                run_member_list, [](Setup&, MemberListOptions&) {});
    tree.add<ApplyOptions>("member", "apply", "write the application of a new member", run_apply,
                           [](Setup& s, ApplyOptions& o) {
                               s.positional("NAME", o.name, "name of the new member");
                               s.option("--role", o.roles, "ROLE", "its role; may be repeated")
                                   .required();
                               s.option("--recovery-key", o.recovery_key, "KEY",
                                        "public half of a key kept offline")
                                   .required();
                           });
    tree.add<ChangeOptions>("member", "add", "a new member, which a quorum signs", run_add,
                            [](Setup& s, ChangeOptions& o) {
                                s.positional("FILE", o.subject, "the application").file();
                                bind_change(s, o);
                            });
    tree.add<ChangeOptions>("member", "remove", "take a member out for ever", run_remove,
                            bind_leaving);
    tree.add<ChangeOptions>("member", "suspend", "take a member out until it is resumed",
                            run_suspend, bind_leaving);
    tree.add<ChangeOptions>("member", "resume", "let a suspended member vote again", run_resume,
                            [](Setup& s, ChangeOptions& o) {
                                s.positional("NAME", o.subject, "which member");
                                bind_change(s, o);
                            });
    tree.add<RotateOptions>("member", "rotate", "give up one's own key for a new one", run_rotate,
                            [](Setup& s, RotateOptions& o) {
                                s.option("--new-key", o.new_key, "FILE", "the new key")
                                    .required()
                                    .file();
                                bind_governed(s, o.submit);
                            });
}

} // namespace tranchain
