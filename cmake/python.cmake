# The Python that consoles run, and where its shared library is found at run time.
if(NOT EXISTS ${BACKDOOR_PYTHON})
    message(FATAL_ERROR "backdoor: there is no ${BACKDOOR_PYTHON}. "
        "Install python3-dev, or set -DBACKDOOR_PYTHON= to the interpreter to build for.")
endif()
set(Python3_EXECUTABLE ${BACKDOOR_PYTHON})
find_package(Python3 3.9 COMPONENTS Interpreter Development.Module Development.Embed)
if(NOT Python3_Development.Embed_FOUND)
    message(FATAL_ERROR "backdoor: ${BACKDOOR_PYTHON} has no headers or no libpython. "
        "Install its -dev package (Debian: python3-dev).")
endif()
message(STATUS "backdoor: consoles run Python ${Python3_VERSION} of ${BACKDOOR_PYTHON}")
set(backdoor_python_tag cpython-${Python3_VERSION_MAJOR}${Python3_VERSION_MINOR})
file(REAL_PATH ${Python3_LIBRARY_RELEASE} backdoor_libpython)
cmake_path(GET backdoor_libpython FILENAME backdoor_libpython_name)
