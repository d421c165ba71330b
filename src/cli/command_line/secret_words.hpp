#pragma once

#include <dbbackup/base/error.hpp>

#include <string>
#include <vector>

namespace dbbackup::cli {

/// Overwrites passwords in URLs among the program's arguments, so that `ps` no longer shows them.
void hide_passwords(int argument_count, char** arguments);

/// `error` without what may be a password in one of `words`, the command line, and without the
/// passwords of URLs: a URL can stand in the wrong place, and messages repeat what stands there.
[[nodiscard]] base::Error without_passwords(const base::Error& error,
                                            const std::vector<std::string>& words);

/// True if a message can repeat `word`, which stood where a name of ours belongs, as it is: it is
/// made of what names are made of, and nothing in it speaks of a secret.
[[nodiscard]] bool may_be_repeated(const std::string& word);

/// True if the URL `url` holds a password, or what may be one.
[[nodiscard]] bool holds_password(const std::string& url);

/// True unless `url` is a URL of which every part is known to be harmless: then it can be repeated.
[[nodiscard]] bool may_hold_secrets(const std::string& url);

/// Throws base::Error{usage} if `value`, which is meant to be `what` ("a dump"), is a URL.
void require_no_url(const std::string& value, const std::string& what);

} // namespace dbbackup::cli
