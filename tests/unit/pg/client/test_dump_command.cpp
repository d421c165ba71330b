#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/dump_command.hpp>

using namespace dbbackup;
using namespace dbbackup::pg;
using namespace std::chrono_literals;

using Words = std::vector<std::string>;

TEST_CASE("pg_dump gets the requested options") {
    DumpOptions options;
    CHECK(dump_arguments(options, 15) == Words{"--format=plain"});
    CHECK(options.unfiltered());

    options.tables = {"a", "-x"};
    options.excluded_tables = {"b"};
    options.schemas = {"s"};
    options.excluded_schemas = {"t"};
    options.excluded_table_data = {"log"};
    options.sections = DumpSections::schema_only;
    options.no_owner = true;
    options.no_privileges = true;
    options.lock_wait_timeout = 2500ms;
    options.extra = {"--no-comments"};
    CHECK(dump_arguments(options, 15) ==
          Words{"--format=plain", "--table=a", "--table=-x", "--exclude-table=b", "--schema=s",
                "--exclude-schema=t", "--exclude-table-data=log", "--schema-only", "--no-owner",
                "--no-privileges", "--lock-wait-timeout=2500", "--no-comments"});
    CHECK_FALSE(options.unfiltered());
}

TEST_CASE("the compression of an archive is spelt as its pg_dump expects") {
    const auto with = [](const char* compression, int major) {
        DumpOptions options;
        options.format = DumpFormat::custom;
        options.archive_compression = compression;
        return dump_arguments(options, major).at(1);
    };
    CHECK(with("gzip:9", 15) == "--compress=9");
    CHECK(with("gzip", 15) == "--compress=6");
    CHECK(with("none", 15) == "--compress=0");
    CHECK(with("gzip:9", 16) == "--compress=gzip:9");
    CHECK(with("zstd", 17) == "--compress=zstd");
    CHECK_THROWS_AS(with("zstd", 15), base::Error);
}

TEST_CASE("options passed through to pg_dump must not change what it writes or where") {
    for (const Words& refused : {Words{"-f", "x"},
                                 Words{"-fx"},
                                 Words{"--file=x"},
                                 Words{"--file", "x"},
                                 Words{"--fil=x"},
                                 Words{"--f=x"},
                                 Words{"-sfx"},
                                 Words{"-Fc"},
                                 Words{"--format=c"},
                                 Words{"--form", "c"},
                                 Words{"-Z9"},
                                 Words{"--compress=9"},
                                 Words{"-j2"},
                                 Words{"--jobs=2"},
                                 Words{"-d", "x"},
                                 Words{"--dbname=x"},
                                 Words{"--db=x"},
                                 Words{"-h", "x"},
                                 Words{"--host=x"},
                                 Words{"-p1"},
                                 Words{"--port=1"},
                                 Words{"-Ux"},
                                 Words{"--user=x"},
                                 Words{"-W"},
                                 Words{"--password"},
                                 Words{"-C"},
                                 Words{"--create"},
                                 Words{"--inserts"},
                                 Words{"--column-inserts"},
                                 Words{"--rows-per-insert=5"},
                                 Words{"--help"},
                                 Words{"-?"},
                                 Words{"--statistics-only"},
                                 Words{"--statistics-o"},
                                 Words{"--version"},
                                 Words{"-V"},
                                 Words{"-OxC"},
                                 Words{"-E", "sjis"},
                                 Words{"--encoding=Big5"},
                                 Words{"-EGBK"},
                                 Words{"--no-comments", "-f", "x"},
                                 Words{"postgres://u:p@h/d"}}) {
        INFO(refused.front());
        try {
            require_harmless(refused);
            FAIL("accepted");
        } catch (const base::Error& error) {
            CHECK(error.kind() == base::ErrorKind::usage);
        }
    }
    for (const Words& harmless : {Words{},
                                  Words{"--no-comments"},
                                  Words{"-b"},
                                  Words{"--clean", "--if-exists"},
                                  Words{"-tfoo"},
                                  Words{"-t", "foo"},
                                  Words{"-nfFZ"},
                                  Words{"--role=x"},
                                  Words{"--exclude-table-data=x"},
                                  Words{"--filter=x"},
                                  Words{"--no-sync"},
                                  Words{"-E", "UTF8"},
                                  Words{"--encoding=LATIN1"},
                                  Words{"-v"},
                                  Words{"--section=data"},
                                  Words{"--statistics"},
                                  Words{"--no-statistics"},
                                  Words{"--no-data"},
                                  Words{"--no-schema"},
                                  Words{"--no-policies"},
                                  Words{"--sequence-data"},
                                  Words{"--restrict-key=k"},
                                  Words{"--extra-float-digits=0"},
                                  Words{"--strict-names"}}) {
        CHECK_NOTHROW(require_harmless(harmless));
    }
}

