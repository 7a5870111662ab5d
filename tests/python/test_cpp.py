"""`cpp` in a Python process: the C++ objects of the libraries that it has loaded."""
import ctypes
import pathlib
import shutil
import subprocess

import pytest

import backdoor
from client import Client

SOURCE = """
#include <map>
#include <string>
namespace native {
struct job { std::string name; int tries = 0; };
std::map<int, job> jobs{{1, {"one", 3}}};
int retried(job& of, int more) { return of.tries += more; }
}
"""

HAS_LIBDW = subprocess.run(["pkg-config", "--exists", "libdw >= 0.188"]).returncode == 0
PLUGIN = pathlib.Path(backdoor.__file__).parent / "backdoor-reflect.so"


@pytest.mark.skipif(not HAS_LIBDW, reason="built without libdw")
def test_the_package_has_the_plugin():
    assert PLUGIN.exists()


@pytest.mark.skipif(not PLUGIN.exists() or not shutil.which("c++"), reason="no plugin, or no compiler")
def test_objects_of_a_native_library(tmp_path):
    (tmp_path / "native.cpp").write_text(SOURCE)
    library = str(tmp_path / "libnative.so")
    subprocess.run(["c++", "-g", "-shared", "-fPIC", "-o", library, str(tmp_path / "native.cpp")], check=True)
    with backdoor.Server("localhost:0", log=lambda line: None) as server, Client(server.address) as one:
        assert "there is no C++ name 'native'" in one.run("cpp.native")
        ctypes.CDLL(library)
        assert one.run("cpp.native.jobs") == "{1: native::job(name='one', tries=3)}\n"
        assert one.run("job = cpp.native.jobs[1]; job.name, job.tries") == "('one', 3)\n"
        assert "outside of `with cpp.calls():`" in one.run("cpp.native.retried(job, 2)")
        one.run("with cpp.calls(): tries = cpp.native.retried(job, 2)\n")
        assert one.run("tries, job.tries") == "(5, 5)\n"
