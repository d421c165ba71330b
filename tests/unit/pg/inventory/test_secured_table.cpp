#include "pg/inventory/secured_table.hpp"
#include "support/catch.hpp"
#include "unit/pg/parsed.hpp"

#include <string>

using namespace dbbackup::pg;

namespace {

std::string secured(const std::string& sql) {
    const Parsed parsed{sql};
    const auto table = find_secured_table(parsed.statement());
    return table ? table->schema + "." + table->name : "";
}

} // namespace

TEST_CASE("the table on which a dump turns row-level security on") {
    CHECK(secured("ALTER TABLE public.t ENABLE ROW LEVEL SECURITY") == "public.t");
    CHECK(secured("ALTER TABLE ONLY \"My s\".\"T\" ENABLE ROW LEVEL SECURITY") == "My s.T");
    for (const char* sql : {"ALTER TABLE public.t FORCE ROW LEVEL SECURITY",
                            "ALTER TABLE public.t DISABLE ROW LEVEL SECURITY",
                            "ALTER TABLE public.t ENABLE TRIGGER u", "CREATE POLICY p ON public.t",
                            "ALTER VIEW public.t ENABLE ROW LEVEL SECURITY"}) {
        INFO(sql);
        CHECK(secured(sql) == "");
    }
}
