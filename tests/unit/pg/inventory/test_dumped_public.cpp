#include "pg/inventory/dumped_public.hpp"
#include "support/catch.hpp"
#include "unit/pg/parsed.hpp"

#include <string>
#include <vector>

using namespace dbbackup::pg;
using Names = std::vector<std::string>;

namespace {

/// Everything in it as text; "not understood" if the statement is another.
Names taken(const std::string& sql) {
    DumpedPublic set;
    const Parsed parsed{sql};
    if (!take_public(parsed.statement(), set)) {
        return {"not understood"};
    }
    Names texts;
    if (set.owner) {
        texts.push_back("owner " + *set.owner);
    }
    if (set.comment) {
        texts.push_back("comment " + *set.comment);
    }
    constexpr const char* k_acts[] = {"grant", "grant with option", "revoke", "revoke option"};
    for (const auto& [act, privilege] : set.privileges) {
        texts.push_back(std::string{k_acts[static_cast<int>(act)]} + " " + privilege.name + " " +
                        privilege.role);
    }
    return texts;
}

} // namespace

TEST_CASE("what a dump sets for public") {
    CHECK(taken("ALTER SCHEMA public OWNER TO postgres") == Names{"owner postgres"});
    CHECK(taken("ALTER SCHEMA \"public\" OWNER TO \"My Role\"") == Names{"owner My Role"});
    CHECK(taken("COMMENT ON SCHEMA public IS 'it''s ours'") == Names{"comment it's ours"});
    CHECK(taken("COMMENT ON SCHEMA public IS ''") == Names{"comment "});
    CHECK(taken("COMMENT ON SCHEMA public IS NULL") == Names{"comment "});
    CHECK(taken("GRANT ALL ON SCHEMA public TO PUBLIC") == Names{"grant CREATE ", "grant USAGE "});
    CHECK(taken("GRANT CREATE ON SCHEMA public TO a WITH GRANT OPTION") ==
          Names{"grant with option CREATE a"});
    CHECK(taken("GRANT USAGE,CREATE ON SCHEMA public TO a, \"b c\"") ==
          Names{"grant USAGE a", "grant CREATE a", "grant USAGE b c", "grant CREATE b c"});
    CHECK(taken("REVOKE USAGE ON SCHEMA public FROM PUBLIC") == Names{"revoke USAGE "});
    CHECK(taken("REVOKE GRANT OPTION FOR CREATE ON SCHEMA public FROM a") ==
          Names{"revoke option CREATE a"});
}

TEST_CASE("what is not about public alone, or not as pg_dump writes it, is not taken for it") {
    for (const char* sql :
         {"ALTER SCHEMA shop OWNER TO a", "ALTER SCHEMA public RENAME TO old",
          "ALTER SCHEMA public OWNER TO CURRENT_USER", "CREATE SCHEMA public",
          "GRANT ALL ON SCHEMA public, shop TO a", "GRANT ALL ON SCHEMA shop TO a",
          "GRANT SELECT ON TABLE public TO a", "GRANT ALL ON SCHEMA public TO CURRENT_USER",
          "REVOKE ALL ON SCHEMA public FROM a CASCADE", "COMMENT ON SCHEMA shop IS 'x'",
          "COMMENT ON SCHEMA public IS E'x'", "COMMENT ON SCHEMA public IS 'a\\b'",
          "SECURITY LABEL ON SCHEMA public IS 'x'"}) {
        CAPTURE(sql);
        CHECK(taken(sql) == Names{"not understood"});
    }
}
