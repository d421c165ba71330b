#pragma once

#include "ops/transfer/export_end.hpp"
#include "ops/transfer/export_header.hpp"
#include "ops/transfer/json_collector.hpp"
#include "ops/transfer/row_builder.hpp"
#include "ops/transfer/text_reader.hpp"

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

/// Reads a JSON document, or the values that are the lines of JSONL, from the events of
/// nlohmann::json's parser. A first value without `data` is the header of lines. Throws base::Error
/// from within the events.
class ExportEvents {
public:
    /// A row in COPY's text format.
    using RowListener = std::function<void(std::size_t table, std::string_view row)>;

    ExportEvents(TextReader& text, RowListener listener)
        : text_(text), listener_(std::move(listener)) {}

    /// Before each value.
    void begin_value();

    // The parser's events.
    bool null();
    bool boolean(bool value);
    bool number_integer(std::int64_t value);
    bool number_unsigned(std::uint64_t value);
    bool number_float(double value, const std::string& text);
    bool string(std::string& value);
    bool binary(nlohmann::json::binary_t& value);
    bool start_object(std::size_t size);
    bool key(std::string& name);
    bool end_object();
    bool start_array(std::size_t size);
    bool end_array();
    bool parse_error(std::size_t position, const std::string& token, const std::exception& error);

    // Of the whole file, once it was read.
    [[nodiscard]] const ExportHeader& header() const { return *header_; }
    [[nodiscard]] const std::vector<std::uint64_t>& rows() const noexcept { return rows_; }
    [[nodiscard]] const std::string& actual_sha256() const noexcept { return actual_sha256_; }

    /// Throws base::Error if there is no end.
    [[nodiscard]] ExportEnd end() const;
    /// Also if there are no rows, as in the header of CSV.
    void require_header();

private:
    enum class Place { top, header, skipped, data, table, row, table_name };

    [[noreturn]] static void throw_wrong(const std::string& what);
    bool scalar(nlohmann::json value);
    bool number(nlohmann::json value, std::string_view text);
    [[nodiscard]] bool is_first() const noexcept { return values_ == 1; }

    void begin_member(const std::string& name);
    void begin_line_member(const std::string& name);
    void begin_end();
    [[nodiscard]] std::size_t find_table(const std::string& name) const;
    void begin_table(const std::string& name);
    void value_is_over();

    TextReader& text_;
    RowListener listener_;
    JsonCollector collector_;
    nlohmann::json members_ = nlohmann::json::object();
    nlohmann::json end_;
    bool has_end_ = false;
    bool has_data_ = false;
    std::string actual_sha256_;
    std::optional<ExportHeader> header_;
    std::map<std::string, std::size_t, std::less<>> tables_; ///< by name
    std::vector<RowBuilder> builders_;
    std::vector<bool> had_;
    std::vector<std::uint64_t> rows_;
    Place place_ = Place::top;
    std::size_t depth_ = 0; ///< open objects and arrays
    std::size_t table_ = 0;
    bool has_table_ = false; ///< of a line
    std::uint64_t values_ = 0;
    std::uint64_t value_start_ = 0;
};

/// Reads one value after the other to the end: a document is a single one. Throws base::Error.
void parse_export(TextReader& text, ExportEvents& events);

} // namespace dbbackup::ops
