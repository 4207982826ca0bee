# A room is a folder of the house and a library target. Its headers can be included only by
# targets that link it: each room has an include folder of its own, which holds a link to the
# room's sources and nothing else.

add_library(motet_options INTERFACE)
target_compile_options(motet_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
  $<$<BOOL:${MOTET_WERROR}>:-Werror>)

if(MOTET_SANITIZE)
  add_compile_options(-fsanitize=${MOTET_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MOTET_SANITIZE})
  # g++ takes what the sanitizers put between for paths on which a variable has no value.
  target_compile_options(motet_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()

# Every room tells the fuzzer which of its branches an input takes.
if(MOTET_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

# motet_room(NAME FOLDER SOURCES... [PUBLIC targets...] [PRIVATE targets...])
function(motet_room name folder)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(include_dir ${PROJECT_BINARY_DIR}/rooms/${name})
  cmake_path(GET folder PARENT_PATH parent)
  file(MAKE_DIRECTORY ${include_dir}/${parent})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${include_dir}/${folder} SYMBOLIC)
  add_library(motet_${name} STATIC ${ROOM_SOURCES})
  add_library(motet::${name} ALIAS motet_${name})
  target_include_directories(motet_${name} PUBLIC $<BUILD_INTERFACE:${include_dir}>)
  target_link_libraries(motet_${name} PUBLIC ${ROOM_PUBLIC} PRIVATE motet_options ${ROOM_PRIVATE})
endfunction()
