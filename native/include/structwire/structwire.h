/* SPDX-License-Identifier: MIT
 *
 * The C SDK of Structwire: a program that includes this header is a driver. It listens on a Unix socket;
 * bridges connect to it, see its channels move, set its parameters and call its services.
 *
 * Threads. A driver has an I/O side and the program's own side. The I/O side is either the program's poll
 * loop (sw_poll, or sw_poll_fd and sw_poll_timeout with sw_poll(driver, 0)) or the SDK's thread (sw_start).
 * The program's side is one thread at a time for each channel (sw_publish), one for all parameters (sw_apply)
 * and one for the services (sw_serve); they may be the same or different ones. Every function says below who
 * may call it. "Set-up" is the time before sw_start or the first sw_poll; "any thread" means any one thread
 * at a time unless said otherwise.
 *
 * Time. Times are int64 nanoseconds of the driver's clock. The default clock is monotonic and starts at UTC,
 * so that steps of the system's clock never change the spacing of samples.
 *
 * Delay. sw_publish and sw_apply make no system call, so they wake nobody: the I/O side looks by itself every
 * batch_us (1 ms) while samples, sets or calls come, and every fourth of these times when there were none for
 * 32 ms.
 */
#ifndef STRUCTWIRE_H
#define STRUCTWIRE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SW_VERSION_MAJOR 0
#define SW_VERSION_MINOR 1

/* What every fallible function returns; also the codes on the wire (docs/driver-protocol.md). */
typedef enum sw_status {
  SW_OK = 0,
  SW_INVALID_ARGUMENT = 1,
  SW_OUT_OF_MEMORY = 2,
  SW_NAME_INVALID = 3,
  SW_NAME_IN_USE = 4,
  SW_PATH_TOO_LONG = 5,
  SW_SYSTEM_ERROR = 6, /* errno says which */
  SW_RING_FULL = 7,    /* the sample was dropped and counted; not a fault */
  SW_OUT_OF_RANGE = 8,
  SW_REFUSED = 9,
  SW_UNKNOWN_PARAMETER = 10,
  SW_UNKNOWN_SERVICE = 11,
  SW_BAD_RECORD = 12,
  SW_VERSION_MISMATCH = 13,
  SW_BUSY = 14,
  SW_CLOSED = 15,
  SW_FOLDER_UNSAFE = 16,
  SW_SERVICE_FAILED = 17
} sw_status;

/* A sentence for a status; static storage, never NULL. Any thread. */
const char *sw_strerror(sw_status status);

/* ---- Schema: constant tables, written by `structwire gen`, or made by structwire/describe.h ---- */

typedef enum sw_scalar {
  SW_U8,
  SW_U16,
  SW_U32,
  SW_U64,
  SW_I8,
  SW_I16,
  SW_I32,
  SW_I64,
  SW_F32,
  SW_F64,
  SW_BOOL,
  SW_CHAR
} sw_scalar;

#define SW_FIELD_HAS_MIN 1u
#define SW_FIELD_HAS_MAX 2u
#define SW_MAX_DIMS 8

/* A primitive leaf of a struct with what the SDK checks of it. Leaves of nested structs are listed with their
 * dotted path; an array of structs gives its dimensions to each of its leaves. */
typedef struct sw_field {
  const char *path;
  uint32_t offset;
  uint8_t scalar;    /* sw_scalar */
  uint8_t flags;     /* SW_FIELD_HAS_… */
  uint8_t bit_bytes; /* 0: no bitfield; else the bytes to load at offset */
  uint8_t bit_shift;
  uint8_t bit_width;
  uint8_t rank; /* number of dimensions */
  uint16_t reserved;
  uint32_t dims[SW_MAX_DIMS];    /* elements, outermost first */
  uint32_t strides[SW_MAX_DIMS]; /* bytes from one element to the next */
  double min, max;               /* for 64-bit integers as near as a double comes */
} sw_field;

/* A run of bytes that no field covers; the SDK zeroes them in what it sends. */
typedef struct sw_pad {
  uint32_t offset, length;
} sw_pad;

typedef struct sw_describer sw_describer;

typedef struct sw_type {
  const char *name; /* as in the schema blob */
  uint32_t size;
  uint32_t field_count;
  const sw_field *fields;
  uint32_t pad_count;
  const sw_pad *pads;
  /* NULL, or what a macro of structwire/describe.h made: then there are no fields and pads, and the driver
   * makes its own. */
  void (*describe)(sw_describer *out);
} sw_type;

