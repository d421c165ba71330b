#include "store/json_fields.hpp"

namespace dbbackup::store {

namespace {

/// A manifest has five; later versions may have some more.
constexpr int k_deepest = 64;
/// Three times as many as the largest genuine manifest has. Each takes memory, even for two bytes
/// of text.
constexpr std::size_t k_most_parts = 8'000'000;

[[noreturn]] void throw_damaged(const std::string& what) {
    throw base::Error{base::ErrorKind::damaged, what};
}

[[noreturn]] void throw_not(const char* field, const char* kind) {
    throw_damaged(fmt::format("'{}' is not {}", field, kind));
}

const std::string& text_of(const Json& value, const char* field, const char* kind) {
    if (!value.is_string()) {
        throw_not(field, kind);
    }
    return value.get_ref<const std::string&>();
}

} // namespace

Json parse_json(std::string_view text) {
    std::size_t parts = 0;
    const auto require_honest = [&parts](int depth, Json::parse_event_t, Json&) {
        if (depth > k_deepest) {
            throw_damaged(fmt::format("it is nested more than {} deep", k_deepest));
        }
        if (++parts > k_most_parts) {
            throw_damaged("it has too many parts");
        }
        return true;
    };
    try {
        return Json::parse(text, require_honest);
    } catch (const Json::parse_error& error) {
        throw_damaged(fmt::format("not valid JSON at byte {}", error.byte));
    } catch (const Json::exception&) {
        throw_damaged("it holds a number that is too large");
    }
}

const Json& member(const Json& object, const char* field) {
    const auto found = object.find(field);
    if (found == object.end()) {
        throw_damaged(fmt::format("'{}' is missing", field));
    }
    return *found;
}

std::string read_text(const Json& object, const char* field) {
    return text_of(member(object, field), field, "a text");
}

bool read_flag(const Json& object, const char* field) {
    const Json& value = member(object, field);
    if (!value.is_boolean()) {
        throw_not(field, "true or false");
    }
    return value.get<bool>();
}

double read_real(const Json& object, const char* field) {
    const Json& value = member(object, field);
    if (!value.is_number()) {
        throw_not(field, "a number");
    }
    return value.get<double>();
}

base::UtcTime read_time(const Json& object, const char* field) {
    const auto time = base::parse_utc(text_of(member(object, field), field, "a time"));
    if (!time) {
        throw_not(field, "a time");
    }
    return *time;
}

const Json& read_list(const Json& object, const char* field) {
    const Json& value = member(object, field);
    if (!value.is_array()) {
        throw_not(field, "a list");
    }
    return value;
}

std::vector<std::string> read_texts(const Json& object, const char* field) {
    std::vector<std::string> texts;
    for (const Json& value : read_list(object, field)) {
        texts.push_back(text_of(value, field, "a list of texts"));
    }
    return texts;
}

} // namespace dbbackup::store
