/* SPDX-License-Identifier: MIT
 *
 * $STRUCTWIRE_RUNTIME_DIR, else $XDG_RUNTIME_DIR/structwire, else structwire-UID in $TMPDIR or /tmp. In a
 * shared temporary folder somebody else may have made ours first, so what is found there is looked at, never
 * followed.
 */
#include "folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *setting(const char *name) {
  const char *value = getenv(name); // NOLINT(concurrency-mt-unsafe): set-up only
  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Returns the bytes that the path would take, as snprintf does. */
static int runtime_folder(char *path, size_t bytes) {
  const char *chosen = setting("STRUCTWIRE_RUNTIME_DIR");
  if (chosen != NULL)
    return snprintf(path, bytes, "%s", chosen);
  const char *session = setting("XDG_RUNTIME_DIR");
  if (session != NULL)
    return snprintf(path, bytes, "%s/structwire", session);
  const char *temporary = setting("TMPDIR");
  return snprintf(path, bytes, "%s/structwire-%lu", temporary != NULL ? temporary : "/tmp",
                  (unsigned long)getuid());
}

static sw_status own_folder(const char *path) {
  if (mkdir(path, 0700) != 0 && errno != EEXIST)
    return SW_SYSTEM_ERROR;
  struct stat found;
  if (lstat(path, &found) != 0)
    return SW_SYSTEM_ERROR;
  if (!S_ISDIR(found.st_mode) || found.st_uid != getuid() || (found.st_mode & 077) != 0)
    return SW_FOLDER_UNSAFE;
  return SW_OK;
}

sw_status sw_folder_socket_path(const char *name, char path[SW_SOCKET_PATH_BYTES]) {
  char folder[SW_SOCKET_PATH_BYTES];
  const int folder_bytes = runtime_folder(folder, sizeof folder);
  if (folder_bytes < 0 || (size_t)folder_bytes >= sizeof folder)
    return SW_PATH_TOO_LONG;
  char drivers[SW_SOCKET_PATH_BYTES + sizeof "/drivers"];
  (void)snprintf(drivers, sizeof drivers, "%s/drivers", folder);
  /* Before anything is made: a path that cannot be is not to leave folders behind. */
  const int path_bytes = snprintf(path, SW_SOCKET_PATH_BYTES, "%s/%s.sock", drivers, name);
  if (path_bytes < 0 || (size_t)path_bytes >= SW_SOCKET_PATH_BYTES)
    return SW_PATH_TOO_LONG;
  const sw_status status = own_folder(folder);
  return status != SW_OK ? status : own_folder(drivers);
}
