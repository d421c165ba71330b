#include "ops/transfer/export_document.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/row_text.hpp>
#include <dbbackup/store/dump_name.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <unistd.h>
#include <utility>

namespace dbbackup::ops {

namespace {

/// How much text is collected before it is written.
constexpr std::size_t k_piece = std::size_t{64} << 10;

std::string json_string(std::string_view text) {
    std::string json;
    pg::append_json_string(json, text);
    return json;
}

/// `{"public.orders":42}`
std::string rows_json(const ExportHeader& header, const std::vector<std::uint64_t>& rows) {
    std::vector<std::string> members;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        members.push_back(
            fmt::format("{}:{}", json_string(data_name(header.source.tables[i].table)), rows[i]));
    }
    return fmt::format("{{{}}}", fmt::join(members, ","));
}

/// One file that holds everything.
class TextDocument : public ExportDocument {
public:
    TextDocument(const ExportHeader& header, TextWriter& writer)
        : ExportDocument(header.source.tables.size()), header_(header), writer_(writer) {}

    void begin_table(std::size_t table) override {
        table_ = table;
        text_.emplace(header_.source.tables[table]);
    }

protected:
    [[nodiscard]] const ExportHeader& header() const noexcept { return header_; }

    [[nodiscard]] std::string table_name() const {
        return json_string(data_name(header_.source.tables[table_].table));
    }

    void append_row(std::string_view row) {
        text_->append_json(pending_, row);
        ++rows_[table_];
    }

    void flush() {
        writer_.write(pending_);
        pending_.clear();
    }

    void flush_if_long() {
        if (pending_.size() >= k_piece) {
            flush();
        }
    }

    /// What comes after `"end":`; all text before that must have been written.
    [[nodiscard]] std::string end_json() {
        return fmt::format("{{\"rows\":{},\"sha256\":\"{}\"}}", rows_json(header_, rows_),
                           writer_.text_sha256());
    }

    // NOLINTNEXTLINE(*-non-private-member-variables-in-classes)
    std::string pending_;

private:
    const ExportHeader& header_;
    TextWriter& writer_;
    std::size_t table_ = 0;
    std::optional<pg::RowText> text_;
};

class JsonDocument : public TextDocument {
public:
    JsonDocument(const ExportHeader& header, TextWriter& writer) : TextDocument(header, writer) {
        pending_ = fmt::format("{{\n{},\n\"data\":{{", fmt::join(to_members(header), ",\n"));
    }

    void begin_table(std::size_t table) override {
        end_table();
        TextDocument::begin_table(table);
        pending_ += fmt::format("{}\n{}:[", is_first_table_ ? "" : ",", table_name());
        is_first_table_ = false;
        is_first_row_ = true;
    }

    void add_row(std::string_view row) override {
        pending_ += is_first_row_ ? "\n" : ",\n";
        is_first_row_ = false;
        append_row(row);
        flush_if_long();
    }

    void finish() override {
        end_table();
        pending_ += "\n},\n";
        flush();
        pending_ = fmt::format("\"end\":{}\n}}\n", end_json());
        flush();
    }

private:
    void end_table() {
        if (!is_first_table_) {
            pending_ += is_first_row_ ? "]" : "\n]";
        }
    }

    bool is_first_table_ = true;
    bool is_first_row_ = true;
};

class JsonlDocument : public TextDocument {
public:
    JsonlDocument(const ExportHeader& header, TextWriter& writer) : TextDocument(header, writer) {
        pending_ = fmt::format("{{{}}}", fmt::join(to_members(header), ","));
        std::erase(pending_, '\n'); // in a string it would be escaped
        pending_ += '\n';
    }

    void begin_table(std::size_t table) override {
        TextDocument::begin_table(table);
        start_of_row_ = fmt::format("{{\"table\":{},\"row\":", table_name());
    }

    void add_row(std::string_view row) override {
        pending_ += start_of_row_;
        append_row(row);
        pending_ += "}\n";
        flush_if_long();
    }

