#include "ops/restore/restore_transaction.hpp"
#include "ops/server_access.hpp"
#include "ops/target/commit_outcome.hpp"
#include "ops/target/watched_session.hpp"
#include "ops/transfer/import_refusals.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/import.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/sys/signals.hpp>

#include <cerrno>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>

namespace dbbackup::ops {

namespace {

using Json = nlohmann::json;

/// A file of write_undo_file().
class UndoFile {
public:
    explicit UndoFile(const std::filesystem::path& path) : path_(path) {
        std::error_code problem;
        if (std::filesystem::exists(path, problem) &&
            !std::filesystem::is_regular_file(path, problem)) {
            throw_not_one(); // opening a FIFO would wait for its writer
        }
        file_.open(path);
        if (!file_) {
            throw base::system_error(fmt::format("open '{}'", base::printable(path.string())),
                                     errno);
        }
        std::string line;
        std::getline(file_, line);
        try {
            const Json json = Json::parse(line);
            if (json.at("format") != "dbbackup-import-undo") {
                throw_not_one();
            }
            database_ = json.at("database").get<std::string>();
            identity_ = {json.at("system_identifier").get<std::string>(),
                         json.at("oid").get<std::uint32_t>()};
            for (const Json& table : json.at("tables")) {
                tables_.push_back(
                    {{table.at("schema").get<std::string>(), table.at("name").get<std::string>()},
                     table.at("key").get<std::vector<std::string>>()});
                rows_.push_back(table.at("rows").get<std::uint64_t>());
            }
        } catch (const Json::exception&) {
            throw_not_one();
        }
    }

    /// The same database, whatever its name and address are.
    void require_database(const std::string& name, const pg::DatabaseIdentity& identity) const {
        const bool is_same = identity_.is_known() && identity.is_known()
                                 ? identity_ == identity
                                 : base::to_valid_utf8(name) == database_;
        if (!is_same) {
            throw base::Error{base::ErrorKind::refused,
                              fmt::format("'{}' is of an import into another database ({})",
                                          base::printable(path_.string()),
                                          base::printable(database_)),
                              "Nothing was changed. Name that database with --url."};
        }
    }

    /// Throws {damaged} unless it is whole.
    void read_rows(pg::InsertedRows& rows) {
        std::string line;
        for (std::size_t table = 0; table < tables_.size(); ++table) {
            std::uint64_t count = 0;
            while (std::getline(file_, line) && line != "\\.") {
                rows.take(table, line);
                ++count;
            }
            if (line != "\\." || count != rows_[table]) {
                throw base::Error{base::ErrorKind::damaged,
                                  fmt::format("'{}' is damaged: rows are missing",
                                              base::printable(path_.string())),
                                  "Nothing was changed."};
            }
            line.clear();
        }
    }

    [[nodiscard]] const std::vector<pg::InsertedKey>& tables() const { return tables_; }

    [[nodiscard]] std::uint64_t rows(std::size_t table) const { return rows_[table]; }

private:
    [[noreturn]] void throw_not_one() const {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' is not a list of imported rows", base::printable(path_.string())),
            "Name the file that the import printed (DATABASE_TIME.import-undo)."};
    }

    std::filesystem::path path_;
    std::ifstream file_;
    std::string database_;
    pg::DatabaseIdentity identity_;
    std::vector<pg::InsertedKey> tables_;
    std::vector<std::uint64_t> rows_;
};

} // namespace

ImportUndoReport undo_import(const ImportUndoRequest& request, const Context& context) {
    warn_of_url(request.connection, context.listener);
    UndoFile file{request.file};
    const auto open = [&] {
        pg::clean_own_environment(request.connection, context.environment);
        return pg::Session{request.connection};
    };
    pg::Session session = open();
    ask_to_be_watched(session);
    file.require_database(request.connection.database, pg::read_database_identity(session));
    ImportUndoReport report{.file = request.file.string(),
                            .database = request.connection.database,
                            .is_dry_run = request.is_dry_run,
                            .tables = {}};
    try {
        session.execute("begin isolation level read committed read write");
        const std::string id = transaction_id(session);
        pg::InsertedRows rows{session, file.tables()};
        file.read_rows(rows);
        rows.finish();
        const auto removed = rows.remove(pg::read_placing_target(session, {}), request.triggers,
                                         request.lock_timeout);
        for (std::size_t i = 0; i < removed.size(); ++i) {
            report.tables.push_back({.table = file.tables()[i].table,
                                     .inserted = file.rows(i),
                                     .deleted = removed[i].deleted,
                                     .changed = removed[i].changed,
                                     .gone = removed[i].gone,
                                     .in_use = removed[i].in_use});
        }
        if (request.is_dry_run) {
            session.execute("rollback");
            return report;
        }
        sys::throw_if_interrupted();
        require_committed(session, id, open, context.listener);
    } catch (const pg::ServerError& error) {
        throw explain_import(error, request.lock_timeout);
    }
    return report;
}

} // namespace dbbackup::ops
