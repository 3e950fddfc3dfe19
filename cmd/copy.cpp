// A copy of a chain, database or bundle, opened and checked: what `chain verify`, `audit` and `report`
// share.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <fmt/core.h>

#include "cmd/as_of.hpp"
#include "cmd/chain_read.hpp"
#include "cmd/replica.hpp"
#include "cmd/terminal.hpp"
#include "data/attempt.hpp"

namespace tranchain {

ChainSource Opened::source()
{
    ChainSource whole = store ? source_of(*store) : source_of(*bundle);
    return last ? cut_source(std::move(whole), *last) : whole;
}

bool Opened::has_rows() const
{
    return store ? store->has_rows_file() : bundle->for_members();
}

Result<Opened> open_any(const std::string& path)
{
    std::error_code ec;
    if (!std::filesystem::exists(path, ec)) return fail(Code::not_found, "no such file", {path});
    std::string start(16, '\0');
    std::ifstream(path, std::ios::binary).read(start.data(), 16);
    Opened opened;
    opened.path = path;
    if (start == std::string_view("SQLite format 3\0", 16)) {
        TRANCHAIN_TRY(opened.store, Store::open(path, Open::read));
    } else {
        TRANCHAIN_TRY(opened.bundle, Bundle::read(path));
    }
    return opened;
}

void bind_copy(Setup& s, CopyOptions& o)
{
    s.positional("FILE", o.file, "a database or a bundle; otherwise the one of -C").file();
    s.option("--against", o.against, "CHECKPOINT", "a checkpoint this copy must contain").file();
    s.as_of(AsOf::block);
}

Result<Opened> open_copy(const CopyOptions& o, const Globals& globals)
{
    std::string path = o.file.value_or("");
    if (!o.file) {
        TRANCHAIN_TRY(path, chain_path(globals));
    }
    TRANCHAIN_TRY(Opened opened, open_any(path));
    TRANCHAIN_TRY(opened.last, height_as_of(opened.source(), globals));
    return opened;
}

Result<VerifyReport> check_copy(Opened& opened,
                                const CopyOptions& o,
                                VerifyOptions options,
                                const char* doing,
                                const Globals& globals)
{
    if (o.against) {
        TRANCHAIN_TRY(const std::string bytes, read_file(*o.against, 1 << 20));
        auto note = Note::parse(bytes);
        if (!note) {
            note.error().where.file = *o.against;
            return tl::make_unexpected(std::move(note.error()));
        }
        options.against = std::move(*note);
    }
    std::vector<std::string> damage;
    if (opened.store) {
        TRANCHAIN_TRY(damage, opened.store->integrity_check());
    }
    std::optional<Progress> progress;
    options.progress = [&](std::int64_t done, std::int64_t all) {
        if (!progress) progress.emplace(doing, static_cast<std::uint64_t>(all), globals);
        progress->at(static_cast<std::uint64_t>(done));
    };
    const DealContract contract(opened.has_rows());
    TRANCHAIN_TRY(VerifyReport report, verify_chain(opened.source(), contract, options));
    if (opened.last)
        report.not_checked.insert(fmt::format("blocks after {}, and what a database keeps beside its "
                                              "blocks: --as-of", *opened.last));
    for (const std::string& d : damage)
        report.findings.push_back(make_finding(finding::bad_database, d));
    return report;
}

Errors problems_of(const VerifyReport& report, const std::string& path)
{
    Errors errors;
    for (const Finding& f : report.findings)
        errors.push_back({Code::answer_no, f.text(), {path}, {}, f.id});
    return errors;
}

void describe(const VerifyReport& r, Answer& answer)
{
    answer.field("chain", "chain", r.chain)
        .field("genesis", "genesis, SHA-256", r.genesis)
        .field("newest", "newest block", r.newest)
        .field("newest_time", "its date", time_text(r.newest_time))
        .field("newest_hash", "its hash", r.newest_hash)
        .field("blocks", "blocks", r.blocks)
        .field("records", "records", r.records)
        .field("executed", "records judged again", r.executed)
        .field("rows", "rows checked", r.rows)
        .field("endorsements", "endorsements", r.endorsements)
        .field("good", "every check holds", r.good());
    // People read the findings as diagnostics.
    Value findings = Value::array();
    for (const Finding& f : r.findings)
        findings.push(Value::object({{"block", f.block < 0 ? Value() : Value(f.block)},
                                     {"id", f.id},
                                     {"record", f.record},
                                     {"row", f.row},
                                     {"field", f.field},
                                     {"message", f.message}}));
    answer.data("findings", std::move(findings));
    answer.data("not_checked", Value::texts({r.not_checked.begin(), r.not_checked.end()}));
    for (const std::string& what : r.not_checked) answer.note("not checked: " + what);
}

} // namespace tranchain
