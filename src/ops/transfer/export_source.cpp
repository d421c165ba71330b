#include "ops/transfer/export_source.hpp"

#include "ops/transfer/csv_export.hpp"
#include "ops/transfer/export_events.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/fd.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <new>
#include <set>
#include <sys/stat.h>
#include <utility>

namespace dbbackup::ops {

namespace {

/// Where the name of the format must be.
constexpr std::size_t k_beginning = std::size_t{64} << 10;

using RowListener = ImportSource::RowListener;

struct OpenPath {
    sys::Fd fd;
    bool is_directory = false;
    std::uint64_t size = 0;
};

/// A regular file or a directory; a FIFO would wait for its writer.
OpenPath open_path(const std::filesystem::path& path) {
    OpenPath opened;
    opened.fd = sys::Fd{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    struct stat status {};

    if (!opened.fd || ::fstat(opened.fd.get(), &status) != 0) {
        throw base::system_error("open " + base::printable(path.native()), errno);
    }
    opened.is_directory = S_ISDIR(status.st_mode);
    opened.size = static_cast<std::uint64_t>(status.st_size);
    if (!opened.is_directory && !S_ISREG(status.st_mode)) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' is neither a file nor a directory", base::printable(path.native()))};
    }
    return opened;
}

bool begins_like_export(int fd) {
    const std::string text = beginning_of_text(fd, k_beginning);
    const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    return first != std::string::npos && text[first] == '{' &&
           text.find(fmt::format("\"{}\"", k_export_format)) != std::string::npos;
}

/// `error`, which says what is wrong with "it".
base::Error about(const base::Error& error, const std::filesystem::path& path) {
    const std::string name = base::printable(path.native());
    return {error.kind(),
            error.kind() == base::ErrorKind::damaged
                ? fmt::format("the export '{}' is damaged: {}", name, error.what())
                : fmt::format("the export '{}' cannot be read: {}", name, error.what()),
            error.hint().empty() && error.kind() == base::ErrorKind::damaged
                ? "Nothing of it can be relied on. Use another copy, or export again."
                : error.hint()};
}

/// The rows of one pass go to the listener if they are wanted.
ExportEvents::RowListener only_wanted(const std::set<std::size_t>& wanted,
                                      const RowListener& listener) {
    return [&wanted, &listener](std::size_t table, std::string_view row) {
        if (wanted.contains(table)) {
            listener(table, row);
        }
    };
}

/// A single file.
class TextExport : public ExportSource {
public:
    TextExport(OpenPath opened, std::filesystem::path path)
        : opened_(std::move(opened)), path_(std::move(path)) {
        sha256_ = pass({});
    }

    [[nodiscard]] const pg::RowSource& description() const override { return description_; }

    [[nodiscard]] std::uint64_t size() const override { return opened_.size; }

    [[nodiscard]] std::uint64_t text_size() const override { return text_size_; }

    [[nodiscard]] bool is_summed() const override { return is_summed_; }

    void read_rows(const std::vector<std::size_t>& tables, const RowListener& listener) override {
        const std::set<std::size_t> wanted{tables.begin(), tables.end()};
        if (pass(only_wanted(wanted, listener)) != sha256_) {
            throw base::Error{base::ErrorKind::damaged,
                              fmt::format("the export '{}' was changed while it was read",
                                          base::printable(path_.native()))};
        }
    }

private:
    /// Returns the SHA-256 of all text.
    std::string pass(const ExportEvents::RowListener& listener) {
        const std::string name = base::printable(path_.native());
        TextReader text{opened_.fd.get(), name};
        ExportEvents events{text, listener};
        parse_export(text, events);
        require_no_files(events.header());
        const ExportEnd end = events.end();
        require_end(events.header(), events.rows(), end, events.actual_sha256());
        description_ = events.header().source;
        description_.name = path_.filename();
        for (std::size_t i = 0; i < description_.tables.size(); ++i) {
            description_.tables[i].rows = events.rows()[i];
        }
        is_summed_ = !end.sha256.empty();
        text_size_ = text.position();
        return text.sha256();
    }

    static void require_no_files(const ExportHeader& header) {
        if (std::ranges::any_of(header.files, [](const auto& file) { return !file.empty(); })) {
            throw base::Error{base::ErrorKind::failed, "its rows are in CSV files beside it",
                              "Name the directory of these files."};
        }
    }

    OpenPath opened_;
    std::filesystem::path path_;
    pg::RowSource description_;
    std::string sha256_;
    std::uint64_t text_size_ = 0;
    bool is_summed_ = false;
};

/// With the path in its errors.
class NamedExport : public ExportSource {
public:
    explicit NamedExport(const std::filesystem::path& path) : path_(path) {
        explained([&] {
            OpenPath opened = open_path(path);
            if (opened.is_directory) {
                source_ = open_csv_export(path);
            } else {
                source_ = std::make_unique<TextExport>(std::move(opened), path);
            }
        });
    }

    [[nodiscard]] const pg::RowSource& description() const override {
        return source_->description();
    }

    [[nodiscard]] std::uint64_t size() const override { return source_->size(); }

    [[nodiscard]] std::uint64_t text_size() const override { return source_->text_size(); }

    [[nodiscard]] bool is_summed() const override { return source_->is_summed(); }

    /// What the listener throws is not about the export.
    void read_rows(const std::vector<std::size_t>& tables, const RowListener& listener) override {
        std::exception_ptr of_listener;
        const RowListener guarded = [&](std::size_t table, std::string_view row) {
            try {
                listener(table, row);
            } catch (...) {
                of_listener = std::current_exception();
                throw;
            }
        };
        try {
            source_->read_rows(tables, guarded);
        } catch (const base::Error& error) {
            if (of_listener) {
                std::rethrow_exception(of_listener);
            }
            throw about(error, path_);
        }
    }

private:
    template <typename Action>
    void explained(Action action) {
        try {
            action();
        } catch (const base::Error& error) {
            throw about(error, path_);
        }
    }

    std::filesystem::path path_;
    std::unique_ptr<ExportSource> source_;
};

} // namespace

bool looks_like_export(const std::filesystem::path& path) {
    try {
        const OpenPath opened = open_path(path);
        if (!opened.is_directory) {
            return begins_like_export(opened.fd.get());
        }
        const sys::Directory directory = sys::Directory::open(path);
        return directory.find_file(k_csv_manifest) &&
               begins_like_export(directory.open_file(k_csv_manifest).get());
    } catch (const base::Error&) {
        return false;
    } catch (const std::bad_alloc&) {
        return false; // what another program compressed may need more memory than there is
    }
}

std::unique_ptr<ExportSource> open_export(const std::filesystem::path& path,
                                          const Context& /*context*/) {
    return std::make_unique<NamedExport>(path);
}

} // namespace dbbackup::ops
