#pragma once

#include "ops/restore/restore_transaction.hpp"
#include "ops/target/target_names.hpp"

#include <set>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What the restore of a part replaces, creates or drops in a target, and how much of that `restore
/// --clean --drop-missing` of the safety dump restores.
class TouchedPart {
public:
    /// `target`: before the restore.
    TouchedPart(const RestoreJob& job, const TargetNames& target);

    /// Why an undo command for this part alone would not work, or empty.
    [[nodiscard]] const std::string& obstacle() const noexcept { return obstacle_; }

    [[nodiscard]] const std::set<pg::RelationName>& relations() const noexcept {
        return relations_;
    }

    /// -n and -t for everything that these can name.
    [[nodiscard]] std::vector<std::string> words() const;

    /// What the dump creates and neither -n nor -t restores: types, functions, publications.
    [[nodiscard]] const std::vector<pg::DumpObject>& left_objects() const noexcept {
        return left_objects_;
    }

    /// Everything that they do not restore, for people.
    [[nodiscard]] std::vector<std::string> rest() const;

private:
    void find_schemas();
    void find_relations();
    void find_sequences();
    void find_moved_extension();
    void find_left_objects();
    [[nodiscard]] bool is_kept(const pg::DumpedTrait& trait) const;
    [[nodiscard]] bool is_touched(const pg::RelationName& relation) const;
    void add(const pg::RelationName& relation);

    const RestoreJob& job_;
    const pg::DumpInventory& inventory_;
    const TargetNames& target_;
    std::set<std::string> schemas_;
    std::set<pg::RelationName> relations_;
    std::vector<pg::DumpObject> left_objects_;
    std::string obstacle_;
};

/// "privileges of schema public", "default privileges of role app", for people.
[[nodiscard]] std::string text_of(const pg::DumpedTrait& trait);

} // namespace dbbackup::ops
