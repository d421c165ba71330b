#include "store/remote/rclone_remote.hpp"

#include "store/remote/upload_name.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/private_directory.hpp>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <unistd.h>

namespace dbbackup::store {

namespace {

using namespace std::chrono_literals;

/// S3 takes up to 5 GiB in one piece, and then its ETag is the MD5 of what it stored. In several
/// pieces, the MD5 that rclone shows is the one that the uploader wrote there (rclone#4855).
constexpr std::uint64_t k_most_in_one_piece = 5ULL << 30U;
constexpr const char* k_one_piece = "--s3-upload-cutoff=5Gi";
/// rclone's own settings for every write: without the second, S3 needs the right to make buckets
/// (rclone#4449).
constexpr const char* k_no_bucket_check = "--s3-no-check-bucket";

std::filesystem::path temporary_directory() {
    const char* named = ::secure_getenv("TMPDIR");
    return named == nullptr || *named == '\0' ? "/tmp" : named;
}

constexpr const char* k_scratch_prefix = "dbbackup-remote";

/// A directory for one call of rclone.
sys::PrivateDirectory make_scratch() {
    return {temporary_directory(), k_scratch_prefix, std::nullopt};
}

void write_lines(const std::filesystem::path& path, const std::vector<std::string>& lines) {
    std::ofstream file{path};
    for (const std::string& line : lines) {
        file << line << '\n';
    }
    if (!file.flush()) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("cannot write '{}'", base::printable(path.native())),
                          "Check the room there, or set TMPDIR to another place."};
    }
}

/// "2026-11-22T17:54:58.198163165Z", or with a zone; nothing if it is no time.
std::optional<base::UtcTime> find_time(const std::string& text) {
    std::istringstream stream{text.substr(0, text.find_first_of("."))};
    std::tm parts{};
    char t = 0;
    int year = 0;
    int month = 0;
    int day = 0;
    if (std::sscanf(text.c_str(), "%d-%d-%d%c%d:%d:%d", &year, &month, &day, &t, &parts.tm_hour,
                    &parts.tm_min, &parts.tm_sec) != 7 ||
        t != 'T') {
        return std::nullopt;
    }
    std::chrono::minutes offset{0};
    const std::size_t zone = text.find_first_of("+-", 19);
    if (zone != std::string::npos) {
        int hours = 0;
        int minutes = 0;
        if (std::sscanf(text.c_str() + zone + 1, "%d:%d", &hours, &minutes) != 2) {
            return std::nullopt;
        }
        offset = std::chrono::minutes{(hours * 60 + minutes) * (text[zone] == '-' ? -1 : 1)};
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return base::UtcTime{std::chrono::sys_days{date}} + std::chrono::hours{parts.tm_hour} +
           std::chrono::minutes{parts.tm_min} + std::chrono::seconds{parts.tm_sec} - offset;
}

/// What `rclone cat` writes.
class RcloneSource : public stream::Source {
public:
    RcloneSource(const Rclone& rclone, const std::string& path, std::uint64_t size)
        : rclone_(rclone), doing_(fmt::format("read '{}'", base::printable(path))),
          child_(rclone.command({"cat", "--", path})), size_(size) {}

    std::size_t read(std::byte* buffer, std::size_t size) override {
        constexpr auto k_interval = 200ms;
        for (auto silence = 0ms; silence <= rclone_.settings().timeout; silence += k_interval) {
            if (const auto got = child_.read_output(buffer, size, k_interval)) {
                read_ += *got;
                if (read_ > size_) {
                    throw rclone_.error(doing_,
                                        fmt::format("it has more than its {} bytes", size_));
                }
                if (*got == 0) {
                    require_whole();
                }
                return *got;
            }
        }
        throw rclone_.silence(doing_);
    }

private:
    /// rclone exits 0 after a missing object of S3, too (rclone#7817): the bytes count.
    void require_whole() {
        rclone_.require_success(child_, doing_);
        if (read_ != size_) {
            throw rclone_.error(doing_, fmt::format("only {} of {} bytes came", read_, size_));
        }
    }

    const Rclone& rclone_;
    std::string doing_;
    sys::ChildProcess child_;
    std::uint64_t size_;
    std::uint64_t read_ = 0;
};

} // namespace

