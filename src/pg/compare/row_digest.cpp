#include "pg/compare/text_hash.hpp"
#include "pg/connect/row_settings.hpp"
#include "pg/scan/copy_data.hpp"
#include "pg/sql/sql_text.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/row_digest.hpp>

#include <array>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::pg {

namespace {

/// As pg_dump sets them (setup_connection in pg_dump.c, since 9.0), and some that it does not set.
constexpr std::array k_settings = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"search_path", ""}, // names in reg… types and the like are written qualified
    {"datestyle", "ISO"},
    {"intervalstyle", "postgres"},
    {"extra_float_digits", "3"},
    {"row_security", "off"}, // an error is better than a part of the rows
    {"timezone", k_row_time_zone},
    {"bytea_output", k_row_bytea_output},
});

void set(Session& session, std::string_view setting, std::string_view value) {
    (void)session.query("select pg_catalog.set_config($1, $2, false)",
                        {std::string{setting}, std::string{value}});
}

class RowHasher : public stream::Observer {
public:
    explicit RowHasher(std::atomic<std::uint64_t>* bytes) : bytes_(bytes) {}

    void observe(base::Bytes bytes) override {
        (void)data_.take(base::as_text(bytes), table_);
        if (bytes_ != nullptr) {
            bytes_->fetch_add(bytes.size(), std::memory_order_relaxed);
        }
    }

    [[nodiscard]] RowDigest digest() const { return {table_.rows, table_.fingerprint}; }

private:
    CopyData data_;
    ScannedTable table_;
    std::atomic<std::uint64_t>* bytes_;
};

} // namespace

void write_rows_as_dumped(Session& session, const std::string& encoding) {
    for (const auto& [setting, value] : k_settings) {
        set(session, setting, value);
    }
    if (!encoding.empty()) {
        set(session, "client_encoding", encoding);
    }
}

void add_row(RowDigest& digest, std::string_view row) {
    const TextDigest hash = digest_of(row);
    digest.fingerprint.add({.low = hash.low, .high = hash.high});
    ++digest.rows;
}

RowDigest read_row_digest(Session& session, const CopiedTable& table) {
    const std::string columns =
        table.column_list.empty() ? std::string{} : " (" + table.column_list + ")";
    return read_row_digest(session,
                           fmt::format("copy {}.{}{} to stdout", quote_identifier(table.schema),
                                       quote_identifier(table.name), columns),
                           {table.schema, table.name});
}

RowDigest read_row_digest(Session& session, const std::string& copy_statement,
                          const RelationName& table, std::atomic<std::uint64_t>* bytes) {
    RowHasher hasher{bytes};
    const std::uint64_t rows = session.read_rows(copy_statement, hasher);
    const RowDigest digest = hasher.digest();
    if (digest.rows != rows) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("of table {}.{} the server sent {} rows, and says {}",
                                      base::printable(table.schema), base::printable(table.name),
                                      base::with_thousands(digest.rows),
                                      base::with_thousands(rows))};
    }
    return digest;
}

} // namespace dbbackup::pg
