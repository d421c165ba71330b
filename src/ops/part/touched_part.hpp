#pragma once

#include "ops/restore/restore_transaction.hpp"
#include "ops/target/target_names.hpp"

#include <set>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What the restore of a part replaces, makes or drops in a target, and how much of that
/// `restore --clean --drop-missing` of the safety dump brings back.
class TouchedPart {
public:
    /// `target` is as it was before.
    TouchedPart(const RestoreJob& job, const TargetNames& target);

    /// Why a way back of this part alone would not be one, or nothing.
    [[nodiscard]] const std::string& obstacle() const noexcept { return obstacle_; }

    [[nodiscard]] const std::set<pg::RelationName>& relations() const noexcept {
        return relations_;
    }

    /// -n and -t for all of it that these can name.
    [[nodiscard]] std::vector<std::string> words() const;

    /// What the dump makes and neither -n nor -t brings back: types, functions, publications.
    [[nodiscard]] const std::vector<pg::DumpObject>& left_objects() const noexcept {
        return left_objects_;
    }

    /// All that they do not bring back, for people.
    [[nodiscard]] std::vector<std::string> rest() const;

private:
    void find_schemas();
    void find_relations();
    void find_sequences();
    void find_moved_extension();
    void find_left_objects();
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
