// The one test binary: runs every suite and every golden case, and ends with the line CI reads.
// SPDX-License-Identifier: Apache-2.0
#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_ALTERNATIVE_INIT_API
#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdio>

#include "tests/golden.hpp"
#include "tests/seed.hpp"

namespace but = boost::unit_test;

namespace {

but::test_unit_id whole_tree = but::INV_TEST_UNIT_ID;

bool start()
{
    but::framework::master_test_suite().p_name.value = "tranchain";
    whole_tree = but::framework::master_test_suite().p_id;
    tranchain::golden::register_cases("tests/golden");
    return true;
}

}  // namespace

int main(int argc, char** argv)
{
    if (std::getenv("TRANCHAIN_TORTURE") != nullptr)
        std::printf("seed %llu, long tests %llu times\n",
                    static_cast<unsigned long long>(tranchain::test_seed()),
                    static_cast<unsigned long long>(tranchain::test_torture()));
    std::fflush(stdout);
    const int status = but::unit_test_main(&start, argc, argv);
    std::fflush(stderr);
    const auto& all = but::results_collector.results(whole_tree);
    const unsigned long passed = all.p_test_cases_passed + all.p_test_cases_warned;
    const unsigned long failed = all.p_test_cases_failed;
    if (failed > 0)
        std::printf("the seed was %llu: TRANCHAIN_SEED chooses another\n",
                    static_cast<unsigned long long>(tranchain::test_seed()));
    const bool has_run = passed + failed > 0;  // not so with --list_content and the like
    if (has_run) { std::printf("%lu passed, %lu failed\n", passed, failed); }
    return status;
}
