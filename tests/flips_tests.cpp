// Flips: every byte of every canonical string of a 6-block chain, changed, is seen by the verifier
// of that string alone; and what a verifier of the whole chain says about headers and bodies.
//
// A line of a note under an unknown name or key id is ignored, as the format of notes asks; so a
// changed note may also be read as one with fewer endorsements.
// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "chain/proof.hpp"
#include "chain/verify.hpp"
#include "data/tape.hpp"
#include "tests/alliance_fixture.hpp"
#include "waterfall/generate.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(flips_tests, *boost::unit_test::label("slow"))

namespace {

/// Two changes of each byte: the next letter or digit, and another one; ASCII stays ASCII.
constexpr unsigned char masks[] = {0x01, 0x12};

/// Positions whose change `sound` does not notice.
std::size_t unnoticed(const std::string& bytes, const std::function<bool(const std::string&)>& sound,
                      std::size_t step = 1, std::size_t changes = 2)
{
    BOOST_TEST(sound(bytes));
    std::size_t count = 0;
    std::string changed = bytes;
    for (std::size_t i = 0; i < bytes.size(); i += step) {
        for (std::size_t k = 0; k < changes; ++k) {
            const unsigned char mask = masks[k];
            changed[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ mask);
            if (!sound(changed)) continue;
            if (++count <= 5)
                BOOST_TEST_MESSAGE("byte " << i << " '" << bytes[i] << "' as '" << changed[i]
                                           << "' is not noticed: " << bytes.substr(i < 40 ? 0 : i - 40, 80));
        }
        changed[i] = bytes[i];
    }
    return count;
}

struct SixBlocks {
    SixBlocks()
    {
        a.grow(6);
        a.submit(a.record(2, "statement", 1, {41, 42}));
        a.ask();
        a.submit(a.record(3, "statement", 1, {51, 52}));   // waits for a later block
        for (std::int64_t h = 0; h < 6; ++h) blocks.push_back(**a.at(0).store().block(h));
        for (const StoredBlock& b : blocks) headers.push_back(b.header);
        chain = a.at(0).chain();
    }
    [[nodiscard]] const MemberSet& members() { return a.at(0).state().members; }

    [[nodiscard]] bool header_sound(std::size_t h, const std::string& bytes)
    {
        std::vector<std::string> changed = headers;
        changed[h] = bytes;
        const auto checkpoint = Checkpoint::parse(blocks.back().checkpoint.text);
        return Header::parse(bytes) && log_root(changed) == checkpoint->root;
    }
    [[nodiscard]] bool note_sound(std::size_t h, const std::string& bytes)
    {
        const auto note = Note::parse(bytes);
        if (!note) return false;
        const std::vector<std::string> first(headers.begin(),
                                             headers.begin() + static_cast<std::ptrdiff_t>(h) + 1);
        const Checkpoint wanted{chain, h + 1, log_root(first)};
        if (note->text != wanted.text()) return false;
        if (!check_endorsements(*note, chain, 1, members(), members().quorum()).empty())
            return false;
        std::size_t good = count_endorsements(*note, chain, members());
        for (const NoteLine& line : note->lines)
            if (verify_log_line(line, chain, a.log_key->public_key(), note->text)) ++good;
        return good == members().size() + 1;
    }
    [[nodiscard]] bool record_sound(const std::string& line)
    {
        const auto record = SignedRecord::parse(line);
        return record && check_signatures(*record, members()).empty();
    }
    [[nodiscard]] bool answer_sound(const std::string& bytes)
    {
        const auto answer = ReadyAnswer::parse(bytes);
        const Member* m = answer ? members().find(answer->member) : nullptr;
        return m && answer->chain == chain && answer->verify(m->key);
    }

    Alliance a;
    std::string chain;
    std::vector<StoredBlock> blocks;
    std::vector<std::string> headers;
};

/// The bundle, judged part by part; parts that are as they were are known to be good.
bool bundle_sound(SixBlocks& six, const Bundle& as_it_was, const std::string& bytes)
{
    const auto b = Bundle::parse(bytes, "flipped.tcb");
    if (!b || b->chain != six.chain || !six.members().find(b->to)) return false;
    for (const auto& [h, block] : b->blocks) {
        const StoredBlock& old = as_it_was.blocks.at(h);
        const auto at = static_cast<std::size_t>(h);
        if (block.header != old.header && !six.header_sound(at, block.header)) return false;
        if (block.body != old.body && !check_body(*Header::parse(old.header), block.body).empty())
            return false;
        if (!(block.checkpoint == old.checkpoint) && !six.note_sound(at, block.checkpoint.str()))
            return false;
    }
    if (b->proposal->header != as_it_was.proposal->header ||
        b->proposal->body != as_it_was.proposal->body) {
        const auto header = Header::parse(b->proposal->header);
        if (!header || !check_body(*header, b->proposal->body).empty()) return false;
        if (count_ready(b->answers, six.chain, 1, header->height, header->attempt, header->hash(),
                        six.members()) < six.members().quorum())
            return false;
    }
    for (std::size_t i = 0; i < b->answers.size(); ++i)
        if (!(b->answers[i] == as_it_was.answers[i]) && !six.answer_sound(b->answers[i].canonical()))
            return false;
    for (const SubmissionFile& s : b->submissions)
        if (!check_signatures(s.signed_record, six.members()).empty() ||
            !CountingSession::keys_hold(s.rows))
            return false;
    std::map<std::string, Record> owners;
    const auto add = [&owners](const std::string& body) {
        const std::vector<SignedRecord> records = parse_body(body).value();
        for (const SignedRecord& r : records) owners.emplace(hex(r.record.hash()), r.record);
    };
    for (const auto& [h, block] : as_it_was.blocks) add(block.body);
    add(as_it_was.proposal->body);
    for (const auto& [hash, rows] : b->rows) {
        if (!owners.count(hash) || !check_rows(owners.at(hash), rows).empty()) return false;
        if (!CountingSession::keys_hold(rows)) return false;
    }
    return true;
}

}  // namespace

