#include "pg/connect/answered_number.hpp"
#include "pg/placing/placing_work.hpp"
#include "pg/sql/sql_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

// Text becomes values of the target's types.

namespace dbbackup::pg {

namespace {

/// The staged text of a column, with what the map puts in its place.
std::string staged_text(const PlacedColumn& column) {
    const std::string text = fmt::format("s.c{}", column.staged);
    if (column.values.empty()) {
        return text;
    }
    std::string sql = "case";
    for (const auto& [from, to] : column.values) {
        sql += fmt::format(" when {} operator(pg_catalog.=) {} then {}", text, quote_literal(from),
                           to ? quote_literal(*to) : "null");
    }
    return fmt::format("({} else {} end)", sql, text);
}

/// As a value of the plain type.
std::string plain_value(const PlacedColumn& column) {
    const PlacingType& type = column.column.type;
    if (!column.timezone.empty()) {
        return fmt::format("pg_catalog.timezone({}, {}::{})", quote_literal(column.timezone),
                           staged_text(column), column.known_source_type.plain);
    }
    return fmt::format("{}::{}", staged_text(column), type.plain);
}

/// Where dbbackup_rows_N is made of dbbackup_stage_N (alias `s`), plain_value() has this name, so
/// that each text is read once.
std::string name_of_plain(std::size_t place) {
    return fmt::format("p{}", place);
}

bool has_plain_value(const PlacedColumn& column) {
    return column.origin == ValueOrigin::source && !column.is_looked_up;
}

std::string value_of(const PlacedColumn& column, std::size_t place) {
    const PlacingType& type = column.column.type;
    if (column.origin == ValueOrigin::fill) {
        return column.fill ? fmt::format("{}::{}", quote_literal(*column.fill), type.name)
                           : fmt::format("null::{}", type.name);
    }
    if (!has_plain_value(column)) {
        return fmt::format("null::{}", type.name);
    }
    const std::string plain = "s." + name_of_plain(place);
    return type.is_restricted() ? fmt::format("{}::{}", plain, type.name) : plain;
}

/// The value in the source, for a column that gets others.
std::string original_of(const PlacedColumn& column) {
    return fmt::format("{}::{}", staged_text(column), column.column.type.plain);
}

/// Conditions that hold if the target's type has changed the value.
std::vector<std::string> find_changes(const PlacedColumn& column, std::size_t place) {
    const PlacingType& type = column.column.type;
    const PlacingType& before = column.known_source_type;
    std::vector<std::string> changes;
    if (!has_plain_value(column) || column.may_be_rounded) {
        return changes;
    }
    const std::string plain = "s." + name_of_plain(place);
    if (type.is_restricted()) {
        changes.push_back(fmt::format(
            "not ({})",
            are_equal(type, fmt::format("{}::{}::{}", plain, type.name, type.plain), plain)));
    }
    const bool has_other_type = !column.source_type.empty() && column.timezone.empty() &&
                                before.plain_oid != type.plain_oid;
    if (has_other_type && before.plain.empty()) { // a type that the target lacks
        changes.push_back(fmt::format("({})::pg_catalog.text operator(pg_catalog.<>) {}", plain,
                                      staged_text(column)));
    } else if (has_other_type) {
        changes.push_back(fmt::format(
            "not ({})",
            are_equal(before, fmt::format("({})::pg_catalog.text::{}", plain, before.plain),
                      fmt::format("{}::{}", staged_text(column), before.plain))));
    }
    return changes;
}

class Conversion {
public:
    Conversion(PlacingWork& work, std::size_t number)
        : work_(work), number_(number), table_(work.table(number)) {
        for (std::size_t i = 0; i < table_.columns.size(); ++i) {
            const PlacedColumn& column = table_.columns[i];
            add(value_of(column, i), fmt::format("f{}", i), column.column.name);
            if (has_plain_value(column)) {
                values_.back().plain =
                    fmt::format("{} as {}", plain_value(column), name_of_plain(i));
            }
            if (column.keeps_original) {
                add(original_of(column), fmt::format("o{}", i), column.column.name);
            }
            for (const std::string& change : find_changes(column, i)) {
                changes_.push_back(fmt::format(
                    "when {} then array[{}, {} || {}]", change, staged_key(),
                    quote_literal(column.column.name + ": its type would change the value "),
                    staged_text(column)));
            }
        }
        for (std::size_t r = 0; r < table_.references.size(); ++r) {
            add_lookup(r);
        }
        add(changes_.empty() ? "null::pg_catalog.text[]"
                             : fmt::format("case {} end", fmt::join(changes_, " ")),
            "dbbackup_problem", {});
    }

