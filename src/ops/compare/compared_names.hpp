#pragma once

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/chosen_part.hpp>

namespace dbbackup::ops {

/// The name as a manifest spells it, which is always UTF-8.
[[nodiscard]] inline pg::RelationName spelled_as_recorded(const pg::RelationName& name) {
    return {base::to_valid_utf8(name.schema), base::to_valid_utf8(name.name)};
}

} // namespace dbbackup::ops