TEST_CASE("a dump with neither schema nor rows is refused") {
    DumpOptions options;
    const auto refused = [&options](int major) {
        try {
            (void)dump_arguments(options, major);
        } catch (const base::Error& error) {
            return error.kind() == base::ErrorKind::usage &&
                   std::string_view{error.what()}.find("nothing to restore") !=
                       std::string_view::npos;
        }
        return false;
    };
    for (const Words& nothing :
         {Words{"--no-schema", "--no-data"}, Words{"--no-d", "--no-sc"},
          Words{"--no-data", "--no-schema", "--statistics"}, Words{"-s", "-a"},
          Words{"-s", "--section=data"}, Words{"--no-data", "--sec", "data", "--statistics"},
          Words{"-a", "--section", "pre-data"},
          Words{"--no-schema", "--section=post-data", "--section=pre-data"}}) {
        INFO(nothing.front());
        options.extra = nothing;
        CHECK(refused(18));
    }
    for (const Words& something :
         {Words{"--no-schema"}, Words{"--no-data"}, Words{"--no-data", "--sequence-data"},
          Words{"-s", "--section=data", "--section=post-data"}, Words{"-s", "--section=pre-data"},
          Words{"-s", "--section=data", "--sequence-data"}, Words{"--section=data"},
          Words{"-a", "--section=pre-data", "--section=data"}, Words{"-a", "--section=data"}}) {
        INFO(something.front());
        options.extra = something;
        CHECK_FALSE(refused(18));
    }
    options.sections = DumpSections::data_only;
    options.extra = {"--no-data"};
    CHECK(refused(18));
    options.sections = DumpSections::schema_only;
    CHECK_FALSE(refused(18));
}

TEST_CASE("a dump whose floating-point numbers would lose digits is refused") {
    DumpOptions options;
    for (const char* value : {"0", "-15", "+0", " 0", "00", "x"}) {
        for (Words words :
             {Words{std::string{"--extra-float-digits="} + value}, Words{"--extra", value}}) {
            INFO(value);
            options.extra = std::move(words);
            CHECK_THROWS_AS(dump_arguments(options, 15), base::Error);
        }
    }
    options.extra = {"--extra-float-digits", "1"};
    CHECK(dump_arguments(options, 15).back() == "--extra-float-digits=1");
}

TEST_CASE("an abbreviation of which one meaning is refused names all that it could mean") {
    const auto said = [](const char* option) {
        try {
            require_harmless({option});
        } catch (const base::Error& error) {
            return std::string{error.what()} + " " + error.hint();
        }
        return std::string{};
    };
    CHECK(said("--stat") == "'--stat' is ambiguous: it could mean --statistics, --statistics-only "
                            "Write the option in full. --statistics-only cannot be passed to "
                            "pg_dump.");
    CHECK(said("--statistics-o").starts_with("'--statistics-only' cannot be passed to pg_dump"));
    CHECK(said("--statistics").empty());
    CHECK(said("--no-b").empty()); // it is in two versions' lists, and harmless
}

TEST_CASE("an option is what it says in full, and not what begins with it") {
    for (const char* whole :
         {"--statistics", "--no-statistics", "--sequence-data", "--no-data", "--restrict-key=k",
          "--schema-only", "--no-policies", "--strict-names"}) {
        INFO(whole);
        CHECK_FALSE(is_table_filter(whole));
        CHECK_FALSE(is_filter(whole));
    }
    for (const char* of_tables : {"--statistics-only", "--no-schema", "--filter=f", "--table=t",
                                  "--table-and-children=t", "--exclude-table-and-children=t",
                                  "--data-only", "--tab=t", "--filt=f", "--statistics-o"}) {
        INFO(of_tables);
        CHECK(is_table_filter(of_tables));
        CHECK(is_filter(of_tables));
    }
    CHECK_FALSE(is_table_filter("--exclude-extension=e"));
    CHECK(is_filter("--exclude-extension=e"));
}