RcloneRemote::RcloneRemote(const RemoteSettings& settings,
                           const std::vector<std::string>& environment)
    : rclone_(settings, environment) {
    // Those of killed runs: they are removed with what is returned.
    (void)sys::PrivateDirectory::adopt_abandoned(temporary_directory(), k_scratch_prefix);
}

std::string RcloneRemote::path_of(const std::string& name) const {
    const std::string& target = rclone_.settings().target;
    const bool is_joined = target.ends_with(':') || target.ends_with('/');
    return target + (is_joined ? "" : "/") + name;
}

bool RcloneRemote::stores_objects() {
    if (!stores_objects_) {
        const std::string answer =
            rclone_
                .run({"backend", "features", "--", rclone_.settings().target}, "ask what it can do")
                .output;
        const auto json = nlohmann::json::parse(answer, nullptr, false);
        const auto at = nlohmann::json::json_pointer{"/Features/BucketBased"};
        if (!json.is_object() || !json.contains(at) || !json[at].is_boolean()) {
            throw rclone_.error("ask what it can do", "rclone's answer is not understood");
        }
        stores_objects_ = json[at].get<bool>();
    }
    return *stores_objects_;
}

std::string RcloneRemote::type() {
    if (!type_) {
        const std::string& target = rclone_.settings().target;
        const std::string remote = target.substr(0, target.find(':') + 1);
        std::istringstream lines{
            rclone_.run({"listremotes", "--long"}, "ask what kind it is").output};
        type_.emplace();
        std::string name;
        std::string type;
        while (lines >> name >> type) {
            if (name == remote) {
                type_ = type;
            }
        }
    }
    return *type_;
}

std::vector<RemoteFile> RcloneRemote::list() {
    constexpr const char* k_doing = "list its files";
    std::vector<std::string> arguments{"lsjson", "--files-only", "--no-mimetype", "--max-depth=1"};
    const bool has_clock = this->has_clock();
    arguments.emplace_back(has_clock ? "--use-server-modtime" : "--no-modtime");
    arguments.insert(arguments.end(), {"--", rclone_.settings().target});
    const Rclone::Outcome outcome = rclone_.run(arguments, k_doing);
    if (outcome.has_no_directory) {
        return {};
    }
    const auto json = nlohmann::json::parse(outcome.output, nullptr, false);
    if (!json.is_array()) {
        throw rclone_.error(k_doing, "rclone's answer is not a list");
    }
    std::vector<RemoteFile> files;
    for (const auto& item : json) {
        if (!item.is_object() || !item.contains("Name") || !item["Name"].is_string()) {
            throw rclone_.error(k_doing, "rclone's answer is not a list of files");
        }
        const auto name = item.value("Name", std::string{});
        const auto size = item.value("Size", std::int64_t{-1});
        if (!name.empty() && name.find('/') == std::string::npos && size >= 0) {
            files.push_back({.name = name,
                             .size = static_cast<std::uint64_t>(size),
                             .arrived_at = has_clock
                                               ? find_time(item.value("ModTime", std::string{}))
                                               : std::nullopt});
        }
    }
    return files;
}

std::optional<RemoteFile> RcloneRemote::find(const std::string& name) {
    for (RemoteFile& file : list()) {
        if (file.name == name) {
            return std::move(file);
        }
    }
    return std::nullopt;
}

std::map<std::string, std::string> RcloneRemote::read_texts(const std::vector<std::string>& names) {
    std::map<std::string, std::string> texts;
    if (names.empty()) {
        return texts;
    }
    const sys::PrivateDirectory scratch = make_scratch();
    scratch.make_directory("files", std::nullopt);
    write_lines(scratch.path() / "names", names);
    const auto files = sys::Directory::open(scratch.path() / "files");
    try {
        rclone_.run({"copy", "--no-traverse", "--ignore-checksum",
                     "--files-from-raw=" + (scratch.path() / "names").native(), "--",
                     rclone_.settings().target, files.path().native()},
                    "read the manifests");
    } catch (const RcloneFailed&) {
        // One that may not be read must not hide the others.
        if (files.entries().empty()) {
            throw;
        }
    }
    for (const std::string& name : names) {
        const auto file = files.find_file(name);
        // It may have grown since it was listed.
        if (file && file->size <= k_most_manifest_bytes) {
            texts.emplace(name, files.read_file(name, k_most_manifest_bytes));
        }
    }
    return texts;
}

