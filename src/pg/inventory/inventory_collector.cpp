#include "pg/inventory/inventory_collector.hpp"

#include "pg/inventory/created_columns.hpp"
#include "pg/inventory/created_object.hpp"
#include "pg/inventory/default_privilege_changes.hpp"
#include "pg/inventory/dumped_public.hpp"
#include "pg/inventory/dumped_trait.hpp"
#include "pg/inventory/named_roles.hpp"
#include "pg/inventory/secured_table.hpp"
#include "pg/inventory/set_sequence.hpp"
#include "pg/inventory/statement_schema.hpp"
#include "pg/inventory/table_subject.hpp"
#include "pg/sql/statement_facts.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace dbbackup::pg {

namespace {

constexpr std::string_view k_server_comment = "-- Dumped from database version ";
constexpr std::string_view k_client_comment = "-- Dumped by pg_dump version ";

/// Sets the owner of something that only superusers may own.
bool is_of_superuser(const Statement& statement) {
    static constexpr auto k_kinds = std::to_array<std::string_view>(
        {"event trigger", "foreign data wrapper", "publication", "subscription"});
    return statement.verb() == Verb::alter &&
           std::ranges::find(k_kinds, statement.kind()) != k_kinds.end();
}

} // namespace

void InventoryCollector::take(const ScriptStatement& statement) {
    any_statement_ = true;
    if (const auto rows = find_inserted_rows(statement.head)) {
        const QualifiedName table = statement.qualified(rows->table);
        inserted_[table] += rows->rows;
        unmade_.need(table);
        return;
    }
    if (const auto sequence = find_set_sequence(statement)) {
        set_sequences_.insert({sequence->schema, sequence->name});
        unmade_.need(*sequence);
        return;
    }
    if (auto trait = find_trait(statement.head)) {
        if (statement.head.verb() == Verb::alter_default_privileges) {
            std::ranges::move(find_default_privilege_changes(statement.head, *trait),
                              std::back_inserter(inventory_.default_privileges));
        }
        traits_.insert(std::move(*trait));
        (void)take_public(statement, inventory_.of_public);
    }
    if (const auto standard = find_standard_strings(statement.head)) {
        backslashes_ = *standard ? Backslashes::plain : Backslashes::escaping;
    }
    take_content(statement);
    take_roles(statement);
    unmade_.take(statement);
    if (auto part = find_table_part(statement)) {
        table_parts_.insert(std::move(*part));
    }
    if (auto table = find_secured_table(statement)) {
        secured_tables_.insert(std::move(*table));
    }
    if (auto table = find_forced_table(statement)) {
        forced_tables_.insert(std::move(*table));
    }
    if (auto key = find_foreign_key(statement)) {
        inventory_.foreign_keys.push_back(std::move(*key));
    }
}

void InventoryCollector::take_content(const ScriptStatement& statement) {
    if (auto encoding = find_setting(statement.head, "client_encoding")) {
        inventory_.encoding = std::move(*encoding);
    } else if (auto tablespace = find_setting(statement.head, "default_tablespace")) {
        tablespaces_.insert(std::move(*tablespace));
    } else if (auto schema = find_created_schema(statement.head)) {
        inventory_.created_schemas.push_back(std::move(*schema));
    } else if (auto extension = find_created_extension(statement.head)) {
        inventory_.extensions.push_back(std::move(*extension));
    } else if (const auto large_object = find_created_large_object(statement)) {
        inventory_.large_objects.push_back(*large_object);
    } else if (auto object = find_created_object(statement)) {
        if (!statement.outside_file.empty()) {
            inventory_.outside_functions.push_back(
                {object->schema, object->name, std::string{statement.outside_file}});
        }
        // A type has a shell first, and one of two views that depend on each other a dummy.
        if (objects_.insert(*object).second) {
            inventory_.objects.push_back(std::move(*object));
        }
        if (auto columns = find_created_columns(statement, backslashes_)) {
            inventory_.columns.push_back(std::move(*columns));
        }
    }
}

void InventoryCollector::take_roles(const ScriptStatement& statement) {
    const auto named = find_roles(statement.head);
    if (named.empty()) {
        return;
    }
    if (is_of_superuser(statement.head)) {
        superusers_.insert(named.begin(), named.end());
    }
    const auto subject = find_subject(statement);
    const std::string schema = find_schema_of(statement);
    if (schema == "public" && statement.head.verb() == Verb::alter &&
        statement.head.kind() != "schema") {
        owners_in_public_.insert(named.begin(), named.end());
    }
    for (const std::string& role : named) {
        roles_.insert(role);
        if (subject && subject->kind == TableSubject::Kind::relation) {
            relation_roles_.insert({role, subject->name.schema, subject->name.name});
        } else if (!schema.empty()) {
            relation_roles_.insert({role, schema, ""});
        }
    }
}

void InventoryCollector::take_comment(std::string_view text) {
    if (any_statement_) {
        return;
    }
    if (text.starts_with(k_server_comment)) {
        inventory_.server_version = text.substr(k_server_comment.size());
    } else if (text.starts_with(k_client_comment)) {
        inventory_.pg_dump_version = text.substr(k_client_comment.size());
    }
}

void InventoryCollector::complete() {
    constexpr int k_pg_dump_of_closed_public = 15;
    inventory_.of_public.starts_closed =
        base::leading_number(inventory_.pg_dump_version) >= k_pg_dump_of_closed_public;
    inventory_.roles.assign(roles_.begin(), roles_.end());
    tablespaces_.erase(""); // the database's own
    inventory_.tablespaces.assign(tablespaces_.begin(), tablespaces_.end());
    inventory_.superusers.assign(superusers_.begin(), superusers_.end());
    inventory_.relation_roles.assign(relation_roles_.begin(), relation_roles_.end());
    inventory_.table_parts.assign(table_parts_.begin(), table_parts_.end());
    inventory_.set_sequences.assign(set_sequences_.begin(), set_sequences_.end());
    inventory_.traits.assign(traits_.begin(), traits_.end());
    inventory_.secured_tables.assign(secured_tables_.begin(), secured_tables_.end());
    inventory_.forced_tables.assign(forced_tables_.begin(), forced_tables_.end());
    inventory_.of_public.object_owners.assign(owners_in_public_.begin(), owners_in_public_.end());
    inventory_.unmade_relations = unmade_.list(inventory_);
    for (const auto& [table, rows] : inserted_) {
        inventory_.inserted.push_back({table.schema, table.name, rows});
    }
}

std::vector<RelationName> find_loose_sequences(const DumpInventory& inventory) {
    std::set<RelationName> made;
    for (const DumpObject& object : inventory.objects) {
        made.insert({object.schema, object.name});
    }
    for (const TablePart& part : inventory.table_parts) {
        made.insert({part.schema, part.name}); // that of an identity column
    }
    std::vector<RelationName> loose;
    std::ranges::set_difference(inventory.set_sequences, made, std::back_inserter(loose));
    return loose;
}

} // namespace dbbackup::pg
