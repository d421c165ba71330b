#include "ops/compare/row_matching.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>
#include <map>
#include <random>
#include <set>
#include <string>

using namespace dbbackup::ops;

namespace {

using Table = std::map<std::string, std::string>; ///< rows by their keys

UnmatchedRows match(const Table& then, const Table& now, std::uint64_t limit) {
    RowMatching matching;
    for (const auto& [table, side] : {std::pair{&then, Side::then}, std::pair{&now, Side::now}}) {
        for (const auto& [key, row] : *table) {
            matching.add(side, hash_row(key), hash_row(key + row));
        }
    }
    return matching.finish(limit);
}

std::set<std::string> chosen_of(const UnmatchedRows& unmatched, RowChange change,
                                const std::map<RowHash, std::string>& names) {
    std::set<std::string> chosen;
    for (const ChosenRow& row : unmatched.chosen) {
        if (row.change == change) {
            chosen.insert(names.at(row.key));
        }
    }
    return chosen;
}

} // namespace

TEST_CASE("rows are matched as in a slow and obvious model", "[slow]") {
    std::mt19937 random{7};
    for (int round = 0; round < 60; ++round) {
        const int size = round % 6 == 0 ? 30'000 : 50; // some are written to a file
        Table then;
        Table now;
        std::map<RowHash, std::string> names;
        std::set<std::string> added;
        std::set<std::string> gone;
        std::set<std::string> changed;
        for (int i = 0; i < size; ++i) {
            const std::string key = fmt::format("k{}", i);
            names[hash_row(key)] = key;
            switch (random() % 8) {
            case 0:
                added.insert(key);
                now[key] = "x";
                break;
            case 1:
                gone.insert(key);
                then[key] = "x";
                break;
            case 2:
                changed.insert(key);
                then[key] = "x";
                now[key] = "y";
                break;
            default:
                then[key] = now[key] = "same";
            }
        }
        const auto unmatched = match(then, now, 1'000'000);
        CHECK(unmatched.added == added.size());
        CHECK(unmatched.gone == gone.size());
        CHECK(unmatched.changed == changed.size());
        CHECK(chosen_of(unmatched, RowChange::added, names) == added);
        CHECK(chosen_of(unmatched, RowChange::gone, names) == gone);
        CHECK(chosen_of(unmatched, RowChange::changed, names) == changed);
    }
}

TEST_CASE("of many unmatched rows, the first ones of each kind are chosen") {
    RowMatching matching;
    for (int i = 0; i < 20'000; ++i) {
        matching.add(Side::then, hash_row(std::to_string(i)), hash_row("then"));
        matching.add(Side::now, hash_row(std::to_string(i + 100)), hash_row("now"));
    }
    const auto unmatched = matching.finish(3);
    CHECK(unmatched.gone == 100);
    CHECK(unmatched.added == 100);
    CHECK(unmatched.changed == 19'900);
    std::vector<std::uint64_t> numbers;
    for (const ChosenRow& row : unmatched.chosen) {
        numbers.push_back(row.number);
    }
    CHECK(numbers == std::vector<std::uint64_t>{19'900, 19'901, 19'902, 0, 1, 2, 100, 101, 102});
}

TEST_CASE("rows without a key match as often as they are there") {
    RowMatching matching;
    const auto add = [&matching](Side side, const std::string& row) {
        matching.add(side, hash_row(row), hash_row(row));
    };
    for (const char* row : {"a", "a", "a", "b"}) {
        add(Side::then, row);
    }
    for (const char* row : {"a", "c", "c"}) {
        add(Side::now, row);
    }
    const auto unmatched = matching.finish(10);
    CHECK(unmatched.gone == 3);
    CHECK(unmatched.added == 2);
    CHECK(unmatched.changed == 0);
}

TEST_CASE("many equal rows are matched in no time") {
    RowMatching matching;
    for (int i = 0; i < 300'000; ++i) {
        matching.add(Side::then, hash_row("same"), hash_row("same"));
        if (i % 3 != 0) {
            matching.add(Side::now, hash_row("same"), hash_row("same"));
        }
    }
    CHECK(matching.finish(10).gone == 100'000);
}
