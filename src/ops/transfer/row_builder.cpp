#include "ops/transfer/row_builder.hpp"

#include "ops/transfer/text_reader.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/row_text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::ops {

RowBuilder::RowBuilder(const pg::SourceTable& table)
    : table_(table), fields_(table.columns.size()), has_(table.columns.size()) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        places_[table.columns[i].name] = i;
    }
}

void RowBuilder::throw_wrong(const std::string& what) const {
    throw base::Error{
        base::ErrorKind::damaged,
        fmt::format("row {} of {} {}", number_,
                    base::printable(base::dotted_name(table_.table.schema, table_.table.name)),
                    what)};
}

void RowBuilder::begin() {
    ++number_;
    size_ = 0;
    has_.assign(has_.size(), false);
    column_ = table_.columns.size(); // the first is expected next
}

void RowBuilder::set_column(std::string_view name) {
    column_ = column_ >= table_.columns.size() ? 0 : column_ + 1;
    if (column_ >= table_.columns.size() || table_.columns[column_].name != name) {
        const auto place = places_.find(name);
        if (place == places_.end()) {
            throw_wrong(fmt::format("has a column '{}', which its table does not list",
                                    base::printable(name.substr(0, 100))));
        }
        column_ = place->second;
    }
    if (has_[column_]) {
        throw_wrong(fmt::format("has the column '{}' twice", base::printable(name)));
    }
}

bool RowBuilder::takes_key() const {
    return pg::json_form(column()) == pg::JsonForm::key;
}

void RowBuilder::require_value() const {
    if (takes_key()) {
        throw_wrong(
            fmt::format("has no array of strings as its '{}'", base::printable(column().name)));
    }
}

std::string& RowBuilder::field() {
    std::string& field = fields_[column_];
    field.clear();
    has_[column_] = true;
    return field;
}

void RowBuilder::add_null() {
    if (key_) {
        throw_wrong("has a NULL within a key");
    }
    field() = pg::k_null_field;
}

void RowBuilder::add_boolean(bool value) {
    require_value();
    if (column().type != "boolean" && !column().type.empty()) {
        throw_wrong(fmt::format("has a boolean as its '{}', which is of type {}: write it as a "
                                "string, as PostgreSQL does",
                                base::printable(column().name), base::printable(column().type)));
    }
    field() = value ? "t" : "f";
}

void RowBuilder::add_number(std::string_view text) {
    require_value();
    field() = text;
}

void RowBuilder::add_text(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        throw_wrong("has a text with a NUL character, which PostgreSQL does not know");
    }
    size_ += text.size();
    if (size_ > k_longest_value) {
        throw_wrong("is longer than any row of PostgreSQL");
    }
    if (key_) {
        key_->emplace_back(text);
        return;
    }
    require_value();
    pg::append_copied_field(field(), text);
}

void RowBuilder::begin_key() {
    if (key_ || !takes_key()) {
        throw_wrong(fmt::format("has an array as its '{}': write it as a string, as PostgreSQL "
                                "does",
                                base::printable(column().name)));
    }
    key_.emplace();
}

void RowBuilder::end_key() {
    if (key_->size() != column().reference->columns.size()) {
        throw_wrong(
            fmt::format("has a key of another length as its '{}'", base::printable(column().name)));
    }
    std::vector<std::string> parts;
    for (const std::string& part : *key_) {
        pg::append_json_string(parts.emplace_back(), part);
    }
    key_.reset();
    pg::append_copied_field(field(), fmt::format("[{}]", fmt::join(parts, ",")));
}

std::string_view RowBuilder::finish() {
    row_.clear();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (!has_[i]) {
            throw_wrong(fmt::format("lacks the column '{}': write null for NULL",
                                    base::printable(table_.columns[i].name)));
        }
        if (i > 0) {
            row_ += '\t';
        }
        row_ += fields_[i];
    }
    return row_;
}

} // namespace dbbackup::ops
