# SPDX-License-Identifier: MIT
# The addon built by node-gyp, for machines without CMake: `npx node-gyp rebuild`. The sources are those of native/sources.txt.
{
  "targets": [
    {
      "target_name": "structwire_addon",
      "sources": [
        "<!@(node -p \"require('fs').readFileSync('native/sources.txt','utf8').split('\\n').filter(l=>/^(core|decode|addon)[/]/.test(l)).map(l=>'native/'+l).join(' ')\")"
      ],
      "include_dirs": [
        "native/include",
        "native/core",
        "native/decode",
        "native/addon",
        "<!(node -p \"require('node-addon-api').include_dir\")"
      ],
      "defines": ["NAPI_VERSION=8"],
      "cflags": ["-fvisibility=hidden"],
      "cflags_c": ["-std=c11"],
      "cflags_cc": ["-std=c++17"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20"],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES"
      }
    }
  ]
}
