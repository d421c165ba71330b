#pragma once

#include <dbbackup/pg/import_map.hpp>
#include <dbbackup/pg/placing_target.hpp>
#include <dbbackup/pg/row_source.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

// How the rows of a source are to be placed in the tables of a database: decided before anything
// is written, from what both say of themselves.

namespace dbbackup::pg {

enum class PlacingMode {
    add,     ///< insert what is not there
    merge,   ///< also update what is there and older
    replace, ///< delete all rows first
};

/// What to do with triggers of the user that would fire.
enum class PlacingTriggers { refuse, fire, skip };

struct PlacingOptions {
    PlacingMode mode = PlacingMode::add;
    std::vector<std::string> tables = {}; ///< patterns (NamePattern); empty: all
    /// By a table's name, with or without its schema: the columns that identify a row.
    std::map<std::string, std::vector<std::string>> keys = {};
    /// By a table's name, or "" for every table: the column that tells which row is newer.
    std::map<std::string, std::string> newer_by = {};
    bool prefer_source = false;  ///< merge: whatever the source has is newer
    bool trusts_numbers = false; ///< numbers that the source's database gave are the target's too
    bool keeps_numbers = false;  ///< new rows keep the numbers that they have in the source
    PlacingTriggers triggers = PlacingTriggers::refuse;
};

/// Where a column's value comes from.
enum class ValueOrigin {
    source,   ///< a column of the source
    fill,     ///< the map
    sequence, ///< the sequence that numbers the column, for new rows
};

struct PlacedColumn {
    PlacingColumn column;
    ValueOrigin origin = ValueOrigin::source;
    std::size_t staged = 0; ///< of `source`: an index into TablePlacing::staged
    std::optional<std::string> fill = std::nullopt; ///< of `fill`: nothing is NULL
    std::string source_type = {};                   ///< as it spells it; empty if unknown
    PlacingType known_source_type = {}; ///< of `source_type`; empty if the target does not know it
    std::map<std::string, std::optional<std::string>> values = {}; ///< to be replaced, as text
    bool may_be_rounded = false;
    std::string timezone = {}; ///< if a time gets a zone or loses it: the zone
    /// Its values in the source are needed after it has got others: rows refer to them.
    bool keeps_original = false;
    /// Filled in by a reference, so that it must be NULL until then.
    bool is_looked_up = false;
    /// Not changed in rows that are there.
    bool only_inserted = false;

    bool operator==(const PlacedColumn&) const = default;
};

/// A reference whose values are other ones in the target.
struct PlacedReference {
    std::string name;                 ///< of the foreign key; or of the column, if it has none
    std::vector<std::size_t> columns; ///< of the child: indexes into TablePlacing::columns
    RelationName parent;
    std::vector<std::string> parent_columns; ///< whose values they get
    /// The parent's place in PlacingPlan::tables, by whose rows the values are translated.
    std::optional<std::size_t> parent_placing = std::nullopt;
    /// Else the parent's columns, by whose values in the target its row is found, and the staged
    /// column that has these.
    std::vector<std::string> found_by = {};
    std::vector<PlacingType> found_by_types = {};
    std::size_t staged = 0;
    bool is_in_key = false; ///< needed to know which row it is

    bool operator==(const PlacedReference&) const = default;
};

/// A foreign key that must hold for the rows that are written.
struct CheckedReference {
    std::string name;
    std::vector<std::size_t> columns;
    RelationName parent;
    std::vector<std::string> parent_columns;
    std::optional<std::size_t> parent_placing = std::nullopt;
    /// Its parents may come later: NULL at first.
    bool is_set_later = false;
    /// The same, but it can be deferred.
    bool is_deferred = false;

    bool operator==(const CheckedReference&) const = default;
};

struct TablePlacing {
    PlacingTable target;
    std::vector<std::size_t> sources; ///< indexes into RowSource::tables
    std::vector<std::string> staged;  ///< their columns
    std::vector<PlacedColumn> columns;
    std::vector<std::string> ignored;        ///< columns of the source
    std::vector<std::string> defaulted;      ///< columns of the target
    std::vector<std::size_t> key;            ///< indexes into `columns`; empty: no key is needed
    bool is_key_unique = false;              ///< the target has a unique index on just these
    std::optional<std::size_t> newer_by;     ///< an index into `columns`
    bool updates = false;                    ///< rows that are there may change
    std::vector<PlacedReference> references; ///< those that are translated
    std::vector<CheckedReference> checks;
    std::vector<std::size_t> trusted; ///< columns of numbers taken as the target's own

    bool operator==(const TablePlacing&) const = default;
};

/// TablePlacing::references[reference] of PlacingPlan::tables[table].
struct Translation {
    std::size_t table = 0;
    std::size_t reference = 0;
};

/// A reason why rows cannot be placed as asked, for people.
struct PlacingObjection {
    std::string what;   ///< begins with the table
    std::string remedy; ///< a sentence
    bool operator==(const PlacingObjection&) const = default;
};

struct PlacingPlan {
    PlacingOptions options;
    std::vector<TablePlacing> tables; ///< in the order of placing: parents first
    /// The references that are in no key. What a reference refers to may be one itself: it comes
    /// after that.
    std::vector<Translation> translations;
    std::vector<std::string> notes; ///< worth knowing, for people: tables that are left out, …
    std::vector<PlacingObjection> objections; ///< if there are any, nothing can be done
};

/// Null if the column gets no value.
[[nodiscard]] const PlacedColumn* find_placed(const TablePlacing& table, const std::string& column);

/// The places of `columns` in the table's columns; nothing if one has none.
[[nodiscard]] std::optional<std::vector<std::size_t>>
find_places(const TablePlacing& table, const std::vector<std::string>& columns);

/// A pure function. Throws base::Error{usage} if an option names what neither side has.
[[nodiscard]] PlacingPlan plan_placing(const RowSource& source, const PlacingTarget& target,
                                       const ImportMap& map, const PlacingOptions& options);

} // namespace dbbackup::pg
