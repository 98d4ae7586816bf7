# SPDX-License-Identifier: MIT
# structwire_generate(<target> <header> [TYPES <name>...] [LANGUAGE C|CXX])
#
# Runs `structwire gen` on a header of the target at build time, with the target's own compiler, include folders,
# definitions and options, and adds the C tables and their folder to the target: its sources can include
# "<name>.schema.h". TYPES names the structs to take; without it all of the header are.
#
# It comes with add_subdirectory(<structwire>/native), FetchContent and find_package(structwire CONFIG); a project that
# has the SDK from elsewhere includes this file by itself.
#
#   STRUCTWIRE_CLI    the command line's main.js. By default that of the package that this file belongs to, of the
#                     project's node_modules, or of `structwire` on the PATH
#   STRUCTWIRE_NODE   the Node program that runs it
include_guard(GLOBAL)

if(POLICY CMP0116)
  cmake_policy(SET CMP0116 NEW) # paths in dependency files may be absolute with every generator
endif()

# Where this file lies in its package; once it is installed, where the package was.
set_property(GLOBAL PROPERTY STRUCTWIRE_PACKAGES "${CMAKE_CURRENT_LIST_DIR}/../.." ${STRUCTWIRE_INSTALLED_FROM})

# Sets `result` to the command line, or to nothing.
function(structwire_find_cli result)
  set(script dist/bridge/cli/main.js)
  set(packages)
  set(folder "${CMAKE_SOURCE_DIR}")
  while(folder)
    list(APPEND packages "${folder}/node_modules/structwire")
    get_filename_component(above "${folder}" DIRECTORY)
    if(above STREQUAL folder)
      break()
    endif()
    set(folder "${above}")
  endwhile()
  find_program(STRUCTWIRE_PROGRAM structwire DOC "The command structwire")
  mark_as_advanced(STRUCTWIRE_PROGRAM)
  if(STRUCTWIRE_PROGRAM)
    get_filename_component(program "${STRUCTWIRE_PROGRAM}" REALPATH)
    get_filename_component(program "${program}" DIRECTORY)
    list(APPEND packages "${program}/../../..")
  endif()
  get_property(own GLOBAL PROPERTY STRUCTWIRE_PACKAGES)
  list(GET own 0 first)
  foreach(package "${first}" ${packages} ${own})
    if(EXISTS "${package}/${script}" AND EXISTS "${package}/binding.gyp")
      get_filename_component(found "${package}/${script}" ABSOLUTE)
      set(${result} "${found}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${result} "" PARENT_SCOPE)
endfunction()

set(STRUCTWIRE_CLI "" CACHE FILEPATH "The command line of Structwire (main.js); looked for when it is empty")
find_program(STRUCTWIRE_NODE NAMES node nodejs DOC "The Node program that runs structwire gen")

# Everything that can be wrong is said when the project is configured. Sets cli to the command line.
function(structwire_check_use target header path cli)
  if(NOT TARGET ${target})
    message(FATAL_ERROR "structwire_generate: there is no target \"${target}\" yet; call it after add_executable or add_library")
  endif()
  get_target_property(kind ${target} TYPE)
  get_target_property(imported ${target} IMPORTED)
  get_target_property(aliased ${target} ALIASED_TARGET)
  if(imported OR aliased OR kind STREQUAL "INTERFACE_LIBRARY" OR kind STREQUAL "UTILITY")
    message(FATAL_ERROR "structwire_generate: \"${target}\" compiles nothing; name the executable or library whose sources use the structs")
  endif()
  get_source_file_property(generated "${path}" GENERATED)
  if(NOT EXISTS "${path}" AND NOT generated)
    message(FATAL_ERROR "structwire_generate: there is no header ${path}")
  endif()
  if(NOT STRUCTWIRE_NODE)
    message(FATAL_ERROR "structwire_generate needs Node: install it or set STRUCTWIRE_NODE; without Node the generated files can be checked in, or the structs describe themselves (structwire/describe.h)")
  endif()
  set(found "${STRUCTWIRE_CLI}")
  if(NOT found)
    structwire_find_cli(found)
  endif()
  if(NOT found)
    message(FATAL_ERROR "structwire_generate needs the command line, which was found nowhere: run npm install structwire in the project, or npm run build:ts in a checkout, or set STRUCTWIRE_CLI to its dist/bridge/cli/main.js")
  endif()
  if(NOT EXISTS "${found}")
    message(FATAL_ERROR "structwire_generate needs the command line, but ${found} is not there: run npm run build:ts, or set STRUCTWIRE_CLI")
  endif()
  set(${cli} "${found}" PARENT_SCOPE)
endfunction()

# Sets `result` to the language that the header is read as: C where the project has it and the header allows it.
function(structwire_choose_language header wanted result)
  set(language "${wanted}")
  if(NOT language)
    if(CMAKE_C_COMPILER_LOADED AND NOT "${header}" MATCHES "\\.(hh|hpp|hxx|h\\+\\+)$")
      set(language C)
    else()
      set(language CXX)
    endif()
  endif()
  if(NOT language MATCHES "^(C|CXX)$")
    message(FATAL_ERROR "structwire_generate: LANGUAGE is C or CXX, not \"${language}\"")
  endif()
  if(NOT CMAKE_${language}_COMPILER_LOADED)
    message(FATAL_ERROR "structwire_generate reads ${header} as ${language}, which the project does not have: add it to the LANGUAGES of project()")
  endif()
  if(CMAKE_${language}_COMPILER_ID STREQUAL "MSVC" OR CMAKE_${language}_SIMULATE_ID STREQUAL "MSVC")
    message(FATAL_ERROR "structwire_generate needs a compiler that writes DWARF, such as gcc or clang; ${CMAKE_${language}_COMPILER} does not")
  endif()
  set(${result} ${language} PARENT_SCOPE)
endfunction()

function(structwire_generate target header)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "LANGUAGE" "TYPES")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "structwire_generate: \"${ARG_UNPARSED_ARGUMENTS}\" is not understood; use structwire_generate(<target> <header> [TYPES <name>...] [LANGUAGE C|CXX])")
  endif()
  get_filename_component(path "${header}" ABSOLUTE)
  structwire_check_use(${target} "${header}" "${path}" cli)
  structwire_choose_language("${header}" "${ARG_LANGUAGE}" language)

  get_filename_component(name "${header}" NAME)
  string(REGEX REPLACE "\\.[^.]*$" "" name "${name}")
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/structwire/${target}")
  get_property(several GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(several)
    string(APPEND folder "/$<CONFIG>")
  endif()

  structwire_flags_file(${target} ${language} "${folder}/${name}" flags)
  set(compiler "${CMAKE_${language}_COMPILER}")
  set(types ${ARG_TYPES})
  list(TRANSFORM types PREPEND "--type=")

  # The C file is what says that the command ran; the others change only when their content does.
  set(output "${folder}/${name}.schema.c")
  get_filename_component(cli_folder "${cli}" DIRECTORY)
  file(GLOB_RECURSE generator CONFIGURE_DEPENDS "${cli_folder}/gen*.js" "${cli_folder}/../generate/*.js")
  set(depfile)
  set(depfile_option)
  if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.21)
    set(depfile DEPFILE "${folder}/${name}.d")
    set(depfile_option "--depfile=${folder}/${name}.d")
  endif()
  add_custom_command(
    OUTPUT "${output}"
    BYPRODUCTS "${folder}/${name}.schema.h" "${folder}/${name}.schema.json" "${folder}/${name}.d.ts"
    COMMAND "${STRUCTWIRE_NODE}" "${cli}" gen "${path}" "--out=${folder}" "--cc=${compiler}" --quiet
            "--flags-file=${flags}" ${depfile_option} ${types}
    COMMAND "${CMAKE_COMMAND}" -E touch "${output}"
    DEPENDS "${path}" "${flags}" "${cli}" ${generator}
    ${depfile}
    COMMENT "Generating the schema of ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}")
  target_include_directories(${target} PRIVATE "${folder}")
  set_source_files_properties("${output}" PROPERTIES LANGUAGE ${language})
