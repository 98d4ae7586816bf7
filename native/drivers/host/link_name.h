/* SPDX-License-Identifier: MIT
 *
 * The channel's name for an interface.
 */
#ifndef HOST_LINK_NAME_H
#define HOST_LINK_NAME_H

#include <stddef.h>

/* Writes link/NAME to `out`, with `_` for each character that no channel's name may have. When `index` is not
 * 0 it is appended, so that two names that became alike stay apart. Cut to `capacity`. */
void link_name(const char *interface, int index, char *out, size_t capacity);

#endif
