#include "ops/client/progress_report.hpp"
#include "ops/dump/safety_dump.hpp"
#include "ops/read/named_dump.hpp"
#include "ops/restore/restore_transaction.hpp"
#include "ops/server_access.hpp"
#include "ops/target/commit_outcome.hpp"
#include "ops/target/watched_session.hpp"
#include "ops/transfer/dump_source.hpp"
#include "ops/transfer/export_source.hpp"
#include "ops/transfer/import_refusals.hpp"
#include "ops/transfer/inserted_keys.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/dump.hpp>
#include <dbbackup/ops/import.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/pg/name_pattern.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <set>

namespace dbbackup::ops {

namespace {

class Import {
public:
    Import(const ImportRequest& request, ImportApprover& approver, const Context& context)
        : request_(request), approver_(approver), context_(context) {}

    ImportReport run() {
        const auto started = std::chrono::steady_clock::now();
        connect();
        source_ = open_source();
        plan();
        approver_.require_approval(report_.plan);
        try {
            place();
        } catch (const pg::ServerError& error) {
            throw with_safety_dump(explain_import(error, request_.lock_timeout),
                                   report_.safety_dump);
        } catch (const CommitUnknown&) {
            throw;
        } catch (const base::Error& error) {
            throw with_safety_dump(error, report_.safety_dump);
        }
        report_.duration = elapsed_since(started);
        report_.made_at = context_.clock.now();
        return std::move(report_);
    }

private:
    /// First of all, so that a wrong password is not reported after an hour of reading.
    void connect() {
        warn_of_url(request_.connection, context_.listener);
        connection_ = request_.connection;
        session_ = std::make_unique<pg::Session>(open());
        ask_to_be_watched(*session_);
        server_ = session_->server_info();
        connection_ = pg::pin_to_server(connection_, server_);
    }

    [[nodiscard]] pg::Session open() const {
        pg::clean_own_environment(connection_, context_.environment);
        return pg::Session{connection_};
    }

    [[nodiscard]] std::unique_ptr<ImportSource> open_source() const {
        if (looks_like_export(request_.source)) {
            return open_export(request_.source, context_);
        }
        store::DumpQuery query{.directory = request_.directory,
                               .reference = request_.source,
                               .latest = request_.latest,
                               .only_parts = store::OnlyParts::newest,
                               .command_line = request_.command_line};
        query.latest.database = request_.connection.database;
        return std::make_unique<DumpSource>(find_named_dump(query, context_), request_.command_line,
                                            context_);
    }

    [[nodiscard]] const pg::ImportMap& choose_map() const {
        static const pg::ImportMap none;
        const std::string& version = source_->description().schema_version;
        for (const VersionedMap& map : request_.maps) {
            if (!map.schema_version || *map.schema_version == version) {
                return map.map;
            }
        }
        if (!request_.maps.empty()) {
            throw base::Error{base::ErrorKind::refused,
                              fmt::format("no map is for the source's schema version {}",
                                          version.empty() ? "(unknown)" : base::printable(version)),
                              "Nothing was changed. Add a map without schema-version, which is for "
                              "every source."};
        }
        return none;
    }

    void plan() {
        std::set<std::string> types;
        for (const pg::SourceTable& table : source_->description().tables) {
            for (const pg::SourceColumn& column : table.columns) {
                types.insert(column.type);
            }
        }
        types.erase("");
        target_ = pg::read_placing_target(*session_, {types.begin(), types.end()});
        target_.identity = server_.identity;
        const pg::RowSource& source = source_->description();
        ImportPlan& plan = report_.plan;
        plan.placing = pg::plan_placing(source, target_, choose_map(), request_.placing);
        require_placeable(plan.placing, context_.listener);
        if (plan.placing.tables.empty()) {
            throw base::Error{
                base::ErrorKind::failed,
                fmt::format("'{}' has no rows to import", base::printable(source.name)),
                "Nothing was changed. A dump taken with --schema-only has none."};
        }
        for (const pg::TablePlacing& table : plan.placing.tables) {
            std::uint64_t rows = 0;
            for (const std::size_t index : table.sources) {
                rows += source.tables[index].rows;
            }
            plan.source_rows.push_back(rows);
        }
        plan.source = source.name;
        plan.source_database = source.database;
        plan.source_taken_at = source.taken_at;
        plan.schema_version = source.schema_version;
        plan.host = server_.host;
        plan.port = server_.port;
        plan.database = request_.connection.database;
        plan.takes_safety_dump =
            plan.asks() && !request_.is_dry_run && request_.safety_dump == SafetyDump::take;
        report_.is_dry_run = request_.is_dry_run;
    }

