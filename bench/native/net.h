/* SPDX-License-Identifier: MIT
 *
 * Sockets and the clock for the programs of the benchmarks. What goes wrong ends the program with a message.
 */
#ifndef BENCH_NET_H
#define BENCH_NET_H

#include <stddef.h>
#include <stdint.h>

/* The longest line, path or text that the programs take. */
enum { NET_TEXT_BYTES = 4096 };

/* Says what went wrong, with errno when that is set, and ends the program with 1. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2), noreturn))
#endif
void net_fail(const char *format, ...);

/* Whoever started this program takes it along when it ends. */
void net_end_with_parent(void);

/* ns since 1970. */
int64_t net_now(void);

/* Sleeps until a time of net_now. */
void net_sleep_until(int64_t time);

/* `port` on 127.0.0.1, without delay for small writes. */
int net_connect_tcp(int port);
int net_connect_unix(const char *path);

/* Mode 0600; a file that is there is replaced. */
int net_listen_unix(const char *path);

/* Any free port of 127.0.0.1, which is written to `port`. */
int net_listen_tcp(int *port);
int net_accept(int listener);

/* All bytes, blocking. 0 when the peer is gone. */
int net_write(int fd, const void *bytes, size_t count);
int net_read(int fd, void *bytes, size_t count);

#endif
