#pragma once

#include <dbbackup/base/error.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

enum class UrlPlace { flag, environment, env_file, configuration };

/// A URL of the database, and where it was found.
struct PlacedUrl {
    UrlPlace place = UrlPlace::flag;
    std::string file; ///< as the user would write it; empty for the flag and the environment
    std::string url;
    std::string variable = "DATABASE_URL";
    std::string section = {}; ///< of the configuration that names it: "[database.shop]"

    /// "--url", "DATABASE_URL in .env", "SHOP_URL in .env, of [database.shop]".
    [[nodiscard]] std::string place_text() const;
    /// "localhost:5432/shop (DATABASE_URL in .env)"; never a secret or any part of an invalid URL.
    [[nodiscard]] std::string text() const;
};

/// True if both are URLs of the same database on the same server.
[[nodiscard]] bool is_same_database(const std::string& url, const std::string& other);

/// Those of `urls` that may mean another database than the first.
[[nodiscard]] std::vector<PlacedUrl> find_others(const std::vector<PlacedUrl>& urls);

/// A libpq variable that would send a program that opens `url` with libpq or a similar driver to
/// another server than dbbackup, which ignores it: "PGPORT". Nothing if there is none. `find`
/// returns the value of a variable.
[[nodiscard]] std::optional<std::string>
find_leading_variable(const std::string& url,
                      const std::function<std::optional<std::string>(const std::string&)>& find);

/// The error if `urls`, the first of which counts, are of several databases, and `why` that is too
/// dangerous: base::Error{usage} that shows them and how to choose.
[[nodiscard]] base::Error differing_urls_error(const std::vector<PlacedUrl>& urls,
                                               const std::string& why);

} // namespace dbbackup::cli
