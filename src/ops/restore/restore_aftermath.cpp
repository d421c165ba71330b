#include "ops/restore/restore_aftermath.hpp"

#include "ops/restore/restore_transaction.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/find_tables.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <fmt/format.h>
#include <future>
#include <thread>

namespace dbbackup::ops {

namespace {

constexpr unsigned k_most_sessions = 4;

/// Takes tables until none are left. Returns the errors.
std::vector<std::string> analyze_some(pg::Session& session, const std::vector<std::string>& tables,
                                      std::atomic<std::size_t>& next) {
    std::vector<std::string> failures;
    for (std::size_t at = next++; at < tables.size(); at = next++) {
        try {
            if (!tables[at].empty()) {
                session.execute("analyze " + tables[at]);
            }
        } catch (const pg::ServerError& error) {
            failures.push_back(fmt::format("table {} could not be analyzed: {}", tables[at],
                                           error.server_message()));
        }
    }
    return failures;
}

std::vector<std::string> analyze(const TargetServer& server, const std::string& database,
                                 const pg::DumpSummary& restored) {
    // Opened here, because opening changes this process's environment.
    std::vector<pg::Session> sessions;
    sessions.push_back(server.open(server.connection_to(database)));
    set_client_encoding(sessions.front(), restored.inventory.encoding);
    std::vector<pg::ScannedTable> tables = restored.contents.tables;
    std::ranges::sort(tables, std::ranges::greater{}, &pg::ScannedTable::bytes);
    const std::vector<std::string> names = pg::find_tables(sessions.front(), tables);
    const std::size_t most = std::clamp(std::thread::hardware_concurrency(), 1U, k_most_sessions);
    while (sessions.size() < std::min(most, names.size())) {
        sessions.push_back(server.open(server.connection_to(database)));
        set_client_encoding(sessions.back(), restored.inventory.encoding);
    }
    std::atomic<std::size_t> next{0};
    std::vector<std::future<std::vector<std::string>>> workers;
    for (std::size_t i = 1; i < sessions.size(); ++i) {
        workers.push_back(std::async(std::launch::async, [&session = sessions[i], &names, &next] {
            return analyze_some(session, names, next);
        }));
    }
    std::vector<std::string> failures = analyze_some(sessions.front(), names, next);
    for (auto& worker : workers) {
        std::ranges::move(worker.get(), std::back_inserter(failures));
    }
    return failures;
}

} // namespace

void analyze_tables(const TargetServer& server, const std::string& database,
                    const pg::DumpSummary& restored, Listener& listener) {
    try {
        Progress progress;
        progress.phase = Progress::Phase::analyzing;
        listener.on_progress(progress);
        for (const std::string& failure : analyze(server, database, restored)) {
            listener.on_warning(failure);
        }
    } catch (const base::Error& error) {
        listener.on_warning(std::string{"the tables could not be analyzed: "} + error.what());
    }
}

std::vector<std::string> list_not_validated(const TargetServer& server,
                                            const pg::DumpSummary& restored, Listener& listener) {
    try {
        pg::Session session = server.open();
        set_client_encoding(session, restored.inventory.encoding);
        return pg::find_not_validated(session, restored.contents.schemas);
    } catch (const base::Error& error) {
        listener.on_warning(
            std::string{"the restore is done, but its constraints could not be listed: "} +
            error.what());
        return {};
    }
}

std::vector<CountedTable> count_restored_rows(pg::Session& session,
                                              const pg::DumpContents& contents) {
    std::vector<pg::ScannedTable> tables;
    std::ranges::copy_if(contents.tables, std::back_inserter(tables), &pg::ScannedTable::has_data);
    const std::vector<std::string> names = pg::find_tables(session, tables);
    std::vector<CountedTable> counted;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        CountedTable& table = counted.emplace_back();
        table.name = names.at(i);
        table.rows_wanted = tables[i].rows;
        if (table.name.empty()) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("table {}.{} is missing after the restore",
                                          base::printable(tables[i].schema),
                                          base::printable(tables[i].name))};
        }
        const std::string count =
            session.query("select pg_catalog.count(*) from only " + table.name).at(0).at(0);
        std::from_chars(count.data(), count.data() + count.size(), table.rows_found);
    }
    return counted;
}

} // namespace dbbackup::ops
