#include "pg/target/privilege_changes.hpp"
#include "support/catch.hpp"

using namespace dbbackup::pg;
using Act = PrivilegeChange::Act;
using Names = std::vector<std::string>;

namespace {

/// As initdb of 12 to 14 sets it.
const SchemaPrivileges k_old{{{"postgres", "CREATE"}, false},
                             {{"postgres", "USAGE"}, false},
                             {{"", "CREATE"}, false},
                             {{"", "USAGE"}, false}};

Names effect(const std::vector<PrivilegeChange>& changes, const SchemaPrivileges& granted = k_old) {
    return effect_of_changes(granted, changes, {"postgres"});
}

} // namespace

TEST_CASE("privilege changes that come out where they began have no effect") {
    CHECK(effect({}).empty());
    // pg_dump 15 and later for a server before 15
    CHECK(effect({{Act::revoke, {"", "USAGE"}},
                  {Act::grant, {"", "CREATE"}},
                  {Act::grant, {"", "USAGE"}}})
              .empty());
    // pg_dump before 9.6
    CHECK(effect({{Act::revoke, {"", "CREATE"}},
                  {Act::revoke, {"", "USAGE"}},
                  {Act::revoke, {"postgres", "CREATE"}},
                  {Act::grant, {"", "CREATE"}},
                  {Act::grant, {"", "USAGE"}}})
              .empty());
    CHECK(effect({{Act::grant, {"a", "USAGE"}}}, {{{"a", "USAGE"}, true}}).empty());
    CHECK(effect({{Act::revoke, {"a", "USAGE"}}, {Act::revoke_option, {"b", "USAGE"}}}).empty());
}

TEST_CASE("privilege changes with an effect are told as statements") {
    CHECK(effect({{Act::revoke, {"", "USAGE"}}}) ==
          Names{"REVOKE USAGE ON SCHEMA public FROM PUBLIC;"});
    CHECK(effect({{Act::grant, {"a \"b\"", "CREATE"}}}) ==
          Names{"GRANT CREATE ON SCHEMA public TO \"a \"\"b\"\"\";"});
    CHECK(effect({{Act::grant_with_option, {"", "USAGE"}}}) ==
          Names{"GRANT USAGE ON SCHEMA public TO PUBLIC WITH GRANT OPTION;"});
    CHECK(effect({{Act::revoke_option, {"a", "USAGE"}}}, {{{"a", "USAGE"}, true}}) ==
          Names{"REVOKE GRANT OPTION FOR USAGE ON SCHEMA public FROM \"a\";"});
}
