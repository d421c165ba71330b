#include "status_scene.hpp"
#include "support/catch.hpp"

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;

namespace {

constexpr std::chrono::hours k_day{24};

ops::StatusLimits proven_within(std::chrono::milliseconds age) {
    ops::StatusLimits limits;
    limits.max_proof_age = age;
    return limits;
}

ops::StatusLimits verified_within(std::chrono::milliseconds age) {
    ops::StatusLimits limits;
    limits.max_verify_age = age;
    return limits;
}

ops::StatusLimits accepting_partial() {
    ops::StatusLimits limits;
    limits.partial_dumps = store::PartialDumps::accepted;
    return limits;
}

/// The name of the newest good dump of the only database, or "".
std::string newest(const std::vector<StatusDump>& dumps, const ops::StatusLimits& limits = {}) {
    StatusScene scene{dumps};
    scene.request.limits = limits;
    const auto report = scene.judge();
    REQUIRE(report.databases.size() == 1);
    return report.databases.front().newest ? report.databases.front().newest->dump.name : "";
}

} // namespace

TEST_CASE("status: a dump may be as old as the limit, and no millisecond older") {
    CHECK(kinds({StatusDump{26h}}).empty());
    CHECK(kinds({StatusDump{26h + 1ms}}) == Kinds{"too_old"});
    CHECK(kinds({StatusDump{0h}}).empty());
    ops::StatusLimits limits;
    limits.max_age = 1h;
    CHECK(kinds({StatusDump{1h}}, limits).empty());
    CHECK(kinds({StatusDump{2h}}, limits) == Kinds{"too_old"});
    CHECK(kinds({StatusDump{30h}, StatusDump{1h}, StatusDump{50h}}).empty());
}

TEST_CASE("status: the message for an old dump has both ages, and the hint says what to do") {
    const auto report = StatusScene{{StatusDump{3 * k_day}}}.judge();
    REQUIRE(kinds(report) == Kinds{"too_old"});
    const ops::StatusWarning& warning = report.databases.front().warnings.front();
    CHECK(warning.message == "its newest dump is 3 d old, more than 1 d 2 h");
    CHECK(warning.hint.find("dbbackup dump") != std::string::npos);
    CHECK(warning.hint.find("--database") != std::string::npos);
    CHECK_FALSE(report.is_healthy());
    CHECK_FALSE(report.databases.front().is_healthy());
}

TEST_CASE(
    "status: damaged and safety dumps, parts and dumps from the future are never the newest") {
    const StatusDump good{2h, "good"};
    CHECK(newest({good, StatusDump{1h, "x"}}) == "x");
    CHECK(newest({good, StatusDump{1h, "x"}.damaged()}) == "good");
    CHECK(newest({good, StatusDump{1h, "x"}.safety()}) == "good");
    CHECK(newest({good, StatusDump{-1ms, "x"}}) == "good");
    CHECK(newest({good, StatusDump{0ms, "x"}}) == "x");
    for (const char* option : {"--table=a",
                               "-ta",
                               "-n",
                               "--schema=a",
                               "-N",
                               "--exclude-schema=a",
                               "-T",
                               "--exclude-table=a",
                               "--exclude-table-data=a",
                               "-s",
                               "--schema-only",
                               "-a",
                               "--data-only",
                               "--section=data",
                               "-Os",
                               "-B",
                               "--no-blobs",
                               "--enable-row-security",
                               "-e",
                               "--filter=x",
                               "--exclude-extension=x",
                               "--no-data",
                               "--no-unlogged-table-data"}) {
        INFO(option);
        CHECK(newest({good, StatusDump{1h, "x"}.with({option})}) == "good");
        CHECK(newest({good, StatusDump{1h, "x"}.with({option})}, accepting_partial()) == "x");
    }
    for (const char* option :
         {"--no-owner", "--no-privileges", "-O", "-x", "--lock-wait-timeout=1000", "--clean",
          "--if-exists", "--no-comments", "--role=reader", "-b", "--no-sync"}) {
        INFO(option);
        CHECK(newest({good, StatusDump{1h, "x"}.with({option})}) == "x");
    }
}

