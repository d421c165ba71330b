#pragma once

#include <string>
#include <string_view>

namespace dbbackup::pg {

/// Which program a text seems to come from.
enum class ScriptOrigin {
    nothing, ///< it is empty
    pg_dump, ///< it has a mark of pg_dump, complete or not
    pg_dumpall,
    mysql,        ///< mysqldump's or mariadb-dump's
    archive_list, ///< pg_restore --list
    binary,
    unknown,
};

/// Looks for the marks that programs leave in what they write. It proves nothing: anyone who writes
/// a file can put any mark into it.
class ScriptOriginFinder {
public:
    /// Takes the next piece of the text. False once nothing more can change the answer.
    bool look(std::string_view piece);

    [[nodiscard]] ScriptOrigin origin() const;

private:
    std::string beginning_; ///< of the text
    std::string tail_;      ///< of what was read: a mark may begin there
    bool has_mark_ = false;
};

} // namespace dbbackup::pg
