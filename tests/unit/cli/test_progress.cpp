#include "cli/terminal/console.hpp"
#include "support/catch.hpp"

using namespace dbbackup;
using namespace std::chrono_literals;
using ops::Progress;

namespace {

Progress dumping(std::uint64_t bytes, std::uint64_t estimated, std::chrono::milliseconds elapsed,
                 const std::string& table = {}) {
    return {.phase = Progress::Phase::dumping,
            .bytes = bytes,
            .estimated_bytes = estimated,
            .rows = 0,
            .table = table,
            .elapsed = elapsed};
}

constexpr std::uint64_t k_mib = 1U << 20U;

} // namespace

TEST_CASE("progress shows percent, size, rate, time left and table, as far as known") {
    const std::vector<std::pair<Progress, std::string>> cases{
        {dumping(0, 0, 0ms), "dumping"},
        {dumping(0, 100, 4900ms), "dumping"},
        {dumping(k_mib, 0, 100ms), "1.0 MiB"},
        {dumping(k_mib, 0, 2s), "1.0 MiB, 512 KiB/s"},
        {dumping(k_mib, 2 * k_mib, 100ms), "50 %, 1.0 MiB"},
        {dumping(210 * k_mib, 500 * k_mib, 2s, "public.orders"),
         "42 %, 210 MiB, 105 MiB/s, 2.8 s left, public.orders"},
        // It is only an estimate: never 100 % while there is more.
        {dumping(700 * k_mib, 500 * k_mib, 2s), "99 %, 700 MiB, 350 MiB/s"},
        {dumping(k_mib, 0, 100ms, "a\nb\x1b[2J"), "1.0 MiB, a\\nb\\x1B[2J"},
    };
    for (const auto& [progress, expected] : cases) {
        CHECK(cli::format_progress(progress) == expected);
    }
}

TEST_CASE("a long silence and the other phases have their own texts") {
    const std::string waiting = cli::format_progress(dumping(0, 0, 65s));
    CHECK(waiting.find("waiting for pg_dump's first data for 1 min 5 s") == 0);
    CHECK(waiting.find("--lock-wait-timeout") != std::string::npos);
    Progress progress = dumping(k_mib, 2 * k_mib, 100ms);
    progress.phase = Progress::Phase::reading_back;
    CHECK(cli::format_progress(progress) == "reading the archive back: 50 %, 1.0 MiB");
    progress.bytes = 0;
    progress.elapsed = 65s; // pg_restore waits for no lock
    CHECK(cli::format_progress(progress) == "reading the archive back");
    progress.phase = Progress::Phase::finishing;
    CHECK(cli::format_progress(progress) == "writing to disk");
}