std::unique_ptr<stream::Source> RcloneRemote::read(const std::string& name, std::uint64_t size) {
    return std::make_unique<RcloneSource>(rclone_, path_of(name), size);
}

void RcloneRemote::upload(int fd, const std::string& name, std::vector<std::string> arguments,
                          const Watch& watch) {
    // rclone copies a file under the name that it has in a directory. There, it is a link to our
    // open file, so that nobody can exchange what is copied.
    const sys::PrivateDirectory scratch = make_scratch();
    scratch.make_directory("files", std::nullopt);
    std::filesystem::create_symlink(sys::path_for_children(fd), scratch.path() / "files" / name);
    write_lines(scratch.path() / "names", {name});
    arguments.insert(arguments.begin(), "copy");
    arguments.insert(arguments.end(),
                     {"--copy-links", "--no-traverse", k_one_piece, k_no_bucket_check,
                      "--use-json-log=true", "--stats=500ms", "--stats-log-level=NOTICE",
                      "--files-from-raw=" + (scratch.path() / "names").native(), "--",
                      (scratch.path() / "files").native(), rclone_.settings().target});
    rclone_.run(std::move(arguments), fmt::format("copy '{}' there", base::printable(name)), {fd},
                watch.on_progress);
}

void RcloneRemote::write(int fd, const std::string& name, Existing existing, const Watch& watch) {
    watch.before_naming(); // before all: an upload in vain would take longer
    if (stores_objects()) {
        upload(fd, name, {existing == Existing::replaced ? "--ignore-times" : "--immutable"},
               watch);
        return;
    }
    const std::string hidden = make_upload_name(name);
    upload(fd, hidden, {"--ignore-times"}, watch);
    const std::string doing = fmt::format("name the copy '{}'", base::printable(name));
    // Its move replaces what is there, and so would a server's.
    if (existing == Existing::refused && find(name)) {
        remove(hidden);
        throw rclone_.error(doing, "a file of that name appeared there meanwhile");
    }
    // Without --ignore-times, a file there with the same size and time would stay, exit 0.
    rclone_.run({"moveto", "--no-traverse", "--ignore-times", "--", path_of(hidden), path_of(name)},
                doing);
}

void RcloneRemote::remove(const std::string& name) {
    rclone_.run({"deletefile", "--", path_of(name)},
                fmt::format("delete '{}'", base::printable(name)));
}

std::optional<std::string> RcloneRemote::find_own_md5(const std::string& name, std::uint64_t size) {
    if (size > k_most_in_one_piece || type() != "s3") {
        return std::nullopt;
    }
    const std::string answer =
        rclone_
            .run({"lsjson", "--stat", "--hash", "--hash-type=md5", "--no-modtime", "--no-mimetype",
                  "--", path_of(name)},
                 fmt::format("ask for the hash of '{}'", base::printable(name)))
            .output;
    const auto json = nlohmann::json::parse(answer, nullptr, false);
    const auto at = nlohmann::json::json_pointer{"/Hashes/md5"};
    return json.is_object() && json.contains(at) && json[at].is_string()
               ? std::optional{json[at].get<std::string>()}
               : std::nullopt;
}

/// Of these kinds of service, --use-server-modtime gives the server's own time. Others know only
/// what the uploader set.
bool RcloneRemote::has_clock() {
    return stores_objects() && (type() == "s3" || type() == "swift");
}

std::optional<base::UtcTime> RcloneRemote::find_now() {
    if (!has_clock()) {
        return std::nullopt;
    }
    const std::string probe = make_upload_name("dbbackup-probe");
    const sys::PrivateDirectory scratch = make_scratch();
    write_lines(scratch.path() / "probe", {"dbbackup asks for the time"});
    const sys::Fd file = sys::Directory::open(scratch.path()).open_file("probe");
    upload(file.get(), probe, {"--ignore-times"}, {});
    const auto found = find(probe);
    remove(probe);
    return found ? found->arrived_at : std::nullopt;
}

} // namespace dbbackup::store
