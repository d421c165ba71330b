#include "pg/target/emptied_parents.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace dbbackup::pg {

namespace {

class RowLoss {
public:
    explicit RowLoss(const TargetObjects& target) : target_(target) {
        for (const TargetObject& object : target.objects) {
            if (object.fate == Fate::emptied) {
                emptied_.insert(object.oid);
            }
            if (object.relation_kind == 'p') {
                partitioned_.insert(object.oid);
            }
        }
    }

    [[nodiscard]] bool is_whole(const std::string& table) const {
        const auto [begin, end] = target_.partitions.equal_range(table);
        return emptied_.contains(table) ||
               (partitioned_.contains(table) &&
                std::all_of(begin, end, [this](const auto& one) { return is_whole(one.second); }));
    }

    [[nodiscard]] bool is_none() const noexcept { return emptied_.empty(); }

private:
    const TargetObjects& target_;
    std::set<std::string> emptied_;
    std::set<std::string> partitioned_;
};

} // namespace

void empty_parents(TargetObjects& target) {
    const RowLoss loss{target};
    for (TargetObject& object : target.objects) {
        if (!loss.is_none() && object.fate == Fate::stays &&
            target.with_foreign_keys.contains(object.oid) && loss.is_whole(object.oid)) {
            object.fate = Fate::emptied;
        }
    }
}

} // namespace dbbackup::pg
