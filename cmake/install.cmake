# Installs the library for find_package(backdoor) and pkg-config. Every path in what is installed
# is relative to the file it stands in, so the prefix may be moved.
include(CMakePackageConfigHelpers)

if(PROJECT_VERSION_MAJOR EQUAL 0)  # before 1.0 a minor version may break the ABI
    set(backdoor_soversion 0.${PROJECT_VERSION_MINOR})
    set(backdoor_compatibility SameMinorVersion)
else()
    set(backdoor_soversion ${PROJECT_VERSION_MAJOR})
    set(backdoor_compatibility SameMajorVersion)
endif()
set_target_properties(backdoor PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${backdoor_soversion})
set_target_properties(backdoor_static PROPERTIES EXPORT_NAME static)

set(backdoor_module_dir ${CMAKE_INSTALL_LIBDIR}/backdoor)
set(backdoor_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/backdoor)
set(backdoor_pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/backdoor
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(TARGETS backdoor_python backdoor_tls LIBRARY DESTINATION ${backdoor_module_dir})
if(TARGET backdoor_reflect)
    install(TARGETS backdoor_reflect LIBRARY DESTINATION ${backdoor_module_dir})
endif()

# Two export sets: the shared library must be usable where no Python can be linked.
install(TARGETS backdoor EXPORT backdoorTargets
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS backdoor_static EXPORT backdoorStaticTargets
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT backdoorTargets NAMESPACE backdoor:: DESTINATION ${backdoor_cmake_dir})
install(EXPORT backdoorStaticTargets NAMESPACE backdoor:: DESTINATION ${backdoor_cmake_dir})

if(BACKDOOR_SSH)
    install(TARGETS backdoor_ssh LIBRARY DESTINATION ${backdoor_module_dir})
endif()

set(backdoor_python_version ${Python3_VERSION_MAJOR}.${Python3_VERSION_MINOR})
math(EXPR backdoor_python_next "${Python3_VERSION_MINOR} + 1")
set(backdoor_python_range
    ${backdoor_python_version}...<${Python3_VERSION_MAJOR}.${backdoor_python_next})
configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/backdoorConfig.cmake.in ${PROJECT_BINARY_DIR}/backdoorConfig.cmake
    INSTALL_DESTINATION ${backdoor_cmake_dir}
    NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/backdoorConfigVersion.cmake
    COMPATIBILITY ${backdoor_compatibility})
install(FILES ${PROJECT_BINARY_DIR}/backdoorConfig.cmake
              ${PROJECT_BINARY_DIR}/backdoorConfigVersion.cmake
        DESTINATION ${backdoor_cmake_dir})

# backdoor.pc and backdoor-static.pc, one template: they differ in what is linked.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX OUTPUT_VARIABLE backdoor_pc_to_prefix
           BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}/${backdoor_pkgconfig_dir})
function(backdoor_install_pc name description library requires)
    configure_file(${PROJECT_SOURCE_DIR}/cmake/backdoor.pc.in ${PROJECT_BINARY_DIR}/${name}.pc
                   @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${backdoor_pkgconfig_dir})
endfunction()
backdoor_install_pc(backdoor "${PROJECT_DESCRIPTION}" -lbackdoor "")
backdoor_install_pc(backdoor-static "${PROJECT_DESCRIPTION} (static library)"
    "-l:libbackdoor.a -pthread" "python-${backdoor_python_version}-embed libutf8proc libssl libcrypto")
