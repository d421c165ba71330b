// What a failed client's messages become.

#include "ops/client/child_outcome.hpp"
#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>

#include <string>

using namespace dbbackup;

namespace {

class Silence : public ops::Listener {
public:
    void on_warning(const std::string& /*message*/) override {}
    void on_notice(const std::string& /*message*/) override {}
    void on_detail(const std::string& /*message*/) override {}
    void on_progress(const ops::Progress& /*progress*/) override {}
};

std::string message_of(const std::string& said) {
    Silence listener;
    try {
        (void)ops::require_success("pg_dump", sys::ExitStatus{.exit_code = 1}, said,
                                   {.listener = listener});
    } catch (const base::Error& error) {
        return base::without_marks(error.what());
    }
    return "no error";
}

} // namespace

TEST_CASE("the query of a failed client is shown in full if it is short") {
    CHECK(
        message_of("pg_dump: error: query failed: ERROR:  canceled\n"
                   "pg_dump: detail: Query was: LOCK TABLE public.orders IN ACCESS SHARE MODE\n") ==
        "pg_dump failed with exit status 1: pg_dump: error: query failed: ERROR: canceled; "
        "pg_dump: detail: Query was: LOCK TABLE public.orders IN ACCESS SHARE MODE");
}

TEST_CASE("the query of a failed client that names every table is cut, the error is not") {
    std::string query = "pg_dump: detail: Query was: LOCK TABLE ";
    for (int table = 0; table < 1000; ++table) {
        query += "public.t" + std::to_string(table) + ", ";
    }
    const std::string reason(500, 'r');
    const std::string message =
        message_of("pg_dump: error: " + reason + "\nHINT:  Do it.\n" + query + "IN SHARE MODE\n");
    CAPTURE(message);
    CHECK(message.find(reason + "; HINT: Do it.; pg_dump: detail: Query was: LOCK TABLE "
                                "public.t0, public.t1, ") != std::string::npos);
    CHECK(message.ends_with(", …"));
    CHECK(message.size() < 850);
}
