#pragma once

// The policy of a composed skill from its parts' frozen soft Q-functions and the states that they have seen:
// gradient steps alone, and no step of a world (Sec. 6.3).

#include "runtime/learning/training.h"

namespace motet {

// The folder is resumable after every checkpoint, as a training's. Errors: a part that cannot be read, or
// that lacks its states; a full disk; a policy that diverged.
Result<TrainingEnd> extract(const TrainingRequest& request);

}  // namespace motet