BOOST_AUTO_TEST_CASE(headers_records_and_answers)
{
    SixBlocks six;
    for (std::size_t h = 0; h < 6; ++h) {
        BOOST_TEST(unnoticed(six.headers[h], [&](const std::string& bytes) {
            return six.header_sound(h, bytes);
        }) == 0u);
        const Header header = *Header::parse(six.headers[h]);
        BOOST_TEST(unnoticed(six.blocks[h].body, [&](const std::string& bytes) {
            return check_body(header, bytes).empty();
        }) == 0u);
        if (h == 0) continue;
        const std::string line = six.blocks[h].body.substr(0, six.blocks[h].body.size() - 1);
        BOOST_TEST(unnoticed(line, [&](const std::string& bytes) {
            return six.record_sound(bytes);
        }) == 0u);
    }
    const StoredBlock& genesis = six.blocks.front();
    const auto genesis_sound = [&](const std::string& header, const std::string& body) {
        const auto o = judge_genesis({1, 0, 1, sha256(header), header, body});
        return o && o->verdict == Stance::ready && parse_body(body) &&
               ChainState::parse(o->state.chain)->chain == six.chain;
    };
    BOOST_TEST(unnoticed(genesis.body, [&](const std::string& bytes) {
        return genesis_sound(genesis.header, bytes);
    }) == 0u);
    const std::vector<ReadyAnswer> answers = six.a.at(0).store().answers(6).value();
    BOOST_TEST(answers.size() == 4u);
    for (const ReadyAnswer& answer : answers)
        BOOST_TEST(unnoticed(answer.canonical(), [&](const std::string& bytes) {
            return six.answer_sound(bytes);
        }) == 0u);
    const StoredState state = *six.a.at(0).store().state();
    const Hash stated = Header::parse(six.headers.back())->state;
    BOOST_TEST(unnoticed(state.chain, [&](const std::string& bytes) {
        const auto s = ChainState::parse(bytes);
        return s && s->hash() == stated;
    }) == 0u);
}

BOOST_AUTO_TEST_CASE(notes)
{
    SixBlocks six;
    for (std::size_t h = 0; h < 6; ++h)
        BOOST_TEST(unnoticed(six.blocks[h].checkpoint.str(), [&](const std::string& bytes) {
            return six.note_sound(h, bytes);
        }) == 0u);
}

BOOST_AUTO_TEST_CASE(rows_of_a_tape)
{
    SampleTerms terms;
    terms.receivables = 40;
    terms.price = Money::fen(3'000'000'000);
    const SampleWorld world(1, terms);
    Tape tape;
    tape.columns = sample_tape_columns();
    tape.receivables.assign(world.opening().begin(), world.opening().begin() + 4);
    const std::vector<Row> rows = to_rows(tape, seeded_random("flips"));
    const Hash root = rows_root(rows);
    for (std::size_t i = 0; i < rows.size(); ++i)
        BOOST_TEST(unnoticed(row_to_json(rows[i]).canonical(), [&](const std::string& bytes) {
            const auto json = parse_canonical(bytes);
            if (!json) return false;
            auto row = row_from_json(*json, "flipped");
            if (!row || !from_row(*row)) return false;
            std::vector<Row> changed = rows;
            changed[i] = std::move(*row);
            for (std::size_t k = 1; k < changed.size(); ++k)
                if (!(changed[k - 1].key < changed[k].key)) return false;
            return rows_root(changed) == root;
        }) == 0u);
}

BOOST_AUTO_TEST_CASE(bundle)
{
    SixBlocks six;
    // Blocks 0 to 3 have entries of the same kinds, and all their strings were judged above.
    const Bundle b = *export_bundle(six.a.at(0), "custodian", 4);
    BOOST_TEST(b.rows.size() == 2u);
    BOOST_TEST(b.submissions.size() == 2u);
    BOOST_TEST(unnoticed(b.str(), [&](const std::string& bytes) {
        return bundle_sound(six, b, bytes);
    }, 1, 1) == 0u);
}

BOOST_AUTO_TEST_CASE(whole_chain_says_so)
{
    SixBlocks six;
    const ChainSource sound = source_of(six.a.at(0).store());
    for (std::size_t h = 0; h < 6; ++h) {
        const auto verified = [&](const StoredBlock& changed) {
            ChainSource source = sound;
            source.block = [&](std::int64_t at) -> Result<std::optional<StoredBlock>> {
                return at == changed.height ? changed : six.blocks[static_cast<std::size_t>(at)];
            };
            const auto report = verify_chain(source, six.a.contract, {});
            return report && report->good();
        };
        BOOST_TEST(unnoticed(six.blocks[h].header, [&](const std::string& bytes) {
            StoredBlock block = six.blocks[h];
            block.header = bytes;
            return verified(block);
        }, 97) == 0u);
        BOOST_TEST(unnoticed(six.blocks[h].body, [&](const std::string& bytes) {
            StoredBlock block = six.blocks[h];
            block.body = bytes;
            return verified(block);
        }, 97) == 0u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
