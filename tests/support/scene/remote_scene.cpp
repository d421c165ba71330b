#include "support/scene/remote_scene.hpp"

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>

namespace dbbackup::test {

namespace {

namespace fs = std::filesystem;

} // namespace

const std::vector<std::string>& some_remotes() {
    static const std::vector<std::string> sample{"disk", "cloudvault"};
    return is_long() ? k_all_remotes : sample;
}

RemoteScene::RemoteScene(fs::path dumps) : scene_(std::move(dumps)) {
    for (const std::string& name : k_all_remotes) {
        fs::create_directories(place(name));
        ::chmod(place(name).c_str(), 0700);
    }
    fs::create_directory(temp() / "tmp");
    add_to_rclone(fmt::format("[loc]\ntype = alias\nremote = {}\n", (temp() / "places").string()));
    const std::string seals = fmt::format("recipients = [\"{}\"]\n", scene_.recipient());
    add("disk", place("disk"));
    add("cloud", "loc:cloud");
    add("vault", place("vault"), seals);
    add("cloudvault", "loc:cloudvault", seals);
}

void RemoteScene::set(const std::string& line) {
    common_ = line + "\n";
    write_configuration();
}

void RemoteScene::add(const std::string& name, const std::string& target,
                      const std::string& lines) {
    remotes_ += fmt::format("[remote.{}]\ntarget = \"{}\"\nrclone-config = \"{}\"\n{}COMMON\n",
                            name, target, (temp() / "rclone.conf").string(), lines);
    write_configuration();
}

void RemoteScene::add_to_rclone(const std::string& section) const {
    std::ofstream{temp() / "rclone.conf", std::ios::app} << section;
}

void RemoteScene::write_configuration() const {
    std::string text = remotes_;
    const std::string mark = "COMMON\n";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
        text.replace(at, mark.size(), common_);
    }
    write_file(temp() / "dbbackup.toml", text);
    ::chmod((temp() / "dbbackup.toml").c_str(), 0600);
}

void RemoteScene::fake_rclone(const std::string& body) const {
    fs::create_directories(temp() / "bin");
    write_executable(
        temp() / "bin" / "rclone",
        fmt::format("#!/bin/bash\n"
                    "ALL=(\"$@\")\n"
                    "real() {{ /usr/bin/rclone \"${{ALL[@]}}\"; }}\n"
                    "while [[ $1 == --* ]]; do shift; done\nSTEP=$1\nTARGET=${{!#}}\n{}",
                    body));
}

void RemoteScene::use_real_rclone() const {
    fs::remove(temp() / "bin" / "rclone");
}

ProgramOptions RemoteScene::options() const {
    ProgramOptions options = scene_.dumps().options();
    options.environment["PATH"] = (temp() / "bin").string() + ":/usr/bin:/bin";
    options.environment["TMPDIR"] = temp() / "tmp";
    return options;
}

std::vector<std::string> RemoteScene::words(std::vector<std::string> words) const {
    words.insert(words.begin(), dbbackup_path());
    const auto end = std::ranges::find(words, "--"); // of guard
    words.insert(end, {"--dir", dumps().string()});
    return words;
}

ProgramResult RemoteScene::run(std::vector<std::string> arguments) const {
    return run_program(words(std::move(arguments)), options());
}

ProgramResult RemoteScene::run_open(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--identity", scene_.key()});
    return run(std::move(arguments));
}

ProgramResult RemoteScene::check(int exit_code, std::vector<std::string> arguments) const {
    CAPTURE(arguments);
    ProgramResult result = run(std::move(arguments));
    INFO("stdout: " << result.out << "stderr: " << result.err);
    CHECK(result.exit_code == exit_code);
    return result;
}

std::string RemoteScene::take(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"dump", "--json"});
    const ProgramResult result = run(std::move(arguments));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return nlohmann::json::parse(result.out)["manifest"]["file"]["name"];
}

nlohmann::json RemoteScene::list(const std::string& remote) const {
    const ProgramResult result = run({"list", "--json", "--from", remote});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return nlohmann::json::parse(result.out);
}

std::vector<std::string> RemoteScene::listed(const std::string& remote) const {
    std::vector<std::string> names;
    const nlohmann::json list = this->list(remote);
    for (const auto& dump : list["dumps"]) {
        names.push_back(dump["name"]);
    }
    std::ranges::sort(names);
    return names;
}

void RemoteScene::check_copies(const std::string& remote, std::vector<std::string> names) const {
    CAPTURE(remote);
    std::ranges::sort(names);
    CHECK(listed(remote) == names);
    if (!names.empty()) {
        check(0, {"verify", "--all", "--from", remote});
    }
}

void RemoteScene::age_records(const std::string& remote) const {
    const fs::path path = dumps() / (".remote-" + remote + ".json");
    auto json = nlohmann::json::parse(read_file(path));
    for (auto& [name, time] : json["first_seen"].items()) {
        time = "2020-01-01T00:00:00.000Z";
    }
    write_file(path, json.dump());
}

} // namespace dbbackup::test