    void run() {
        work_.session.execute("savepoint dbbackup_conversion");
        try {
            create();
        } catch (const ServerError& error) {
            if (error.sqlstate().empty()) {
                throw;
            }
            work_.session.execute("rollback to savepoint dbbackup_conversion");
            remove_unreadable();
            create();
        }
        work_.session.execute("release savepoint dbbackup_conversion");
        work_.session.execute("analyze " + rows_of(number_));
        if (!changes_.empty()) {
            remove_changed();
        }
    }

private:
    struct Value {
        std::string sql;
        std::string name;       ///< in dbbackup_rows_N
        std::string column;     ///< for people
        std::string plain = {}; ///< the plain value that `sql` uses, if any: "… as pN"
    };

    void add(std::string sql, std::string name, std::string column) {
        values_.push_back({std::move(sql), std::move(name), std::move(column)});
    }

    /// `staged`, with the plain values. As a subquery with OFFSET, which the server leaves as it
    /// is.
    [[nodiscard]] static std::string with_plain_values(const std::vector<Value>& values,
                                                       const std::string& condition,
                                                       const std::string& stage) {
        std::string plain;
        for (const Value& value : values) {
            plain += value.plain.empty() ? "" : ", " + value.plain;
        }
        return fmt::format("(select s.*{} from {} s{} offset 0) s", plain, stage, condition);
    }

    /// The key of the parent, in the parent's types.
    void add_lookup(std::size_t number) {
        const PlacedReference& reference = table_.references[number];
        for (std::size_t j = 0; j < reference.found_by.size(); ++j) {
            const std::string text =
                reference.found_by.size() == 1
                    ? fmt::format("s.c{}", reference.staged)
                    : fmt::format("(s.c{}::pg_catalog.json operator(pg_catalog.->>) {})",
                                  reference.staged, j);
            add(fmt::format("{}::{}", text, reference.found_by_types[j].plain),
                fmt::format("l{}_{}", number, j), reference.name);
        }
    }

    /// Named by the key as the source has it: that may be what would change.
    void remove_changed() {
        for (const Session::Row& row : work_.session.query(fmt::format(
                 "with found as (delete from {} s where s.dbbackup_problem is not null returning "
                 "s.dbbackup_row as number, s.dbbackup_problem as problem) select problem[1], "
                 "problem[2] from found order by number",
                 rows_of(number_)))) {
            note_conflict(work_, number_, row[0], row[1]);
        }
    }

    void create() {
        std::vector<std::string> columns;
        for (const Value& value : values_) {
            columns.push_back(fmt::format("{} as {}", value.sql, value.name));
        }
        const std::string rows =
            fmt::format("select s.dbbackup_row, {} from {}", fmt::join(columns, ", "),
                        with_plain_values(values_, "", stage_of(number_)));
        const std::string create = fmt::format(
            "create temporary table dbbackup_rows_{} on commit drop as select s.*, ", number_);
        if (!is_found_at_once(work_.plan, table_)) {
            work_.session.execute(
                fmt::format("{} false as dbbackup_there, {}::\"char\" as dbbackup_fate from ({}) s",
                            create, fate::k_insert, rows));
            return;
        }
        const std::string fate = fate_if_there(work_.plan.options, table_);
        const bool leaves_out = !needs_same_rows();
        const std::uint64_t staged = leaves_out ? count_of(stage_of(number_)) : 0;
        const std::string tag = work_.session.execute(fmt::format(
            "{0} t.tableoid is not null as dbbackup_there, (case when t.tableoid is null then {1} "
            "else {2} end)::\"char\" as dbbackup_fate from ({3} offset 0) s left join {4} t on "
            "{5}{6}",
            create, fate::k_insert, fate, rows, target_of(table_), same_key(table_),
            leaves_out
                ? fmt::format(" where t.tableoid is null or s.dbbackup_problem is not null or {} "
                              "operator(pg_catalog.<>) {}",
                              fate, fate::k_same)
                : ""));
        if (leaves_out) {
            work_.result.tables[number_].unchanged =
                staged - answered_number(tag.substr(tag.rfind(' ') + 1));
        }
    }

