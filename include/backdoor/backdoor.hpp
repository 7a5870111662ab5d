// A Python prompt inside a running C++ process: everything at once.
#pragma once

#include <backdoor/audit.hpp>
#include <backdoor/console.hpp>
#include <backdoor/describe.hpp>
#include <backdoor/error.hpp>
#include <backdoor/executor.hpp>
#include <backdoor/expose.hpp>
#include <backdoor/listener.hpp>
#include <backdoor/locals.hpp>
#include <backdoor/options.hpp>
#include <backdoor/server.hpp>
#include <backdoor/spawn.hpp>
#include <backdoor/value.hpp>
#include <backdoor/version.hpp>
