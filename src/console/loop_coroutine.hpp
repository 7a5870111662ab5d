// What asyncio sees of a console's call.
#pragma once

#include "console/ref.hpp"

#include <memory>

namespace backdoor {

class loop_call;

/// An object that asyncio takes for a coroutine, and calls step by step; called itself, it begins.
/// Throws python_error.
ref make_coroutine(std::shared_ptr<loop_call> call);

}  // namespace backdoor
