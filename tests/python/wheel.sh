# Builds the wheel without a network, installs it, and runs the tests with what was installed.
set -euo pipefail
cd "$SOURCE"
rm -rf "$SCRATCH/wheel" "$SCRATCH/site"
"$PYTHON" -m pip wheel . --no-index --no-build-isolation --no-deps -q -w "$SCRATCH/wheel"
"$PYTHON" -m pip install --no-index --no-deps -q --target "$SCRATCH/site" "$SCRATCH"/wheel/*.whl
cd "$SCRATCH"
export PYTHONPATH=$SCRATCH/site PYTHONDONTWRITEBYTECODE=1
"$PYTHON" -c 'import backdoor, os; assert backdoor.__file__.startswith(os.environ["PYTHONPATH"])'
exec "$PYTHON" -m pytest -q -p no:cacheprovider "$SOURCE/tests/python"
