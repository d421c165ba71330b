#include "pg/inventory/default_privilege_changes.hpp"
#include "pg/inventory/dumped_trait.hpp"
#include "support/catch.hpp"
#include "unit/pg/parsed.hpp"

#include <string>
#include <vector>

using namespace dbbackup::pg;
using Names = std::vector<std::string>;

namespace {

Names found(const std::string& sql) {
    const Parsed parsed{"ALTER DEFAULT PRIVILEGES " + sql};
    const auto trait = find_trait(parsed.statement().head);
    REQUIRE(trait);
    constexpr const char* k_acts[] = {"grant", "grant with option", "revoke", "revoke option"};
    Names texts;
    for (const auto& [of, kind, change] :
         find_default_privilege_changes(parsed.statement().head, *trait)) {
        CHECK(of == *trait);
        texts.push_back(kind == ' '
                            ? "not understood"
                            : std::string{k_acts[static_cast<int>(change.act)]} + " " +
                                  change.privilege.name + " " + kind + " " + change.privilege.role);
    }
    return texts;
}

} // namespace

TEST_CASE("what ALTER DEFAULT PRIVILEGES changes") {
    CHECK(found("FOR ROLE a GRANT SELECT,INSERT ON TABLES TO PUBLIC") ==
          Names{"grant SELECT r ", "grant INSERT r "});
    CHECK(
        found(
            "FOR ROLE a IN SCHEMA \"My S\" GRANT ALL ON SEQUENCES TO \"b c\" WITH GRANT OPTION") ==
        Names{"grant with option ALL S b c"});
    CHECK(found("FOR ROLE a REVOKE ALL ON FUNCTIONS FROM PUBLIC") == Names{"revoke ALL f "});
    CHECK(found("FOR ROLE a REVOKE GRANT OPTION FOR USAGE ON TYPES FROM b") ==
          Names{"revoke option USAGE T b"});
    CHECK(found("FOR ROLE a GRANT USAGE ON SCHEMAS TO b") == Names{"grant USAGE n b"});
    CHECK(found("FOR ROLE a GRANT SELECT ON LARGE OBJECTS TO b") == Names{"grant SELECT L b"});
    for (const char* other :
         {"FOR ROLE a GRANT SELECT ON DREAMS TO b", "GRANT SELECT ON TABLES TO b",
          "FOR ROLE a GRANT SELECT ON TABLES TO b, c", "FOR ROLE a, b GRANT SELECT ON TABLES TO c",
          "FOR ROLE a GRANT SELECT ON TABLES FROM b", "FOR ROLE a GRANT"}) {
        INFO(other);
        CHECK(found(other) == Names{"not understood"});
    }
}
