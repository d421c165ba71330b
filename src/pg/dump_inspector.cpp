#include "pg/created_object.hpp"
#include "pg/script_listener.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/dump_inspector.hpp>

#include <algorithm>
#include <set>

namespace dbbackup::pg {

namespace {

/// More than the longest name list that matters here.
constexpr std::size_t k_statement_head = 64 * 1024;

constexpr std::string_view k_server_comment = "-- Dumped from database version ";
constexpr std::string_view k_client_comment = "-- Dumped by pg_dump version ";

} // namespace

struct DumpInspector::State : ScriptListener {
    [[nodiscard]] std::size_t longest_statement() const noexcept override {
        return k_statement_head;
    }

    void on_statement(const ScriptStatement& statement) override;

    void on_rows(base::Bytes) override {}

    void on_rows_end(std::uint64_t) override {}

    void on_comment(std::string_view text) override;

    DumpScanner scanner{*this};
    DumpInventory inventory;
    std::set<std::string> roles;
    std::string search_schema;
    bool any_statement = false;
};

void DumpInspector::State::on_statement(const ScriptStatement& statement) {
    any_statement = true;
    if (auto schema_searched = find_setting(statement.head, "search_path")) {
        search_schema = std::move(*schema_searched);
    } else if (auto encoding = find_setting(statement.head, "client_encoding")) {
        inventory.encoding = std::move(*encoding);
    } else if (auto schema = find_created_schema(statement.head)) {
        inventory.created_schemas.push_back(std::move(*schema));
    } else if (auto extension = find_created_extension(statement.head)) {
        inventory.extensions.push_back(std::move(*extension));
    } else if (const auto large_object = find_created_large_object(statement)) {
        inventory.large_objects.push_back(*large_object);
    } else if (auto object = find_created_object(statement)) {
        if (object->schema.empty() && lives_in_schema(*object)) {
            object->schema = search_schema;
        }
        inventory.objects.push_back(std::move(*object));
    }
    roles.merge([&statement] {
        const auto named = find_roles(statement.head);
        return std::set<std::string>{named.begin(), named.end()};
    }());
}

void DumpInspector::State::on_comment(std::string_view text) {
    if (any_statement) {
        return;
    }
    if (text.starts_with(k_server_comment)) {
        inventory.server_version = text.substr(k_server_comment.size());
    } else if (text.starts_with(k_client_comment)) {
        inventory.pg_dump_version = text.substr(k_client_comment.size());
    }
}

DumpInspector::DumpInspector() : state_(std::make_unique<State>()) {
}

DumpInspector::~DumpInspector() = default;

void DumpInspector::observe(base::Bytes bytes) {
    state_->scanner.observe(bytes);
}

void DumpInspector::finish() {
    state_->scanner.finish();
    if (const std::string defect = state_->scanner.incompleteness(); !defect.empty()) {
        throw base::Error{base::ErrorKind::damaged, "the dump is damaged or incomplete: " + defect,
                          "Restore another dump; see them with: dbbackup list"};
    }
    state_->inventory.roles.assign(state_->roles.begin(), state_->roles.end());
}

const DumpScanner& DumpInspector::scanner() const noexcept {
    return state_->scanner;
}

const DumpInventory& DumpInspector::inventory() const noexcept {
    return state_->inventory;
}

} // namespace dbbackup::pg
