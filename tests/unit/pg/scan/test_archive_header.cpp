#include "support/catch.hpp"

#include <dbbackup/pg/archive_header.hpp>

#include <string>
#include <utility>

using namespace std::string_literals;

using dbbackup::pg::find_archived_database;
using dbbackup::pg::lowest_reader_of_archive;

namespace {

std::string number(unsigned value) {
    return {'\0', static_cast<char>(value & 0xFFU), static_cast<char>(value >> 8U), '\0', '\0'};
}

std::string header(char minor, const std::string& name, char major = 1) {
    const std::string compression = minor >= 15 ? std::string{'\1'} : number(6);
    std::string date;
    for (int i = 0; i < 7; ++i) {
        date += number(1);
    }
    return std::string{"PGDMP"} + major + minor + '\0' + '\4' + '\b' + '\1' + compression + date +
           number(static_cast<unsigned>(name.size())) + name + "and what follows";
}

} // namespace

TEST_CASE("an archive's header names the database, in each version that has it") {
    for (const char minor : "\x04\x07\x0C\x0E\x0F\x10\x11"s) {
        INFO(static_cast<int>(minor));
        CHECK(find_archived_database(header(minor, "shop")) == "shop");
    }
    CHECK(find_archived_database(header(14, std::string(63, 'x'))) == std::string(63, 'x'));
}

TEST_CASE("an invalid or truncated header names nothing") {
    CHECK(!find_archived_database(""));
    CHECK(!find_archived_database("-- PostgreSQL database dump"));
    CHECK(!find_archived_database(header(3, "shop")));
    CHECK(!find_archived_database(header(14, "shop", 2)));
    CHECK(!find_archived_database(header(14, "")));
    CHECK(!find_archived_database(header(14, std::string(64, 'x'))));
    const std::string whole = header(14, "shop");
    for (std::size_t size = 0; size < whole.find("and"); ++size) {
        INFO(size);
        CHECK(!find_archived_database(whole.substr(0, size)));
    }
    std::string odd = whole;
    odd[8] = 1; // bytes of a number
    CHECK(!find_archived_database(odd));
    odd = whole;
    odd[whole.find("shop") - 5] = 1; // its sign
    CHECK(!find_archived_database(odd));
}

TEST_CASE("an archive's header says which pg_restore reads it") {
    for (const auto& [minor, reader] : {std::pair{'\x0C', 0},
                                        {'\x0D', 0},
                                        {'\x0E', 12},
                                        {'\x0F', 16},
                                        {'\x10', 17},
                                        {'\x11', 19},
                                        {'\xFF', 19}}) {
        INFO(static_cast<int>(minor));
        CHECK(lowest_reader_of_archive(header(minor, "shop")) == reader);
    }
    CHECK(lowest_reader_of_archive("") == 0);
    CHECK(lowest_reader_of_archive("PGDMP") == 0);
    CHECK(lowest_reader_of_archive("PGDMP\1") == 0);
    CHECK(lowest_reader_of_archive(header(16, "shop", 2)) == 0);
    CHECK(lowest_reader_of_archive("-- PostgreSQL database dump") == 0);
}