TEST_CASE(
    "status: of dumps started at the same time, the one with the greater name is the newest") {
    CHECK(newest({StatusDump{1h, "b"}, StatusDump{1h, "c"}, StatusDump{1h, "a"}}) == "c");
}

TEST_CASE("status: if no dump counts, it says what exists instead") {
    const auto report = StatusScene{
        {StatusDump{1h}.damaged(), StatusDump{1h}.safety(), StatusDump{1h}.with({"-s"}),
         StatusDump{2h}.with({"-a"}),
         StatusDump{-1h}}}.judge();
    REQUIRE(kinds(report) == Kinds{"no_good_dump", "damaged", "(future)"});
    const ops::StatusWarning& warning = report.databases.front().warnings.front();
    CHECK(warning.message == "none of its dumps counts: 1 damaged, 2 of a part of it, 1 taken by "
                             "restore as a safety dump, 1 dated in the future");
    CHECK(warning.hint.find("--accept-partial") != std::string::npos);
    CHECK(report.databases.front().dumps == 5);
    CHECK(kinds({StatusDump{1h}.with({"-s"})}) == Kinds{"no_good_dump"});
    CHECK(kinds({StatusDump{1h}.with({"-s"})}, accepting_partial()).empty());
    CHECK(kinds({StatusDump{1h}.safety()}) == Kinds{"no_good_dump"});
    CHECK(kinds({StatusDump{-1h}}) == Kinds{"no_good_dump", "(future)"});
}

TEST_CASE("status: a damaged dump is unhealthy until there is a newer good one") {
    CHECK(kinds({StatusDump{2h}, StatusDump{1h}.damaged()}) == Kinds{"damaged"});
    CHECK(kinds({StatusDump{1h}, StatusDump{2h}.damaged()}) == Kinds{"(damaged)"});
    CHECK(kinds({StatusDump{2h}, StatusDump{1h}.damaged(), StatusDump{3h}.damaged()}) ==
          Kinds{"damaged", "(damaged)"});
    CHECK(kinds({StatusDump{2h}, StatusDump{1h}.damaged().safety()}) == Kinds{"damaged"});
    CHECK(kinds({StatusDump{1h, "b"}, StatusDump{1h, "c"}.damaged()}) == Kinds{"damaged"});
    CHECK(kinds({StatusDump{1h, "b"}, StatusDump{1h, "a"}.damaged()}) == Kinds{"(damaged)"});
    const auto report =
        StatusScene{{StatusDump{3h}, StatusDump{1h, "new\n"}.damaged(), StatusDump{2h}.damaged()}}
            .judge();
    REQUIRE(kinds(report) == Kinds{"damaged"});
    CHECK(report.databases.front().warnings.front().message ==
          "'new\\n', newer than any good dump, is damaged: found damaged; and 1 more");
    CHECK(StatusScene{{StatusDump{1h}, StatusDump{2h}.damaged()}}.judge().is_healthy());
}

TEST_CASE("status: a dump from the future is reported, and changes nothing else") {
    const auto report =
        StatusScene{{StatusDump{1h}, StatusDump{-k_day, "later"}.damaged()}}.judge();
    REQUIRE(kinds(report) == Kinds{"(future)"});
    CHECK(report.is_healthy());
    CHECK(report.databases.front().warnings.front().message.ends_with(": later"));
}

TEST_CASE("status: a missing proof is reported only if one is required") {
    CHECK(kinds({StatusDump{1h}}).empty());
    CHECK(kinds({StatusDump{1h}}, proven_within(90 * k_day)) == Kinds{"never_proven"});
    CHECK(kinds({StatusDump{1h}}, verified_within(90 * k_day)) == Kinds{"never_verified"});
    const std::vector<StatusDump> dumps{StatusDump{1h},
                                        StatusDump{9 * k_day}.checked("restore", 8 * k_day)};
    CHECK(kinds(dumps, proven_within(8 * k_day)).empty());
    CHECK(kinds(dumps, proven_within(8 * k_day - 1ms)) == Kinds{"proof_too_old"});
    CHECK(kinds(dumps, verified_within(8 * k_day)).empty());
    CHECK(kinds(dumps, verified_within(8 * k_day - 1ms)) == Kinds{"verification_too_old"});
}

