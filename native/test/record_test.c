/* SPDX-License-Identifier: MIT
 *
 * The golden files of test/vectors: what is good is read, and written again byte for byte; what is bad is
 * refused, however much of it is there.
 */
#include "check.h"
#include "control.h"
#include "record.h"

#include <dirent.h>
#include <string.h>

#define EPOCH UINT64_C(1763635200123456789)
#define START INT64_C(1763000000000000000)

/* A file of the vectors in memory of exactly its size, so that a read beyond the end is found by ASan. */
typedef struct vector {
  uint8_t *bytes;
  size_t count;
} vector;

static vector load(const char *folder, const char *name) {
  char path[512];
  (void)snprintf(path, sizeof path, "%s/%s/%s", VECTORS, folder, name);
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL && fseek(file, 0, SEEK_END) == 0);
  const long size = ftell(file);
  CHECK(size > 0 && fseek(file, 0, SEEK_SET) == 0);
  vector v = {malloc((size_t)size), (size_t)size};
  CHECK(v.bytes != NULL && fread(v.bytes, 1, v.count, file) == v.count);
  (void)fclose(file);
  return v;
}

/* Whether a reader takes the record. */
static int is_good(const uint8_t *record, size_t count) {
  sw_prefix prefix;
  if (sw_prefix_read(record, count, SW_MAX_RECORD_BYTES, &prefix) != SW_PARSE_RECORD || prefix.bytes != count)
    return 0;
  sw_batch batch;
  sw_gap gap;
  if (prefix.type == SW_RECORD_BATCH)
    return sw_batch_read(record, &batch);
  if (prefix.type == SW_RECORD_GAP)
    return sw_gap_read(record, &gap);
  return 1;
}

static int for_each(const char *folder, void (*check)(const char *name, vector v)) {
  char path[512];
  (void)snprintf(path, sizeof path, "%s/%s", VECTORS, folder);
  DIR *listing = opendir(path);
  CHECK(listing != NULL);
  int count = 0;
  for (const struct dirent *entry;
       (entry = readdir(listing)) != NULL;) { // NOLINT(concurrency-mt-unsafe): one thread
    if (strstr(entry->d_name, ".bin") == NULL)
      continue;
    vector v = load(folder, entry->d_name);
    check(entry->d_name, v);
    free(v.bytes);
    count++;
  }
  (void)closedir(listing);
  return count;
}

static void takes_good(const char *name, vector v) {
  if (!is_good(v.bytes, v.count))
    (void)fprintf(stderr, "good/%s is refused\n", name);
  CHECK(is_good(v.bytes, v.count));
  for (size_t there = 0; there < v.count; there++) {
    uint8_t *part = malloc(there + 1);
    CHECK(part != NULL);
    memcpy(part, v.bytes, there);
    sw_prefix prefix;
    CHECK(sw_prefix_read(part, there, SW_MAX_RECORD_BYTES, &prefix) == SW_PARSE_MORE);
    CHECK(prefix.bytes == (there < 8 ? 0 : v.count));
    free(part);
  }
}

static void refuses_bad(const char *name, vector v) {
  if (is_good(v.bytes, v.count))
    (void)fprintf(stderr, "bad/%s is taken\n", name);
  CHECK(!is_good(v.bytes, v.count));
}

/* Whether `written` is what stands in good/. */
static int is_vector(const char *name, const uint8_t *written, size_t count) {
  vector v = load("good", name);
  const int same = v.count == count && memcmp(v.bytes, written, count) == 0;
  free(v.bytes);
  return same;
}

/* Calls a writer twice: for the size, and for the bytes, into memory full of ones of which padding must be
 * cleared. */
#define WRITES(name, call)                                                                                   \
  do {                                                                                                       \
    uint8_t written[512];                                                                                    \
    memset(written, 0xff, sizeof written);                                                                   \
    uint8_t *at = NULL;                                                                                      \
    const size_t wanted = (call);                                                                            \
    at = written;                                                                                            \
    CHECK(wanted <= sizeof written && (call) == wanted);                                                     \
    CHECK(is_vector(name, written, wanted));                                                                 \
  } while (0)

