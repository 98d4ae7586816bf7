/* SPDX-License-Identifier: MIT
 *
 * Starts the SDK's thread with all signals blocked.
 */
#include "thread.h"

#include <errno.h>
#include <signal.h>

uintptr_t sw_thread_self(void) {
  static _Thread_local char mine;
  return (uintptr_t)&mine;
}

bool sw_thread_start(sw_thread *thread, void *(*run)(void *context), void *context) {
  sigset_t all;
  sigset_t before;
  (void)sigfillset(&all);
  (void)pthread_sigmask(SIG_SETMASK, &all, &before);
  const int error = pthread_create(&thread->handle, NULL, run, context);
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error != 0) {
    errno = error;
    return false;
  }
#if defined(__linux__)
  (void)pthread_setname_np(thread->handle, "structwire");
#endif
  return true;
}

void sw_thread_join(sw_thread *thread) {
  (void)pthread_join(thread->handle, NULL);
}
