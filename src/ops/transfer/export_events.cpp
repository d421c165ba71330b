#include "ops/transfer/export_events.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

constexpr auto k_header_members = std::to_array<std::string_view>(
    {"format", "format_version", "backup_version", "exported_at", "app_version",
     "db_schema_version", "timezone", "database", "tables"});

/// Depths of open containers at which things are in a document: the object itself is the first.
constexpr std::size_t k_members = 1;
constexpr std::size_t k_tables = 2;
constexpr std::size_t k_rows = 3;

} // namespace

void ExportEvents::throw_wrong(const std::string& what) {
    throw base::Error{base::ErrorKind::damaged, what};
}

void ExportEvents::begin_value() {
    if (has_end_ || has_data_) {
        throw_wrong("something follows its end");
    }
    ++values_;
    value_start_ = text_.position();
    has_table_ = false;
    place_ = Place::top;
}

void ExportEvents::value_is_over() {
    text_.mark();
    if (!collector_.is_active() && depth_ == k_members &&
        (place_ == Place::header || place_ == Place::skipped)) {
        place_ = Place::top;
    }
}

bool ExportEvents::scalar(nlohmann::json value) {
    if (collector_.is_active()) {
        collector_.scalar(std::move(value));
    } else if (place_ != Place::skipped) {
        throw_wrong("it has a value where an export has none");
    }
    value_is_over();
    return true;
}

bool ExportEvents::number(nlohmann::json value, std::string_view text) {
    if (place_ == Place::row) {
        builders_[table_].add_number(text);
        text_.mark();
        return true;
    }
    return scalar(std::move(value));
}

bool ExportEvents::null() {
    if (place_ == Place::row) {
        builders_[table_].add_null();
        return true;
    }
    return scalar(nullptr);
}

bool ExportEvents::boolean(bool value) {
    if (place_ == Place::row) {
        builders_[table_].add_boolean(value);
        return true;
    }
    return scalar(value);
}

bool ExportEvents::number_integer(std::int64_t value) {
    return number(value, std::to_string(value));
}

bool ExportEvents::number_unsigned(std::uint64_t value) {
    return number(value, std::to_string(value));
}

bool ExportEvents::number_float(double value, const std::string& text) {
    return number(value, text);
}

bool ExportEvents::string(std::string& value) {
    if (place_ == Place::row) {
        builders_[table_].add_text(value);
        text_.mark();
        return true;
    }
    if (place_ == Place::table_name) {
        table_ = find_table(value);
        has_table_ = true;
        place_ = Place::top;
        text_.mark();
        return true;
    }
    return scalar(std::move(value));
}

bool ExportEvents::binary(nlohmann::json::binary_t&) {
    throw_wrong("it is not JSON");
}

bool ExportEvents::start_object(std::size_t) {
    text_.mark();
    ++depth_;
    if (collector_.is_active()) {
        collector_.open(nlohmann::json::object());
        return true;
    }
    const std::size_t row_depth = is_first() ? k_rows + 1 : k_members + 1;
    if (place_ == Place::table && depth_ == row_depth) {
        place_ = Place::row;
        builders_[table_].begin();
    } else if (place_ == Place::row) {
        throw_wrong("a row has an object as a value: write it as a string, as PostgreSQL does");
    } else if (place_ != Place::skipped && depth_ != k_members &&
               !(place_ == Place::data && depth_ == k_tables)) {
        throw_wrong("it has an object where an export has none");
    }
    return true;
}

bool ExportEvents::key(std::string& name) {
    text_.mark();
    if (collector_.is_active()) {
        collector_.key(std::move(name));
    } else if (place_ == Place::row) {
        builders_[table_].set_column(name);
    } else if (place_ == Place::data) {
        begin_table(name);
    } else if (place_ == Place::top && is_first()) {
        begin_member(name);
    } else if (place_ == Place::top) {
        begin_line_member(name);
    }
    return true;
}

void ExportEvents::begin_member(const std::string& name) {
    if (has_end_) {
        throw_wrong("something follows its end");
    }
    if (name == "end") {
        begin_end();
    } else if (name == "data") {
        if (has_data_) {
            throw_wrong("it has 'data' twice");
        }
        if (!members_.contains("tables")) {
            throw base::Error{base::ErrorKind::failed,
                              "'tables' and 'format' do not come before 'data'",
                              "Let the program that wrote it write them in this order."};
        }
        require_header();
        has_data_ = true;
        place_ = Place::data;
    } else if (std::ranges::find(k_header_members, name) != k_header_members.end()) {
        if (members_.contains(name)) {
            throw_wrong(fmt::format("it has '{}' twice", name));
        }
        place_ = Place::header;
        collector_.begin(members_[name]);
    } else {
        place_ = Place::skipped;
    }
}

