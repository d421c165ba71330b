#include "ops/target/extension_packages.hpp"
#include "support/catch.hpp"

using namespace dbbackup;

TEST_CASE("the package of an extension is named as far as it is known") {
    CHECK(
        ops::how_to_install({"postgis_topology", "vector"}, 16)
            .starts_with("Install postgresql-16-pgvector, postgresql-16-postgis-3 on the server's "
                         "machine"));
    CHECK(ops::how_to_install({"pg_trgm", "hstore"}, 15).starts_with("Install postgresql-15 on "));
    CHECK(
        ops::how_to_install({"plpython3u"}, 15).starts_with("Install postgresql-plpython3-15 on "));
    CHECK(ops::how_to_install({"of_our_own"}, 15) ==
          "Install the packages of these extensions for PostgreSQL 15 on the server's machine.");
    CHECK(ops::how_to_install({"citext", "of_our_own"}, 15)
              .starts_with("Install postgresql-15 and the packages of these extensions for "
                           "PostgreSQL 15 on"));
}
