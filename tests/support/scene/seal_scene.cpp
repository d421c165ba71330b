#include "support/scene/seal_scene.hpp"

#include "support/catch.hpp"

#include <algorithm>

namespace dbbackup::test {

SealScene::SealScene(std::filesystem::path dumps)
    : scene_(std::move(dumps)), recipient_(make_key("own.key")) {
    make_key("other.key");
    database().psql(
        "create table canary (id int primary key, song text);"
        "insert into canary select g, 'canary-song ' || g from generate_series(1, 500) g");
}

std::string SealScene::make_key(const std::string& name) const {
    const std::string path = scene_.temp() / name;
    REQUIRE(run_program({"/usr/bin/age-keygen", "-o", path}).exit_code == 0);
    std::string key = run_program({"/usr/bin/age-keygen", "-y", path}).out;
    return key.substr(0, key.find('\n'));
}

std::vector<std::string> SealScene::words(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--encrypt", recipient_});
    return scene_.words(std::move(arguments));
}

ProgramResult SealScene::dump(std::vector<std::string> arguments) const {
    return run_program(words(std::move(arguments)), scene_.options());
}

std::filesystem::path SealScene::take(std::vector<std::string> arguments) const {
    const std::vector<std::string> before = names_in(scene_.dumps());
    const ProgramResult result = dump(std::move(arguments));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    for (const std::string& name : names_in(scene_.dumps())) {
        if (name.ends_with(".age") && std::ranges::count(before, name) == 0) {
            return scene_.dumps() / name;
        }
    }
    FAIL("no sealed dump");
    return {};
}

ProgramResult SealScene::run(std::vector<std::string> words) const {
    words.insert(words.begin(), dbbackup_path());
    words.insert(words.end(), {"--dir", scene_.dumps().string()});
    return run_program(words, scene_.options());
}

ProgramResult SealScene::run_open(std::vector<std::string> words) const {
    words.insert(words.end(), {"--identity", key()});
    return run(std::move(words));
}

ProgramResult SealScene::by_hand(const std::string& command,
                                 const std::filesystem::path& file) const {
    ProgramOptions options;
    options.environment = {{"KEY", key()},
                           {"FILE", file.string()},
                           {"BIN", Cluster::shared().bin_dir().string()},
                           {"DATABASE_URL", database().url()}};
    return run_program({"/bin/bash", "-o", "pipefail", "-c", command}, options);
}

ProgramResult SealScene::sql_by_hand(const std::filesystem::path& file) const {
    const std::string name = file.string();
    const std::string reader = name.ends_with(".gz.age")     ? " | zcat"
                               : name.ends_with(".zst.age")  ? " | zstdcat"
                               : name.ends_with(".dump.age") ? R"( | "$BIN/pg_restore" -f -)"
                                                             : "";
    return by_hand(R"(age -d -i "$KEY" "$FILE")" + reader, file);
}

nlohmann::json SealScene::manifest_of(const std::filesystem::path& file) {
    return nlohmann::json::parse(read_file(file.string() + ".json"));
}

} // namespace dbbackup::test
