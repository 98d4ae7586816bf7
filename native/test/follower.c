/* SPDX-License-Identifier: MIT
 *
 * What each record of a stream may be after those before it.
 */
#include "follower.h"
#include "check.h"

#include <string.h>

struct sample sample_of(uint64_t number) {
  struct sample sample;
  memset(&sample, 0xff, sizeof sample);
  sample.value = (double)number / 2;
  sample.number = (uint32_t)number;
  sample.tag = ~number;
  return sample;
}

follower follow(bridge *b) {
  const uint8_t *advertise = bridge_expect(b, SW_RECORD_ADVERTISE);
  return (follower){.stream = sw_get32(advertise + 8), .expected = sw_get64(advertise + 32)};
}

static void take_batch(follower *f, const uint8_t *record) {
  sw_batch batch;
  CHECK(sw_batch_read(record, &batch));
  if (batch.stream != f->stream)
    return;
  CHECK(!f->withdrawn && batch.first == f->expected && batch.sequences == 0);
  CHECK(f->epoch == 0 || f->epoch == batch.epoch);
  f->epoch = batch.epoch;
  for (uint32_t i = 0; i < batch.count; i++) {
    const int64_t time = (int64_t)sw_get64(record + batch.times + 8 * (size_t)i);
    CHECK(time >= f->time);
    f->time = time;
    if (batch.size != sizeof(struct sample))
      continue;
    struct sample expected = sample_of(batch.first + i);
    memset((uint8_t *)&expected + 12, 0, 4); /* the pad */
    CHECK(memcmp(record + batch.payload + (size_t)i * batch.size, (const uint8_t *)&expected,
                 sizeof expected) == 0);
  }
  f->expected += batch.count;
  f->got += batch.count;
  f->behind_gap = false;
}

static void take_gap(follower *f, const uint8_t *record) {
  sw_gap gap;
  CHECK(sw_gap_read(record, &gap));
  if (gap.stream != f->stream)
    return;
  CHECK(!f->withdrawn && gap.from == f->expected && gap.count == gap.to - gap.from + 1);
  f->expected = gap.to + 1;
  f->lost += gap.count;
  CHECK(gap.reason <= SW_GAP_DISCONNECTED);
  f->lost_by[gap.reason] += gap.count;
  /* Whoever lost first is told first. */
  if (f->ring_dropped != NULL && !f->behind_gap)
    CHECK(f->ring_dropped[gap.from] == (gap.reason == SW_GAP_RING_FULL));
  f->behind_gap = true;
}

void follower_take(follower *f, const uint8_t *record) {
  if (record[4] == SW_RECORD_BATCH)
    take_batch(f, record);
  if (record[4] == SW_RECORD_GAP)
    take_gap(f, record);
  if (record[4] == SW_RECORD_WITHDRAW && sw_get32(record + 8) == f->stream)
    f->withdrawn = true;
}

bool take_next(follower *f, bridge *b) {
  const uint8_t *record = bridge_next(b);
  if (record == NULL)
    return false;
  follower_take(f, record);
  return true;
}

void take_until(follower *f, bridge *b, uint64_t expected) {
  while (f->expected < expected)
    CHECK(take_next(f, b));
  CHECK(f->expected == expected);
}
