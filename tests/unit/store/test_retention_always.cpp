// What prune keeps under all rules, and the dumps that do not count.

#include "retention_dumps.hpp"
#include "support/catch.hpp"

using namespace dbbackup;
using namespace dbbackup::test;
using store::RetentionPolicy;
using Texts = std::vector<std::string>;

namespace {

RetentionPolicy last(unsigned count) {
    RetentionPolicy policy;
    policy.last = count;
    return policy;
}

RetentionPolicy daily(unsigned count) {
    RetentionPolicy policy;
    policy.daily = count;
    return policy;
}

/// By a rule that keeps none of the dumps here by itself.
Texts decide(const std::vector<DumpCase>& dumps) {
    RetentionPolicy policy;
    policy.within = base::parse_calendar_span("1h");
    return test::decide(dumps, policy);
}

} // namespace

TEST_CASE("the newest, the newest verified and the newest proven dump always stay") {
    CHECK(decide({DumpCase{"2026-01-07"}, DumpCase{"2026-01-06"},
                  DumpCase{"2026-01-05"}.checked("read"), DumpCase{"2026-01-04"}.checked("read"),
                  DumpCase{"2026-01-03"}.checked("restore"),
                  DumpCase{"2026-01-02"}.checked("restore")}) ==
          Texts{"2026-01-07: newest", "2026-01-06:", "2026-01-05: newest_verified",
                "2026-01-04:", "2026-01-03: newest_proven", "2026-01-02:"});
    CHECK(decide({DumpCase{"2026-01-02"}.checked("restore"), DumpCase{"2026-01-01"}}) ==
          Texts{"2026-01-02: newest newest_verified newest_proven", "2026-01-01:"});
}

TEST_CASE("a failed check verifies nothing") {
    CHECK(decide({DumpCase{"2026-01-03"}, DumpCase{"2026-01-02"}.checked("read", "cut").damaged(),
                  DumpCase{"2026-01-01"}.checked("restore")}) ==
          Texts{"2026-01-03: newest", "2026-01-02:", "2026-01-01: newest_verified newest_proven"});
    INFO("nor does one that a later finding refutes");
    CHECK(decide({DumpCase{"2026-01-03"},
                  DumpCase{"2026-01-02"}.checked("restore").checked("read", "cut").damaged(),
                  DumpCase{"2026-01-01"}.checked("restore")}) ==
          Texts{"2026-01-03: newest", "2026-01-02:", "2026-01-01: newest_verified newest_proven"});
}

TEST_CASE("pinned dumps and those that another run uses stay") {
    CHECK(decide({DumpCase{"2026-01-04"}, DumpCase{"2026-01-03"}.pinned(),
                  DumpCase{"2026-01-02"}.held(), DumpCase{"2026-01-01"}.pinned().held()}) ==
          Texts{"2026-01-04: newest", "2026-01-03: pinned", "2026-01-02: held",
                "2026-01-01: held pinned"});
    INFO("they count like any other");
    CHECK(decide({DumpCase{"2026-01-03"}.pinned(), DumpCase{"2026-01-02"}.held(),
                  DumpCase{"2026-01-01"}},
                 last(2)) ==
          Texts{"2026-01-03: pinned newest last", "2026-01-02: held last", "2026-01-01:"});
}

TEST_CASE("dumps that dbbackup may not have written are never touched and do not count") {
    DumpCase other_size{"2026-01-06"};
    other_size.dump.size = 2;
    CHECK(decide({DumpCase{"2026-01-07"}.without_manifest(), other_size, DumpCase{"2026-01-05"},
                  DumpCase{"2026-01-04"},
                  DumpCase{"2026-01-01", "app_2026-01-01T00-00-00-000Z.sql"}.without_manifest(),
                  DumpCase{"2026-01-01", "x"}.without_manifest().held()},
                 last(1)) ==
          Texts{"2026-01-07: foreign", "2026-01-06: foreign", "2026-01-05: newest last",
                "2026-01-04:", "app_2026-01-01T00-00-00-000Z.sql: foreign", "x: foreign held"});
}

TEST_CASE("a dump from the future stays and does not count until its time") {
    CHECK(decide({DumpCase{"2031-01-01"}.checked("restore"), DumpCase{"2026-11-20T12:00:00.001"},
                  DumpCase{"2026-11-20T12:00:00.000"}, DumpCase{"2026-11-19"}.checked("restore"),
                  DumpCase{"2026-11-18"}},
                 last(1), "2026-11-20T12:00") ==
          Texts{"2031-01-01: future", "2026-11-20T12:00:00.001: future",
                "2026-11-20T12:00:00.000: newest last", "2026-11-19: newest_verified newest_proven",
                "2026-11-18:"});
}