    void place() {
        pg::Session& session = *session_;
        const pg::PlacingPlan& placing = report_.plan.placing;
        session.execute("begin isolation level read committed read write");
        const std::string id = transaction_id(session);
        pg::StagedRows staged{session, placing, source_->description()};
        source_->read_rows(staged.wanted(), [&staged](std::size_t table, std::string_view row) {
            staged.take(table, row);
        });
        staged.finish();
        pg::lock_placed_tables(session, placing, request_.lock_timeout);
        require_no_other_restore(session);
        require_unchanged(session);
        report_.result =
            pg::place_rows(session, placing, staged,
                           {.is_dry = request_.is_dry_run,
                            .skips_conflicts = request_.skips_conflicts,
                            .on_table = [this](const std::string& table) { tell(table); },
                            .before_writing = [this] { secure_target(); }});
        if (request_.is_dry_run ||
            (!report_.result.conflicts.empty() && !request_.skips_conflicts)) {
            session.execute("rollback");
            return;
        }
        note_way_back(session);
        sys::throw_if_interrupted(); // the last moment at which a signal means "nothing changed"
        require_committed(
            session, id, [this] { return open(); }, context_.listener);
        report_.is_committed = true;
    }

    void tell(const std::string& table) const {
        sys::throw_if_interrupted();
        context_.listener.on_progress({.phase = Progress::Phase::placing,
                                       .bytes = 0,
                                       .estimated_bytes = 0,
                                       .rows = 0,
                                       .table = table,
                                       .elapsed = {}});
    }

    void require_unchanged(pg::Session& session) const {
        require_same_tables(target_, pg::read_placing_target(session, {}), report_.plan.placing);
    }

    /// With the tables locked, so that it holds every row that is about to change.
    void secure_target() {
        if (!report_.plan.takes_safety_dump) {
            return;
        }
        context_.listener.on_notice("taking a safety dump of the target first");
        try {
            report_.safety_dump =
                dump(safety_request(request_.connection,
                                    request_.safety_directory.value_or(request_.directory),
                                    request_.lock_timeout, "an import"),
                     context_)
                    .path;
        } catch (const base::Error& error) {
            throw base::Error{error.kind(),
                              std::string{"the safety dump failed, so nothing was imported: "} +
                                  error.what(),
                              fmt::format("{}{}To put it elsewhere: --safety-dir DIR.",
                                          error.hint(), error.hint().empty() ? "" : " ")};
        }
    }

    void note_way_back(pg::Session& session) {
        const pg::PlacingPlan& placing = report_.plan.placing;
        if (placing.options.mode == pg::PlacingMode::add) {
            report_.undo_file = write_undo_file(session, request_, placing, report_.result,
                                                server_.identity, context_.clock.now());
            if (report_.undo_file) {
                report_.undo_command = {"import", "--undo", *report_.undo_file};
            }
        } else if (report_.safety_dump) {
            report_.undo_command = {"restore", std::filesystem::absolute(*report_.safety_dump),
                                    "--clean"};
            for (const pg::TablePlacing& table : placing.tables) {
                report_.undo_command.emplace_back("-t");
                report_.undo_command.push_back(pg::as_pattern(table.target.table.schema) + "." +
                                               pg::as_pattern(table.target.table.name));
            }
        }
    }

    const ImportRequest& request_;
    ImportApprover& approver_;
    const Context& context_;
    pg::Connection connection_;
    pg::ServerInfo server_;
    std::unique_ptr<pg::Session> session_;
    std::unique_ptr<ImportSource> source_;
    pg::PlacingTarget target_;
    ImportReport report_;
};

} // namespace

pg::PlacingCounts ImportReport::total() const {
    pg::PlacingCounts total;
    for (const pg::PlacingCounts& table : result.tables) {
        total.source += table.source;
        total.inserted += table.inserted;
        total.updated += table.updated;
        total.unchanged += table.unchanged;
        total.kept += table.kept;
        total.deleted += table.deleted;
        total.conflicts += table.conflicts;
    }
    return total;
}

ImportReport import_rows(const ImportRequest& request, ImportApprover& approver,
                         const Context& context) {
    return Import{request, approver, context}.run();
}

} // namespace dbbackup::ops
