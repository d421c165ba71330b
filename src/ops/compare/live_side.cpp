#include "ops/compare/live_side.hpp"

#include "ops/client/progress_report.hpp"
#include "ops/compare/compared_names.hpp"
#include "ops/lock_timed_out.hpp"

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/pg/connect_error.hpp>
#include <dbbackup/pg/sqlstates.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

constexpr auto k_report_interval = 100ms;
/// More would rather disturb the users of the server.
constexpr std::size_t k_most_sessions = 4;

pg::Session connect(const pg::Connection& connection, const Context& context) {
    pg::clean_own_environment(connection, context.environment);
    return pg::Session{connection};
}

/// The tables still to do, for several threads, and the first failure of any.
class WorkList {
public:
    explicit WorkList(std::vector<std::size_t> items) : items_(std::move(items)) {}

    /// The next one; nothing if there is none, or if a thread has failed.
    std::optional<std::size_t> take() {
        const std::lock_guard lock{mutex_};
        return failure_ || next_ == items_.size() ? std::nullopt : std::optional{items_[next_++]};
    }

    void fail(std::exception_ptr failure) {
        const std::lock_guard lock{mutex_};
        if (!failure_) {
            failure_ = std::move(failure);
        }
    }

    void rethrow() const {
        if (failure_) {
            std::rethrow_exception(failure_);
        }
    }

private:
    std::mutex mutex_;
    std::vector<std::size_t> items_;
    std::size_t next_ = 0;
    std::exception_ptr failure_;
};

void work_off(WorkList& list, pg::Session& session,
              const std::function<void(pg::Session&, std::size_t)>& work) noexcept {
    try {
        while (const auto item = list.take()) {
            work(session, *item);
        }
    } catch (...) {
        list.fail(std::current_exception());
    }
}

/// Shows a COPY's rows one by one.
class RowPasser : public stream::Observer {
public:
    explicit RowPasser(const RowReader& read) : read_(read) {}

    void observe(base::Bytes bytes) override { // one row
        std::string_view row = base::as_text(bytes);
        row.remove_suffix(row.ends_with('\n') ? 1 : 0);
        read_(row);
    }

private:
    const RowReader& read_;
};

} // namespace

LiveSide::LiveSide(const LiveRequest& request, const Context& context)
    : context_(context), request_(request), leader_(connect(request.connection, context)) {
    const pg::ServerInfo server = leader_.server_info();
    request_.connection = pg::pin_to_server(request.connection, server);
    if (request_.encoding.empty()) {
        request_.encoding = server.encoding;
    }
    description_ = {.name = "the database",
                    .database = request.connection.database,
                    .server = fmt::format("{}:{}", server.host, server.port),
                    .at = context.clock.now(),
                    .server_version = server.version,
                    .part = {}};
    pg::prepare_reading(leader_, request_.encoding);
    pg::LiveState live = read_state(server);
    state_ = {.encoding = request_.encoding,
              .tables = {},
              .sequences = std::move(live.sequences),
              .not_validated = std::move(live.not_validated),
              .migrations = std::move(live.migrations)};
    for (pg::LiveTable& table : live.tables) {
        state_.tables.push_back(table.state);
        tables_[spelled_as_recorded(table.state.table)] = std::move(table);
    }
    state_ = spell_as_recorded(std::move(state_));
    for (const pg::StatePart& index : live.invalid_indexes) {
        invalid_indexes_.push_back(spelled_as_recorded(index));
    }
}

pg::LiveState LiveSide::read_state(const pg::ServerInfo& server) {
    const auto wanted = [this](const pg::RelationName& name) {
        return request_.wanted(spelled_as_recorded(name));
    };
    try {
        return pg::read_live_state(leader_, server.version_number, wanted, request_.lock_timeout);
    } catch (const pg::ServerError& error) {
        if (error.sqlstate() == pg::k_lock_not_available) {
            throw lock_timed_out(request_.lock_timeout);
        }
        if (error.sqlstate() == pg::k_insufficient_privilege) {
            throw base::Error{error.kind(), error.what(),
                              "The role of the URL must be able to read all that is compared. "
                              "Name the tables that it can read with -t."};
        }
        throw;
    }
}

