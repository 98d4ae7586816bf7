# SPDX-License-Identifier: MIT
# The Node addon: the floor addon/ over decode and core, with nothing of Node but Node-API.
#
# The headers are those of the packages node-api-headers and node-addon-api, wherever they are installed: never those that
# cmake-js finds or would download, so the build is the same everywhere.
structwire_floor(structwire_addon addon MODULE)
if(NOT TARGET structwire_addon)
  return()
endif()

find_program(STRUCTWIRE_NODE node REQUIRED)
execute_process(
  COMMAND ${STRUCTWIRE_NODE} -p "['node-api-headers', 'node-addon-api'].map((name) => path.resolve(require(name).include_dir)).join(';')"
  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE STRUCTWIRE_NODE_INCLUDES OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE STRUCTWIRE_NODE_RESULT)
if(STRUCTWIRE_NODE_RESULT)
  message(FATAL_ERROR "node-api-headers and node-addon-api are not installed: run npm install")
endif()

set_target_properties(structwire_addon PROPERTIES PREFIX "" SUFFIX ".node" CXX_VISIBILITY_PRESET hidden
  C_VISIBILITY_PRESET hidden)
target_include_directories(structwire_addon PRIVATE decode core)
target_include_directories(structwire_addon SYSTEM PRIVATE ${STRUCTWIRE_NODE_INCLUDES})
target_compile_definitions(structwire_addon PRIVATE NAPI_VERSION=8)
target_link_libraries(structwire_addon PRIVATE structwire_decode structwire_core ${CMAKE_JS_LIB})
# The functions of Node-API are in the program that loads the addon.
if(APPLE)
  target_link_options(structwire_addon PRIVATE -undefined dynamic_lookup)
endif()
