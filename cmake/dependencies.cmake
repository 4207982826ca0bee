# Every outside library is found here, once, and given the name by which the rooms know it.
# Their headers are system headers: their warnings are not ours.

find_package(Threads REQUIRED)
# toml++ as headers alone (compiler/toml/toml.h): what runs on a robot needs no library.
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
add_library(motet_tomlplusplus INTERFACE)
target_include_directories(motet_tomlplusplus SYSTEM INTERFACE ${TOMLPLUSPLUS_INCLUDE_DIR})
if(MOTET_EXECUTOR_ONLY)
  return()
endif()

# ANTLR. Debian's CMake function for the generator does not fit Debian's jar, so the tool is
# called directly. The runtime's target carries no include directory.
find_program(ANTLR4_TOOL NAMES antlr4 REQUIRED)
find_package(antlr4-runtime REQUIRED)
find_path(ANTLR4_INCLUDE_DIR antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
add_library(motet_antlr INTERFACE)
target_link_libraries(motet_antlr INTERFACE antlr4_shared)
target_include_directories(motet_antlr SYSTEM INTERFACE ${ANTLR4_INCLUDE_DIR})

# MuJoCo. Its package file asks for OpenGL components that we do not use, so it is found by hand.
find_path(MUJOCO_INCLUDE_DIR mujoco/mujoco.h REQUIRED)
find_library(MUJOCO_LIBRARY mujoco REQUIRED)
add_library(motet_mujoco INTERFACE)
target_link_libraries(motet_mujoco INTERFACE ${MUJOCO_LIBRARY})
target_include_directories(motet_mujoco SYSTEM INTERFACE ${MUJOCO_INCLUDE_DIR})

find_package(PkgConfig REQUIRED)
pkg_check_modules(GRAPHVIZ REQUIRED IMPORTED_TARGET libgvc libcgraph)
pkg_check_modules(EGL REQUIRED IMPORTED_TARGET egl)

find_package(Torch REQUIRED)
add_library(motet_torch INTERFACE)
target_link_libraries(motet_torch INTERFACE ${TORCH_LIBRARIES})
target_include_directories(motet_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})

# CycloneDDS, and its compiler of message types.
find_package(CycloneDDS REQUIRED)
find_program(IDLC_TOOL NAMES idlc REQUIRED)

# OpenCV runs ONNX models, in tests. Debian's package of its module has no file for CMake.
find_path(OPENCV_INCLUDE_DIR opencv2/dnn.hpp PATH_SUFFIXES opencv4 REQUIRED)
find_library(OPENCV_DNN_LIBRARY opencv_dnn REQUIRED)
find_library(OPENCV_CORE_LIBRARY opencv_core REQUIRED)
add_library(motet_opencv INTERFACE)
target_link_libraries(motet_opencv INTERFACE ${OPENCV_DNN_LIBRARY} ${OPENCV_CORE_LIBRARY})
target_include_directories(motet_opencv SYSTEM INTERFACE ${OPENCV_INCLUDE_DIR})
