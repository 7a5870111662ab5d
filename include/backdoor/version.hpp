// The version of this library; CMake reads it from here, so it is written once.
#pragma once

#define BACKDOOR_VERSION_MAJOR 0
#define BACKDOOR_VERSION_MINOR 1
#define BACKDOOR_VERSION_PATCH 0
#define BACKDOOR_VERSION "0.1.0"
