/* SPDX-License-Identifier: MIT
 *
 * The runtime folder, where drivers and bridges find each other: one rule, the same in the bridge.
 */
#ifndef STRUCTWIRE_POSIX_FOLDER_H
#define STRUCTWIRE_POSIX_FOLDER_H

#include <stddef.h>
#include <structwire/structwire.h>

/* Longest path of a socket, with its NUL. */
#define SW_SOCKET_PATH_BYTES 108u

/* Writes the path of the socket of driver `name`, after making the folders and checking that they belong to
 * this user and to nobody else. SW_PATH_TOO_LONG, SW_FOLDER_UNSAFE, SW_SYSTEM_ERROR. */
sw_status sw_folder_socket_path(const char *name, char path[SW_SOCKET_PATH_BYTES]);

#endif
