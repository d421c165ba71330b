#include "ops/transfer/csv_export.hpp"

#include "ops/transfer/csv_reader.hpp"
#include "ops/transfer/export_events.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/fd.hpp>

#include <fmt/format.h>
#include <map>
#include <utility>

namespace dbbackup::ops {

namespace {

using RowListener = ImportSource::RowListener;

class CsvExport : public ExportSource {
public:
    explicit CsvExport(std::filesystem::path path)
        : path_(std::move(path)), directory_(sys::Directory::open(path_)) {
        read_manifest();
        for (std::size_t i = 0; i < description_.tables.size(); ++i) {
            description_.tables[i].rows = read_table(i, {});
        }
        require_end(header_, rows_of(description_), end_, actual_sha256_);
    }

    [[nodiscard]] const pg::RowSource& description() const override { return description_; }

    [[nodiscard]] std::uint64_t size() const override { return size_; }

    [[nodiscard]] std::uint64_t text_size() const override { return size_; }

    [[nodiscard]] bool is_summed() const override {
        return !end_.sha256.empty() && end_.files.size() == description_.tables.size();
    }

    void read_rows(const std::vector<std::size_t>& tables, const RowListener& listener) override {
        for (const std::size_t table : tables) {
            (void)read_table(table, [&](std::string_view row) { listener(table, row); });
        }
    }

private:
    static std::vector<std::uint64_t> rows_of(const pg::RowSource& source) {
        std::vector<std::uint64_t> rows;
        for (const pg::SourceTable& table : source.tables) {
            rows.push_back(table.rows);
        }
        return rows;
    }

    void read_manifest() {
        const sys::Fd fd = directory_.open_file(k_csv_manifest);
        TextReader text{fd.get(), base::printable(directory_.path_of(k_csv_manifest))};
        ExportEvents events{text, {}};
        parse_export(text, events);
        header_ = events.header();
        end_ = events.end();
        actual_sha256_ = events.actual_sha256();
        description_ = header_.source;
        description_.name =
            path_.filename().empty() ? path_.parent_path().filename() : path_.filename();
        size_ = text.position();
    }

    /// Returns how many rows it has.
    std::uint64_t read_table(std::size_t table, const CsvRowListener& listener) {
        const std::string& file = header_.files[table];
        if (file.empty() || file.find('/') != std::string::npos || file == "." || file == "..") {
            throw base::Error{base::ErrorKind::damaged, "a table has no file of its own"};
        }
        if (!directory_.contains(file)) {
            throw base::Error{base::ErrorKind::damaged,
                              fmt::format("the file '{}' is missing", base::printable(file))};
        }
        const sys::Fd fd = directory_.open_file(file);
        TextReader text{fd.get(), base::printable(directory_.path_of(file))};
        const std::uint64_t rows = read_csv(text, description_.tables[table], listener);
        const std::string sha256 = text.sha256();
        std::string& known = sums_[file];
        const auto said = end_.files.find(file);
        if ((said != end_.files.end() && said->second != sha256) ||
            (!known.empty() && known != sha256)) {
            throw base::Error{
                base::ErrorKind::damaged,
                fmt::format("the content of '{}' does not fit its SHA-256", base::printable(file))};
        }
        if (known.empty()) {
            size_ += text.position();
        }
        known = sha256;
        return rows;
    }

    std::filesystem::path path_;
    sys::Directory directory_;
    ExportHeader header_;
    ExportEnd end_;
    std::string actual_sha256_;
    pg::RowSource description_;
    std::map<std::string, std::string> sums_; ///< of the files, as first read
    std::uint64_t size_ = 0;
};

} // namespace

std::unique_ptr<ExportSource> open_csv_export(const std::filesystem::path& path) {
    return std::make_unique<CsvExport>(path);
}

} // namespace dbbackup::ops
