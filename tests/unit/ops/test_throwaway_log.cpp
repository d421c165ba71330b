#include "ops/drill/throwaway_log.hpp"
#include "support/catch.hpp"

using dbbackup::ops::last_failures;

TEST_CASE("of a throwaway server's log, only the ends of processes are quoted") {
    CHECK(last_failures("").empty());
    CHECK(last_failures("LOG:  starting PostgreSQL 15.20\nERROR:  duplicate key\nDETAIL:  Key "
                        "(email)=(joe@example.com) already exists.\n")
              .empty());
    CHECK(last_failures("LOG:  server process (PID 7) was terminated by signal 9: Killed\nDETAIL:  "
                        "Failed process was running: COPY public.t (a) FROM stdin;\nLOG:  "
                        "terminating any other active server processes\n") ==
          "LOG: server process (PID 7) was terminated by signal 9: Killed");
    CHECK(last_failures("LOG:  checkpointer process (PID 8) exited with exit code 1\nPANIC:  could "
                        "not write to file: No space left on device\n")
              .find("PANIC: could not write") != std::string::npos);
    CHECK(last_failures("FATAL:  one\nFATAL:  two\nFATAL:  three\nFATAL:  four\n").find("one") ==
          std::string::npos);
}
