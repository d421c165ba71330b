#include "cli/settings/import_map.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/fd.hpp>

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>

// As in toml_config.cpp.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

namespace dbbackup::cli {

namespace {

constexpr std::size_t k_most_bytes = 16U << 20U;

class MapReader {
public:
    explicit MapReader(std::string path) : path_(std::move(path)) {}

    ops::VersionedMap run() {
        const sys::Fd file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!file) {
            throw base::system_error(fmt::format("open the map '{}'", base::printable(path_)),
                                     errno);
        }
        const std::string text = sys::read_all(file.get(), k_most_bytes, path_);
        ops::VersionedMap map;
        try {
            const toml::table root = toml::parse(text);
            for (const auto& [key, node] : root) {
                if (key == "schema-version") {
                    map.schema_version = text_of(node, "schema-version");
                } else if (key == "table") {
                    read_tables(table_of(node, "table"), map.map);
                } else {
                    unknown(node, std::string{key.str()}, "schema-version, table");
                }
            }
        } catch (const toml::parse_error& error) {
            mistake(error.source().begin, "not valid TOML");
        }
        return map;
    }

private:
    [[noreturn]] void mistake(const toml::source_position& place, const std::string& what) const {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("the map '{}' is wrong in line {}: {}", base::printable(path_), place.line,
                        base::printable(what)),
            "It is TOML, with a section for each table of the source: [table.orders], and in it "
            "rename, ignore, columns, key, fill, value, ref, round, timezone."};
    }

    [[noreturn]] void unknown(const toml::node& node, const std::string& key,
                              const std::string& known) const {
        mistake(node.source().begin, fmt::format("'{}' is not known; known are {}", key, known));
    }

    [[nodiscard]] std::string text_of(const toml::node& node, const std::string& key) const {
        if (const auto* text = node.as_string()) {
            return text->get();
        }
        mistake(node.source().begin, fmt::format("{} must be a text", key));
    }

    [[nodiscard]] const toml::table& table_of(const toml::node& node,
                                              const std::string& key) const {
        if (const auto* table = node.as_table()) {
            return *table;
        }
        mistake(node.source().begin, fmt::format("{} must be a table: {{ column = … }}", key));
    }

    [[nodiscard]] std::vector<std::string> texts_of(const toml::node& node,
                                                    const std::string& key) const {
        std::vector<std::string> texts;
        if (const auto* list = node.as_array()) {
            for (const toml::node& one : *list) {
                texts.push_back(text_of(one, key));
            }
            return texts;
        }
        return {text_of(node, key)};
    }

    /// A text, a number or a flag as text; false for NULL is not possible in TOML, so "" stays "".
    [[nodiscard]] std::string value_of(const toml::node& node, const std::string& key) const {
        if (const auto* flag = node.as_boolean()) {
            return flag->get() ? "true" : "false";
        }
        if (const auto* number = node.as_integer()) {
            return std::to_string(number->get());
        }
        if (const auto* text = node.as_string()) {
            return text->get();
        }
        mistake(node.source().begin,
                fmt::format("{}: write it as text, in quotes, or as {{ null = true }}", key));
    }

    /// { null = true } is NULL.
    [[nodiscard]] std::optional<std::string> value_or_null(const toml::node& node,
                                                           const std::string& key) const {
        if (const auto* table = node.as_table()) {
            if (table->size() == 1 && (*table)["null"].value_or(false)) {
                return std::nullopt;
            }
            mistake(node.source().begin, fmt::format("{}: NULL is {{ null = true }}", key));
        }
        return value_of(node, key);
    }

    void read_tables(const toml::table& tables, pg::ImportMap& map) const {
        for (const auto& [name, node] : tables) {
            map[std::string{name.str()}] = read_table(table_of(node, std::string{name.str()}));
        }
    }

    [[nodiscard]] pg::TableMap read_table(const toml::table& table) const {
        pg::TableMap map;
        for (const auto& [name, node] : table) {
            const std::string key{name.str()};
            if (key == "rename") {
                map.rename = text_of(node, key);
            } else if (key == "ignore" && node.is_boolean()) {
                map.is_ignored = node.as_boolean()->get();
            } else if (key == "ignore") {
                const auto columns = texts_of(node, key);
                map.ignored_columns.insert(columns.begin(), columns.end());
            } else if (key == "columns") {
                for (const auto& [from, to] : table_of(node, key)) {
                    map.columns[std::string{from.str()}] = text_of(to, key);
                }
            } else if (key == "key") {
                map.key = texts_of(node, key);
            } else if (key == "fill") {
                for (const auto& [column, value] : table_of(node, key)) {
                    map.fill[std::string{column.str()}] = value_or_null(value, key);
                }
            } else if (key == "value") {
                for (const auto& [column, values] : table_of(node, key)) {
                    for (const auto& [from, to] : table_of(values, key)) {
                        map.values[std::string{column.str()}][std::string{from.str()}] =
                            value_or_null(to, key);
                    }
                }
            } else if (key == "ref") {
                for (const auto& [column, to] : table_of(node, key)) {
                    const auto* none = to.as_boolean();
                    map.references[std::string{column.str()}] =
                        none != nullptr && !none->get() ? std::nullopt
                                                        : std::optional{text_of(to, key)};
                }
            } else if (key == "round") {
                const auto columns = texts_of(node, key);
                map.rounded.insert(columns.begin(), columns.end());
            } else if (key == "timezone") {
                map.timezone = text_of(node, key);
            } else {
                unknown(node, key,
                        "rename, ignore, columns, key, fill, value, ref, round, timezone");
            }
        }
        return map;
    }

    std::string path_;
};

} // namespace

ops::VersionedMap read_import_map(const std::string& path) {
    return MapReader{path}.run();
}

} // namespace dbbackup::cli
