// Real services on loopback: SFTP and WebDAV, as rclone itself serves them.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/program/processes.hpp"
#include "support/scene/remote_scene.hpp"

#include <arpa/inet.h>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace dbbackup::test;
namespace fs = std::filesystem;

namespace {

/// A port that nobody listens on for now.
int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    ::close(fd);
    return ntohs(address.sin_port);
}

std::string obscured(const std::string& password) {
    std::string text = run_program({"/usr/bin/rclone", "obscure", password}).out;
    text.pop_back();
    return text;
}

} // namespace

TEST_CASE("copies go to SFTP and WebDAV and come back") {
    RemoteScene scene;
    (void)scene.take();
    for (const std::string kind : {"sftp", "webdav"}) {
        CAPTURE(kind);
        const int port = free_port();
        const fs::path root = scene.temp() / ("served-" + kind);
        fs::create_directory(root);
        Program server{{"/usr/bin/rclone", "serve", kind, root.string(), "--addr",
                        fmt::format("127.0.0.1:{}", port), "--user", "u", "--pass", "s3cret"},
                       scene.options()};
        scene.add_to_rclone(
            kind == "sftp"
                ? fmt::format("[sftp]\ntype = sftp\nhost = 127.0.0.1\nport = {}\nuser = u\n"
                              "pass = {}\n",
                              port, obscured("s3cret"))
                : fmt::format("[webdav]\ntype = webdav\nurl = http://127.0.0.1:{}\n"
                              "vendor = other\nuser = u\npass = {}\n",
                              port, obscured("s3cret")));
        scene.add(kind, kind + ":copies");
        REQUIRE(eventually([&] { return scene.run({"list", "--from", kind}).exit_code == 0; }));
        scene.check(0, {"push", "--missing", "--to", kind});
        CHECK(scene.listed(kind).size() >= 2);
        scene.check(0, {"verify", "--all", "--from", kind});
        scene.check(0, {"pin", "latest", "--from", kind});
        scene.check(0, {"prune", "--keep-last", "1", "--from", kind});
        const auto left = scene.listed(kind);
        REQUIRE(left.size() == 1);
        CHECK(read_file(root / "copies" / left[0]) == read_file(scene.dumps() / left[0]));
        const auto pulled = run_program({dbbackup_path(), "pull", "latest", "--from", kind, "--dir",
                                         (scene.temp() / ("pulled" + kind)).string()},
                                        scene.options());
        CHECK(pulled.exit_code == 0);
        server.send(SIGTERM);
        (void)server.wait();
        if (!is_long()) {
            break; // one of them, and rclone tries for long
        }
        const auto gone = scene.check(6, {"dump", "--to", kind});
        CHECK(gone.err.find("s3cret") == std::string::npos);
        scene.check(0, {"verify", "latest"});
    }
}