endfunction()

# Writes the flags with which the target's files of a language are compiled to a file, one a line, and sets `result` to its path.
# Only file(GENERATE) may evaluate options that depend on the language.
function(structwire_flags_file target language prefix result)
  set(lines)
  if(CMAKE_${language}_COMPILER_TARGET)
    list(APPEND lines "--target=${CMAKE_${language}_COMPILER_TARGET}")
  endif()
  if(CMAKE_${language}_COMPILER_EXTERNAL_TOOLCHAIN)
    list(APPEND lines "--gcc-toolchain=${CMAKE_${language}_COMPILER_EXTERNAL_TOOLCHAIN}")
  endif()
  if(CMAKE_SYSROOT)
    list(APPEND lines "--sysroot=${CMAKE_SYSROOT}")
  endif()
  if(CMAKE_${language}_COMPILER_ARG1)
    list(APPEND lines "SHELL:${CMAKE_${language}_COMPILER_ARG1}")
  endif()
  if(CMAKE_${language}_FLAGS)
    list(APPEND lines "SHELL:${CMAKE_${language}_FLAGS}")
  endif()
  foreach(config IN LISTS CMAKE_CONFIGURATION_TYPES CMAKE_BUILD_TYPE)
    string(TOUPPER "${config}" upper)
    if(CMAKE_${language}_FLAGS_${upper})
      list(APPEND lines "$<$<CONFIG:${config}>:SHELL:${CMAKE_${language}_FLAGS_${upper}}>")
    endif()
  endforeach()
  set(standard "$<TARGET_PROPERTY:${target},${language}_STANDARD>")
  set(extensions "$<TARGET_PROPERTY:${target},${language}_EXTENSIONS>")
  # Without a word on extensions CMake asks for the GNU dialect.
  set(gnu "$<OR:$<STREQUAL:${extensions},>,$<BOOL:${extensions}>>")
  foreach(year 90 99 11 14 17 20 23 26 98)
    if(CMAKE_${language}${year}_STANDARD_COMPILE_OPTION)
      set(option "$<IF:${gnu},${CMAKE_${language}${year}_EXTENSION_COMPILE_OPTION},${CMAKE_${language}${year}_STANDARD_COMPILE_OPTION}>")
      list(APPEND lines "$<$<STREQUAL:${standard},${year}>:${option}>")
    endif()
  endforeach()
  list(JOIN lines "\n" text)
  foreach(pair "COMPILE_DEFINITIONS,-D" "INCLUDE_DIRECTORIES,-I" "COMPILE_OPTIONS,")
    string(REPLACE "," ";" pair "${pair}")
    list(GET pair 0 property)
    list(GET pair 1 prefix_text)
    set(values "$<TARGET_PROPERTY:${target},${property}>")
    string(APPEND text "$<$<BOOL:${values}>:\n${prefix_text}$<JOIN:${values},\n${prefix_text}>>")
  endforeach()
  file(GENERATE OUTPUT "${prefix}.$<COMPILE_LANGUAGE>.flags" CONTENT "${text}\n")
  set(${result} "${prefix}.${language}.flags" PARENT_SCOPE)
endfunction()
