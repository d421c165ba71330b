#include "cli/run_record/note_results.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/database_address.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

namespace dbbackup::cli {

namespace {

std::string file_name(const std::string& path) {
    return std::filesystem::path{path}.filename();
}

/// The dump, its id, where it is from, and how large it is.
void note_dump(RunRecord& record, const std::string& path, const store::Manifest& manifest) {
    record.target = RunTarget{.host = manifest.database.host,
                              .port = manifest.database.port,
                              .database = manifest.database.name};
    record.dump = file_name(path);
    record.dump_id = manifest.dump_id;
    record.bytes = manifest.file.size;
    if (manifest.knows_contents()) {
        record.rows = manifest.contents.total_rows();
    }
}

} // namespace

void note_target(RunRecord& record, const pg::Connection& connection) {
    const pg::DatabaseAddress address = pg::address_of(connection);
    RunTarget target{.host = address.server_text(), .port = 0, .database = address.database};
    // Of several servers, only the text.
    const std::size_t colon = target.host.rfind(':');
    if (address.servers.size() == 1 && colon != std::string::npos) {
        const char* const end = target.host.data() + target.host.size();
        const auto parsed = std::from_chars(target.host.data() + colon + 1, end, target.port);
        if (parsed.ec == std::errc{} && parsed.ptr == end) {
            target.host.resize(colon);
        }
    }
    record.target = std::move(target);
}

void note(RunRecord& record, const ops::DumpReport& report) {
    note_dump(record, report.path, report.manifest);
}

void note(RunRecord& record, const ops::ExportReport& report) {
    record.dump = file_name(report.path.value_or("stdout"));
    record.bytes = report.size;
    record.rows = report.rows();
}

void note(RunRecord& record, const ops::ImportReport& report) {
    const pg::PlacingCounts total = report.total();
    record.target = RunTarget{
        .host = report.plan.host, .port = report.plan.port, .database = report.plan.database};
    record.dump = file_name(report.plan.source);
    record.rows = report.is_committed ? total.inserted + total.updated + total.deleted : 0;
}

void note(RunRecord& record, const ops::RestoreReport& report) {
    record.target = RunTarget{
        .host = report.plan.host, .port = report.plan.port, .database = report.plan.database};
    record.dump = file_name(report.plan.dump_path);
    record.bytes = report.plan.dump_size;
    if (report.outcome) {
        record.rows = report.outcome->rows;
    }
}

void note(RunRecord& record, const ops::VerifyReport& report) {
    record.bytes = 0;
    record.rows = 0;
    std::set<std::string> databases;
    for (const ops::VerifiedDump& dump : report.dumps) {
        *record.bytes += dump.size;
        *record.rows += dump.rows;
        databases.insert(dump.database.value_or(""));
    }
    if (databases.size() == 1 && !databases.begin()->empty()) {
        record.target = RunTarget{.host = {}, .port = 0, .database = *databases.begin()};
    }
    if (report.dumps.size() == 1) {
        record.dump = file_name(report.dumps.front().path);
    } else {
        record.dumps = report.dumps.size();
    }
}

void note(RunRecord& record, const ops::PruneReport& report) {
    if (report.database) {
        record.target = RunTarget{.host = {}, .port = 0, .database = *report.database};
    }
    record.dumps = report.removed();
    record.bytes = report.bytes_freed();
}

void note(RunRecord& record, const ops::PinReport& report) {
    record.dump = file_name(report.path);
}

void note(RunRecord& record, const ops::PushReport& report) {
    std::set<std::string> dumps;
    std::uint64_t bytes = 0;
    for (const ops::CopyResult& copy : report.copies) {
        dumps.insert(copy.dump);
        bytes += copy.state == ops::CopyState::copied ? copy.size : 0;
    }
    record.bytes = bytes;
    if (dumps.size() == 1) {
        record.dump = *dumps.begin();
    } else {
        record.dumps = dumps.size();
    }
}

void note(RunRecord& record, const ops::PullReport& report) {
    note_dump(record, report.path, report.manifest);
}

} // namespace dbbackup::cli
