#include "ops/transfer/export_root.hpp"

#include "ops/client/progress_report.hpp"
#include "ops/transfer/export_names.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <span>
#include <utility>

namespace dbbackup::ops {

namespace {

constexpr const char* k_option = "--root";
/// Of parents in one question: its text is a megabyte.
constexpr std::size_t k_batch = 50'000;

/// Rows of each table, by its place in the plan.
using RowsOfTables = std::map<std::size_t, std::vector<pg::RowId>>;

class Reach {
public:
    Reach(pg::Session& session, const ExportPlan& plan, Listener& listener)
        : session_(session), plan_(plan), listener_(listener), reached_(plan.tables.size()),
          keys_(pg::read_foreign_keys(session)) {
        for (std::size_t i = 0; i < plan.tables.size(); ++i) {
            places_[plan.tables[i].catalog.oid] = i;
        }
    }

    std::vector<ReachedRows> run(const WantedRoot& root) {
        RowsOfTables fresh = find_root(root);
        mark_reachable();
        while (!fresh.empty()) {
            RowsOfTables next;
            for (const auto& [parent, ids] : fresh) {
                follow(parent, ids, next);
            }
            fresh = std::move(next);
        }
        return std::move(reached_);
    }

private:
    /// Partitions count as their partitioned table.
    [[nodiscard]] bool is_of(std::size_t place, const pg::RelationName& table) const {
        const pg::CatalogTable& one = plan_.tables[place].catalog;
        return one.table == table || std::ranges::find(one.ancestors, table) != one.ancestors.end();
    }