    void finish() override {
        flush();
        pending_ = fmt::format("{{\"end\":{}}}\n", end_json());
        flush();
    }

private:
    std::string start_of_row_;
};

class CsvDocument : public ExportDocument {
public:
    CsvDocument(const ExportHeader& header, sys::AtomicDirectory& directory, SizeListener written)
        : ExportDocument(header.source.tables.size()), header_(header), directory_(directory),
          written_(std::move(written)) {}

    void begin_table(std::size_t table) override {
        end_table();
        table_ = table;
        const pg::SourceTable& source = header_.source.tables[table];
        fd_ = directory_.make_file(header_.files[table]);
        file_.emplace(fd_.get(), base::printable(directory_.path_of(header_.files[table])),
                      stream::CompressionMethod::none, k_name_another_place);
        text_.emplace(source);
        text_->append_csv_head(pending_);
    }

    void add_row(std::string_view row) override {
        text_->append_csv(pending_, row);
        ++rows_[table_];
        if (pending_.size() >= k_piece) {
            flush();
        }
    }

    void finish() override {
        end_table();
        const std::string name = k_csv_manifest;
        fd_ = directory_.make_file(name);
        file_.emplace(fd_.get(), base::printable(directory_.path_of(name)),
                      stream::CompressionMethod::none, k_name_another_place);
        pending_ = fmt::format("{{\n{},\n", fmt::join(to_members(header_), ",\n"));
        flush();
        pending_ =
            fmt::format("\"end\":{{\"rows\":{},\"files\":{{{}}},\"sha256\":\"{}\"}}\n}}\n",
                        rows_json(header_, rows_), fmt::join(sums_, ","), file_->text_sha256());
        close();
    }

private:
    void flush() {
        file_->write(pending_);
        pending_.clear();
    }

    void close() {
        flush();
        file_->finish();
        if (::fsync(fd_.get()) != 0) {
            throw base::system_error("sync a file of the export", errno);
        }
        written_(file_->size());
    }

    void end_table() {
        if (!file_) {
            return;
        }
        close();
        sums_.push_back(
            fmt::format("{}:\"{}\"", json_string(header_.files[table_]), file_->sha256()));
        file_.reset();
    }

    const ExportHeader& header_;
    sys::AtomicDirectory& directory_;
    SizeListener written_;
    std::size_t table_ = 0;
    sys::Fd fd_;
    std::optional<TextWriter> file_;
    std::optional<pg::RowText> text_;
    std::string pending_;
    std::vector<std::string> sums_; ///< of the files, as members of JSON
};

} // namespace

std::unique_ptr<ExportDocument> make_json_document(const ExportHeader& header, TextWriter& writer) {
    return std::make_unique<JsonDocument>(header, writer);
}

std::unique_ptr<ExportDocument> make_jsonl_document(const ExportHeader& header,
                                                    TextWriter& writer) {
    return std::make_unique<JsonlDocument>(header, writer);
}

std::unique_ptr<ExportDocument> make_csv_document(const ExportHeader& header,
                                                  sys::AtomicDirectory& directory,
                                                  SizeListener written) {
    return std::make_unique<CsvDocument>(header, directory, std::move(written));
}

std::vector<std::string> csv_files(const std::vector<pg::SourceTable>& tables) {
    constexpr std::size_t k_longest = 200; // a file system allows 255 bytes
    std::vector<std::string> files;
    for (const pg::SourceTable& table : tables) {
        std::string file = store::encode_database_name(data_name(table.table)).substr(0, k_longest);
        // On some file systems, names differ only by more than case.
        const auto is_taken = [&files](const std::string& name) {
            return std::ranges::any_of(files, [&name](const std::string& other) {
                return std::ranges::equal(name, other, [](char one, char two) {
                    return std::tolower(static_cast<unsigned char>(one)) ==
                           std::tolower(static_cast<unsigned char>(two));
                });
            });
        };
        std::string unique = file + ".csv";
        for (int number = 2; is_taken(unique); ++number) {
            unique = fmt::format("{}~{}.csv", file, number);
        }
        files.push_back(std::move(unique));
    }
    return files;
}

} // namespace dbbackup::ops
