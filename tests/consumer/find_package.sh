#!/usr/bin/env bash
# The programs of somebody who uses CMake.
set -euo pipefail
cd "$SCRATCH"
rm -rf find_package
# The Python of the build, should another come first on PATH.
"$CMAKE" -S "$SOURCE/tests/consumer/find_package" -B find_package -G Ninja \
    -DCMAKE_PREFIX_PATH="$SCRATCH/prefix" -DPython3_ROOT_DIR="${PYTHON%/bin/*}"
"$CMAKE" --build find_package -j 2
./find_package/shared
./find_package/static
