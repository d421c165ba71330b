#include "ops/client/progress_report.hpp"
#include "ops/server_access.hpp"
#include "ops/transfer/export_document.hpp"
#include "ops/transfer/export_output.hpp"
#include "ops/transfer/export_plan.hpp"
#include "ops/transfer/export_root.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/interrupted_operation.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/export.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/sys/signals.hpp>

#include <fmt/format.h>
#include <numeric>
#include <optional>
#include <span>
#include <unistd.h>
#include <utility>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

constexpr auto k_report_interval = 100ms;
constexpr std::string_view k_insufficient_privilege = "42501";
/// How many rows of a root one statement names.
constexpr std::size_t k_batch = 20'000;

std::string_view suffix_of(const ExportRequest& request) {
    switch (request.format) {
    case ExportFormat::json:
        return request.compressed ? ".export.json.gz" : ".export.json";
    case ExportFormat::jsonl:
        return request.compressed ? ".export.jsonl.gz" : ".export.jsonl";
    case ExportFormat::csv:
        return ".export.csv";
    }
    return {};
}

stream::CompressionMethod compression_of(const ExportRequest& request) {
    return request.compressed ? stream::CompressionMethod::gzip : stream::CompressionMethod::none;
}

pg::Session connect(const ExportRequest& request, const Context& context) {
    pg::clean_own_environment(request.connection, context.environment);
    return pg::Session{request.connection};
}

/// Hands the rows of a COPY to a document, and counts them.
class RowsToDocument : public stream::Observer {
public:
    RowsToDocument(ExportDocument& document, Listener& listener)
        : document_(document), listener_(listener) {}

    void observe(base::Bytes bytes) override { // one row
        std::string_view row = base::as_text(bytes);
        row.remove_suffix(row.ends_with('\n') ? 1 : 0);
        document_.add_row(row);
        ++rows_;
        bytes_ += bytes.size();
        const auto now = std::chrono::steady_clock::now();
        if (now - reported_ >= k_report_interval) {
            reported_ = now;
            listener_.on_progress({.phase = Progress::Phase::dumping,
                                   .bytes = bytes_,
                                   .estimated_bytes = 0,
                                   .rows = rows_,
                                   .table = table_,
                                   .elapsed = elapsed_since(started_)});
        }
    }

    void begin(const std::string& table) { table_ = table; }

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

private:
    ExportDocument& document_;
    Listener& listener_;
    std::uint64_t rows_ = 0;
    std::uint64_t bytes_ = 0;
    std::string table_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point reported_ = started_;
};

class Export {
public:
    Export(const ExportRequest& request, const Context& context)
        : request_(request), context_(context), session_(connect(request, context)) {}

    ExportReport run() {
        const auto started = std::chrono::steady_clock::now();
        const pg::ServerInfo server = session_.server_info();
        report_.database = request_.connection.database;
        report_.server = fmt::format("{}:{}", server.host, server.port);
        report_.format = request_.format;
        report_.dry_run = request_.dry_run;
        report_.root = request_.root;
        report_.since = request_.since;
        report_.until = request_.until;
        std::optional<NewName> place;
        if (!request_.to_stdout && !request_.dry_run) {
            place.emplace(find_place(output_path(), request_.dump_directory));
            remove_abandoned(*place);
        }
        explain_refusal([&] { look(server.version_number); });
        explain_refusal([&] { request_.dry_run ? count() : write(place); });
        report_.schema_version = plan_.header.source.schema_version;
        report_.duration = elapsed_since(started);
        return std::move(report_);
    }

private:
    /// An unused name in the current directory.
    [[nodiscard]] std::filesystem::path output_path() const {
        if (request_.output) {
            return *request_.output;
        }
        store::DumpName name{request_.connection.database, context_.clock.now(),
                             std::string{suffix_of(request_)}};
        while (std::filesystem::exists(store::format_dump_name(name))) {
            name.time += 1ms;
        }
        return store::format_dump_name(name);
    }

    template <typename Action>
    void explain_refusal(Action action) {
        try {
            action();
        } catch (const pg::ServerError& error) {
            if (error.sqlstate() != k_insufficient_privilege) {
                throw;
            }
            throw base::Error{error.kind(), error.what(),
                              "The role of the URL must be able to read all that is exported. "
                              "Name the tables that it can read with -t."};
        }
    }

    void look(int version) {
        plan_ = plan_export(session_, version, request_, context_);
        if (request_.root) {
            reached_ = find_reached_rows(session_, *request_.root, plan_, context_.listener);
            keep_reached();
        } else if (request_.tables.empty() && pg::has_large_objects(session_)) {
            context_.listener.on_warning("large objects are not exported: no table has them");
        }
        for (std::size_t i = 0; i < plan_.tables.size(); ++i) {
            report_.tables.push_back(
                {.table = plan_.tables[i].catalog.table,
                 .rows = 0,
                 .date_column = plan_.header.date_columns[i],
                 .undated = plan_.tables[i].undated,
                 .reached_by = request_.root ? reached_[i].paths : std::vector<ExportPath>{}});
        }
    }

