#include <dbbackup/cli/run.hpp>

int main(int argc, char** argv) {
    return dbbackup::cli::run(argc, argv);
}
