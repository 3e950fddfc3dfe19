// tranchain-mpi: `simulate run` on all ranks of mpirun, where mpicxx built it.
//
// Rank r of K runs shard r+1 of K and sends its sums to rank 0, which adds them and prints what one
// process would have printed. A rank that dies ends the run, as MPI has it; shards go on.
// SPDX-License-Identifier: Apache-2.0
#include <mpi.h>

#include <string>
#include <vector>

#include <fmt/core.h>

#include "cmd/cli.hpp"
#include "cmd/diagnostic.hpp"
#include "cmd/outcome.hpp"
#include "cmd/output.hpp"
#include "cmd/simulate_chunks.hpp"
#include "cmd/simulate_prepare.hpp"
#include "cmd/simulate_show.hpp"
#include "cmd/terminal.hpp"
#include "cmd/tree.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t threads_of_rank_max = 256;

struct MpiRunOptions {
    std::string plan;
    std::int64_t threads = 1;
};

class Ranks {
public:
    Ranks(int* argc, char*** argv)
    {
        MPI_Init(argc, argv);
        MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
        MPI_Comm_size(MPI_COMM_WORLD, &size_);
    }
    ~Ranks() { MPI_Finalize(); }
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    [[nodiscard]] int rank() const { return rank_; }
    [[nodiscard]] int size() const { return size_; }
    [[nodiscard]] bool is_first() const { return rank_ == 0; }

    /// What every rank says, in the order of ranks; empty but at rank 0. All ranks must call it.
    [[nodiscard]] std::vector<std::string> gather(const std::string& text) const
    {
        const int length = static_cast<int>(text.size());
        std::vector<int> lengths(static_cast<std::size_t>(size_));
        MPI_Gather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, 0, MPI_COMM_WORLD);
        std::vector<int> starts;
        int end = 0;
        for (const int n : lengths) {
            starts.push_back(end);
            end += n;
        }
        std::string all(static_cast<std::size_t>(end), '\0');
        MPI_Gatherv(text.data(), length, MPI_CHAR, all.data(), lengths.data(), starts.data(),
                    MPI_CHAR, 0, MPI_COMM_WORLD);
        std::vector<std::string> out;
        for (std::size_t i = 0; is_first() && i < lengths.size(); ++i) {
            out.push_back(all.substr(static_cast<std::size_t>(starts[i]),
                                     static_cast<std::size_t>(lengths[i])));
        }
        return out;
    }

private:
    int rank_ = 0, size_ = 1;
};

/// A rank's share of a simulation; its own words are the head of a part, and its sums.
struct Share {
    std::string head;
    SimulationSums sums;
};

Checked<Share> run_share(const PreparedSimulation& p, const Ranks& ranks, std::int64_t threads,
                         const Globals& globals)
{
    const auto [first, end] = shard_chunks(p.plan.chunks(), ranks.rank() + 1, ranks.size());
    std::vector<std::int64_t> chunks;
    for (std::int64_t i = first; i < end; ++i) chunks.push_back(i);
    Share share{part_head(p.what), {}};
    share.sums.tranches.resize(p.what.tranches.size());
    share.sums.triggers.resize(p.what.triggers.size());
    const auto ran = run_chunks(p.plan, p.input, chunks, threads, globals,
                                [&](std::int64_t, const SimulationSums& sums) -> Result<> {
                                    share.sums.add(sums);
                                    return {};
                                });
    if (!ran) return tl::make_unexpected(Errors{ran.error()});
    return share;
}

/// First letter: whether the rest is a share or what went wrong.
std::string message_of(const Checked<Share>& share)
{
    if (share) return '+' + share->head + sums_json(share->sums).canonical();
    return '-' + share.error().front().message;
}

/// What every rank found, put together at rank 0.
Checked<SimulationSums> add_up(const std::vector<std::string>& messages, const PreparedSimulation& p)
{
    SimulationSums all;
    Errors wrong;
    const std::string head = part_head(p.what);
    for (std::size_t rank = 0; rank < messages.size(); ++rank) {
        const std::string_view message = messages[rank];
        const auto refuse = [&](std::string_view why) {
            wrong.push_back({Code::invalid_input, fmt::format("rank {}: {}", rank, why), {}, {}});
        };
        if (!message.starts_with('+')) {
            refuse(message.empty() ? message : message.substr(1));
            continue;
        }
        if (!message.substr(1).starts_with(head)) {
            refuse("it ran another plan, or another version of the program");
            continue;
        }
        const auto json = parse_canonical(message.substr(1 + head.size()));
        auto sums = json ? read_sums(*json, p.what.tranches.size(), p.what.triggers.size())
                         : Result<SimulationSums>(tl::make_unexpected(json.error()));
        if (sums) all.add(*sums);
        else refuse(sums.error().message);
    }
    if (wrong.empty() && all.paths != p.plan.paths) {
        wrong.push_back({Code::invalid_input,
                         fmt::format("the ranks ran {} paths of {}", all.paths, p.plan.paths), {}, {}});
    }
    if (!wrong.empty()) return tl::make_unexpected(std::move(wrong));
    return all;
}

Outcome run_on(const Ranks& ranks, const MpiRunOptions& o, Globals globals, Output& out)
{
    if (o.threads < 1 || o.threads > threads_of_rank_max) {
        return Error{Code::usage, fmt::format("--threads is 1 to {}", threads_of_rank_max), {}, {}};
    }
    if (!ranks.is_first()) globals.quiet = true;
    const auto prepared = prepare_simulation(o.plan);
    const auto share = prepared ? run_share(*prepared, ranks, o.threads, globals)
                                : Checked<Share>(tl::make_unexpected(prepared.error()));
    const auto messages = ranks.gather(message_of(share));
    if (!ranks.is_first()) return {};
    if (!share) return share.error();
    const auto sums = add_up(messages, *prepared);
    if (!sums) return sums.error();
    return out.write(simulation_answer(prepared->what, *sums));
}

int run_rank(const Ranks& ranks, const std::vector<std::string>& words)
{
    set_character_type();
    Tree tree;
    tree.noun("simulate", "run a plan of 'tranchain simulate plan' on all ranks of mpirun");
    tree.add<MpiRunOptions>(
        "simulate", "run", "run a plan",
        [&](const MpiRunOptions& o, const Globals& globals, Output& out) {
            return run_on(ranks, o, globals, out);
        },
        [](Setup& s, MpiRunOptions& o) {
            s.positional("PLAN", o.plan, "what 'tranchain simulate plan' wrote").file();
            s.option("--threads", o.threads, "N", "of each rank");
        });
    Globals globals;
    globals.pager = false; // mpirun gives its ranks a terminal that nobody sits at
    globals.color = ColorMode::never;
    const auto parsed = parse_command_line(tree, words, globals);
    const auto finish = [&](const Errors& problems) {
        if (!ranks.is_first()) return 0;
        report(problems, globals);
        return exit_status(problems);
    };
    if (!parsed) return finish(parsed.error());
    Output out(globals);
    if (parsed->command == nullptr) {
        return finish(ranks.is_first() ? Outcome(out.write_raw(parsed->text)).problems() : Errors{});
    }
    return finish(parsed->command->run(globals, out).problems());
}

} // namespace

} // namespace tranchain

int main(int argc, char** argv)
{
    const tranchain::Ranks ranks(&argc, &argv);
    return tranchain::run_rank(ranks,
                               std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