typedef struct sw_schema {
  const uint8_t *blob; /* JSON text, docs/schema.md; NULL when the types describe themselves */
  uint32_t blob_size;
  uint32_t type_count;
  const sw_type *const *types;
} sw_schema;

/* ---- Driver ---- */

typedef struct sw_driver sw_driver;
typedef struct sw_channel sw_channel;
typedef struct sw_parameter sw_parameter;

/* The driver's clock: ns, never going back. Called from any of the program's threads and the I/O side. */
typedef int64_t (*sw_clock_fn)(void *context);

/* Zero-initialise; every field but name may stay zero. The driver copies what it needs except schema, which
 * must outlive it. What is outside the sizes that work is moved to the nearest one that does. */
typedef struct sw_driver_options {
  const char *name;        /* one level, 1 to 64 bytes of A-Z a-z 0-9 _ . - */
  const sw_schema *schema; /* NULL: a driver of services without request and reply only */
  const char *path;        /* socket path; NULL: drivers/NAME.sock in the runtime folder */
  sw_clock_fn clock;       /* NULL: monotonic, starting at UTC */
  void *clock_context;
  int64_t clock_offset; /* with clock: what to add to get UTC */
  uint32_t max_bridges; /* 0: 8 */
  uint32_t link_bytes; /* buffer for each bridge; 0: 4 MiB. Full: its oldest batches are dropped, counted, and
                          told */
  uint32_t batch_bytes; /* write when so much waits; 0: 64 KiB */
  uint32_t batch_us;    /* or when the oldest waits so long; 0: 1000 */
  uint32_t inbox_bytes; /* samples of subscriptions from each bridge; 0: 4 MiB, and at most one record more.
                           Full: the newest are dropped, counted, and told */
} sw_driver_options;

/* Opens a driver and its listening socket. Set-up; allocates. SW_NAME_INVALID, SW_NAME_IN_USE when a driver
 * of that name lives, SW_PATH_TOO_LONG, SW_FOLDER_UNSAFE, SW_SYSTEM_ERROR (errno; EEXIST: something that is
 * no socket is at the path). On failure nothing stays open. */
sw_status sw_driver_create(const sw_driver_options *options, sw_driver **out);

/* Stops the thread if there is one, sends what was published, refuses the sets and calls that wait, tells
 * every bridge that it is an orderly end (all of this within 100 ms), removes the socket, frees everything,
 * the channels too. No other thread may use the driver any more. NULL is allowed. */
void sw_driver_destroy(sw_driver *driver);

/* The path of the listening socket; lives as long as the driver. */
const char *sw_driver_path(const sw_driver *driver);

/* Now, in the driver's clock. Any thread, also several at once. */
int64_t sw_now(const sw_driver *driver);

/* ---- Channels ---- */

/* Zero-initialise. */
typedef struct sw_channel_options {
  /* Room between sw_publish and the I/O side, rounded up to a power of two; 0: 4096, for large structs as
   * many as 1 MiB holds, but at least 8. */
  uint32_t ring_samples;
  /* Of JSON and bytes: room for that many bytes of payloads besides, rounded up to a power of two; 0: 1 MiB.
   */
  uint32_t ring_bytes;
} sw_channel_options;

/* Advertises a channel of structs. `name` is one or more levels of A-Z a-z 0-9 _ . - separated by `/`; with
 * the driver's name at most 255 bytes. `type` is one of the driver's schema. options may be NULL. Any thread,
 * also several at once, also while the driver runs; allocates. SW_NAME_INVALID, SW_NAME_IN_USE,
 * SW_OUT_OF_MEMORY; SW_INVALID_ARGUMENT also for a struct that is larger than link_bytes takes, and beyond
 * 4096 channels. */
sw_status sw_advertise(sw_driver *driver, const char *name, const sw_type *type,
                       const sw_channel_options *options, sw_channel **out);

