/* SPDX-License-Identifier: MIT
 *
 * SHA-256 over text that is whole in memory.
 */
#include "sha256.h"

#include <string.h>

enum { BLOCK_BYTES = 64, LENGTH_AT = 56 };

/* The first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turned(uint32_t word, unsigned by) {
  return (word >> by) | (word << (32u - by));
}

static void take_block(uint32_t state[8], const uint8_t *block) {
  uint32_t w[64];
  for (size_t i = 0; i < 16; i++) {
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
           block[4 * i + 3];
  }
  for (unsigned i = 16; i < 64; i++) {
    const uint32_t small0 = turned(w[i - 15], 7) ^ turned(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const uint32_t small1 = turned(w[i - 2], 17) ^ turned(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + small0 + w[i - 7] + small1;
  }
  uint32_t v[8];
  memcpy(v, state, sizeof v);
  for (unsigned i = 0; i < 64; i++) {
    const uint32_t big1 = turned(v[4], 6) ^ turned(v[4], 11) ^ turned(v[4], 25);
    const uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    const uint32_t first = v[7] + big1 + choice + round_constants[i] + w[i];
    const uint32_t big0 = turned(v[0], 2) ^ turned(v[0], 13) ^ turned(v[0], 22);
    const uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    memmove(v + 1, v, 7 * sizeof v[0]);
    v[4] += first;
    v[0] = first + big0 + majority;
  }
  for (unsigned i = 0; i < 8; i++)
    state[i] += v[i];
}

void sw_sha256(const void *text, size_t bytes, uint8_t digest[32]) {
  /* The same of the square roots of the first 8 primes. */
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  const uint8_t *at = text;
  size_t left = bytes;
  for (; left >= BLOCK_BYTES; left -= BLOCK_BYTES, at += BLOCK_BYTES)
    take_block(state, at);
  uint8_t last[2 * BLOCK_BYTES] = {0};
  if (left > 0)
    memcpy(last, at, left);
  last[left] = 0x80;
  const size_t blocks = left < LENGTH_AT ? 1 : 2;
  const uint64_t bits = (uint64_t)bytes * 8u;
  for (unsigned i = 0; i < 8; i++)
    last[blocks * BLOCK_BYTES - 1u - i] = (uint8_t)(bits >> (8u * i));
  for (size_t i = 0; i < blocks; i++)
    take_block(state, last + i * BLOCK_BYTES);
  for (unsigned i = 0; i < 32; i++)
    digest[i] = (uint8_t)(state[i / 4] >> (24u - 8u * (i % 4)));
}
