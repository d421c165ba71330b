#include "support/catch.hpp"

#include <dbbackup/store/dump_name.hpp>

using namespace dbbackup;
using namespace dbbackup::store;

namespace {

base::UtcTime time_of(const char* text) {
    return base::parse_utc(text).value();
}

} // namespace

TEST_CASE("a dump's name consists of database, time and suffix") {
    const DumpName name{"shop", time_of("2026-11-20T03:15:00.123Z"), ".sql.gz"};
    CHECK(format_dump_name(name) == "shop_2026-11-20T03-15-00-123Z.sql.gz");
    CHECK(parse_dump_name("shop_2026-11-20T03-15-00-123Z.sql.gz") == name);
}

TEST_CASE("database names are percent-encoded and decoded") {
    for (const std::string database :
         {"a=b", "postgresql://x", "with space", "it's", "\"quoted\"", "new\nline", "Ünïcödé",
          "100%", "../../etc/passwd", ".hidden", "under_score", "a_2026-11-20T03-15-00-123Z", "-rf",
          "\\", "名前"}) {
        INFO(database);
        const DumpName name{database, time_of("2026-01-01T00:00:00.000Z"), ".dump"};
        const std::string file_name = format_dump_name(name);
        CHECK(file_name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789._-%") == std::string::npos);
        CHECK(file_name.front() != '.');
        CHECK(file_name.front() != '-');
        CHECK(parse_dump_name(file_name) == name);
    }
    CHECK(encode_database_name("../x") == "%2E.%2Fx");
}

TEST_CASE("names not made by dbbackup are not dump names") {
    for (const char* wrong :
         {"", "shop.sql.gz", "_2026-11-20T03-15-00-123Z.sql.gz", "shop_2026-11-20T03-15-00-123Z",
          "shop_2026-11-20T03-15-00-123Z.sql.gz.json", "shop_2026-11-20T03:15:00.123Z.sql.gz",
          "shop_2026-02-30T03-15-00-123Z.sql", ".shop_2026-11-20T03-15-00-123Z.sql",
          "sh%op_2026-11-20T03-15-00-123Z.sql", "sh%6Fp_2026-11-20T03-15-00-123Z.sql",
          "sh%3dp_2026-11-20T03-15-00-123Z.sql", "shop_2026-11-20T03-15-00-123Z.tar"}) {
        INFO(wrong);
        CHECK_FALSE(parse_dump_name(wrong));
    }
}

TEST_CASE("the longest database name fits into a file name") {
    std::string database;
    for (int i = 0; i < 63; ++i) {
        database += '=';
    }
    const std::string file_name =
        format_dump_name({database, time_of("2026-01-01T00:00:00.000Z"), ".sql.zst"});
    CHECK(("." + file_name + ".json.partial").size() < 255);
}
