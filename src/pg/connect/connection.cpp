#include <dbbackup/pg/connection_url.hpp>

#include <algorithm>

namespace dbbackup::pg {

namespace {

constexpr std::size_t k_shortest_redacted = 3;

} // namespace

const std::string* Connection::find(std::string_view keyword) const noexcept {
    const auto found = std::ranges::find(parameters, keyword, &ConnectionParameter::keyword);
    return found == parameters.end() ? nullptr : &found->value;
}

void Connection::set(std::string_view keyword, std::string value) {
    const auto same = std::ranges::find(parameters, keyword, &ConnectionParameter::keyword);
    if (same != parameters.end()) {
        same->value = std::move(value);
    } else {
        parameters.push_back({std::string{keyword}, std::move(value)});
    }
}

void Connection::remove(std::string_view keyword) {
    std::erase_if(parameters, [keyword](const ConnectionParameter& parameter) {
        return parameter.keyword == keyword;
    });
}

void Connection::add_options(std::string_view more) {
    const std::string* given = find("options");
    set("options", given == nullptr ? std::string{more} : *given + " " + std::string{more});
}

// Marks first and then replaces, so that nothing is left of two secrets that overlap in `text`.
std::string Connection::redact(std::string_view text) const {
    std::vector<bool> secret_bytes(text.size());
    for (const auto& secret : secrets) {
        if (secret.size() < k_shortest_redacted) {
            continue;
        }
        for (auto at = text.find(secret); at != std::string_view::npos;
             at = text.find(secret, at + 1)) {
            std::fill_n(secret_bytes.begin() + static_cast<std::ptrdiff_t>(at), secret.size(),
                        true);
        }
    }
    std::string redacted;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!secret_bytes[i]) {
            redacted += text[i];
        } else if (i == 0 || !secret_bytes[i - 1]) {
            redacted += "***";
        }
    }
    return redacted;
}

} // namespace dbbackup::pg
