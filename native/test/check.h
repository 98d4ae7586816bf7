/* SPDX-License-Identifier: MIT
 *
 * The tests' one assertion. A test is a program: it ends with 0, or says where it failed and ends with 1.
 */
#ifndef TEST_CHECK_H
#define TEST_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, __func__, #condition))

#ifdef __cplusplus
#define CHECK_NORETURN [[noreturn]]
#else
#define CHECK_NORETURN _Noreturn
#endif

CHECK_NORETURN static inline void check_failed(const char *file, int line, const char *function,
                                               const char *condition) {
  (void)fprintf(stderr, "%s:%d: %s: failed: %s\n", file, line, function, condition);
  exit(1); // NOLINT(concurrency-mt-unsafe): whatever the other threads do, the test is over
}

#endif
