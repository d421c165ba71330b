#include <dbbackup/store/dump_name.hpp>

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <iterator>

namespace dbbackup::store {

namespace {

/// Begins the names of files about a whole server (server_file.hpp), which are no dumps of a
/// database.
constexpr char k_server_mark = '@';

bool is_plain(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

/// RFC 3339 and the form in names differ in three separators that cause trouble in file systems.
constexpr std::size_t k_time_separators[] = {13, 16, 19};

std::string format_time(base::UtcTime time) {
    std::string text = base::format_utc(time);
    for (const std::size_t position : k_time_separators) {
        text[position] = '-';
    }
    return text;
}

std::optional<base::UtcTime> parse_time(std::string text) {
    if (text.size() != 24) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        if (text[k_time_separators[i]] != '-') {
            return std::nullopt;
        }
        text[k_time_separators[i]] = "::."[i];
    }
    return base::parse_utc(text);
}

std::optional<std::string> decode_database_name(std::string_view text) {
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            name += text[i];
            continue;
        }
        if (i + 2 >= text.size()) {
            return std::nullopt;
        }
        unsigned byte = 0;
        const char* end = text.data() + i + 3;
        if (std::from_chars(text.data() + i + 1, end, byte, 16).ptr != end) {
            return std::nullopt;
        }
        name += static_cast<char>(byte);
        i += 2;
    }
    // Only the form that we write is read: two names never mean the same dump.
    return encode_database_name(name) == text ? std::optional{name} : std::nullopt;
}

std::optional<std::string_view> find_dump_suffix(std::string_view file_name) {
    const auto* found = std::ranges::find_if(
        k_dump_suffixes, [&](std::string_view suffix) { return file_name.ends_with(suffix); });
    return found == std::end(k_dump_suffixes) ? std::nullopt : std::optional{*found};
}

} // namespace

std::string encode_database_name(std::string_view database) {
    std::string encoded;
    for (const char c : database) {
        // A leading dot would hide the file; a leading dash would make it an option of other
        // programs.
        if (is_plain(c) && !(encoded.empty() && (c == '.' || c == '-'))) {
            encoded += c;
        } else {
            fmt::format_to(std::back_inserter(encoded), "%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

std::string format_dump_name(const DumpName& name) {
    return fmt::format("{}_{}{}", encode_database_name(name.database), format_time(name.time),
                       name.suffix);
}

std::optional<DumpName> parse_dump_name(std::string_view file_name) {
    const auto suffix = find_dump_suffix(file_name);
    if (!suffix) {
        return std::nullopt;
    }
    const std::string_view stem = file_name.substr(0, file_name.size() - suffix->size());
    const std::size_t underscore = stem.rfind('_');
    if (underscore == std::string_view::npos || underscore == 0) {
        return std::nullopt;
    }
    auto database = decode_database_name(stem.substr(0, underscore));
    const auto time = parse_time(std::string{stem.substr(underscore + 1)});
    if (!database || !time) {
        return std::nullopt;
    }
    return DumpName{std::move(*database), *time, std::string{*suffix}};
}

std::string manifest_name_of(std::string_view dump_name) {
    return std::string{dump_name} + std::string{k_manifest_suffix};
}

bool has_dump_suffix(std::string_view file_name) {
    return !file_name.starts_with('.') && !file_name.starts_with(k_server_mark) &&
           find_dump_suffix(file_name).has_value();
}

} // namespace dbbackup::store
