#pragma once

#include <dbbackup/base/error.hpp>

#include <string>
#include <vector>

namespace dbbackup::cli {

/// Overwrites passwords in URLs among the program's arguments, so that `ps` no longer shows them.
void hide_passwords(int argument_count, char** arguments);

/// `error` without possible passwords from `words`, the command line, and without passwords in
/// URLs: messages repeat words, and a URL may be in the wrong place.
[[nodiscard]] base::Error without_passwords(const base::Error& error,
                                            const std::vector<std::string>& words);

/// True if a message can repeat `word`, given in place of one of our names: it has only characters
/// of names, and nothing suggests a secret.
[[nodiscard]] bool may_be_repeated(const std::string& word);

/// True if the URL `url` holds a password, or may hold one.
[[nodiscard]] bool holds_password(const std::string& url);

/// True unless `url` is a URL whose parts are all known to be harmless: then it can be repeated.
[[nodiscard]] bool may_hold_secrets(const std::string& url);

/// Throws base::Error{usage} if `value`, which should be `what` ("a dump"), is a URL.
void require_no_url(const std::string& value, const std::string& what);

} // namespace dbbackup::cli
