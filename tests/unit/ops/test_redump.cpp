#include "ops/drill/redump.hpp"
#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>

using namespace dbbackup;
using ops::plan_redump;
using Words = std::vector<std::string>;

namespace {

std::optional<store::Manifest> manifest_with(Words options, const std::string& format = "plain") {
    store::Manifest manifest;
    manifest.database.server_version = "15.20 (Debian 15.20-0+deb12u1)";
    manifest.dump.pg_dump_version = "15.20";
    manifest.dump.format = format;
    manifest.dump.options = std::move(options);
    return manifest;
}

ops::Redump plan(const std::optional<store::Manifest>& manifest, int server = 15, int pg_dump = 15,
                 bool all_restored = true, const std::string& encoding = {}) {
    return plan_redump({.manifest = manifest,
                        .server_major = server,
                        .pg_dump_major = pg_dump,
                        .all_restored = all_restored,
                        .encoding = encoding,
                        .server_version = "15.20 (another package)",
                        .pg_dump_version = "15.20"});
}

} // namespace

TEST_CASE("a copy is dumped with the options that decide the content") {
    const Words options{"--table=a b",     "--exclude-schema=s", "--schema-only",
                        "--no-privileges", "--section=pre-data", "--no-comments"};
    const ops::Redump redump = plan(manifest_with(options));
    Words expected{"--format=plain"};
    expected.insert(expected.end(), options.begin(), options.end());
    CHECK(redump.arguments == expected);
    CHECK(redump.text == pg::ComparedText::statements);
    CHECK(redump.text_not_compared.empty());
}

TEST_CASE("a copy is dumped in the dump's encoding, whatever its options were") {
    for (const Words& options : std::vector<Words>{{}, {"--encoding=UTF8"}, {"-E", "UTF8"}}) {
        const ops::Redump redump = plan(manifest_with(options), 15, 15, true, "LATIN1");
        CHECK(redump.arguments == Words{"--format=plain", "--encoding=LATIN1"});
    }
}

TEST_CASE("a copy is dumped with options that its pg_dump has") {
    const auto manifest = manifest_with({"--no-data", "--no-policies", "--exclude-extension=e",
                                         "--table-and-children=t", "--no-large-objects"});
    CHECK(plan(manifest, 18, 18).arguments ==
          Words{"--format=plain", "--no-data", "--no-policies", "--exclude-extension=e",
                "--table-and-children=t", "--no-large-objects"});
    CHECK(plan(manifest, 18, 17).arguments ==
          Words{"--format=plain", "--schema-only", "--exclude-extension=e",
                "--table-and-children=t", "--no-large-objects"});
    CHECK(plan(manifest, 15, 15).arguments ==
          Words{"--format=plain", "--schema-only", "--no-blobs"});
    const auto sequences = manifest_with({"--no-data", "--sequence-data"});
    CHECK(plan(sequences, 18, 18).arguments ==
          Words{"--format=plain", "--no-data", "--sequence-data"});
    CHECK_THROWS_AS(plan(sequences, 17, 17), base::Error);
}

TEST_CASE("without owners the text of grants need not match") {
    CHECK(plan(manifest_with({"--no-owner"})).text == pg::ComparedText::nothing);
    CHECK(plan(manifest_with({"--no-owner"}, "custom")).text == pg::ComparedText::statements);
}

TEST_CASE("a copy is dumped without options that do not affect the content") {
    const ops::Redump redump = plan(manifest_with(
        {"--format=custom", "--compress=9", "--lock-wait-timeout=5000", "--no-sync", "--verbose",
         "--restrict-key=x", "--statistics", "--no-statistics", "--sync-method=fsync",
         "--no-password", "--serializable-deferrable", "--role=someone",
         "--snapshot=00000003-0000001B-1", "--enable-row-security", "--strict-names"}));
    CHECK(redump.arguments == Words{"--format=plain"});
    CHECK(redump.text == pg::ComparedText::statements);
}

TEST_CASE("options that pg_dump ignores for an archive are repeated only for plain dumps") {
    const Words options{"--clean", "--if-exists", "--no-owner", "--no-tablespaces",
                        "--use-set-session-authorization"};
    CHECK(plan(manifest_with(options)).arguments.size() == 1 + options.size());
    CHECK(plan(manifest_with(options, "custom")).arguments == Words{"--format=plain"});
}

