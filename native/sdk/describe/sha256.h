/* SPDX-License-Identifier: MIT
 *
 * SHA-256 (FIPS 180-4), for the layout hash.
 */
#ifndef STRUCTWIRE_SDK_DESCRIBE_SHA256_H
#define STRUCTWIRE_SDK_DESCRIBE_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* Writes the digest of `bytes` bytes. */
void sw_sha256(const void *text, size_t bytes, uint8_t digest[32]);

#endif
