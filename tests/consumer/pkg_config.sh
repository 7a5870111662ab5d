#!/usr/bin/env bash
# The programs of somebody who uses pkg-config.
set -euo pipefail
cd "$SCRATCH"
rm -rf pkg_config
mkdir pkg_config
export PKG_CONFIG_PATH=$SCRATCH/prefix/$LIBDIR/pkgconfig

compile() {  # PROGRAM PACKAGE
    # shellcheck disable=SC2046  # the flags are words
    "$CXX" -std=c++20 "$SOURCE/tests/consumer/main.cpp" -o "pkg_config/$1" \
        $(pkg-config --cflags --libs "$2")
}
compile shared backdoor
compile static backdoor-static

LD_LIBRARY_PATH=$SCRATCH/prefix/$LIBDIR ./pkg_config/shared
./pkg_config/static
