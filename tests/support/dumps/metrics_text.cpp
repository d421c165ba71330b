#include "support/dumps/metrics_text.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <charconv>
#include <regex>
#include <set>
#include <stdexcept>

namespace dbbackup::test {

namespace {

[[noreturn]] void fail(const std::string& what, const std::string& line) {
    throw std::runtime_error{what + ": " + line};
}

/// Removes `NAME="VALUE"` from the front of `rest`.
std::pair<std::string, std::string> take_label(std::string& rest, const std::string& line) {
    static const std::regex k_name{R"(^([a-zA-Z_][a-zA-Z0-9_]*)=")"};
    std::smatch match;
    if (!std::regex_search(rest, match, k_name)) {
        fail("no label", line);
    }
    std::pair<std::string, std::string> label{match[1], ""};
    auto i = static_cast<std::size_t>(match.length());
    for (; i < rest.size() && rest[i] != '"'; ++i) {
        if (rest[i] != '\\') {
            label.second += rest[i];
            continue;
        }
        const char escaped = ++i < rest.size() ? rest[i] : '\0';
        if (escaped != '\\' && escaped != '"' && escaped != 'n') {
            fail("no escape", line);
        }
        label.second += escaped == 'n' ? '\n' : escaped;
    }
    if (i == rest.size()) {
        fail("a label without end", line);
    }
    rest.erase(0, i + 1);
    return label;
}

MetricSample read_sample(const std::string& line) {
    static const std::regex k_name{R"(^[a-zA-Z_:][a-zA-Z0-9_:]*)"};
    std::smatch match;
    if (!std::regex_search(line, match, k_name)) {
        fail("no metric name", line);
    }
    MetricSample sample{.name = match[0], .labels = {}, .value = 0};
    std::string rest = line.substr(sample.name.size());
    for (char end = '{'; rest.starts_with(end) && end != '}';) {
        rest.erase(0, 1);
        if (!sample.labels.insert(take_label(rest, line)).second) {
            fail("a label twice", line);
        }
        end = rest.starts_with(',') ? ',' : '}';
    }
    if (!sample.labels.empty()) {
        if (!rest.starts_with('}')) {
            fail("labels without end", line);
        }
        rest.erase(0, 1);
    }
    const auto [end, error] =
        std::from_chars(rest.data() + 1, rest.data() + rest.size(), sample.value);
    if (!rest.starts_with(' ') || error != std::errc{} || end != rest.data() + rest.size()) {
        fail("no value", line);
    }
    return sample;
}

std::vector<std::string> lines_of(const std::string& text) {
    if (!text.ends_with('\n') || !base::is_valid_utf8(text)) {
        fail("no lines of UTF-8", text);
    }
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

} // namespace

std::vector<MetricSample> read_metrics(const std::string& text) {
    std::vector<MetricSample> samples;
    std::set<std::string> families;
    std::set<std::pair<std::string, std::map<std::string, std::string>>> series;
    std::string family;
    std::string helped;
    for (const std::string& line : lines_of(text)) {
        if (line.starts_with("# HELP ")) {
            helped = line.substr(7, line.find(' ', 7) - 7);
            family.clear();
        } else if (line.starts_with("# TYPE ")) {
            family = line.substr(7, line.find(' ', 7) - 7);
            if (family != helped || !line.ends_with(" gauge") || !families.insert(family).second) {
                fail("a type in the wrong place", line);
            }
        } else {
            const MetricSample sample = read_sample(line);
            if (sample.name != family) {
                fail("a metric without a type before it", line);
            }
            if (!series.insert({sample.name, sample.labels}).second) {
                fail("a series twice", line);
            }
            samples.push_back(sample);
        }
    }
    return samples;
}

double metric(const std::vector<MetricSample>& samples, const std::string& name,
              const std::map<std::string, std::string>& labels) {
    std::vector<double> found;
    for (const MetricSample& sample : samples) {
        const bool fits = std::ranges::all_of(labels, [&](const auto& label) {
            const auto own = sample.labels.find(label.first);
            return own != sample.labels.end() && own->second == label.second;
        });
        if (sample.name == name && fits) {
            found.push_back(sample.value);
        }
    }
    if (found.size() != 1) {
        throw std::runtime_error{std::to_string(found.size()) + " samples of " + name};
    }
    return found.front();
}

std::size_t count_of(const std::vector<MetricSample>& samples, const std::string& name) {
    return static_cast<std::size_t>(std::ranges::count(samples, name, &MetricSample::name));
}

} // namespace dbbackup::test