/* Advertises a channel of JSON values, or of bytes with a content type such as `image/jpeg` (1 to 255 bytes).
 * `name` as for sw_advertise; or, behind a `/`, the whole name of a channel that any program may publish on,
 * `/action`: that is shared, each bridge numbers its samples itself and names this driver as their sender. A
 * bridge that knows no shared channels (protocol 1.0) gets none of it; one that has the name for something
 * else throws the samples away and says so in its log. Thread, blocking and errors as sw_advertise;
 * SW_INVALID_ARGUMENT also for a content type that cannot be. */
sw_status sw_advertise_json(sw_driver *driver, const char *name, const sw_channel_options *options,
                            sw_channel **out);
sw_status sw_advertise_bytes(sw_driver *driver, const char *name, const char *content_type,
                             const sw_channel_options *options, sw_channel **out);

/* Withdraws it: what was published before is still sent, then the channel is gone for the readers. The handle
 * is invalid afterwards, the name is free again. A parameter that governed the channel governs none from then
 * on. The publishing thread, or any thread while nobody publishes on it. */
sw_status sw_withdraw(sw_channel *channel);

/* Publishes one struct of the channel's type, stamped now; it is copied. Wait-free: no system call but the
 * clock's, no allocation, no lock. One thread at a time for each channel. SW_RING_FULL: dropped, its sequence
 * is counted as lost; SW_INVALID_ARGUMENT for a channel of JSON or bytes. */
sw_status sw_publish(sw_channel *channel, const void *sample);

/* The same with a time that the program gives, in the driver's clock. */
sw_status sw_publish_at(sw_channel *channel, const void *sample, int64_t time_ns);

/* Publishes one JSON value, as `bytes` bytes of UTF-8 text without a terminator, on a channel of
 * sw_advertise_json; it is copied. The text is not looked at: the bridge throws away what is no JSON. Thread
 * and waiting as sw_publish: no system call but the clock's, no allocation, no lock. SW_RING_FULL as there;
 * SW_INVALID_ARGUMENT for a channel of another kind and for more bytes than 1 MiB, ring_bytes or link_bytes
 * hold: then no sequence is used up. */
sw_status sw_publish_json(sw_channel *channel, const char *text, size_t bytes);
sw_status sw_publish_json_at(sw_channel *channel, const char *text, size_t bytes, int64_t time_ns);

/* The same for bytes, on a channel of sw_advertise_bytes. `payload` may be NULL when there are none. */
sw_status sw_publish_bytes(sw_channel *channel, const void *payload, size_t bytes);
sw_status sw_publish_bytes_at(sw_channel *channel, const void *payload, size_t bytes, int64_t time_ns);

/* The sequence that the next published sample will have. The publishing thread. */
uint64_t sw_next_sequence(const sw_channel *channel);

/* ---- Parameters ---- */

/* Asked on the applying thread before a merged value takes effect, after the limits were checked. SW_OK
 * accepts; anything else refuses the whole set with that code. `reason` (256 bytes, empty) may be filled with
 * a text for the user. */
typedef sw_status (*sw_check_fn)(void *context, const void *value, char *reason);

/* Zero-initialise. */
typedef struct sw_parameter_options {
  sw_channel *channel; /* whose samples it governs: the answer to a set names the first sample after; not a
                          shared one. NULL: none */
  sw_check_fn check;
  void *context;
} sw_parameter_options;

/* Declares a parameter. `value` is the program's own struct: it holds the current value, is written only
 * inside sw_apply, and must outlive the driver. options and out may be NULL. Set-up; allocates.
 * SW_NAME_INVALID, SW_NAME_IN_USE, SW_OUT_OF_MEMORY; SW_OUT_OF_RANGE when the value to begin with breaks its
 * own limits; SW_INVALID_ARGUMENT also after set-up and beyond 1024 parameters. */
sw_status sw_parameter_declare(sw_driver *driver, const char *name, const sw_type *type, void *value,
                               const sw_parameter_options *options, sw_parameter **out);

/* Applies the sets that wait, oldest first, each whole or not at all, and answers them: every field is held
 * against its limits, and what the set touches must be a number. Call it in the control loop, on the thread
 * that owns the parameters and publishes the channels they govern. No system call but the clock's, no
 * allocation, no lock. Then calls the functions of the subscriptions with what came, in the order in which it
 * came; what they do is their own. Returns how many sets were applied. */
int sw_apply(sw_driver *driver);

/* Tells the bridges that the program changed the value itself; what changes faster than the I/O side looks is
 * told as it is last. The applying thread. No system call but the clock's, no allocation, no lock. */
