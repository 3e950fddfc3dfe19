// The one test binary: runs every suite and every golden case, and ends with the line CI reads.
//
// With TRANCHAIN_JOBS=n, n processes walk the same tests and each takes the next that none has taken;
// what a process printed is shown when it ends.
// SPDX-License-Identifier: Apache-2.0
#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_ALTERNATIVE_INIT_API
#include <boost/test/results_collector.hpp>
#include <boost/test/tree/traverse.hpp>
#include <boost/test/tree/visitor.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "tests/golden.hpp"
#include "tests/seed.hpp"

namespace but = boost::unit_test;

namespace {

constexpr std::size_t most_tests = 16'384;
constexpr unsigned long most_jobs = 64;

struct Counts {
    unsigned long passed, failed;
};

/// What the processes share.
struct Board {
    std::atomic<bool> taken[most_tests];
    Counts counts[most_jobs];
};

but::test_unit_id whole_tree = but::INV_TEST_UNIT_ID;
Board* board = nullptr; // of several processes only

class Claims : public but::test_tree_visitor {
    void visit(const but::test_case& one) override
    {
        const std::size_t at = next_++;
        if (at >= most_tests) std::abort();
        but::framework::get<but::test_case>(one.p_id).add_precondition([at](but::test_unit_id) {
            return boost::test_tools::assertion_result(!board->taken[at].exchange(true));
        });
    }
    std::size_t next_ = 0;
};

bool start()
{
    but::framework::master_test_suite().p_name.value = "tranchain";
    whole_tree = but::framework::master_test_suite().p_id;
    tranchain::golden::register_cases("tests/golden");
    Claims claims;
    if (board != nullptr) but::traverse_test_tree(whole_tree, claims, true);
    return true;
}

int run_tests(int argc, char** argv, Counts& counts)
{
    const int status = but::unit_test_main(&start, argc, argv);
    std::fflush(nullptr);
    const auto& all = but::results_collector.results(whole_tree);
    counts = {all.p_test_cases_passed + all.p_test_cases_warned, all.p_test_cases_failed};
    return status;
}

void copy_to_output(int file)
{
    ::lseek(file, 0, SEEK_SET);
    char part[65'536];
    for (ssize_t n = 0; (n = ::read(file, part, sizeof part)) > 0;)
        std::fwrite(part, 1, static_cast<std::size_t>(n), stdout);
    std::fflush(stdout);
    ::close(file);
}

/// One process for each job, its output in an unnamed file. A process that dies is one failure.
int run_jobs(unsigned long jobs, int argc, char** argv, Counts& counts)
{
    board = static_cast<Board*>(::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    if (board == MAP_FAILED) std::abort();
    std::vector<std::pair<pid_t, int>> running;
    for (unsigned long i = 0; i < jobs; ++i) {
        const int output = ::open("/tmp", O_TMPFILE | O_RDWR, 0600);
        const pid_t child = ::fork();
        if (output < 0 || child < 0) std::abort();
        if (child == 0) {
            ::dup2(output, STDOUT_FILENO);
            ::dup2(output, STDERR_FILENO);
            std::exit(run_tests(argc, argv, board->counts[i]));
        }
        running.emplace_back(child, output);
    }
    int worst = 0;
    for (unsigned long i = 0; i < jobs; ++i) {
        int status = 0;
        ::waitpid(running[i].first, &status, 0);
        copy_to_output(running[i].second);
        Counts one = board->counts[i];
        if (WIFSIGNALED(status) || (WEXITSTATUS(status) != 0 && one.failed == 0)) {
            std::printf("a test process ended with status %d, its tests are not counted\n", status);
            ++one.failed;
        }
        counts.passed += one.passed;
        counts.failed += one.failed;
        worst = std::max(worst, WIFEXITED(status) ? WEXITSTATUS(status) : 1);
    }
    return worst;
}

}  // namespace

int main(int argc, char** argv)
{
    if (std::getenv("TRANCHAIN_TORTURE") != nullptr)
        std::printf("seed %llu, long tests %llu times\n",
                    static_cast<unsigned long long>(tranchain::test_seed()),
                    static_cast<unsigned long long>(tranchain::test_torture()));
    std::fflush(stdout);
    const auto jobs = std::min<std::uint64_t>(tranchain::environment_number("TRANCHAIN_JOBS"), most_jobs);
    Counts counts{0, 0};
    const int status = jobs > 1 ? run_jobs(jobs, argc, argv, counts)
                                : run_tests(argc, argv, counts);
    if (counts.failed > 0)
        std::printf("the seed was %llu: TRANCHAIN_SEED chooses another\n",
                    static_cast<unsigned long long>(tranchain::test_seed()));
    const bool has_run = counts.passed + counts.failed > 0;  // not so with --list_content and the like
    if (has_run) { std::printf("%lu passed, %lu failed\n", counts.passed, counts.failed); }
    return status;
}
