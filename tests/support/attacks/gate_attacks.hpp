#pragma once

#include <string>
#include <vector>

namespace dbbackup::test {

/// A dump that is complete, except for an addition that makes a restore run a command, write a file
/// or lose its transaction.
struct GateAttack {
    enum class Verdict {
        refused,           ///< when the dump is read: base::Error{damaged}
        refused_in_replay, ///< the same, from the server's answer to a statement that has run
        failed,            ///< the server itself refuses
    };
    std::string name;
    std::string dump;
    Verdict verdict = Verdict::refused;
};

/// Each would create the file `marker`, with one program or another.
[[nodiscard]] std::vector<GateAttack> gate_attacks(const std::string& marker);

/// The dump that they are added to, with `sql` among its statements; it creates the table
/// public.loot.
[[nodiscard]] std::string dump_with(const std::string& sql);

} // namespace dbbackup::test
