/* SPDX-License-Identifier: MIT
 *
 * What a control loop calls makes no system call (but the clock's, where the kernel does not answer it in
 * user space) and allocates nothing: system calls of the thread are trapped by a seccomp filter, allocations
 * by replacing malloc.
 */
#include "bridge.h"
#include "check.h"
#include "messages.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local bool measuring;
static _Atomic int system_calls;
static _Atomic int last_system_call;
static _Atomic int allocations;

/* ---- Allocations: glibc's own under other names ---- */

// NOLINTBEGIN(bugprone-reserved-identifier)
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *memory, size_t bytes);
extern void *__libc_memalign(size_t alignment, size_t bytes);
extern void __libc_free(void *memory);
// NOLINTEND(bugprone-reserved-identifier)

void *malloc(size_t bytes) {
  allocations += measuring;
  return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
  allocations += measuring;
  return __libc_calloc(count, bytes);
}

void *realloc(void *memory, size_t bytes) {
  allocations += measuring;
  return __libc_realloc(memory, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
  allocations += measuring;
  return __libc_memalign(alignment, bytes);
}

void free(void *memory) {
  allocations += measuring;
  __libc_free(memory);
}

/* ---- System calls ---- */

static void count_system_call(int number, siginfo_t *information, void *context) {
  (void)number;
  (void)context;
  if (!measuring)
    return; /* the end of the thread */
  system_calls++;
  last_system_call = information->si_syscall;
}

/* From here on this thread's system calls are not made but counted. */
static void trap_system_calls(void) {
#define LET(call)                                                                                            \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      LET(SYS_clock_gettime),
      LET(SYS_rt_sigreturn),
      LET(SYS_exit),
      LET(SYS_exit_group),
      LET(SYS_write),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
  };
  const struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};
  CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

/* ---- The control loop ---- */

enum { SAMPLES = 20000, SETS = 60 };

typedef struct loop {
  sw_driver *driver;
  sw_channel *channel, *text, *bytes;
  sw_parameter *parameter;
  struct knobs knobs;
  int accepted, refused, published, dropped;
  int payloads, dropped_payloads;
  int read, newest;
} loop;

static sw_status only_below_nine(void *context, const void *value, char *reason) {
  loop *l = context;
  const struct knobs *knobs = value;
  if (knobs->gain < 9)
    return SW_OK;
  (void)snprintf(reason, 256, "%g is too much", knobs->gain);
  l->refused++;
  return SW_REFUSED;
}

/* Payloads of all lengths up to what the ring takes, so that it is full and goes round. */
static void publish_payloads(loop *l, int i) {
  static const char text[4096] = "";
  const size_t bytes = (size_t)i * 61u % sizeof text;
  const sw_status said =
      i % 2 == 0 ? sw_publish_json(l->text, text, bytes) : sw_publish_json_at(l->text, text, bytes, i);
  const sw_status seen =
      i % 2 == 0 ? sw_publish_bytes(l->bytes, text, bytes) : sw_publish_bytes_at(l->bytes, text, bytes, i);
  CHECK(said == SW_OK || said == SW_RING_FULL);
  CHECK(seen == SW_OK || seen == SW_RING_FULL);
  l->payloads += (said == SW_OK) + (seen == SW_OK);
  l->dropped_payloads += (said == SW_RING_FULL) + (seen == SW_RING_FULL);
}

static void read_sample(void *context, const sw_arrival *arrival) {
  loop *l = context;
  l->read += arrival->happened == SW_SAMPLE;
  (void)sw_publish_json(l->text, arrival->payload, arrival->bytes);
}

static void read_newest(void *context, const sw_arrival *arrival) {
  loop *l = context;
  double x;
  l->newest += arrival->happened == SW_SAMPLE && sw_json_number(arrival->payload, "x", &x);
}

