#pragma once

#include <dbbackup/pg/placing_plan.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// A random small case for the placing of rows: a schema, the rows of the target and of the source,
// and what is asked. Values are text, from domains so small that they often collide.

namespace dbbackup::test {

using Value = std::optional<std::string>; ///< nothing is NULL
using Values = std::vector<Value>;

/// A value as the source may spell it.
struct Sample {
    std::string text;
    Value stored; ///< as the target shows it; nothing if its type refuses or would change it
};

struct SampleType {
    std::string name;   ///< in the target; {} stands for the schema
    std::string source; ///< in the source
    std::vector<Sample> samples;
    /// Pairs of stored values that are equal, though their text is not.
    std::vector<std::pair<std::string, std::string>> equal = {};
};

[[nodiscard]] const std::vector<SampleType>& sample_types();
/// Two values of a type are equal if these are.
[[nodiscard]] std::string normal_form(std::size_t type, const std::string& stored);

enum class Numbering { none, serial, by_default, always };

struct CaseColumn {
    std::string name;
    std::size_t type = 0; ///< of sample_types()
    Numbering numbering = Numbering::none;
    bool is_not_null = false;
    std::optional<std::string> fallback = std::nullopt; ///< its default, as stored
    std::optional<std::size_t> doubled = std::nullopt;  ///< generated: twice that integer
    bool in_source = true;
    bool in_target = true;

    [[nodiscard]] bool is_numbered() const { return numbering != Numbering::none; }

    /// Rows of the source bring a value for it.
    [[nodiscard]] bool is_placed() const { return in_source && in_target && !doubled; }
};

struct CaseUnique {
    std::vector<std::size_t> columns;
    bool is_primary = false;
};

struct CaseReference {
    std::string name;
    std::vector<std::size_t> columns;
    std::size_t parent = 0;
    std::vector<std::size_t> parent_columns;
    bool is_deferrable = false;
    char on_delete = 'a';
};

struct CaseTable {
    std::string name;
    std::vector<CaseColumn> columns;
    std::vector<CaseUnique> uniques;
    std::vector<CaseReference> references;
    /// CHECK: this column has another value.
    std::optional<std::pair<std::size_t, std::string>> forbidden;
    bool in_source = true;
    std::vector<Values> target; ///< rows: by column, as stored
    std::vector<Values> source; ///< by column, as the source spells it
    std::int64_t last_number = 0;

    [[nodiscard]] std::optional<std::size_t> find(const std::string& column) const;
};

struct PlacingCase {
    std::uint64_t seed = 0;
    std::vector<CaseTable> tables;
    pg::PlacingOptions options;
    bool skips_conflicts = false;
    bool is_same_database = false;
};

[[nodiscard]] PlacingCase make_case(std::uint64_t seed, pg::PlacingMode mode);
/// Statements that create the target in `schema`.
[[nodiscard]] std::vector<std::string> create_statements(const PlacingCase& made,
                                                         const std::string& schema);
/// What the source says of itself; its tables in the order of those that are in it.
[[nodiscard]] pg::RowSource source_of(const PlacingCase& made, const std::string& schema);
/// A row in COPY's text format, of the columns that the source has.
[[nodiscard]] std::string copy_row(const CaseTable& table, const Values& row);
/// All of it, for people.
[[nodiscard]] std::string describe(const PlacingCase& made);

} // namespace dbbackup::test