    /// Tables to which no foreign key leads from the root are not part of the export.
    void keep_reached() {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < plan_.tables.size(); ++i) {
            if (reached_[i].is_reached) {
                std::swap(reached_[kept], reached_[i]);
                std::swap(plan_.tables[kept], plan_.tables[i]);
                std::swap(plan_.header.source.tables[kept], plan_.header.source.tables[i]);
                std::swap(plan_.header.date_columns[kept], plan_.header.date_columns[i]);
                ++kept;
            }
        }
        reached_.resize(kept);
        plan_.tables.resize(kept);
        plan_.header.source.tables.resize(kept);
        plan_.header.date_columns.resize(kept);
    }

    void count() {
        for (std::size_t i = 0; i < plan_.tables.size(); ++i) {
            report_.tables[i].rows = request_.root ? reached_[i].ids.size()
                                                   : pg::count_rows(session_, plan_.tables[i].rows);
        }
    }

    void write(const std::optional<NewName>& place) {
        if (!place) {
            write_text(STDOUT_FILENO, "stdout", "send stdout to another place");
        } else if (request_.format == ExportFormat::csv) {
            write_directory(*place);
        } else {
            write_file(*place);
        }
    }

    void write_file(const NewName& place) {
        std::optional<sys::AtomicFile> file;
        making(place, [&] { file.emplace(place.directory, place.name); });
        mark_in_use(file->fd());
        write_text(file->fd(), base::printable(file->partial_path()), k_name_another_place);
        tell_finishing();
        file->sync();
        place.directory.require_in_place();
        // The last moment at which a signal still means "not done".
        sys::throw_if_interrupted();
        file->commit();
        try {
            place.directory.sync();
        } catch (...) {
            file->withdraw();
            throw;
        }
        report_.path = place.path();
    }

    /// With a hint for exports: files are made for dumps elsewhere.
    template <typename Action>
    static void making(const NewName& place, Action action) {
        try {
            action();
        } catch (const base::SystemError& error) {
            throw base::Error{error.kind(), error.what(),
                              fmt::format("Make the directory '{}' writable for this user, or name "
                                          "another place with --output.",
                                          base::printable(place.directory.path().native()))};
        }
    }

    void write_text(int fd, const std::string& name, const std::string& elsewhere) {
        TextWriter writer{fd, name, compression_of(request_), elsewhere};
        const auto document = request_.format == ExportFormat::json
                                  ? make_json_document(plan_.header, writer)
                                  : make_jsonl_document(plan_.header, writer);
        write_rows(*document);
        writer.finish();
        report_.size = writer.size();
        report_.uncompressed_size = writer.text_size();
        report_.sha256 = writer.sha256();
    }

    void write_directory(const NewName& place) {
        std::optional<sys::AtomicDirectory> directory;
        making(place, [&] { directory.emplace(place.directory, place.name); });
        mark_in_use(directory->fd());
        plan_.header.files = csv_files(plan_.header.source.tables);
        const auto document = make_csv_document(
            plan_.header, *directory, [this](std::uint64_t bytes) { report_.size += bytes; });
        write_rows(*document);
        report_.uncompressed_size = report_.size;
        tell_finishing();
        place.directory.require_in_place();
        sys::throw_if_interrupted();
        directory->commit();
        report_.path = place.path();
    }

    void write_rows(ExportDocument& document) {
        RowsToDocument rows{document, context_.listener};
        for (std::size_t i = 0; i < plan_.tables.size(); ++i) {
            const pg::RelationName& name = plan_.tables[i].catalog.table;
            rows.begin(base::dotted_name(name.schema, name.name));
            document.begin_table(i);
            if (!request_.root) {
                read(pg::copy_statement(plan_.tables[i].rows), rows);
                continue;
            }
            const std::span<const pg::RowId> ids{reached_[i].ids};
            for (std::size_t at = 0; at < ids.size(); at += k_batch) {
                read(pg::copy_statement(plan_.tables[i].rows,
                                        ids.subspan(at, std::min(k_batch, ids.size() - at))),
                     rows);
            }
        }
        document.finish();
        for (std::size_t i = 0; i < plan_.tables.size(); ++i) {
            report_.tables[i].rows = document.rows()[i];
        }
    }

    void read(const std::string& copy_statement, RowsToDocument& rows) {
        const std::uint64_t before = rows.rows();
        const std::uint64_t sent = session_.read_rows(copy_statement, rows);
        if (rows.rows() - before != sent) {
            throw base::Error{
                base::ErrorKind::failed,
                fmt::format("the server sent {} rows, and says {}", rows.rows() - before, sent)};
        }
    }

    void tell_finishing() {
        Progress progress;
        progress.phase = Progress::Phase::finishing;
        context_.listener.on_progress(progress);
    }

    const ExportRequest& request_;
    const Context& context_;
    pg::Session session_; ///< whose transaction keeps the snapshot
    ExportPlan plan_;
    std::vector<ReachedRows> reached_; ///< with a root, for each table of the plan
    ExportReport report_;
};

} // namespace

std::uint64_t ExportReport::rows() const noexcept {
    return std::accumulate(
        tables.begin(), tables.end(), std::uint64_t{0},
        [](std::uint64_t sum, const ExportedTable& table) { return sum + table.rows; });
}

ExportReport export_rows(const ExportRequest& request, const Context& context) {
    warn_of_url(request.connection, context.listener);
    try {
        return Export{request, context}.run();
    } catch (const base::Interrupted& interrupted) {
        throw base::InterruptedOperation{interrupted.signal_number(),
                                         request.to_stdout ? "what was written is incomplete"
                                                           : "nothing is left of the export"};
    }
}

} // namespace dbbackup::ops