static void *control(void *context) {
  loop *l = context;
  void *volatile memory = malloc(1); /* the thread's first asks the system for more */
  free(memory);
  trap_system_calls();
  measuring = true;
  /* First that both are seen at all. */
  (void)syscall(SYS_getppid);
  memory = malloc(1);
  free(memory);
  CHECK(system_calls == 1 && last_system_call == SYS_getppid && allocations == 2);
  /* So long, at least, that the I/O side was once too late for each of the rings. */
  for (int i = 0; i < SAMPLES || l->accepted < SETS || l->dropped == 0 || l->dropped_payloads == 0; i++) {
    const struct sample sample = {.value = l->knobs.gain, .number = (uint32_t)i};
    const sw_status status =
        i % 2 == 0 ? sw_publish(l->channel, &sample) : sw_publish_at(l->channel, &sample, i);
    CHECK(status == SW_OK || status == SW_RING_FULL);
    l->published += status == SW_OK;
    l->dropped += status == SW_RING_FULL;
    CHECK(sw_next_sequence(l->channel) == (uint64_t)i + 1);
    publish_payloads(l, i);
    l->accepted += sw_apply(l->driver);
    if (i % 100 == 0)
      sw_parameter_changed(l->parameter);
  }
  measuring = false;
  return NULL;
}

static void set_gain(bridge *b, uint64_t id, double gain) {
  struct knobs value;
  struct knobs mask;
  memset(&value, 0, sizeof value);
  memset(&mask, 0, sizeof mask);
  value.gain = gain;
  memset(&mask.gain, 0xff, sizeof mask.gain);
  bridge_set(b, id, 1, &value, &mask, sizeof value);
}

int main(void) {
  make_runtime_folder();
  struct sigaction action = {.sa_sigaction = count_system_call, .sa_flags = SA_SIGINFO};
  CHECK(sigaction(SIGSYS, &action, NULL) == 0);
  static loop l;
  l.knobs = good_knobs();
  l.driver = open_test_driver(NULL);
  const sw_channel_options small = {.ring_samples = 64};
  CHECK(sw_advertise(l.driver, "state", &sample_type, &small, &l.channel) == SW_OK);
  const sw_channel_options narrow = {.ring_bytes = 8192};
  CHECK(sw_advertise_json(l.driver, "/said", &narrow, &l.text) == SW_OK);
  CHECK(sw_advertise_bytes(l.driver, "seen", "x", &narrow, &l.bytes) == SW_OK);
  const sw_parameter_options options = {.channel = l.channel, .check = only_below_nine, .context = &l};
  CHECK(sw_parameter_declare(l.driver, "knobs", &knobs_type, &l.knobs, &options, &l.parameter) == SW_OK);
  const sw_subscription_options newest = {.latest = 1};
  CHECK(sw_subscribe(l.driver, "a", NULL, read_sample, &l, NULL) == SW_OK);
  CHECK(sw_subscribe(l.driver, "a", &newest, read_newest, &l, NULL) == SW_OK);
  CHECK(sw_start(l.driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(l.driver));
  (void)bridge_expect(&b, SW_RECORD_PARAMETER);
  (void)bridge_expect(&b, SW_RECORD_SUBSCRIBE);
  bridge_stream(&b, 1, 1, "a", "", 0);
  bridge_stream(&b, 2, 2, "a", "", 0);
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, control, &l) == 0);
  /* Accepted, refused by the program, refused by the limits, refused as no number. */
  for (uint64_t i = 0; i < SETS; i++) {
    static const char *const texts[] = {"{\"x\":1}", "[]"};
    bridge_texts(&b, 1, 2 * i, 2, texts);
    bridge_texts(&b, 2, 2 * i, 1, texts);
    set_gain(&b, 4 * i + 1, 10);
    set_gain(&b, 4 * i + 2, 11.0 / 3 * 1e6);
    set_gain(&b, 4 * i + 3, (double)NAN);
    set_gain(&b, 4 * i + 4, 4);
    const uint8_t *record;
    do
      record = bridge_expect(&b, SW_RECORD_VALUE);
    while (sw_get64(record + 8) != 4 * i + 4);
  }
  CHECK(pthread_join(thread, NULL) == 0);
  if (system_calls != 1)
    (void)fprintf(stderr, "%d system calls, the last %d\n", system_calls - 1, last_system_call);
  CHECK(system_calls == 1 && allocations == 2);
  CHECK(l.accepted == SETS && l.refused == SETS && l.published > 0 && l.dropped > 0);
  CHECK(l.read > 0 && l.newest > 0 && l.newest <= l.read);
  CHECK(l.payloads > 0 && l.dropped_payloads > 0);
  bridge_hang_up(&b);
  sw_driver_destroy(l.driver);
  remove_runtime_folder();
  return 0;
}
