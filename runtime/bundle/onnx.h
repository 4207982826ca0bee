#pragma once

// A trained skill as an ONNX model (opset 13): one control step as a pure function, from the robot's signals
// to its action, for runtimes that know nothing of Motet.
//
// Inputs, all float32 [1, n]:
//   - each signal that the skill observes, as input_names() calls it;
//   - "latent" [1, m], what the top policy makes its action of, where that is no mean: N(0, I), or, where the
//     metadata have a "latent_set", one of its vectors; drawn anew in each step or episode, as "latent" says;
//   - "state" [1, k], what the observation remembers from one step to the next, where it does.
// Outputs:
//   - "action" [1, m], in [-1, 1], which is mapped to each coordinate's range: see "actions";
//   - "observation" [1, n], what the policies saw, as "observation_names" and "observation_units" have it;
//   - "state_next" [1, k], the next step's "state".
//
// An episode's first state is what zeros become when the model is run as often as the metadata's "reset_runs"
// say, on the first step's signals, each time from the "state_next" of the time before. The first step is
// then as all others.
//
// Metadata (JSON where there are several values): motet, skill, skill_hash, program, program_hash, world,
// control_period in s, inputs (of each signal, names and units of its coordinates), observation_names,
// observation_units, actuators, actions (name, low and high of each coordinate), latent (step or episode),
// latent_set, reset_runs.
//
// All is computed in single precision, where Motet computes observations in double. What of an observation is
// constant is computed in double here, too. What stands between an action and the motors (a drive, a limited
// rate) is not in the model.

#include <string>

#include "compiler/plan/result.h"
#include "runtime/bundle/bundle.h"

namespace motet {

// The model's bytes. `bundle`: as unpack() gives it. Errors: a layer holds its action for several steps; the
// observation is drawn at random; the model would be larger than ONNX can have it, 2 GiB.
Result<std::string> to_onnx(const Bundle& bundle);

}  // namespace motet
