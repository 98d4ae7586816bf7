/* SPDX-License-Identifier: MIT
 *
 * Batches as programs publish them: held against their limits before anybody else sees them.
 */
#ifndef STRUCTWIRE_DECODE_ADMIT_H
#define STRUCTWIRE_DECODE_ADMIT_H

#include <cstddef>
#include <cstdint>

namespace structwire {

/* Arrays and objects of published JSON stand at most so deep in each other. */
constexpr size_t max_json_depth = 64;

/* Checks a batch of JSON or bytes and writes the time into it where its times are 0. Throws
 * Failure("bad_record") when it is none, Failure("message_too_large") for a payload of more than
 * SW_MAX_SAMPLE_BYTES, and Failure("bad_value") for JSON that is none or too deep; then it is as it was. */
void admit(uint8_t *record, size_t length, bool json, double now_ms);

} // namespace structwire
#endif
