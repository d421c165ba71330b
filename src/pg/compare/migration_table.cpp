#include "pg/compare/migration_table.hpp"

#include <dbbackup/pg/copied_fields.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::pg {

namespace {

/// How a tool's table looks.
struct Shape {
    std::string_view tool;
    std::string_view table;
    std::array<std::string_view, 2> names; ///< columns that name a migration; the second may be ""
    /// Other columns that it must have, or "".
    std::array<std::string_view, 2> others;
    std::string_view finished = "";
    std::string_view rolled_back = "";
    std::string_view succeeded = "";
};

constexpr auto k_shapes = std::to_array<Shape>({
    {.tool = "Prisma",
     .table = "_prisma_migrations",
     .names = {"migration_name", ""},
     .others = {"checksum", "applied_steps_count"},
     .finished = "finished_at",
     .rolled_back = "rolled_back_at"},
    {.tool = "Drizzle",
     .table = "__drizzle_migrations",
     .names = {"created_at", "hash"},
     .others = {"", ""}},
    {.tool = "Knex",
     .table = "knex_migrations",
     .names = {"name", ""},
     .others = {"batch", "migration_time"}},
    {.tool = "Django",
     .table = "django_migrations",
     .names = {"app", "name"},
     .others = {"applied", ""}},
    {.tool = "Alembic",
     .table = "alembic_version",
     .names = {"version_num", ""},
     .others = {"", ""}},
    {.tool = "Flyway",
     .table = "flyway_schema_history",
     .names = {"version", "description"},
     .others = {"installed_rank", "script"},
     .succeeded = "success"},
    // Both have this one column.
    {.tool = "Rails or dbmate",
     .table = "schema_migrations",
     .names = {"version", ""},
     .others = {"", ""}},
});

/// More than any project has; the names are kept in memory, and in manifests.
constexpr std::size_t k_most_migrations = 20'000;

std::optional<std::size_t> place_of(const std::vector<std::string>& columns,
                                    std::string_view name) {
    const auto found = std::ranges::find(columns, name);
    return name.empty() || found == columns.end()
               ? std::nullopt
               : std::optional{static_cast<std::size_t>(found - columns.begin())};
}

bool has_all(const std::vector<std::string>& columns,
             const std::array<std::string_view, 2>& needed) {
    return std::ranges::all_of(needed, [&columns](std::string_view name) {
        return name.empty() || place_of(columns, name);
    });
}

bool fits(const Shape& shape, const RelationName& table, const std::vector<std::string>& columns) {
    return shape.table == table.name && has_all(columns, shape.names) &&
           has_all(columns, shape.others) &&
           has_all(columns, {shape.finished, shape.rolled_back}) &&
           has_all(columns, {shape.succeeded, ""});
}

} // namespace

std::optional<MigrationTable> MigrationTable::recognize(const RelationName& table,
                                                        const std::vector<std::string>& columns) {
    const auto shape =
        std::ranges::find_if(k_shapes, [&](const Shape& one) { return fits(one, table, columns); });
    if (shape == k_shapes.end()) {
        return std::nullopt;
    }
    MigrationTable found;
    found.state_.tool = shape->tool;
    found.state_.table = table;
    for (const std::string_view name : shape->names) {
        if (const auto place = place_of(columns, name)) {
            found.names_.push_back(*place);
        }
    }
    found.finished_ = place_of(columns, shape->finished);
    found.rolled_back_ = place_of(columns, shape->rolled_back);
    found.succeeded_ = place_of(columns, shape->succeeded);
    found.columns_ = columns.size();
    return found;
}

void MigrationTable::take(std::string_view row) {
    const auto fields = split_copied_row(row);
    if (fields.size() != columns_ || state_.applied.size() > k_most_migrations) {
        return;
    }
    const auto value = [&fields](std::size_t place) { return read_copied_field(fields[place]); };
    if ((finished_ && !value(*finished_)) || (rolled_back_ && value(*rolled_back_)) ||
        (succeeded_ && value(*succeeded_) != "t")) {
        return;
    }
    std::vector<std::string> names;
    for (const std::size_t place : names_) {
        if (auto name = value(place)) { // Flyway's repeatable migrations have no version
            names.push_back(std::move(*name));
        }
    }
    state_.applied.push_back(fmt::format("{}", fmt::join(names, " ")));
}

std::optional<MigrationState> MigrationTable::state() const {
    if (state_.applied.size() > k_most_migrations) {
        return std::nullopt;
    }
    MigrationState state = state_;
    std::ranges::sort(state.applied);
    const auto twice = std::ranges::unique(state.applied);
    state.applied.erase(twice.begin(), twice.end());
    return state;
}

std::vector<std::string> migration_table_names() {
    std::vector<std::string> names;
    for (const Shape& shape : k_shapes) {
        names.emplace_back(shape.table);
    }
    return names;
}

} // namespace dbbackup::pg
