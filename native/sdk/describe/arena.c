/* SPDX-License-Identifier: MIT
 *
 * A list of blocks, one for each request: there are a few for each field of a schema, and only at set-up.
 */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>

struct sw_arena_block {
  struct sw_arena_block *next;
  _Alignas(max_align_t) unsigned char bytes[];
};

void *sw_arena_take(sw_arena *arena, size_t count, size_t bytes) {
  if (bytes != 0 && count > (SIZE_MAX / 2u - sizeof(struct sw_arena_block)) / bytes)
    return NULL;
  struct sw_arena_block *block = calloc(1, sizeof *block + count * bytes);
  if (block == NULL)
    return NULL;
  block->next = arena->blocks;
  arena->blocks = block;
  return block->bytes;
}

void sw_arena_free(sw_arena *arena) {
  while (arena->blocks != NULL) {
    struct sw_arena_block *block = arena->blocks;
    arena->blocks = block->next;
    free(block);
  }
}
