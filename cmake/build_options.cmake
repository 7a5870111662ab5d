# What all our own code is compiled with; users of the library inherit none of it.
add_library(backdoor_build_options INTERFACE)
target_compile_features(backdoor_build_options INTERFACE cxx_std_20)
target_compile_options(backdoor_build_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
    $<$<BOOL:${BACKDOOR_WERROR}>:-Werror>
    -fvisibility=hidden -fvisibility-inlines-hidden)
target_include_directories(backdoor_build_options INTERFACE
    ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_EXTENSIONS OFF)

if(BACKDOOR_SANITIZE)
    target_compile_options(backdoor_build_options INTERFACE
        -fsanitize=${BACKDOOR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${BACKDOOR_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # What the sanitizers add makes it see uses where there are none, in std::variant above all.
        target_compile_options(backdoor_build_options INTERFACE -Wno-maybe-uninitialized)
        if(BACKDOOR_SANITIZE MATCHES "thread")
            # Asio's fences, which ThreadSanitizer does not model.
            target_compile_options(backdoor_build_options INTERFACE -Wno-tsan)
        endif()
    endif()
endif()
