// The order in which rows can be written one by one.

#include "pg/placing/row_order.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

using dbbackup::pg::order_rows;
using dbbackup::pg::RowLink;
using dbbackup::pg::RowPlace;

namespace {

using Rows = std::vector<std::uint64_t>;

/// The rows by their places: "2 1 3=4" has rows 3 and 4 at the same place.
std::string show(const std::vector<RowPlace>& ordered) {
    std::string text;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        const bool is_same = i > 0 && ordered[i].place == ordered[i - 1].place;
        text += (i == 0 ? "" : is_same ? "=" : " ") + std::to_string(ordered[i].row);
    }
    return text;
}

/// By row, all rows that it waits for, at whatever distance.
std::map<std::uint64_t, std::set<std::uint64_t>> find_needs(const Rows& rows,
                                                            const std::vector<RowLink>& links) {
    std::map<std::uint64_t, std::set<std::uint64_t>> needs;
    for (const RowLink& link : links) {
        needs[link.row].insert(link.after);
    }
    for (const std::uint64_t middle : rows) {
        for (const std::uint64_t row : rows) {
            if (needs[row].contains(middle)) {
                needs[row].merge(std::set(needs[middle]));
            }
        }
    }
    return needs;
}

} // namespace

TEST_CASE("rows that wait for none keep their order") {
    CHECK(show(order_rows({}, {})).empty());
    CHECK(show(order_rows({3, 5, 9}, {})) == "3 5 9");
    CHECK(show(order_rows({3, 5, 9}, {{3, 4}, {4, 9}, {5, 5}})) == "3 5 9");
}

TEST_CASE("rows come behind those that they wait for") {
    CHECK(show(order_rows({1, 2, 3}, {{1, 2}, {2, 3}})) == "3 2 1");
    CHECK(show(order_rows({1, 2, 3, 4}, {{1, 4}, {3, 4}})) == "4 1 2 3");
    CHECK(show(order_rows({1, 2, 3}, {{1, 2}, {1, 3}, {1, 3}})) == "2 3 1");
}

TEST_CASE("rows that wait for each other have the same place") {
    CHECK(show(order_rows({1, 2, 3, 4, 5}, {{1, 2}, {2, 1}, {3, 1}, {4, 5}, {5, 4}, {4, 2}})) ==
          "1=2 3 4=5");
}

TEST_CASE("no row waits for a later one, whatever the links") {
    std::mt19937 random{7};
    for (int round = 0; round < 400; ++round) {
        const std::uint64_t count = 1 + random() % 12;
        Rows rows;
        std::vector<RowLink> links;
        for (std::uint64_t row = 1; row <= count; ++row) {
            rows.push_back(row * 2);
        }
        for (std::uint64_t i = random() % (2 * count); i > 0; --i) {
            links.push_back({rows[random() % count], rows[random() % count]});
        }
        const auto ordered = order_rows(rows, links);
        auto needs = find_needs(rows, links);
        REQUIRE(ordered.size() == count);
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t j = i + 1; j < count; ++j) {
                const auto [one, other] = std::pair{ordered[i], ordered[j]};
                const bool waits = needs[one.row].contains(other.row);
                const bool is_needed = needs[other.row].contains(one.row);
                INFO(show(ordered));
                CHECK((one.place == other.place) == (waits && is_needed));
                CHECK((!waits || is_needed));
            }
        }
    }
}

TEST_CASE("a million rows in a chain are put in order") {
    Rows rows;
    std::vector<RowLink> links;
    for (std::uint64_t row = 1; row <= 1'000'000; ++row) {
        rows.push_back(row);
        links.push_back({row, row + 1});
    }
    const auto ordered = order_rows(rows, links);
    CHECK(ordered.front().row == 1'000'000);
    CHECK(ordered.back() == RowPlace{1'000'000, 1});
}
