#pragma once

#include "pg/inventory/unmade_relations.hpp"
#include "pg/sql/read_sql.hpp"
#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dump_inventory.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// Makes an inventory from the first k_statement_head bytes of each of a dump's statements.
class InventoryCollector {
public:
    /// More than the longest name list that matters here.
    static constexpr std::size_t k_statement_head = 64 * 1024;

    void take(const ScriptStatement& statement);
    /// As in ScriptListener::on_comment.
    void take_comment(std::string_view text);
    /// The dump has ended; call once.
    void complete();

    /// Complete after complete().
    [[nodiscard]] const DumpInventory& inventory() const noexcept { return inventory_; }

private:
    void take_content(const ScriptStatement& statement);
    void take_roles(const ScriptStatement& statement);

    DumpInventory inventory_;
    std::set<DumpObject> objects_;
    std::set<std::string> tablespaces_;
    std::set<std::string> roles_;
    std::set<std::string> superusers_;
    std::set<RelationRole> relation_roles_;
    std::set<TablePart> table_parts_;
    UnmadeRelations unmade_;
    std::map<QualifiedName, std::uint64_t> inserted_;
    std::set<RelationName> set_sequences_;
    std::set<DumpedTrait> traits_;
    std::set<RelationName> secured_tables_;
    std::set<RelationName> forced_tables_;
    std::set<std::string> owners_in_public_;
    Backslashes backslashes_ = Backslashes::plain;
    bool any_statement_ = false;
};

} // namespace dbbackup::pg
