/* SPDX-License-Identifier: MIT
 *
 * Locks and the one thread that the SDK may start.
 */
#ifndef STRUCTWIRE_POSIX_THREAD_H
#define STRUCTWIRE_POSIX_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef pthread_mutex_t sw_lock;

/* Cannot fail for a lock without attributes; nothing is allocated. */
static inline void sw_lock_init(sw_lock *lock) {
  (void)pthread_mutex_init(lock, NULL);
}
static inline void sw_lock_fini(sw_lock *lock) {
  (void)pthread_mutex_destroy(lock);
}
static inline void sw_lock_take(sw_lock *lock) {
  (void)pthread_mutex_lock(lock);
}
static inline void sw_lock_give(sw_lock *lock) {
  (void)pthread_mutex_unlock(lock);
}

/* A number that no other living thread has; no system call. */
uintptr_t sw_thread_self(void);

typedef struct sw_thread {
  pthread_t handle;
} sw_thread;

/* Runs `run(context)` in a thread that takes no signals, so that they reach the program's own threads. False
 * with errno. */
bool sw_thread_start(sw_thread *thread, void *(*run)(void *context), void *context);

/* Waits for its end. */
void sw_thread_join(sw_thread *thread);

#endif
