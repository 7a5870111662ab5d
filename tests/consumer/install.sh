#!/usr/bin/env bash
# Installs, moves what was installed, and checks that nothing in it names where it was built.
set -euo pipefail
cd "$SCRATCH"
rm -rf first prefix
"$CMAKE" --install "$BUILD" --prefix "$SCRATCH/first" >install.log
mv first prefix

ls prefix/include/backdoor/backdoor.hpp prefix/"$LIBDIR"/libbackdoor.{so,a} \
    prefix/"$LIBDIR"/backdoor/backdoor-cpython-*.so

if [[ -x $BUILD/bin/backdoor ]]; then
    prefix/bin/backdoor --version
    ls prefix/share/man/man1/backdoor.1 prefix/share/bash-completion/completions/backdoor \
        prefix/share/zsh/site-functions/_backdoor prefix/share/fish/vendor_completions.d/backdoor.fish
fi

# -I: not the binaries, whose debug information says where the sources were.
if grep -rIF -e "$SCRATCH" -e "$BUILD" -e "$SOURCE" prefix ||
    grep -rIE '["; ]/[a-z]+/' prefix/"$LIBDIR"; then
    echo "consumer: the lines above name a folder of this machine" >&2
    exit 1
fi
for library in prefix/"$LIBDIR"/libbackdoor.so prefix/"$LIBDIR"/backdoor/*.so; do
    if readelf -d "$library" | grep -E 'R(UN)?PATH' | grep -vF "\$ORIGIN"; then
        echo "consumer: $library looks for libraries in a folder of this machine" >&2
        exit 1
    fi
done
