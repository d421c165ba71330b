#include "pg/created_object.hpp"
#include "pg/named_roles.hpp"
#include "pg/script_listener.hpp"
#include "pg/table_subject.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/dump_inspector.hpp>

#include <map>
#include <set>

namespace dbbackup::pg {

namespace {

/// More than the longest name list that matters here.
constexpr std::size_t k_statement_head = 64 * 1024;

constexpr std::string_view k_server_comment = "-- Dumped from database version ";
constexpr std::string_view k_client_comment = "-- Dumped by pg_dump version ";

} // namespace

std::uint64_t inserted_rows(const DumpInventory& inventory) noexcept {
    std::uint64_t rows = 0;
    for (const InsertedTable& table : inventory.inserted) {
        rows += table.rows;
    }
    return rows;
}

struct DumpInspector::State : ScriptListener {
    [[nodiscard]] std::size_t longest_statement() const noexcept override {
        return k_statement_head;
    }

    void on_statement(const ScriptStatement& statement) override;

    void on_rows(base::Bytes) override {}

    void on_rows_end(std::uint64_t) override {}

    void on_comment(std::string_view text) override;

    void take_content(const ScriptStatement& statement);
    void take_roles(const ScriptStatement& statement);
    void complete();

    DumpScanner scanner{*this};
    DumpInventory inventory;
    std::set<DumpObject> objects;
    std::set<std::string> roles;
    std::set<RelationRole> relation_roles;
    std::set<TablePart> table_parts;
    std::map<QualifiedName, std::uint64_t> inserted;
    bool any_statement = false;
};

void DumpInspector::State::on_statement(const ScriptStatement& statement) {
    any_statement = true;
    if (const auto rows = find_inserted_rows(statement.head)) {
        inserted[statement.qualified(rows->table)] += rows->rows;
        return;
    }
    take_content(statement);
    take_roles(statement);
    if (auto part = find_table_part(statement)) {
        table_parts.insert(std::move(*part));
    }
}

void DumpInspector::State::take_content(const ScriptStatement& statement) {
    if (auto encoding = find_setting(statement.head, "client_encoding")) {
        inventory.encoding = std::move(*encoding);
    } else if (auto schema = find_created_schema(statement.head)) {
        inventory.created_schemas.push_back(std::move(*schema));
    } else if (auto extension = find_created_extension(statement.head)) {
        inventory.extensions.push_back(std::move(*extension));
    } else if (const auto large_object = find_created_large_object(statement)) {
        inventory.large_objects.push_back(*large_object);
    } else if (auto object = find_created_object(statement)) {
        // A type has a shell first, and of views that need each other one a stand-in.
        if (objects.insert(*object).second) {
            inventory.objects.push_back(std::move(*object));
        }
    }
}

void DumpInspector::State::take_roles(const ScriptStatement& statement) {
    const auto named = find_roles(statement.head);
    if (named.empty()) {
        return;
    }
    const auto subject = find_subject(statement);
    for (const std::string& role : named) {
        roles.insert(role);
        if (subject && subject->kind == TableSubject::Kind::relation) {
            relation_roles.insert({role, subject->name.schema, subject->name.name});
        }
    }
}

void DumpInspector::State::complete() {
    inventory.roles.assign(roles.begin(), roles.end());
    inventory.relation_roles.assign(relation_roles.begin(), relation_roles.end());
    inventory.table_parts.assign(table_parts.begin(), table_parts.end());
    for (const auto& [table, rows] : inserted) {
        inventory.inserted.push_back({table.schema, table.name, rows});
    }
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
        throw base::Error{base::ErrorKind::damaged, "the dump is incomplete: " + defect};
    }
    state_->complete();
}

const DumpScanner& DumpInspector::scanner() const noexcept {
    return state_->scanner;
}

const DumpInventory& DumpInspector::inventory() const noexcept {
    return state_->inventory;
}

} // namespace dbbackup::pg
