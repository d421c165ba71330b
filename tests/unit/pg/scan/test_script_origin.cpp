#include "support/catch.hpp"

#include <dbbackup/pg/script_origin.hpp>

#include <string>
#include <string_view>

using namespace dbbackup::pg;

namespace {

ScriptOrigin origin_of(std::string_view text, std::size_t piece) {
    ScriptOriginFinder finder;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        if (!finder.look(text.substr(at, piece))) {
            break;
        }
    }
    return finder.origin();
}

} // namespace

TEST_CASE("script origin: a mark of pg_dump is found anywhere, however the text is split") {
    for (const std::string_view mark :
         {"-- PostgreSQL database dump", "-- Dumped by pg_dump version 9.0.1", "\\restrict a",
          "SET statement_timeout = 0;", "SET check_function_bodies = false;",
          "SELECT pg_catalog.set_config('search_path', '', false);",
          "-- Name: t; Type: TABLE; Schema: public; Owner: -"}) {
        const std::string text =
            std::string(700, 'x') + "\n" + std::string{mark} + "\n" + std::string(300, 'y');
        for (const std::size_t piece : {1U, 7U, 64U, 701U, 710U, 5000U}) {
            CAPTURE(mark, piece);
            CHECK(origin_of(text, piece) == ScriptOrigin::pg_dump);
            CHECK(origin_of(std::string(700, 'x') + std::string{mark}.substr(0, 8), piece) ==
                  ScriptOrigin::unknown);
        }
    }
}

TEST_CASE("script origin: other programs' output is recognized") {
    CHECK(origin_of("", 1) == ScriptOrigin::nothing);
    CHECK(origin_of("select 1;\n", 3) == ScriptOrigin::unknown);
    CHECK(origin_of("-- MySQL dump 10.13\n", 3) == ScriptOrigin::mysql);
    CHECK(origin_of("/*M!999999\\- enable the sandbox mode */\n-- MariaDB dump 10.19\n", 9) ==
          ScriptOrigin::mysql);
    CHECK(origin_of(";\n; Archive created at 2026-11-21 10:00:00 UTC\n", 9) ==
          ScriptOrigin::archive_list);
    CHECK(origin_of(std::string_view{"a\0b", 3}, 9) == ScriptOrigin::binary);
    const std::string cluster = "--\n-- PostgreSQL database cluster dump\n--\n";
    CHECK(origin_of(cluster, 9) == ScriptOrigin::pg_dumpall);
    CHECK(origin_of(cluster + "--\n-- PostgreSQL database dump\n", 9) == ScriptOrigin::pg_dumpall);
    CHECK(origin_of("--\r\n-- PostgreSQL database cluster dump\r\n", 9) ==
          ScriptOrigin::pg_dumpall);
}