static void writes_control_records(void) {
  static const char blob[] = "{\"v\":1,\"endian\":\"le\",\"types\":{},\"messages\":[]}";
  const sw_hello hello = {.epoch = EPOCH,
                          .offset = START,
                          .pid = 4711,
                          .name = sw_text_of("motor"),
                          .blob = (const uint8_t *)blob,
                          .blob_bytes = sizeof blob - 1};
  WRITES("hello.bin", sw_write_hello(at, &hello));
  WRITES("advertise.bin",
         sw_write_advertise(at, 3, SW_KIND_STRUCT, 8, sw_text_of("state"), sw_text_of("motor_state"), 100));
  WRITES("advertise-shared.bin",
         sw_write_advertise(at, 5, SW_KIND_JSON, 0, sw_text_of("/action"), sw_text_of(""), 12));
  WRITES("subscribe.bin",
         sw_write_subscribe(at, 6, SW_WANTED_JSON, SW_FLAG_LATEST | SW_FLAG_LAST, sw_text_of("phone/**")));
  WRITES("unsubscribe.bin", sw_write_unsubscribe(at, 6));
  WRITES("ready.bin", sw_write_ready(at));
  WRITES("withdraw.bin", sw_write_withdraw(at, 3));
  const double first = 1.5;
  const sw_value_at initial = {.parameter = 1, .stream = 3, .value = (const uint8_t *)&first, .size = 8};
  WRITES("parameter.bin", sw_write_parameter(at, sw_text_of("gains"), sw_text_of("motor_gains"), &initial));
  const double second = 2;
  const sw_value_at value = {.parameter = 1,
                             .stream = 3,
                             .next = 103,
                             .time = 5000000000,
                             .value = (const uint8_t *)&second,
                             .size = 8};
  WRITES("value.bin", sw_write_value(at, 9, &value));
  const sw_type reply = {.name = "reset_reply", .size = 16};
  WRITES("service.bin", sw_write_service(at, 1, sw_text_of("reset"), NULL, &reply));
  WRITES("refuse.bin", sw_write_refuse(at, 10, SW_OUT_OF_RANGE, sw_text_of("kp must be at most 10")));
  WRITES("reply.bin", sw_write_reply(at, 11, (const uint8_t *)"twelve bytes", 12));
  WRITES("log.bin", sw_write_log(at, 5000000001, SW_WARN,
                                 sw_text_of("\xc3\x9c"
                                            "berlast")));
  WRITES("pong.bin", sw_write_pong(at, 77, -1, -2));
  WRITES("end.bin", sw_write_end(at, SW_OK, sw_text_of(NULL)));
}

static void writes_counters(void) {
  uint8_t written[16 + 64];
  const sw_counters first = {.published = 1000, .ring_dropped = 5, .link_dropped = 7};
  const sw_counters second = {.published = 2};
  CHECK(sw_write_counters(NULL, 2) == sizeof written && sw_write_counters(written, 2) == sizeof written);
  sw_write_counters_entry(written + 16, 3, &first);
  sw_write_counters_entry(written + 48, 4, &second);
  CHECK(is_vector("counters.bin", written, sizeof written));
}

static void writes_batches_and_gaps_as_it_reads_them(const char *name, vector v) {
  sw_batch batch;
  sw_gap gap;
  uint8_t *written = malloc(v.count);
  CHECK(written != NULL);
  if (v.bytes[4] == SW_RECORD_BATCH && sw_batch_read(v.bytes, &batch)) {
    sw_batch_write(written, &batch);
    CHECK(memcmp(written, v.bytes, SW_BATCH_HEADER_BYTES) == 0);
    CHECK(batch.times == 40 && batch.bytes == v.count);
    CHECK(sw_pad8(batch.payload + batch.payload_bytes) == v.count);
  } else if (v.bytes[4] == SW_RECORD_GAP && sw_gap_read(v.bytes, &gap)) {
    sw_gap_write(written, &gap);
    CHECK(memcmp(written, v.bytes, v.count) == 0);
  } else {
    CHECK(strncmp(name, "batch", 5) != 0 && strncmp(name, "gap", 3) != 0);
  }
  free(written);
}

static void lays_nothing_out_beyond_the_limits(void) {
  sw_batch batch = {.count = SW_MAX_BATCH_COUNT, .size = SW_MAX_SAMPLE_BYTES};
  CHECK(!sw_batch_layout(&batch));
  batch = (sw_batch){.count = 15, .size = SW_MAX_SAMPLE_BYTES};
  CHECK(sw_batch_layout(&batch) && batch.bytes == 40 + 15 * 8 + 15 * SW_MAX_SAMPLE_BYTES);
  batch = (sw_batch){.count = 16, .size = SW_MAX_SAMPLE_BYTES};
  CHECK(!sw_batch_layout(&batch));
}

int main(void) {
  CHECK(for_each("good", takes_good) >= 20);
  CHECK(for_each("bad", refuses_bad) >= 20);
  CHECK(for_each("good", writes_batches_and_gaps_as_it_reads_them) >= 20);
  writes_control_records();
  writes_counters();
  lays_nothing_out_beyond_the_limits();
  return 0;
}
