#pragma once

#include <dbbackup/pg/place_rows.hpp>
#include <dbbackup/pg/placing_plan.hpp>
#include <dbbackup/pg/session.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The steps of place_rows(), in their order, and what they share. Staged rows are text, in
// dbbackup_stage_N (columns c0, c1, …). They become rows of the target's types in dbbackup_rows_N:
//
//   dbbackup_row    their number in the source
//   f0, f1, …       the values of TablePlacing::columns
//   o0, o1, …       those that PlacedColumn::keeps_original, as they were in the source
//   l0_0, l0_1, …   what PlacedReference::found_by is looked for, by the reference's number
//   dbbackup_fate   see below; that of a new row until the target is known to have it
//   dbbackup_there  whether the target has the row
//
// Rows that the target has with the same content are left out if no other row needs them:
// convert_rows() counts them then. What cannot be placed is deleted there and noted as a conflict.

namespace dbbackup::pg {

/// What becomes of a row: dbbackup_fate.
namespace fate {
inline constexpr const char* k_insert = "'i'";
inline constexpr const char* k_update = "'u'";
inline constexpr const char* k_same = "'s'"; ///< the target has it, with the same content
inline constexpr const char* k_keep = "'k'"; ///< the target has it, with other content
/// The condition that the row `s` is inserted or updated.
inline constexpr const char* k_written = "s.dbbackup_fate in ('i', 'u')";
} // namespace fate

struct PlacingWork {
    Session& session;
    const PlacingPlan& plan;
    PlacingRun run;
    PlacingResult result;

    [[nodiscard]] const TablePlacing& table(std::size_t number) const {
        return plan.tables[number];
    }
};

/// Settings that last as long as the transaction: how the text of values is read and written,
/// whatever the role or the database prefers, and an empty search_path.
void prepare_placing(Session& session);

/// The name of a table of the target for SELECT, UPDATE and DELETE: without what inherits from it.
[[nodiscard]] std::string target_of(const PlacingTable& table);
[[nodiscard]] std::string target_of(const TablePlacing& table);
[[nodiscard]] std::string stage_of(std::size_t number);
[[nodiscard]] std::string rows_of(std::size_t number);
/// The condition that `alias` (of dbbackup_rows_N) is `t` (of the target), by the key.
[[nodiscard]] std::string same_key(const TablePlacing& table, const std::string& alias = "s");
/// The values of its key, for people; `alias` is of dbbackup_rows_N.
[[nodiscard]] std::string key_text(const TablePlacing& table, const std::string& alias);
/// `left` and `right` are values of `type`.
[[nodiscard]] std::string are_equal(const PlacingType& type, const std::string& left,
                                    const std::string& right);
/// The condition that the row `t` of the target has the values of `s` in these columns.
[[nodiscard]] std::string same_values(const TablePlacing& table,
                                      const std::vector<std::size_t>& places);
/// The condition that `alias`, a row of the parent's dbbackup_rows_M, is what `s` refers to;
/// nothing if only the server can tell.
[[nodiscard]] std::optional<std::string> same_parent(const TablePlacing& table,
                                                     const TablePlacing& parent,
                                                     const CheckedReference& reference,
                                                     const std::string& alias);
/// Deletes rows of dbbackup_rows_N (alias `s`) for which `condition` holds and notes each, with
/// `reason`, an expression of type text. Returns how many.
std::uint64_t remove_conflicts(PlacingWork& work, std::size_t number, const std::string& condition,
                               const std::string& reason);
void note_conflict(PlacingWork& work, std::size_t number, std::string key, std::string reason);

/// Whether what the target has of a row can be told from the row alone, so that convert_rows()
/// finds it and decides its fate on the way. Writing the rows again for that costs as much as all
/// the rest.
[[nodiscard]] bool is_found_at_once(const PlacingPlan& plan, const TablePlacing& table);
/// The fate of the row `s` that the target has as `t`.
[[nodiscard]] std::string fate_if_there(const PlacingOptions& options, const TablePlacing& table);

/// Makes dbbackup_rows_N of dbbackup_stage_N.
void convert_rows(PlacingWork& work, std::size_t number);
/// NULL where there must be a value, and keys that are NULL or there twice.
void check_rows(PlacingWork& work, std::size_t number);
/// Which rows the target has.
void find_rows(PlacingWork& work, std::size_t number);
void number_rows(PlacingWork& work, std::size_t number);
/// References in the key. Rows whose parent nobody can tell are conflicts.
void translate_key(PlacingWork& work, std::size_t number);
/// Of the others, those whose values are known before all rows have been found; then all the rest.
/// Rows whose parent nobody can tell are noted until remove_orphans(): else it would matter for
/// other rows, in a circle of tables, which come first.
void translate_known(PlacingWork& work, std::size_t number);
void translate_others(PlacingWork& work);
void remove_orphans(PlacingWork& work, std::size_t number);
/// Rows to be written whose parent is there, but has NULL now where they refer to it.
void remove_lost_references(PlacingWork& work, std::size_t number);
/// What is to become of each row.
void decide_fates(PlacingWork& work, std::size_t number);
/// Rows that collide on another unique index than the key's.
void check_uniques(PlacingWork& work, std::size_t number);
/// Rows whose parents are missing, until there are none.
void check_references(PlacingWork& work);
/// The condition that `s` is a row for which `condition` holds, or refers to such a row, at
/// whatever distance, by a foreign key of the table to itself; `is_child` says that `s` needs the
/// row `p`. Makes pg_temp.dbbackup_lost, which the caller drops.
[[nodiscard]] std::string with_descendants(PlacingWork& work, std::size_t number,
                                           const std::string& condition,
                                           const std::string& is_child);
void count_fates(PlacingWork& work, std::size_t number);

/// Rows that the server refused, by dbbackup_row, and why.
using RefusedRows = std::map<std::uint64_t, std::string>;

void delete_rows(PlacingWork& work);
RefusedRows write_rows(PlacingWork& work, std::size_t number);
RefusedRows set_waiting_references(PlacingWork& work, std::size_t number);
/// Switches the triggers of a table off, or on again as they were.
void switch_triggers(Session& session, const PlacingTable& table, bool on);
/// The sequence of a column has not given numbers that these rows have.
struct NumbersAhead {
    std::string furthest; ///< of the rows
    std::string given;    ///< by the sequence, in words
};
/// `rows` have the numbers in their column f`place`.
[[nodiscard]] std::optional<NumbersAhead> find_numbers_ahead(PlacingWork& work,
                                                             const PlacingColumn& column,
                                                             std::size_t place,
                                                             const std::string& rows);
void raise_sequences(PlacingWork& work, std::size_t number);
/// Before a dry run: what defaults take of a sequence comes back with the rollback, as from here
/// on the transaction has a copy.
void protect_sequences(PlacingWork& work, std::size_t number);

} // namespace dbbackup::pg
