/* SPDX-License-Identifier: MIT
 *
 * Memory of many small things that are all freed at once.
 */
#ifndef STRUCTWIRE_SDK_DESCRIBE_ARENA_H
#define STRUCTWIRE_SDK_DESCRIBE_ARENA_H

#include <stddef.h>

/* Begins as zero. */
typedef struct sw_arena {
  struct sw_arena_block *blocks;
} sw_arena;

/* Zeroed and aligned for anything; NULL when there is no memory. It stays where it is until the arena is
 * freed. */
void *sw_arena_take(sw_arena *arena, size_t count, size_t bytes);

void sw_arena_free(sw_arena *arena);

#endif
