#pragma once

#include <string>
#include <vector>

namespace dbbackup::test {

/// A dump that is whole, but for what was put into it to make a restore run a command, write a file
/// or lose its transaction.
struct GateAttack {
    enum class Verdict {
        refused,           ///< by reading the dump: base::Error{damaged}
        refused_in_replay, ///< the same, by what the server says of a statement that has run
        failed,            ///< the server itself refuses
    };
    std::string name;
    std::string dump;
    Verdict verdict = Verdict::refused;
};

/// Each would create the file `marker`, in the hands of some program or other.
[[nodiscard]] std::vector<GateAttack> gate_attacks(const std::string& marker);

/// The dump that they are put into, with `sql` among its statements; it makes the table
/// public.loot.
[[nodiscard]] std::string dump_with(const std::string& sql);

} // namespace dbbackup::test