void sw_parameter_changed(sw_parameter *parameter);

/* ---- Services ---- */

typedef uint64_t sw_call; /* names one call until it is answered; 0 is none */

/* Runs in sw_serve on the thread that calls it. `request` is valid during the function; all its fields are
 * within the limits of the header, and its bools are 0 or 1. Answer with sw_reply or sw_fail, now or later,
 * exactly once: a call that is never answered keeps its memory until the driver ends. */
typedef void (*sw_service_fn)(void *context, sw_call call, const void *request);

/* Declares a service. A NULL type means that it takes or answers nothing. Set-up; allocates. Errors as for
 * parameters. */
sw_status sw_service_declare(sw_driver *driver, const char *name, const sw_type *request,
                             const sw_type *reply, sw_service_fn run, void *context);

/* Runs the calls that wait, oldest first; those whose caller has cancelled or is gone are left out. The
 * program's thread of its choice, one at a time; takes a short lock. Returns how many were started. */
int sw_serve(sw_driver *driver);

/* Answers a call; `reply` is copied (NULL for a service without reply type). Any thread, also several at
 * once; takes a short lock and, when it is not the I/O thread, makes one system call to wake that.
 * SW_INVALID_ARGUMENT: no such call, or answered already; SW_CLOSED: its bridge is gone, and the call is
 * over. */
sw_status sw_reply(sw_driver *driver, sw_call call, const void *reply);

/* Fails a call with a code and a text for the caller (copied, cut at 255 bytes; NULL: that of the code). As
 * sw_reply. */
sw_status sw_fail(sw_driver *driver, sw_call call, sw_status status, const char *reason);

/* Whether the caller has cancelled or is gone, or the call is over: a long service may stop, and still has to
 * answer. Any thread, also several at once; takes a short lock. */
int sw_cancelled(const sw_driver *driver, sw_call call);

/* ---- Subscriptions: what others publish ---- */

typedef struct sw_subscription sw_subscription;

/* What samples are wanted as. */
typedef enum sw_wanted {
  SW_AS_JSON = 0,      /* structs as JSON text, and JSON as it is; channels of bytes are left out */
  SW_AS_PUBLISHED = 1, /* JSON and bytes as they are; channels of structs are left out */
} sw_wanted;

/* Zero-initialise. */
typedef struct sw_subscription_options {
  sw_wanted wanted;
  int latest;         /* not every sample but the newest: what is not taken in time is replaced, not lost */
  int last;           /* also what was published last before the subscription */
  const char *bridge; /* only of bridges of this name; NULL: of all */
} sw_subscription_options;

typedef enum sw_happened {
  SW_SAMPLE,  /* a sample */
  SW_LOST,    /* samples that will not come */
  SW_STARTED, /* the channel is there; what follows is of this life of it */
  SW_ENDED    /* it is gone, or the bridge is; another SW_STARTED may come */
} sw_happened;

/* Where samples were lost (docs/batch-format.md, the table of reasons). Others may be added. */
typedef enum sw_loss {
  SW_LOSS_UNKNOWN = 0,
  SW_LOSS_RING_FULL = 1,   /* in the driver that publishes */
  SW_LOSS_LINK_FULL = 2,   /* between that and the bridge */
  SW_LOSS_SLOW_READER = 3, /* here: this program did not call sw_apply in time, or its I/O side did not run */
  SW_LOSS_DISCONNECTED = 4
} sw_loss;

/* One thing that happened on one channel of one bridge. All that it points to belongs to the SDK and is valid
 * during the call only. */
typedef struct sw_arrival {
  sw_happened happened;
  const char *channel; /* its whole name: `compute`, `motor/state` */
  const char *bridge;  /* the name of the bridge that it comes from */
  uint64_t link;       /* the connection to it, never used twice: also tells bridges of one name apart */
  uint64_t epoch;      /* the life of the channel; `sequence` counts within it */
  uint64_t sequence;   /* of the sample; SW_LOST: the first lost one; SW_STARTED: the next to be published */

  /* With SW_SAMPLE. */
  const void *payload; /* a zero byte follows it, so that JSON is also a C string */
  size_t bytes;
  const char *content_type; /* NULL: the payload is JSON */
  int64_t time;             /* when it was published, in this driver's clock */
  uint32_t sender; /* who published it on a shared channel, a number of that bridge; 0: the one driver */

  /* With SW_LOST. */
  uint64_t last; /* the last lost sequence */
  uint64_t lost; /* how many, at most last - sequence + 1 */
  sw_loss reason;

  /* With SW_ENDED: SW_OK when it was withdrawn, SW_CLOSED when the producer or the bridge is gone, else why
   * the subscription gets nothing; and that as a text. */
  sw_status status;
  const char *text;
} sw_arrival;

