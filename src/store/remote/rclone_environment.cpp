#include "store/remote/rclone.hpp"

#include <algorithm>
#include <array>
#include <pwd.h>
#include <string_view>
#include <unistd.h>

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

/// Of this user, according to the system; "/" if it knows none.
std::string home_directory() {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> buffer{};
    const bool is_known =
        ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
        found != nullptr && entry.pw_dir[0] == '/';
    return is_known ? entry.pw_dir : "/";
}

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
    // Without one, rclone may take a configuration that lies in the current directory.
    const bool has_home = std::ranges::any_of(
        passed, [](const std::string& entry) { return entry.starts_with("HOME=/"); });
    if (!has_home) {
        std::erase_if(passed, [](const std::string& entry) { return entry.starts_with("HOME="); });
        passed.push_back("HOME=" + home_directory());
    }
    passed.emplace_back("LC_ALL=C");
    return passed;
}

} // namespace dbbackup::store
