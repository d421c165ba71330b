// What pg_restore 17 and later says of a server before 17, as it was recorded.

#include "ops/client/timeout_errors.hpp"
#include "support/catch.hpp"

#include <string>

using namespace dbbackup;
using namespace dbbackup::ops;

namespace {

const std::string k_refused =
    "pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "
    "\"transaction_timeout\"\nCommand was: SET transaction_timeout = 0;\n";
/// lc_messages of the server.
const std::string k_refused_in_german =
    "pg_restore: error: could not execute query: FEHLER:  unbekannter Konfigurationsparameter "
    "\"transaction_timeout\"\nCommand was: SET transaction_timeout = 0;\n";
/// Two workers at the same moment.
const std::string k_refused_at_once =
    "pg_restore: error: pg_restore: pg_restore: error: error: could not execute query: ERROR:  "
    "unrecognized "
    "configuration parameter \"transaction_timeout\"\nCommand was: SET transaction_timeout = 0;\n"
    "could not execute query: ERROR:  unrecognized configuration parameter "
    "\"transaction_timeout\"\nCommand was: SET transaction_timeout = 0;\n";
const std::string k_copy_failed =
    "pg_restore: error: COPY failed for table \"d1\": ERROR:  no\nCONTEXT:  COPY d1, line 1\n";
const std::string k_index_failed =
    "pg_restore: error: could not execute query: ERROR:  no\nCommand was: CREATE INDEX i ON t;\n";
const std::string k_fatal = "pg_restore: error: a worker process died unexpectedly\n";

std::string count(int errors) {
    return "pg_restore: warning: errors ignored on restore: " + std::to_string(errors) + "\n";
}

constexpr sys::ExitStatus k_one{.exit_code = 1};

} // namespace

TEST_CASE("only a server before 17 refuses transaction_timeout, of a client from 17 on") {
    CHECK(is_timeout_refused(17, 16));
    CHECK(is_timeout_refused(18, 13));
    CHECK_FALSE(is_timeout_refused(16, 13));
    CHECK_FALSE(is_timeout_refused(17, 17));
    CHECK_FALSE(is_timeout_refused(18, 17));
}

TEST_CASE("pg_restore's count of errors tells that only transaction_timeout was refused") {
    const std::string four = k_refused + k_refused_at_once + k_refused_in_german;
    CHECK(only_timeout_failed(k_one, k_refused + count(1), 1));
    CHECK(only_timeout_failed(k_one, four + count(2), 2));
    CHECK(only_timeout_failed(k_one, four + count(2), 8));
    CHECK(only_timeout_failed(k_one, four + "WARNING:  pg_restore: look\n" + count(2), 8));

    CHECK_FALSE(only_timeout_failed(k_one, k_refused + count(2), 1));
    CHECK_FALSE(only_timeout_failed(k_one, four + count(1), 2));
    CHECK_FALSE(only_timeout_failed(k_one, four + count(3), 2));
    CHECK_FALSE(only_timeout_failed(k_one, four + count(22), 2));
    CHECK_FALSE(only_timeout_failed(k_one, four, 2));
    CHECK_FALSE(only_timeout_failed(k_one, "", 2));
    CHECK_FALSE(only_timeout_failed({.exit_code = 0}, four + count(2), 2));
    CHECK_FALSE(only_timeout_failed({.exit_code = 2}, four + count(2), 2));
    CHECK_FALSE(only_timeout_failed({.exit_code = 0, .signal_number = 9}, four + count(2), 2));
    CHECK_FALSE(only_timeout_failed({.exit_code = 1, .signal_number = 9}, four + count(2), 2));
}

TEST_CASE("no message that the dump forges makes a failed restore a good one") {
    const std::string two = k_refused + k_refused;
    // What a function of the dump may raise, before pg_restore's own words.
    for (const std::string& failed : {k_copy_failed, k_index_failed, k_fatal}) {
        INFO(failed);
        CHECK_FALSE(only_timeout_failed(k_one, two + failed + count(2), 2));
        CHECK_FALSE(only_timeout_failed(k_one, two + count(2) + failed, 2));
        CHECK_FALSE(only_timeout_failed(k_one, two + failed + count(2) + count(3), 2));
    }
    CHECK_FALSE(only_timeout_failed(
        k_one, two + "pg_restore: error: invalid item: could not execute query: \n" + count(2), 2));
    // The text of an error, whose end is always its context, or the end of a line that goes on.
    CHECK_FALSE(
        only_timeout_failed(k_one, two + count(2) + "CONTEXT:  PL/pgSQL function f()\n", 2));
    CHECK_FALSE(only_timeout_failed(k_one, two + count(2) + "pg_restore: terminated", 2));
    CHECK_FALSE(only_timeout_failed(k_one, two + "x " + count(2), 2));
}

TEST_CASE("another error is seen while pg_restore runs, once its line is complete") {
    CHECK_FALSE(shows_other_error(""));
    CHECK_FALSE(shows_other_error(k_refused + k_refused_in_german + k_refused_at_once + count(2)));
    CHECK(shows_other_error(k_refused + k_copy_failed));
    CHECK(shows_other_error(k_index_failed));
    CHECK(shows_other_error(k_refused_at_once + k_fatal));
    CHECK_FALSE(shows_other_error("pg_restore: error: "));
    CHECK_FALSE(shows_other_error(k_refused.substr(0, k_refused.size() - 5)));
}

TEST_CASE("of pg_restore's errors the expected ones are not shown") {
    CHECK(without_timeout_errors(k_refused + k_refused_in_german + k_refused_at_once + count(2),
                                 2) == "");
    CHECK(without_timeout_errors(k_refused + k_copy_failed + k_refused + k_index_failed + count(4),
                                 2) == k_copy_failed + k_index_failed + count(4));
    CHECK(without_timeout_errors("WARNING:  mine\n" + k_refused + count(1), 1) ==
          "WARNING:  mine\n");
}
