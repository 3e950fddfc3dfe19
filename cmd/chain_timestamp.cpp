// chain timestamp: a stranger's word on when a checkpoint was there (RFC 3161), asked for, checked,
// anchored.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "chain/note.hpp"
#include "chain/timestamp.hpp"
#include "cmd/commands.hpp"
#include "cmd/documents.hpp"
#include "cmd/submit.hpp"
#include "data/assert.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "waterfall/exact/document.hpp"

namespace tranchain {

namespace {

struct TimestampOptions {
    SubmitOptions submit;
    std::optional<std::string> response, ca;
    std::optional<std::int64_t> height;
    bool check = false;
};

Result<Hash> imprint_at(Store& store, std::int64_t height)
{
    TRANCHAIN_TRY(const auto block, store.block(height));
    if (!block)
        return fail(Code::not_found, fmt::format("there is no final block {}", height),
                    {store.path()});
    return sha256(block->checkpoint.text);
}

/// The block whose checkpoint is stamped, newest first.
Result<std::int64_t> stamped_height(Store& store, const Hash& imprint, const std::string& file)
{
    TRANCHAIN_TRY(const std::int64_t tip, store.tip());
    for (std::int64_t height = tip; height >= 0; --height) {
        TRANCHAIN_TRY(const Hash at, imprint_at(store, height));
        if (at == imprint) return height;
    }
    return tl::make_unexpected(
        Error{Code::answer_no,
              "it stamps no checkpoint of this copy",
              {file},
              "it is of another chain, of a block not yet here, or of other bytes",
              "bad-timestamp"});
}

Outcome write_request(const TimestampOptions& o, const Globals& globals)
{
    if (o.ca || o.check)
        return fail(
            Code::usage, "a response is missing", {},
            "'chain timestamp RESPONSE --ca FILE' checks one; without it a request is written");
    if (globals.output.empty())
        return fail(Code::usage, "a file for the request is missing", {},
                    "name it with -o FILE.tsq");
    TRANCHAIN_TRY(const std::string path, chain_path(globals));
    TRANCHAIN_TRY(Store store, Store::open(path, Open::read));
    TRANCHAIN_TRY(const std::int64_t tip, store.tip());
    const std::int64_t height = o.height.value_or(tip);
    TRANCHAIN_TRY(const Hash imprint, imprint_at(store, height));
    if (!globals.dry_run) TRANCHAIN_DO(write_file(globals.output, timestamp_request(imprint)));
    Answer answer("tranchain.chain.timestamp/1");
    answer.field("height", "block", height)
        .field("imprint", "SHA-256 of its checkpoint's text", hex(imprint))
        .field("request", "request", globals.output);
    if (globals.dry_run) answer.note("dry run: the request is not written");
    Globals screen = globals;
    screen.output.clear();
    return Output(screen).write(answer);
}

struct CheckedStamp {
    Timestamp stamp;
    std::string bytes;
    std::int64_t height = 0;
    std::int64_t block_time = 0; ///< as its header says
    std::vector<std::string> doubts;
};

/// The time of the authority against the clocks of the members and of this machine.
Result<> compare_clocks(Replica& replica, CheckedStamp& c)
{
    TRANCHAIN_TRY(const auto block, replica.store().block(c.height));
    invariant(block.has_value());
    TRANCHAIN_TRY(const Header header, one(Header::parse(block->header)));
    c.block_time = header.time;
    TRANCHAIN_TRY(const ChainState then, replica.in_force(c.height));
    TRANCHAIN_TRY(const std::int64_t now, time_now());
    if (c.stamp.time < c.block_time - then.policy.skew)
        c.doubts.push_back(fmt::format("the header is dated later than the stamp, by more than the "
                                       "{} s of skew: a clock of the members or of the "
                                       "authority was wrong",
                                       then.policy.skew));
    if (c.stamp.time > now)
        c.doubts.emplace_back("the stamp is later than this machine's clock: one of them is wrong");
    return {};
}

Result<CheckedStamp> checked_stamp(const TimestampOptions& o, const Globals& globals)
{
    if (!o.ca)
        return fail(Code::usage, "nobody is trusted to stamp", {},
                    "--ca FILE holds the certificate of the authority's root in PEM");
    TRANCHAIN_TRY(CheckedStamp c, [&]() -> Result<CheckedStamp> {
        CheckedStamp read;
        TRANCHAIN_TRY(read.bytes, read_file(*o.response));
        TRANCHAIN_TRY(const std::string ca, read_file(*o.ca));
        auto stamp = check_timestamp(read.bytes, ca);
        if (!stamp) {
            Error e = stamp.error();
            e.where.file = e.code == Code::invalid_input ? *o.ca : *o.response;
            return tl::make_unexpected(std::move(e));
        }
        read.stamp = std::move(*stamp);
        return read;
    }());
    Globals keyless = globals;
    keyless.key.clear();
    TRANCHAIN_TRY(const Desk desk, open_desk(keyless, Open::read, NeedKey::no));
    TRANCHAIN_TRY(c.height, stamped_height(desk->store(), c.stamp.imprint, *o.response));
    if (o.height && *o.height != c.height)
        return tl::make_unexpected(
            Error{Code::answer_no,
                  fmt::format("it stamps block {}, not {}", c.height, *o.height),
                  {*o.response},
                  {},
                  "bad-timestamp"});
    TRANCHAIN_DO(compare_clocks(*desk.replica, c));
    return c;
}

Outcome check_stamp(const TimestampOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const CheckedStamp c, checked_stamp(o, globals));
    TRANCHAIN_TRY(const std::string path, chain_path(globals));
    TRANCHAIN_TRY(Store store, Store::open(path, Open::read));
    TRANCHAIN_TRY(const auto papers,
                  sealed_documents(store, o.submit.deal, std::nullopt, DocumentRows::left));
    Value anchored;
    for (const SealedDocument& d : papers)
        if (anchored.is_null() && d.part.sha256 == sha256(c.bytes)) anchored = d.place.height;
    Answer answer("tranchain.chain.timestamp/1");
    answer.field("height", "block", c.height)
        .field("imprint", "SHA-256 of its checkpoint's text", hex(c.stamp.imprint))
        .field("time", "was there on", time_text(c.stamp.time))
        .field("block_time", "its header says", time_text(c.block_time))
        .field("authority", "says", c.stamp.authority)
        .field("policy", "under policy", c.stamp.policy)
        .field("serial", "token", c.stamp.serial)
        .field("anchored", "token anchored in block", anchored);
    answer.data("doubts", Value::texts(c.doubts));
    for (const std::string& doubt : c.doubts) answer.note(doubt);
    answer.note("certificates are judged at that time; whether one was revoked is not looked at");
    return out.write(answer);
}

Outcome run_timestamp(const TimestampOptions& o, const Globals& globals, Output& out)
{
    if (!o.response) return write_request(o, globals);
    if (o.check) return check_stamp(o, globals, out);
    TRANCHAIN_TRY(const CheckedStamp c, checked_stamp(o, globals));
    TRANCHAIN_TRY(Composer composer, Composer::open(o.submit, globals));
    TRANCHAIN_DO(composer.needs_terms());
    DocumentPart part;
    part.kind = "timestamp";
    part.sha256 = sha256(c.bytes);
    part.size = static_cast<std::int64_t>(c.bytes.size());
    DocumentRow common;
    common.number = fmt::format("block {}", c.height);
    // Undated: the token itself says when, and whoever reads it should ask the token.
    Submission s =
        build_document(std::move(part), std::nullopt, {}, common, composer.random("document"));
    out.say(fmt::format("block {} was there on {}; its header says {}", c.height,
                        time_text(c.stamp.time), time_text(c.block_time)));
    for (const std::string& doubt : c.doubts) out.say(doubt);
    return composer.submit(std::move(s.record), std::move(s.rows), out);
}

} // namespace

void add_chain_timestamp(Tree& tree)
{
    tree.add<TimestampOptions>(
        "chain", "timestamp", "when a checkpoint was there, by an authority of RFC 3161",
        run_timestamp, [](Setup& s, TimestampOptions& o) {
            s.positional("RESPONSE", o.response,
                         "what it answered; without it a request is written")
                .file();
            s.option("--height", o.height, "HEIGHT", "of this block; the newest if unsaid");
            s.option("--ca", o.ca, "FILE", "certificates that are trusted to vouch for it, PEM")
                .file();
            s.flag("--check", o.check, "check the response and anchor nothing");
            bind_submit(s, o.submit);
        });
}

} // namespace tranchain
