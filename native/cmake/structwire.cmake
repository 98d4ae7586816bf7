# SPDX-License-Identifier: MIT
# structwire_generate(<target> <header> [TYPES <name>...])
#
# Runs `structwire gen` on a header of the target at build time, with the target's own compiler, include folders,
# definitions and options, and adds the C tables and their folder to the target: its sources can include
# "<name>.schema.h". TYPES names the structs to take; without it all of the header are.
#
# A project of its own includes this file after add_subdirectory(<structwire>/native) and links structwire::structwire.
#
#   STRUCTWIRE_CLI    the command line's main.js; by default the one of the package that this file belongs to
#   STRUCTWIRE_NODE   the Node program that runs it
include_guard(GLOBAL)

if(POLICY CMP0116)
  cmake_policy(SET CMP0116 NEW) # paths in dependency files may be absolute with every generator
endif()

get_filename_component(structwire_cli_default "${CMAKE_CURRENT_LIST_DIR}/../../dist/bridge/cli/main.js" ABSOLUTE)
set(STRUCTWIRE_CLI "${structwire_cli_default}" CACHE FILEPATH "The command line of Structwire (main.js)")
find_program(STRUCTWIRE_NODE NAMES node nodejs DOC "The Node program that runs structwire gen")

function(structwire_generate target header)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "" "TYPES")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "structwire_generate: \"${ARG_UNPARSED_ARGUMENTS}\" is not understood; use structwire_generate(<target> <header> [TYPES <name>...])")
  endif()
  if(NOT STRUCTWIRE_NODE)
    message(FATAL_ERROR "structwire_generate needs Node: install it or set STRUCTWIRE_NODE")
  endif()
  if(NOT EXISTS "${STRUCTWIRE_CLI}")
    message(FATAL_ERROR "structwire_generate needs the command line, but ${STRUCTWIRE_CLI} is not there: run npm run build:ts, or set STRUCTWIRE_CLI")
  endif()

  # The header is read as the language of the target's schema file: C where the project has it and the header allows it.
  if(CMAKE_C_COMPILER_LOADED AND NOT "${header}" MATCHES "\\.(hh|hpp|hxx|h\\+\\+)$")
    set(language C)
  else()
    set(language CXX)
  endif()

  get_filename_component(path "${header}" ABSOLUTE)
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
  get_filename_component(cli_folder "${STRUCTWIRE_CLI}" DIRECTORY)
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
    COMMAND "${STRUCTWIRE_NODE}" "${STRUCTWIRE_CLI}" gen "${path}" "--out=${folder}" "--cc=${compiler}" --quiet
            "--flags-file=${flags}" ${depfile_option} ${types}
    COMMAND "${CMAKE_COMMAND}" -E touch "${output}"
    DEPENDS "${path}" "${flags}" "${STRUCTWIRE_CLI}" ${generator}
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