TEST_CASE("status: verified is not proven, and a failed check is neither") {
    const auto limits = proven_within(90 * k_day);
    CHECK(kinds({StatusDump{1h}.checked("read", 0h)}, limits) == Kinds{"never_proven"});
    CHECK(kinds({StatusDump{1h}.checked("restore", 0h, "differs")}, limits) ==
          Kinds{"never_proven"});
    CHECK(kinds({StatusDump{1h}.checked("restore", 0h)}, limits).empty());
}

TEST_CASE("status: only the proof of a dump that counts is used, and no proof from the future") {
    const auto limits = proven_within(90 * k_day);
    const StatusDump good{1h};
    CHECK(kinds({good, StatusDump{2h}.checked("restore", 0h).damaged()}, limits) ==
          Kinds{"never_proven", "(damaged)"});
    CHECK(kinds({good, StatusDump{2h}.checked("restore", 0h).safety()}, limits) ==
          Kinds{"never_proven"});
    CHECK(kinds({good, StatusDump{2h}.checked("restore", 0h).with({"-s"})}, limits) ==
          Kinds{"never_proven"});
    CHECK(kinds({StatusDump{1h}.checked("restore", -1ms)}, limits) == Kinds{"never_proven"});
    CHECK(kinds({StatusDump{1h}.checked("read", -1ms)}, verified_within(90 * k_day)) ==
          Kinds{"never_verified"});
    CHECK(kinds({StatusDump{1h}.checked("restore", -1h).checked("restore", 100 * k_day)}, limits) ==
          Kinds{"proof_too_old"});
}

TEST_CASE("status: the last checks are the latest of any dump") {
    const auto report = StatusScene{{StatusDump{1h}.checked("read", 0h),
                                     StatusDump{2 * k_day}.checked("restore", 30h),
                                     StatusDump{3 * k_day}.checked("restore", 40h)}}
                            .judge();
    const ops::DatabaseStatus& database = report.databases.front();
    CHECK(database.last_verified == k_now);
    CHECK(database.last_proven == k_now - 30h);
}

TEST_CASE("status: other users' dumps do not count, and are reported as a note") {
    CHECK(kinds({StatusDump{1h}, StatusDump{2h}.foreign()}) == Kinds{"(foreign)"});
    CHECK(kinds({StatusDump{50h}, StatusDump{1h}.foreign()}) == Kinds{"too_old", "(foreign)"});
    CHECK(kinds({StatusDump{1h}.foreign()}) == Kinds{"no_good_dump", "(foreign)"});
    CHECK(kinds({StatusDump{-1h}.foreign(), StatusDump{1h}.safety().foreign(),
                 StatusDump{1h}.damaged().foreign()}) == Kinds{"no_good_dump", "(foreign)"});
    // Nor are they compared with, or taken for a proof.
    CHECK(kinds({StatusDump{1h}.sized(10), StatusDump{2h}.sized(10'000).foreign()}) ==
          Kinds{"(foreign)"});
    CHECK(kinds({StatusDump{2h}, StatusDump{1h}.checked("restore", 1h).foreign()},
                proven_within(2h)) == Kinds{"never_proven", "(foreign)"});
    const auto report =
        StatusScene{{StatusDump{1h, "good.sql"}, StatusDump{1h, "theirs.sql"}.foreign()}}.judge();
    CHECK(report.databases.front().dumps == 1);
    CHECK(report.databases.front().foreign == 1);
    CHECK(report.databases.front().warnings.front().message ==
          "not counted, because another user owns the dump or its manifest: 'theirs.sql' of user "
          "'mallory' (uid 1001)");
}

TEST_CASE("status: another user's dump without a manifest is not unhealthy") {
    const std::string name = "app_2026-11-20T11-30-00-000Z.sql";
    CHECK(kinds({StatusDump{1h}, StatusDump{1h, name}.foreign().without_manifest()}) ==
          Kinds{"(foreign)"});
    CHECK(kinds({StatusDump{1h, name}.foreign().without_manifest()}) ==
          Kinds{"no_dumps", "(foreign)"});
}