    RowsOfTables find_root(const WantedRoot& root) {
        const pg::CatalogTable& table = find_table(plan_.catalog, root.table, k_option);
        const auto first = std::ranges::find_if(plan_.tables, [&](const PlannedTable& one) {
            return is_of(static_cast<std::size_t>(&one - plan_.tables.data()), table.table);
        });
        const std::string name =
            base::printable(base::dotted_name(table.table.schema, table.table.name));
        if (first == plan_.tables.end()) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("the table {} of --root is not exported", name)};
        }
        const auto& columns = first->rows.table.state.columns;
        if (std::ranges::find(columns, root.column, &pg::StateColumn::name) == columns.end()) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("table {} has no column '{}' (--root)", name,
                                          base::printable(root.column))};
        }
        const auto rows = ask_for_root(table, root);
        if (rows.empty()) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("no row of {} has this value as its '{}' (--root)", name,
                                          base::printable(root.column))};
        }
        if (rows.size() > 1) {
            throw base::Error{base::ErrorKind::refused,
                              fmt::format("several rows of {} have this value as their '{}' "
                                          "(--root)",
                                          name, base::printable(root.column)),
                              "Choose the row by a column that is unique, such as its id."};
        }
        for (std::size_t i = 0; i < reached_.size(); ++i) {
            reached_[i].is_reached = is_of(i, table.table);
        }
        const std::size_t place = places_.at(rows.front().first);
        reached_[place].ids = {rows.front().second};
        return {{place, reached_[place].ids}};
    }

    /// By the foreign keys alone: a table may have none of the rows, and still belongs to them.
    void mark_reachable() {
        for (bool is_new = true; is_new;) {
            is_new = false;
            for (const pg::LiveForeignKey& key : keys_) {
                if (!is_any_reached(key.parent)) {
                    continue;
                }
                for (std::size_t i = 0; i < reached_.size(); ++i) {
                    if (is_of(i, key.child)) {
                        is_new = is_new || !reached_[i].is_reached;
                        reached_[i].is_reached = true;
                        (void)path_of(reached_[i], key);
                    }
                }
            }
        }
    }

    [[nodiscard]] bool is_any_reached(const pg::RelationName& table) const {
        for (std::size_t i = 0; i < reached_.size(); ++i) {
            if (reached_[i].is_reached && is_of(i, table)) {
                return true;
            }
        }
        return false;
    }

    std::vector<std::pair<std::uint32_t, pg::RowId>> ask_for_root(const pg::CatalogTable& table,
                                                                  const WantedRoot& root) {
        try {
            return pg::find_rows(session_, table, root.column, root.value, 2);
        } catch (const pg::ServerError& error) {
            // Class 22: the text is no value of that type. The server would repeat it.
            if (!error.sqlstate().starts_with("22")) {
                throw;
            }
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("the value in --root does not fit the type of '{}'",
                                          base::printable(root.column))};
        }
    }

    void follow(std::size_t parent, const std::vector<pg::RowId>& ids, RowsOfTables& next) {
        for (const pg::LiveForeignKey& key : keys_) {
            if (!is_of(parent, key.parent)) {
                continue;
            }
            std::map<std::size_t, std::vector<pg::RowId>> found;
            for (std::size_t i = 0; i < ids.size(); i += k_batch) {
                sys::throw_if_interrupted();
                ask(key, parent, std::span{ids}.subspan(i, std::min(k_batch, ids.size() - i)),
                    found);
            }
            for (std::size_t i = 0; i < reached_.size(); ++i) {
                if (is_of(i, key.child)) {
                    add(key, i, std::move(found[i]), next);
                }
            }
        }
    }

    void ask(const pg::LiveForeignKey& key, std::size_t parent, std::span<const pg::RowId> ids,
             std::map<std::size_t, std::vector<pg::RowId>>& found) {
        pg::find_children(session_, key, plan_.tables[parent].catalog.table, ids,
                          [&](std::uint32_t table, pg::RowId row) {
                              const auto place = places_.find(table);
                              if (place != places_.end()) { // else it is not exported
                                  found[place->second].push_back(row);
                                  ++rows_;
                              }
                          });
        listener_.on_progress({.phase = Progress::Phase::dumping,
                               .bytes = 0,
                               .estimated_bytes = 0,
                               .rows = rows_,
                               .table = {},
                               .elapsed = elapsed_since(started_)});
    }

    /// Keeps what was not reached before.
    void add(const pg::LiveForeignKey& key, std::size_t place, std::vector<pg::RowId> rows,
             RowsOfTables& next) {
        ReachedRows& table = reached_[place];
        std::ranges::sort(rows);
        rows.erase(std::ranges::unique(rows).begin(), rows.end());
        std::vector<pg::RowId> fresh;
        std::ranges::set_difference(rows, table.ids, std::back_inserter(fresh));
        path_of(table, key).rows += fresh.size();
        if (fresh.empty()) {
            return;
        }
        const auto known = static_cast<std::ptrdiff_t>(table.ids.size());
        table.ids.insert(table.ids.end(), fresh.begin(), fresh.end());
        std::ranges::inplace_merge(table.ids, table.ids.begin() + known);
        std::vector<pg::RowId>& to_follow = next[place];
        to_follow.insert(to_follow.end(), fresh.begin(), fresh.end());
    }

    static ExportPath& path_of(ReachedRows& table, const pg::LiveForeignKey& key) {
        const auto found = std::ranges::find_if(table.paths, [&key](const ExportPath& path) {
            return path.constraint == key.name && path.parent == key.parent;
        });
        if (found != table.paths.end()) {
            return *found;
        }
        ExportPath& path = table.paths.emplace_back(
            ExportPath{.constraint = key.name, .columns = {}, .parent = key.parent});
        for (const pg::LiveForeignKey::Pair& pair : key.columns) {
            path.columns.push_back(pair.child_column);
        }
        return path;
    }

    pg::Session& session_;
    const ExportPlan& plan_;
    Listener& listener_;
    std::vector<ReachedRows> reached_;
    std::vector<pg::LiveForeignKey> keys_;
    std::map<std::uint32_t, std::size_t> places_; ///< by the tables' OIDs
    std::uint64_t rows_ = 0;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

} // namespace

std::vector<ReachedRows> find_reached_rows(pg::Session& session, const WantedRoot& root,
                                           const ExportPlan& plan, Listener& listener) {
    return Reach{session, plan, listener}.run(root);
}

} // namespace dbbackup::ops
