#pragma once

#include <string>

namespace dbbackup::pg {

/// Something that our role lacks the rights for, so that a restore could not succeed.
struct Objection {
    std::string reason; ///< for people: "table t belongs to postgres"
    std::string remedy; ///< SQL that a superuser can run against it; empty if none helps
    std::string flag;   ///< of `restore`, which leaves out what needs more rights, or empty
};

} // namespace dbbackup::pg