    /// Whether the rows that the target has with the same content, which are most of them as a
    /// rule, can change what becomes of others. If not, they are not even written.
    [[nodiscard]] bool needs_same_rows() const {
        const bool is_parent =
            std::ranges::any_of(work_.plan.tables, [this](const TablePlacing& child) {
                return std::ranges::count(child.references, std::optional{number_},
                                          &PlacedReference::parent_placing) > 0;
            });
        if (is_parent || table_.key.size() != 1) {
            return true;
        }
        const std::size_t place = table_.key.front();
        const PlacedColumn& column = table_.columns[place];
        if (column.column.type.greater.empty()) {
            return true;
        }
        const std::string keys = fmt::format("(select {} as f{} from {} s)", plain_value(column),
                                             place, stage_of(number_));
        const auto is_twice = work_.session.query(
            fmt::format("select pg_catalog.count(s.f{0}) operator(pg_catalog.<>) "
                        "pg_catalog.count(distinct s.f{0}) from {1} s",
                        place, keys));
        return is_twice.at(0).at(0) == "t" ||
               (!table_.trusted.empty() && !work_.plan.options.trusts_numbers &&
                find_numbers_ahead(work_, column.column, place, keys));
    }

    [[nodiscard]] std::uint64_t count_of(const std::string& table) const {
        return answered_number(
            work_.session.query("select pg_catalog.count(*) from " + table).at(0).at(0));
    }

    /// Whether all values of these rows are of the target's types.
    [[nodiscard]] std::string find_error(std::uint64_t first, std::uint64_t last,
                                         const std::vector<Value>& values) {
        std::vector<std::string> sql;
        for (const Value& value : values) {
            sql.push_back(value.sql);
        }
        work_.session.execute("savepoint dbbackup_trial");
        try {
            (void)work_.session.query(fmt::format(
                "select pg_catalog.count((row({}))::pg_catalog.text) from {}", fmt::join(sql, ", "),
                with_plain_values(
                    values, fmt::format(" where s.dbbackup_row between {} and {}", first, last),
                    stage_of(number_))));
            work_.session.execute("release savepoint dbbackup_trial");
            return {};
        } catch (const ServerError& error) {
            if (error.sqlstate().empty()) {
                throw;
            }
            work_.session.execute("rollback to savepoint dbbackup_trial");
            work_.session.execute("release savepoint dbbackup_trial");
            return error.server_message();
        }
    }

    void remove_unreadable() {
        work_.session.execute(fmt::format("create index on {} (dbbackup_row)", stage_of(number_)));
        const auto range =
            work_.session.query(fmt::format("select coalesce(pg_catalog.min(dbbackup_row), 1), "
                                            "coalesce(pg_catalog.max(dbbackup_row), 0) from {}",
                                            stage_of(number_)));
        halve(answered_number(range.at(0).at(0)), answered_number(range.at(0).at(1)));
    }

    void halve(std::uint64_t first, std::uint64_t last) {
        if (first > last) {
            return;
        }
        const std::string error = find_error(first, last, values_);
        if (error.empty()) {
            return;
        }
        if (first == last) {
            remove(first, error);
            return;
        }
        const std::uint64_t middle = first + (last - first) / 2;
        halve(first, middle);
        halve(middle + 1, last);
    }

    void remove(std::uint64_t row, const std::string& error) {
        std::string reason = error;
        for (const Value& value : values_) {
            if (!value.column.empty() && !find_error(row, row, {value}).empty()) {
                reason = fmt::format("{}: {}", value.column, error);
                break;
            }
        }
        const auto removed = work_.session.query(fmt::format(
            "with found as (delete from {} s where s.dbbackup_row = {} returning s.*) select {} "
            "from found s",
            stage_of(number_), row, staged_key()));
        note_conflict(work_, number_, removed.at(0).at(0), reason);
    }

    [[nodiscard]] std::string staged_key() const {
        std::vector<std::string> parts;
        for (const std::size_t place : table_.key) {
            const PlacedColumn& column = table_.columns[place];
            if (column.origin == ValueOrigin::source) {
                parts.push_back(fmt::format("{} || coalesce(s.c{}, 'NULL')",
                                            quote_literal(column.column.name + "="),
                                            column.staged));
            }
        }
        return parts.empty()
                   ? "pg_catalog.concat('row ', s.dbbackup_row)"
                   : fmt::format("pg_catalog.concat_ws(', ', {})", fmt::join(parts, ", "));
    }

    PlacingWork& work_;
    std::size_t number_;
    const TablePlacing& table_;
    std::vector<Value> values_;
    std::vector<std::string> changes_; ///< WHEN … THEN …
};

} // namespace

void convert_rows(PlacingWork& work, std::size_t number) {
    Conversion{work, number}.run();
    work.session.execute("drop table " + stage_of(number));
}

} // namespace dbbackup::pg
