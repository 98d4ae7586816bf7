# SPDX-License-Identifier: MIT
# The Node addon: the floor addon/ over decode and core, with nothing of Node but Node-API.
#
# cmake-js gives the headers in CMAKE_JS_INC; without it they come from the packages of this repository.
structwire_floor(structwire_addon addon MODULE)
if(NOT TARGET structwire_addon)
  return()
endif()

if(CMAKE_JS_INC)
  set(STRUCTWIRE_NODE_INCLUDES ${CMAKE_JS_INC})
else()
  set(STRUCTWIRE_NODE_MODULES "${CMAKE_CURRENT_SOURCE_DIR}/../node_modules" CACHE PATH
    "Where node-api-headers and node-addon-api are installed")
  set(STRUCTWIRE_NODE_INCLUDES "${STRUCTWIRE_NODE_MODULES}/node-api-headers/include"
    "${STRUCTWIRE_NODE_MODULES}/node-addon-api")
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
