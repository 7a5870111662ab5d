// Which names leave the shared library. Nothing for users.
#pragma once

#define BACKDOOR_API __attribute__((visibility("default")))
