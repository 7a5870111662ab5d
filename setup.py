"""Builds the Python package: CMake makes its extension module, out of the C++ library's sources."""
import pathlib
import re
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

TOP = pathlib.Path(__file__).parent.resolve()


class cmake_build(build_ext):
    def build_extension(self, extension):
        target = pathlib.Path(self.get_ext_fullpath(extension.name)).resolve().parent
        build = pathlib.Path(self.build_temp).resolve()
        has_libssh = subprocess.run(["pkg-config", "--exists", "libssh >= 0.10"]).returncode == 0
        subprocess.run(
            ["cmake", "-S", TOP, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
             "-DBACKDOOR_PYTHON=" + sys.executable, "-DBACKDOOR_TESTS=OFF",
             "-DBACKDOOR_EXAMPLES=OFF", "-DBACKDOOR_WERROR=OFF", "-DBACKDOOR_BENCH=OFF",
             "-DBACKDOOR_CLIENT=OFF",
             "-DBACKDOOR_SSH=" + ("ON" if has_libssh else "OFF")], check=True)
        subprocess.run(["cmake", "--build", build, "--target", "backdoor_extension"], check=True)
        target.mkdir(parents=True, exist_ok=True)
        # The extension, and the modules that it loads when they are needed.
        for built in (build / "python" / "backdoor").glob("*.so"):
            subprocess.run(["strip", "--strip-unneeded", "-o", target / built.name, built],
                           check=True)


setup(
    version=re.search(r'BACKDOOR_VERSION "([^"]+)"',
                      (TOP / "include/backdoor/version.hpp").read_text()).group(1),
    package_dir={"": "python"},
    packages=["backdoor"],
    package_data={"backdoor": ["py.typed", "*.pyi"]},
    ext_modules=[Extension("backdoor._backdoor", sources=[])],
    cmdclass={"build_ext": cmake_build},
)
