#include "store/remote/rclone.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace dbbackup::store {

namespace {

/// Variables with these names.
constexpr auto k_names = std::to_array<std::string_view>({"PATH",
                                                          "HOME",
                                                          "USER",
                                                          "LOGNAME",
                                                          "TMPDIR",
                                                          "XDG_CONFIG_HOME",
                                                          "XDG_CACHE_HOME",
                                                          "SSL_CERT_FILE",
                                                          "SSL_CERT_DIR",
                                                          "HTTP_PROXY",
                                                          "HTTPS_PROXY",
                                                          "NO_PROXY",
                                                          "ALL_PROXY",
                                                          "http_proxy",
                                                          "https_proxy",
                                                          "no_proxy",
                                                          "all_proxy",
                                                          "SSH_AUTH_SOCK",
                                                          "KRB5CCNAME",
                                                          "KRB5_CONFIG",
                                                          "CREDENTIALS_DIRECTORY",
                                                          "RCLONE_CONFIG",
                                                          "RCLONE_CONFIG_PASS",
                                                          "RCLONE_PASSWORD_COMMAND",
                                                          "RCLONE_CA_CERT",
                                                          "RCLONE_CLIENT_CERT",
                                                          "RCLONE_CLIENT_KEY",
                                                          "RCLONE_BIND"});

/// Variables whose names begin with these: a remote's own settings, and what the services' own
/// programs read.
constexpr auto k_prefixes = std::to_array<std::string_view>(
    {"RCLONE_CONFIG_", "RCLONE_S3_", "RCLONE_B2_", "RCLONE_GCS_", "RCLONE_AZUREBLOB_",
     "RCLONE_SFTP_", "RCLONE_WEBDAV_", "RCLONE_SWIFT_", "RCLONE_FTP_", "RCLONE_SMB_",
     "RCLONE_CRYPT_", "AWS_", "GOOGLE_", "AZURE_", "OS_", "ST_", "B2_"});

/// rclone 1.60's S3 backend fails at its start if it is set; it becomes --ca-cert.
constexpr std::string_view k_aws_bundle = "AWS_CA_BUNDLE";

} // namespace

std::vector<std::string> rclone_environment(const std::vector<std::string>& environment) {
    std::vector<std::string> passed;
    for (const std::string& entry : environment) {
        const std::string_view name = std::string_view{entry}.substr(0, entry.find('='));
        const bool is_wanted = std::ranges::find(k_names, name) != k_names.end() ||
                               std::ranges::any_of(k_prefixes, [name](std::string_view prefix) {
                                   return name.starts_with(prefix);
                               });
        if (is_wanted && name != k_aws_bundle) {
            passed.push_back(entry);
        }
    }
    passed.emplace_back("LC_ALL=C");
    return passed;
}

} // namespace dbbackup::store