const pg::LiveTable& LiveSide::find(const pg::RelationName& table) const {
    return tables_.at(table);
}

std::string LiveSide::copy_statement(const TableColumns& table) const {
    const pg::LiveTable& live = find(table.table);
    std::vector<std::string> columns;
    for (const std::string& column : table.columns) {
        const auto found = std::ranges::find(live.state.columns, column, [](const auto& one) {
            return base::to_valid_utf8(one.name);
        });
        columns.push_back(found->name);
    }
    return pg::copy_statement(live, columns);
}

void LiveSide::for_each(const std::vector<pg::RelationName>& tables, const Work& work) {
    if (tables.empty()) {
        return;
    }
    std::vector<std::size_t> order(tables.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater<>{},
                             [&](std::size_t i) { return find(tables[i]).pages; });
    const std::size_t sessions =
        std::min({tables.size(), k_most_sessions,
                  std::max<std::size_t>(std::thread::hardware_concurrency(), 1)});
    if (sessions > 1 && snapshot_.empty()) {
        snapshot_ = pg::export_snapshot(leader_);
    }
    WorkList list{std::move(order)};
    std::atomic<std::size_t> busy{sessions};
    {
        std::vector<std::jthread> threads;
        threads.emplace_back([&] {
            work_off(list, leader_, work);
            --busy;
        });
        for (std::size_t i = 1; i < sessions; ++i) {
            threads.emplace_back([&] {
                try {
                    pg::Session session{request_.connection};
                    pg::prepare_reading(session, request_.encoding);
                    pg::join_snapshot(session, snapshot_);
                    work_off(list, session, work);
                } catch (const base::Error&) {
                    // Too many connections, for example: the others do its work.
                } catch (...) {
                    list.fail(std::current_exception());
                }
                --busy;
            });
        }
        const auto started = std::chrono::steady_clock::now();
        try {
            while (busy > 0) {
                context_.listener.on_progress({.phase = Progress::Phase::reading_rows,
                                               .bytes = bytes_,
                                               .estimated_bytes = request_.estimated_bytes,
                                               .rows = 0,
                                               .table = {},
                                               .elapsed = elapsed_since(started)});
                sys::interruptible_sleep(busy > 0 ? k_report_interval : 0ms);
            }
        } catch (...) {
            list.fail(std::current_exception()); // a signal ends the threads' waits too
        }
    }
    list.rethrow();
}

std::vector<pg::RowDigest> LiveSide::digests(const std::vector<TableColumns>& tables) {
    std::vector<pg::RowDigest> digests(tables.size());
    std::vector<pg::RelationName> names;
    for (const TableColumns& table : tables) {
        names.push_back(table.table);
    }
    for_each(names, [&](pg::Session& session, std::size_t i) {
        digests[i] =
            pg::read_row_digest(session, copy_statement(tables[i]), tables[i].table, &bytes_);
    });
    return digests;
}

std::vector<std::uint64_t> LiveSide::count_rows(const std::vector<pg::RelationName>& tables) {
    std::vector<std::uint64_t> counts(tables.size());
    for_each(tables, [&](pg::Session& session, std::size_t i) {
        counts[i] = pg::count_rows(session, find(tables[i]));
    });
    return counts;
}

std::vector<pg::RelationName> LiveSide::partitions_of(const pg::RelationName& table) {
    return pg::find_partitions(leader_, find(table).state.table);
}

void LiveSide::read_rows(const TableColumns& table, const RowReader& read) {
    RowPasser passer{read};
    (void)leader_.read_rows(copy_statement(table), passer);
}

} // namespace dbbackup::ops
