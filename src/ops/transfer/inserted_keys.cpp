#include "ops/transfer/inserted_keys.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/fd.hpp>

#include <nlohmann/json.hpp>

// The file: one JSON object in a line, then for each table, in the order of the object, its rows as
// `digest TAB key…` in COPY's text format, then `\.`. See docs/files.md.

namespace dbbackup::ops {

namespace {

class RowWriter : public stream::Observer {
public:
    explicit RowWriter(const sys::AtomicFile& file) : file_(file) {}

    void observe(base::Bytes bytes) override {
        constexpr std::size_t k_buffer = 256U << 10U;
        buffer_ += base::as_text(bytes);
        if (buffer_.size() >= k_buffer) {
            flush();
        }
    }

    void flush() {
        sys::write_all(file_.fd(), base::as_bytes(buffer_), file_.partial_path());
        buffer_.clear();
    }

private:
    const sys::AtomicFile& file_;
    std::string buffer_;
};

std::string header(const ImportRequest& request, const pg::PlacingPlan& plan,
                   const pg::PlacingResult& result, const pg::DatabaseIdentity& identity,
                   base::UtcTime now) {
    nlohmann::ordered_json json{{"format", "dbbackup-import-undo"},
                                {"format_version", "1.0"},
                                {"database", base::to_valid_utf8(request.connection.database)},
                                {"system_identifier", identity.system_identifier},
                                {"oid", identity.database_oid},
                                {"imported_at", base::format_utc(now)},
                                {"tables", nlohmann::ordered_json::array()}};
    for (std::size_t i = 0; i < plan.tables.size(); ++i) {
        const pg::TablePlacing& table = plan.tables[i];
        std::vector<std::string> key;
        for (const std::size_t place : table.key) {
            key.push_back(table.columns[place].column.name);
        }
        json["tables"].push_back({{"schema", table.target.table.schema},
                                  {"name", table.target.table.name},
                                  {"key", key},
                                  {"rows", result.tables[i].inserted}});
    }
    return json.dump() + "\n";
}

} // namespace

std::optional<std::string> write_undo_file(pg::Session& session, const ImportRequest& request,
                                           const pg::PlacingPlan& plan,
                                           const pg::PlacingResult& result,
                                           const pg::DatabaseIdentity& identity,
                                           base::UtcTime now) {
    std::uint64_t inserted = 0;
    for (const pg::PlacingCounts& table : result.tables) {
        inserted += table.inserted;
    }
    if (inserted == 0) {
        return std::nullopt;
    }
    const sys::Directory directory = sys::Directory::open_or_create(request.directory);
    const std::string name = store::format_dump_name(
        {.database = request.connection.database, .time = now, .suffix = ".import-undo"});
    sys::AtomicFile file{directory, name};
    RowWriter writer{file};
    const std::string first = header(request, plan, result, identity, now);
    writer.observe(base::as_bytes(first));
    for (std::size_t table = 0; table < plan.tables.size(); ++table) {
        const std::uint64_t rows = pg::read_inserted_keys(session, plan, table, writer);
        if (rows != result.tables[table].inserted) {
            throw base::Error{
                base::ErrorKind::refused,
                fmt::format("{}: a trigger changed the key of inserted rows, so they could not be "
                            "found again",
                            base::printable(plan.tables[table].target.table.name)),
                "Nothing was changed. Use --triggers skip."};
        }
        writer.observe(base::as_bytes(std::string_view{"\\.\n"}));
    }
    writer.flush();
    file.sync();
    file.commit();
    directory.sync();
    return std::filesystem::absolute(directory.path() / name).string();
}

} // namespace dbbackup::ops
