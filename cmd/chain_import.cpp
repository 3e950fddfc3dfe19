// Importing: files of other members, verified and taken over.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/chain_read.hpp"

#include <filesystem>

#include "cmd/on_notice.hpp"
#include "cmd/output.hpp"
#include "cmd/replica.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

struct ImportOptions {
    std::vector<std::string> files;
    std::optional<std::string> on_notice;
};

/// Takes files over one by one, with one opened database for all of them.
class Importer {
public:
    explicit Importer(const Globals& globals) : globals_(globals) {}

    Result<> file(const std::string& path)
    {
        TRANCHAIN_TRY(const std::string bytes, read_file(path, bundle_limit));
        if (bytes.rfind("tranchain/submission/v1\n", 0) == 0) return submission(path, bytes);
        return bundle(path, bytes);
    }
    /// Once all files are in.
    Result<> tell(const std::optional<std::string>& command, Output& out)
    {
        return desk_ ? tell_notices(command, *desk_->replica, seen_, out) : Result<>();
    }
    Imported sum;

private:
    Result<> submission(const std::string& path, const std::string& bytes)
    {
        TRANCHAIN_TRY(const SubmissionFile s, one(SubmissionFile::parse(bytes, path)));
        TRANCHAIN_DO(open());
        TRANCHAIN_DO((*desk_)->take(s.signed_record, s.with_rows ? &s.rows : nullptr));
        ++sum.submissions;
        return {};
    }

    Result<> bundle(const std::string& path, const std::string& bytes)
    {
        TRANCHAIN_TRY(const Bundle bundle, Bundle::parse(bytes, path));
        TRANCHAIN_TRY(const bool fresh, open_for(bundle));
        auto imported = import_bundle(*desk_->replica, bundle);
        if (imported && newcomer_ && !(*desk_)->state().members.by_key(*newcomer_))
            imported = fail(Code::denied,
                            "the key is not a member of '" + (*desk_)->chain() + "'", {},
                            "the bundle must reach the block after which it is one");
        if (!imported) {
            desk_.reset();
            if (fresh) remove_database(globals_.chain);
            if (imported.error().where.file.empty()) imported.error().where.file = path;
            return tl::make_unexpected(std::move(imported.error()));
        }
        for (;;) {
            TRANCHAIN_TRY(const auto done, (*desk_)->finish());
            if (!done) break;
            ++sum.blocks;
        }
        sum.blocks += imported->blocks;
        sum.answers += imported->answers;
        sum.submissions += imported->submissions;
        sum.endorsements += imported->endorsements;
        sum.notices.insert(sum.notices.end(), imported->notices.begin(), imported->notices.end());
        return {};
    }

    Result<> open()
    {
        if (desk_) return {};
        TRANCHAIN_TRY(Desk desk, open_desk(globals_, Open::write, NeedKey::no));
        desk_.emplace(std::move(desk));
        seen_ = (*desk_)->tip();
        return {};
    }
    /// True if a database was made, for a bundle that starts a chain here.
    Result<bool> open_for(const Bundle& bundle)
    {
        TRANCHAIN_TRY(const std::string path, chain_path(globals_));
        std::error_code ec;
        if (desk_ || std::filesystem::exists(path, ec)) {
            TRANCHAIN_DO(open());
            return false;
        }
        TRANCHAIN_TRY(const Genesis genesis, bundle_genesis(bundle));
        TRANCHAIN_TRY(auto signer, open_signer(globals_, NeedKey::no));
        // The key of a newcomer is none of genesis: the blocks of the bundle make it a member's.
        if (signer && !genesis.members.by_key(signer->key.public_key())) {
            newcomer_ = signer->key.public_key();
            signer.reset();
        }
        TRANCHAIN_TRY(Desk desk, new_desk(path, bundle.for_members(), std::move(signer), genesis));
        desk_.emplace(std::move(desk));
        return true;
    }

    const Globals& globals_;
    std::optional<Desk> desk_;
    std::int64_t seen_ = -1; ///< the newest block before
    std::optional<PublicKey> newcomer_;
};

Outcome run_import(const ImportOptions& o, const Globals& globals, Output& out)
{
    if (o.files.empty()) return fail(Code::usage, "no file is given");
    Importer importer(globals);
    for (const std::string& file : o.files)
        if (auto done = importer.file(file); !done) { // what came before it is stored, and told
            static_cast<void>(importer.tell(o.on_notice, out));
            return done;
        }
    const auto told = importer.tell(o.on_notice, out);
    const Imported& sum = importer.sum;
    Answer answer("tranchain.chain.import/1");
    answer.field("blocks", "new final blocks", sum.blocks)
        .field("submissions", "submissions", sum.submissions)
        .field("answers", "answers", sum.answers)
        .field("endorsements", "endorsements", sum.endorsements);
    answer.data("evidence", Value::texts(sum.notices));
    for (const std::string& notice : sum.notices) answer.note("evidence: " + notice);
    if (auto written = out.write(answer); !written) return written;
    if (!sum.notices.empty()) return answer_no();
    return told;
}

} // namespace

void add_chain_import(Tree& tree)
{
    tree.add<ImportOptions>("chain", "import", "verify files of other members and take them over",
                            run_import, [](Setup& s, ImportOptions& o) {
                                s.positional("FILE", o.files, "bundles or submissions").file();
                                bind_on_notice(s, o.on_notice);
                            });
}

} // namespace tranchain