TEST_CASE("nothing else in a manifest reaches pg_dump") {
    for (const char* hostile : {"--file=/etc/passwd",
                                "-f/etc/passwd",
                                "-f",
                                "/etc/passwd",
                                "--dbname=postgres://elsewhere",
                                "-d",
                                "--host=elsewhere",
                                "-helsewhere",
                                "--port=1",
                                "--username=postgres",
                                "-Upostgres",
                                "--password",
                                "-W",
                                "--format",
                                "--format =plain",
                                "-Fd",
                                "--jobs=99",
                                "--filter=/etc/shadow",
                                "--include-foreign-data=*",
                                "--inserts",
                                "--create",
                                "--data-only",
                                "",
                                "-",
                                "--",
                                "--=x",
                                "--tabl=x",
                                "--table",
                                "--table x",
                                "-t",
                                "--schema",
                                "--TABLE=x",
                                "--schema-only=x",
                                "--no-owner ",
                                " --table=x",
                                "postgres",
                                "\n--table=x",
                                "--restrict-key",
                                "--statistics=x",
                                "--statistics-only",
                                "--no-schema",
                                "--filter=x",
                                "--help",
                                "--version",
                                "--no-password=",
                                "--extra-float-digits=0",
                                "--on-conflict-do-nothing"}) {
        INFO(hostile);
        for (const char* format : {"plain", "custom", "directory", ""}) {
            const ops::Redump redump =
                plan(manifest_with({"--table=before", hostile, "--table=behind"}, format));
            CHECK(redump.arguments == Words{"--format=plain", "--table=before", "--table=behind"});
            CHECK(redump.text == pg::ComparedText::nothing);
            CHECK_FALSE(redump.text_not_compared.empty());
        }
    }
}

TEST_CASE("values of known options stay single arguments") {
    for (const char* option : {"--table=-x", "--table=", "--table=a --file=b",
                               "--schema=\n--file=b", "--exclude-table=--dbname=x"}) {
        CHECK(plan(manifest_with({option})).arguments == Words{"--format=plain", option});
    }
}

TEST_CASE("an option that is not repeated is reported safely") {
    const ops::Redump redump = plan(manifest_with({"--\x1b[31m"}));
    CHECK(redump.text_not_compared.find("--\\x1B[31m") != std::string::npos);
    CHECK(redump.text_not_compared.find('\x1b') == std::string::npos);
}

TEST_CASE("schema texts are compared if both sides are written alike") {
    const auto manifest = manifest_with({});
    CHECK(plan(manifest).text == pg::ComparedText::statements);
    const ops::Redump newer_server = plan(manifest, 16, 16);
    CHECK(newer_server.text == pg::ComparedText::version_neutral);
    CHECK(newer_server.text_not_compared ==
          "the dump is from PostgreSQL 15, the scratch database is on 16");
    const ops::Redump newer_pg_dump = plan(manifest, 15, 17);
    CHECK(newer_pg_dump.text == pg::ComparedText::version_neutral);
    CHECK(newer_pg_dump.text_not_compared == "the dump was made by pg_dump 15, its copy by 17");
    CHECK(plan(manifest, 16, 16, false).text == pg::ComparedText::nothing);
    const ops::Redump left_out = plan(manifest, 15, 15, false);
    CHECK(left_out.text == pg::ComparedText::nothing);
    CHECK(left_out.text_not_compared == "owners or privileges were left out");
}

TEST_CASE("without a manifest the options are unknown, and no text is compared") {
    const ops::Redump redump = plan(std::nullopt);
    CHECK(redump.arguments == Words{"--format=plain"});
    CHECK(redump.text == pg::ComparedText::nothing);
    CHECK(redump.text_not_compared.find("without a manifest") == 0);
}

TEST_CASE("another minor version may write texts differently") {
    const auto manifest = manifest_with({});
    const auto plan_on = [&](const std::string& server, const std::string& pg_dump) {
        return plan_redump({.manifest = manifest,
                            .server_major = 15,
                            .pg_dump_major = 15,
                            .all_restored = true,
                            .encoding = {},
                            .server_version = server,
                            .pg_dump_version = pg_dump});
    };
    CHECK(plan_on("15.20", "15.20 (Ubuntu)").may_be_written_differently.empty());
    for (const ops::Redump& redump :
         {plan_on("15.2", "15.20"), plan_on("15.20", "15.18"), plan_on("15", "15.20")}) {
        CHECK(redump.text == pg::ComparedText::statements);
        CHECK(redump.text_not_compared.empty());
    }
    CHECK(plan_on("15.2", "15.20").may_be_written_differently ==
          "the dump is from PostgreSQL 15.20, the scratch database is on 15.2");
    CHECK(plan_on("15.20 (Debian)", "15.18").may_be_written_differently ==
          "the dump was made by pg_dump 15.20, its copy by 15.18");
}