TEST_CASE("damaged dumps take no place of sound ones") {
    CHECK(decide({DumpCase{"2026-01-05"}.damaged(), DumpCase{"2026-01-04"}.damaged(),
                  DumpCase{"2026-01-03"}, DumpCase{"2026-01-02"}},
                 last(1)) == Texts{"2026-01-05: newest last", "2026-01-04: last",
                                   "2026-01-03: newest_sound last", "2026-01-02:"});
    CHECK(decide({DumpCase{"2026-01-04"}.damaged(), DumpCase{"2026-01-03"}.damaged(),
                  DumpCase{"2026-01-02"}, DumpCase{"2026-01-01"}}) ==
          Texts{"2026-01-04: newest", "2026-01-03:", "2026-01-02: newest_sound", "2026-01-01:"});
    CHECK(decide({DumpCase{"2026-01-02T05:00"}.damaged(), DumpCase{"2026-01-02T04:00"},
                  DumpCase{"2026-01-02T03:00"}.damaged(), DumpCase{"2026-01-01T05:00"}.damaged(),
                  DumpCase{"2026-01-01T04:00"}, DumpCase{"2025-12-31"}.damaged()},
                 daily(2)) == Texts{"2026-01-02T05:00: newest daily",
                                    "2026-01-02T04:00: newest_sound daily",
                                    "2026-01-02T03:00:", "2026-01-01T05:00: daily",
                                    "2026-01-01T04:00: daily", "2025-12-31:"});
}

TEST_CASE("safety dumps take no place of regular ones, and are deleted after enough newer ones") {
    const auto safety = [](const char* time) { return DumpCase{time}.safety(); };
    CHECK(decide({safety("2026-01-05"), safety("2026-01-04"), DumpCase{"2026-01-03"},
                  DumpCase{"2026-01-02"}},
                 last(1)) == Texts{"2026-01-05: newest last", "2026-01-04: last",
                                   "2026-01-03: newest last", "2026-01-02:"});
    CHECK(decide({DumpCase{"2026-01-05"}, safety("2026-01-04"), DumpCase{"2026-01-03"},
                  safety("2026-01-02"), DumpCase{"2026-01-01"}},
                 last(2)) == Texts{"2026-01-05: newest last", "2026-01-04: last",
                                   "2026-01-03: last", "2026-01-02:", "2026-01-01:"});
    INFO("the newest of each kind stays where a safety dump is the newer");
    CHECK(decide({safety("2026-01-04").checked("restore"), DumpCase{"2026-01-03"},
                  DumpCase{"2026-01-02"}.checked("restore"), DumpCase{"2026-01-01"}}) ==
          Texts{"2026-01-04: newest newest_verified newest_proven", "2026-01-03: newest",
                "2026-01-02: newest_verified newest_proven", "2026-01-01:"});
}

TEST_CASE("the last good dump stays, even a safety dump older than damaged ones") {
    CHECK(decide({DumpCase{"2026-01-03"}.damaged(), DumpCase{"2026-01-02"}.safety(),
                  DumpCase{"2026-01-01"}.safety()}) ==
          Texts{"2026-01-03: newest", "2026-01-02: newest_sound", "2026-01-01:"});
    CHECK(decide({DumpCase{"2026-01-04"}.damaged().safety(), DumpCase{"2026-01-03"}.safety(),
                  DumpCase{"2026-01-02"}.damaged(), DumpCase{"2026-01-01"}}) ==
          Texts{"2026-01-04: newest", "2026-01-03: newest_sound", "2026-01-02: newest",
                "2026-01-01: newest_sound"});
    INFO("where no dump is sound, the newest stays");
    CHECK(decide({DumpCase{"2026-01-02"}.damaged(), DumpCase{"2026-01-01"}.damaged()}) ==
          Texts{"2026-01-02: newest", "2026-01-01:"});
}

TEST_CASE("a dump beside the manifest of another file is foreign, and takes no place") {
    CHECK(test::decide({DumpCase{"2026-01-05", "copy"}.with_manifest_of("app").checked("restore"),
                        DumpCase{"2026-01-04"},
                        DumpCase{"2026-01-03", "case"}.with_manifest_of("Case").pinned(),
                        DumpCase{"2026-01-02"}.checked("restore"), DumpCase{"2026-01-01"}},
                       last(1)) ==
          Texts{"copy: foreign", "2026-01-04: newest last", "case: foreign",
                "2026-01-02: newest_verified newest_proven", "2026-01-01:"});
    CHECK(find_foreign(DumpCase{"2026-01-05", "copy"}.with_manifest_of("a\x1b").dump) ==
          "its manifest is of 'a\\x1B'");
    CHECK(find_foreign(DumpCase{"2026-01-05"}.of_another_user().dump) ==
          "it belongs to user 'mallory' (uid 1001)");
    CHECK(find_foreign(DumpCase{"2026-01-05"}.damaged().dump) == std::nullopt);
}

TEST_CASE("other users' dumps stay and take no place, whatever they claim") {
    CHECK(test::decide(
              {DumpCase{"2026-01-01"}, DumpCase{"2026-01-02"}.pinned(), DumpCase{"2026-01-03"},
               DumpCase{"2026-01-04"}.pinned().checked("restore").of_another_user(),
               DumpCase{"2026-01-05"}.of_another_user(), DumpCase{"2031-01-01"}.of_another_user()},
              last(1)) == Texts{"2026-01-01:", "2026-01-02: pinned", "2026-01-03: newest last",
                                "2026-01-04: foreign", "2026-01-05: foreign",
                                "2031-01-01: foreign"});
}

TEST_CASE("what may be the last of a lost database stays, and takes its place as before") {
    RetentionPolicy policy;
    policy.last = 1;
    CHECK(test::decide({DumpCase{"2026-01-03"}.after_loss(), DumpCase{"2026-01-02"}.after_loss(),
                        DumpCase{"2026-01-02"}.of("other"), DumpCase{"2026-01-01"}.of("other")},
                       policy) == Texts{"2026-01-03: held_after_loss newest last",
                                        "2026-01-02: held_after_loss", "2026-01-02: newest last",
                                        "2026-01-01:"});
}