void ExportEvents::begin_line_member(const std::string& name) {
    require_header();
    if (has_end_) {
        throw_wrong("something follows its end");
    }
    if (name == "end") {
        begin_end();
    } else if (name == "table") {
        place_ = Place::table_name;
    } else if (name == "row" && has_table_) {
        place_ = Place::table;
    } else {
        throw_wrong(name == "row" ? "'table' does not come before 'row' in a line"
                                  : "a line has something else than 'table' and 'row'");
    }
}

/// All text before it is what the sum is of: in lines, all lines before.
void ExportEvents::begin_end() {
    constexpr std::size_t k_name = 5; // "end", with its quotes
    const std::uint64_t back = is_first() ? k_name : text_.position() - value_start_;
    if (back > TextReader::k_longest_tail) {
        throw_wrong("its last line is indented too far");
    }
    actual_sha256_ = text_.sha256_before(back);
    has_end_ = true;
    place_ = Place::header;
    collector_.begin(end_);
}

void ExportEvents::require_header() {
    if (header_) {
        return;
    }
    header_ = read_header(members_);
    const auto& tables = header_->source.tables;
    rows_.resize(tables.size());
    had_.resize(tables.size());
    builders_.reserve(tables.size());
    for (std::size_t i = 0; i < tables.size(); ++i) {
        tables_[data_name(tables[i].table)] = i;
        builders_.emplace_back(tables[i]);
    }
}

std::size_t ExportEvents::find_table(const std::string& name) const {
    const auto found = tables_.find(name);
    if (found == tables_.end()) {
        throw_wrong(fmt::format("it has rows of '{}', which its 'tables' do not list",
                                base::printable(name.substr(0, 200))));
    }
    return found->second;
}

void ExportEvents::begin_table(const std::string& name) {
    table_ = find_table(name);
    if (had_[table_]) {
        throw_wrong(fmt::format("it has the rows of '{}' twice", base::printable(name)));
    }
    had_[table_] = true;
    place_ = Place::table;
}

bool ExportEvents::end_object() {
    --depth_;
    if (collector_.is_active()) {
        collector_.close();
    } else if (place_ == Place::row) {
        const std::string_view row = builders_[table_].finish();
        ++rows_[table_];
        if (listener_) {
            listener_(table_, row);
        }
        has_table_ = false;
        place_ = is_first() ? Place::table : Place::top;
    } else if (place_ == Place::data) {
        place_ = Place::top;
    }
    value_is_over();
    return true;
}

bool ExportEvents::start_array(std::size_t) {
    text_.mark();
    ++depth_;
    if (collector_.is_active()) {
        collector_.open(nlohmann::json::array());
    } else if (place_ == Place::row) {
        builders_[table_].begin_key();
    } else if (place_ != Place::skipped &&
               !(place_ == Place::table && is_first() && depth_ == k_rows)) {
        throw_wrong("it has an array where an export has none");
    }
    return true;
}

bool ExportEvents::end_array() {
    --depth_;
    if (collector_.is_active()) {
        collector_.close();
    } else if (place_ == Place::row) {
        builders_[table_].end_key();
    } else if (place_ == Place::table) {
        place_ = Place::data;
    }
    value_is_over();
    return true;
}

bool ExportEvents::parse_error(std::size_t, const std::string&, const std::exception&) {
    // The parser's own message quotes the text.
    if (text_.at_end()) {
        throw_wrong("it is cut off: its JSON does not end");
    }
    throw_wrong(fmt::format("it is not JSON at byte {}", text_.position()));
}

ExportEnd ExportEvents::end() const {
    if (!has_end_) {
        throw base::Error{
            base::ErrorKind::damaged, "it has no end, so it may be cut off",
            "Use another copy. If a program of yours wrote it, let it write last how many rows it "
            "wrote of each table: \"end\":{\"rows\":{\"public.orders\":42}}"};
    }
    return read_end(end_);
}

void parse_export(TextReader& text, ExportEvents& events) {
    constexpr std::string_view k_space = " \t\r\n";
    while (!text.at_end()) {
        if (k_space.find(text.current()) != std::string_view::npos) {
            text.advance();
            text.mark();
            continue;
        }
        events.begin_value();
        nlohmann::json::sax_parse(TextIterator{&text}, TextIterator{}, &events,
                                  nlohmann::json::input_format_t::json, false);
    }
    events.require_header();
}

} // namespace dbbackup::ops
