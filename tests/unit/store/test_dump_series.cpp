#include "support/catch.hpp"

#include <dbbackup/store/dump_series.hpp>

using namespace dbbackup;
using store::Scope;
using Words = std::vector<std::string>;

namespace {

Scope scope_of(const Words& options) {
    store::Manifest::Dump dump;
    dump.options = options;
    return store::scope_of(dump);
}

} // namespace

TEST_CASE("a dump is whole if its options leave nothing out") {
    for (const Words& options :
         {Words{}, Words{"--format=plain"}, Words{"--format=custom", "--compress=zstd:3"},
          Words{"--no-owner", "--no-privileges", "--lock-wait-timeout=5000"}, Words{"-Ox"},
          Words{"-E", "LATIN1"}, Words{"-ELATIN1"}, Words{"-OEUTF8"}, Words{"--role", "admin"},
          Words{"-v"}, Words{"--statistics"}, Words{"--no-statistics"}, Words{"--sequence-data"},
          Words{"--restrict-key=k"}, Words{"--sync-method=fsync"}, Words{"--no-sync"},
          Words{"--serializable-deferrable"}}) {
        INFO(Catch::StringMaker<Words>::convert(options));
        CHECK(scope_of(options) == Scope::whole);
    }
}

TEST_CASE("a dump is a part if its options leave something out, or may") {
    for (const Words& options : {Words{"--table=t"},
                                 Words{"-t", "t"},
                                 Words{"-tt"},
                                 Words{"-Ott"},
                                 Words{"--tab=t"},
                                 Words{"--exclude-table=t"},
                                 Words{"-T", "t"},
                                 Words{"--schema=s"},
                                 Words{"-n", "s"},
                                 Words{"-N", "s"},
                                 Words{"--exclude-schema=s"},
                                 Words{"--exclude-table-data=t"},
                                 Words{"--schema-only"},
                                 Words{"-s"},
                                 Words{"--data-only"},
                                 Words{"-a"},
                                 Words{"-vs"},
                                 Words{"--section=data"},
                                 Words{"--no-blobs"},
                                 Words{"-B"},
                                 Words{"--extension=x"},
                                 Words{"-e", "x"},
                                 Words{"--filter=f"},
                                 Words{"--enable-row-security"},
                                 Words{"--no-unlogged-table-data"},
                                 Words{"--statistics-only"},
                                 Words{"--no-data"},
                                 Words{"--no-schema"},
                                 Words{"--no-policies"},
                                 Words{"--exclude-extension=e"},
                                 Words{"--format=plain", "--table=t"},
                                 Words{"--of-a-later-version"},
                                 Words{"--no-own"}}) {
        INFO(Catch::StringMaker<Words>::convert(options));
        CHECK(scope_of(options) == Scope::part);
    }
}

TEST_CASE("a series has one host, port and database name") {
    store::Manifest manifest;
    manifest.database.host = "db";
    manifest.database.port = 5432;
    manifest.database.name = "app";
    const store::Series series = series_of(manifest);
    CHECK(series.identity == store::Identity{"db", 5432, "app"});
    CHECK(series.scope == Scope::whole);
    manifest.database.user = "another";
    manifest.database.server_version = "18";
    CHECK(series_of(manifest) == series);
    manifest.database.port = 5433;
    CHECK(series_of(manifest) != series);
}
