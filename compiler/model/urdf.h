#pragma once

// URDF has no actuators. Joints with an effort limit get a motor each.

#include <filesystem>

#include "compiler/model/model.h"
#include "compiler/model/model_scan.h"

namespace motet {

// The model once more, with a motor of gear 1 and control range [-effort, effort] for every joint in
// `scan.efforts` that the model kept. `plain` is what MuJoCo loaded from the URDF last.
Result<ModelHandle> add_urdf_motors(const std::filesystem::path& file, const ModelScan& scan,
                                    ModelHandle plain);

}  // namespace motet
