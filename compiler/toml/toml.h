#pragma once

// toml++, as headers alone. A text that is not TOML is no error of ours: its assertions, which the parser
// does well without, must not end the process.

#define TOML_HEADER_ONLY 1
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>
