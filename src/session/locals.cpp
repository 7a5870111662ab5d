#include <backdoor/executor.hpp>
#include <backdoor/locals.hpp>

#include "console/engine.hpp"

namespace backdoor {

locals::locals(_object* python_dict) : python_dict_{get_engine().keep_dict(python_dict)} {}

asyncio_loop::asyncio_loop(_object* loop) : loop_{get_engine().keep(loop)} {}

}  // namespace backdoor