/* Runs in sw_apply, on the thread that calls it. May publish, and call anything but sw_apply. */
typedef void (*sw_arrival_fn)(void *context, const sw_arrival *arrival);

/* Subscribes to a channel by its whole name (a `/` in front is allowed), or to all that match a pattern with
 * `*` for one level and `**` for any: at every bridge, also at those that connect later or again. Own samples
 * do not come back. A channel that two bridges have comes from both; each sample says from which, and samples
 * of different links are never in one order. Channels that are not there yet are waited for. A bridge of
 * protocol 1.0 gives nothing. options and out may be NULL. Any thread, also several at once, also while the
 * driver runs; allocates, and takes a short lock. SW_NAME_INVALID, SW_OUT_OF_MEMORY; SW_INVALID_ARGUMENT also
 * beyond 64 subscriptions.
 *
 * What comes waits for sw_apply: 256 records and inbox_bytes for each bridge. More is dropped, the newest
 * first, and told as SW_LOST. */
sw_status sw_subscribe(sw_driver *driver, const char *pattern, const sw_subscription_options *options,
                       sw_arrival_fn run, void *context, sw_subscription **out);

/* The number that the outermost object of a JSON text has in `field`: for samples whose names one knows; more
 * is a matter of a JSON library of one's own. `text` ends with a zero. Returns 1, or 0 and leaves *out when
 * there is no such field, it is no number, or the text up to there is no JSON. The nearest double for up to
 * 15 digits and an exponent up to 22, else to one unit in the last place. Any thread, also several at once;
 * no allocation. */
int sw_json_number(const char *text, const char *field, double *out);

/* Ends it: its function is not called any more, the handle is invalid. The applying thread, also within such
 * a function. Takes a short lock. */
sw_status sw_unsubscribe(sw_subscription *subscription);

/* ---- Log ---- */

typedef enum sw_level { SW_DEBUG = 1, SW_INFO = 2, SW_WARN = 3, SW_ERROR = 4 } sw_level;

/* Sends a line of text to the bridges (cut at 4096 bytes). Lines are kept in a ring of 256; when it is full
 * the oldest are dropped. A bridge that connects later gets what is kept. Any thread, also several at once;
 * takes a short lock and makes no system call unless it has to wait for that. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void sw_log(sw_driver *driver, sw_level level, const char *format, ...);

/* ---- I/O ---- */

/* Does the I/O that is due and waits up to timeout_ms for more (0: not at all, -1: for ever). The I/O thread;
 * not after sw_start. Returns when something was received or sent, a signal came, or the time is over. A
 * program that ends on a signal waits a limited time: one that comes just before the wait does not end it. */
sw_status sw_poll(sw_driver *driver, int timeout_ms);

/* A descriptor that is readable when sw_poll has work: for the program's own poll or epoll loop, with a
 * timeout of at most sw_poll_timeout. It belongs to the driver. */
int sw_poll_fd(const sw_driver *driver);

/* Milliseconds until sw_poll should be called at the latest (samples may wait to be written), or -1: when
 * sw_poll_fd says so. The I/O thread. */
int sw_poll_timeout(const sw_driver *driver);

/* Starts the SDK's own I/O thread instead. It takes no signals. Set-up; afterwards sw_poll is not to be
 * called. */
sw_status sw_start(sw_driver *driver);

/* What became of the samples of a channel. */
typedef struct sw_counters {
  uint64_t published;    /* all sequences given out, dropped ones too */
  uint64_t ring_dropped; /* lost between sw_publish and the I/O side */
  uint64_t link_dropped; /* lost for one bridge or another because it did not read */
} sw_counters;

/* Any thread, also several at once. */
void sw_channel_counters(const sw_channel *channel, sw_counters *out);

#ifdef __cplusplus
}
#endif
#endif
