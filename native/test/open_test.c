/* SPDX-License-Identifier: MIT
 *
 * Opening a driver: where its socket is, who may reach it, and what is refused with which code.
 */
#include "bridge.h"
#include "check.h"
#include "messages.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static sw_status try_open(const char *name, const char *path) {
  const sw_driver_options options = {.name = name, .path = path};
  sw_driver *driver = NULL;
  const sw_status status = sw_driver_create(&options, &driver);
  CHECK((status == SW_OK) == (driver != NULL));
  sw_driver_destroy(driver);
  return status;
}

static void has_owner_only_folders_and_socket(void) {
  sw_driver *driver = open_test_driver(NULL);
  char expected[256];
  (void)snprintf(expected, sizeof expected, "%s/drivers/test.sock", runtime_folder());
  CHECK(strcmp(sw_driver_path(driver), expected) == 0);
  struct stat found;
  CHECK(lstat(expected, &found) == 0 && S_ISSOCK(found.st_mode) && (found.st_mode & 0777) == 0600);
  (void)snprintf(expected, sizeof expected, "%s/drivers", runtime_folder());
  CHECK(lstat(expected, &found) == 0 && S_ISDIR(found.st_mode) && (found.st_mode & 0777) == 0700);
  sw_driver_destroy(driver);
  (void)snprintf(expected, sizeof expected, "%s/drivers/test.sock", runtime_folder());
  CHECK(lstat(expected, &found) != 0 && errno == ENOENT);
  (void)snprintf(expected, sizeof expected, "%s/drivers/test.lock", runtime_folder());
  CHECK(lstat(expected, &found) != 0 && errno == ENOENT);
}

static void refuses_names_that_are_none(void) {
  char long_name[66];
  memset(long_name, 'a', sizeof long_name);
  long_name[65] = '\0';
  CHECK(try_open(long_name, NULL) == SW_NAME_INVALID);
  CHECK(try_open("a/b", NULL) == SW_NAME_INVALID && try_open("", NULL) == SW_NAME_INVALID);
  CHECK(try_open("..", NULL) == SW_OK); /* only a name: its socket is "...sock" */
  CHECK(try_open(NULL, NULL) == SW_INVALID_ARGUMENT);
  CHECK(sw_driver_create(NULL, NULL) == SW_INVALID_ARGUMENT);
}

static void refuses_a_second_driver_of_a_name(void) {
  sw_driver *driver = open_test_driver(NULL);
  CHECK(try_open("test", NULL) == SW_NAME_IN_USE);
  CHECK(try_open("other", sw_driver_path(driver)) == SW_NAME_IN_USE);
  /* The first is untouched. */
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  CHECK(bridge_expect(&b, SW_RECORD_HELLO) != NULL);
  bridge_hang_up(&b);
  sw_driver_destroy(driver);
  CHECK(try_open("test", NULL) == SW_OK);
}

static void takes_over_from_one_that_was_killed(void) {
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    const sw_driver *driver = open_test_driver(NULL);
    (void)kill(driver != NULL ? getpid() : 0, SIGKILL);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
  char path[256];
  struct stat found;
  (void)snprintf(path, sizeof path, "%s/drivers/test.sock", runtime_folder());
  CHECK(lstat(path, &found) == 0); /* the stale socket */
  sw_driver *driver = open_test_driver(NULL);
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  CHECK(bridge_expect(&b, SW_RECORD_HELLO) != NULL);
  bridge_hang_up(&b);
  sw_driver_destroy(driver);
}

static void never_replaces_what_is_no_socket(void) {
  char path[256];
  (void)snprintf(path, sizeof path, "%s/drivers/test.sock", runtime_folder());
  const int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  CHECK(fd >= 0 && close(fd) == 0);
  errno = 0;
  CHECK(try_open("test", NULL) == SW_SYSTEM_ERROR && errno == EEXIST);
  CHECK(unlink(path) == 0);
}

static void refuses_a_path_that_is_too_long(void) {
  char path[200];
  (void)snprintf(path, sizeof path, "%s/", runtime_folder());
  const size_t start = strlen(path);
  memset(path + start, 'x', sizeof path - start);
  path[107] = '\0';
  CHECK(try_open("test", path) == SW_OK);
  path[107] = 'x';
  path[108] = '\0';
  CHECK(try_open("test", path) == SW_PATH_TOO_LONG);
  /* The same in the runtime folder, of which then nothing is made. */
  char before[256];
  (void)snprintf(before, sizeof before, "%s", runtime_folder());
  char deep[512];
  (void)snprintf(deep, sizeof deep, "%s/%s", before,
                 "a-folder-whose-name-is-so-long-that-no-socket-in-it-can-be-reached-by-any-path");
  set_variable("STRUCTWIRE_RUNTIME_DIR", deep);
  CHECK(try_open("test", NULL) == SW_PATH_TOO_LONG);
  struct stat found;
  CHECK(lstat(deep, &found) != 0 && errno == ENOENT);
  set_variable("STRUCTWIRE_RUNTIME_DIR", before);
}

static void refuses_a_folder_that_others_reach(void) {
  CHECK(chmod(runtime_folder(), 0750) == 0);
  CHECK(try_open("test", NULL) == SW_FOLDER_UNSAFE);
  CHECK(chmod(runtime_folder(), 0700) == 0);
  char drivers[256];
  (void)snprintf(drivers, sizeof drivers, "%s/drivers", runtime_folder());
  CHECK(chmod(drivers, 0701) == 0);
  CHECK(try_open("test", NULL) == SW_FOLDER_UNSAFE);
  CHECK(chmod(drivers, 0700) == 0);
  /* Nor one that is somewhere else. */
  char moved[256];
  (void)snprintf(moved, sizeof moved, "%s/moved", runtime_folder());
  CHECK(rename(drivers, moved) == 0 && symlink(moved, drivers) == 0);
  CHECK(try_open("test", NULL) == SW_FOLDER_UNSAFE);
  CHECK(unlink(drivers) == 0 && rename(moved, drivers) == 0);
  CHECK(try_open("test", NULL) == SW_OK);
}

static void finds_the_folder_by_the_session_then_by_the_user(void) {
  char before[256];
  (void)snprintf(before, sizeof before, "%s", runtime_folder());
  set_variable("STRUCTWIRE_RUNTIME_DIR", NULL);
  set_variable("XDG_RUNTIME_DIR", before);
  char expected[512];
  sw_driver *driver = open_test_driver(NULL);
  (void)snprintf(expected, sizeof expected, "%s/structwire/drivers/test.sock", before);
  CHECK(strcmp(sw_driver_path(driver), expected) == 0);
  sw_driver_destroy(driver);
  set_variable("XDG_RUNTIME_DIR", NULL);
  set_variable("TMPDIR", before);
  driver = open_test_driver(NULL);
  (void)snprintf(expected, sizeof expected, "%s/structwire-%u/drivers/test.sock", before, (unsigned)getuid());
  CHECK(strcmp(sw_driver_path(driver), expected) == 0);
  sw_driver_destroy(driver);
  for (int i = 0; i < 2; i++) {
    char folder[300];
    if (i == 0)
      (void)snprintf(folder, sizeof folder, "%s/structwire", before);
    else
      (void)snprintf(folder, sizeof folder, "%s/structwire-%u", before, (unsigned)getuid());
    (void)snprintf(expected, sizeof expected, "%s/drivers", folder);
    CHECK(rmdir(expected) == 0 && rmdir(folder) == 0);
  }
  set_variable("STRUCTWIRE_RUNTIME_DIR", before);
}

static void refuses_wrong_channels(void) {
  const sw_driver_options options = {.link_bytes = 16384};
  sw_driver *driver = open_test_driver(&options);
  sw_channel *channel;
  static const sw_type stranger = {.name = "stranger", .size = 8};
  const sw_channel_options huge = {.ring_samples = UINT32_MAX};
  CHECK(sw_advertise(driver, "state", &sample_type, NULL, &channel) == SW_OK);
  CHECK(sw_advertise(driver, "state", &sample_type, NULL, &channel) == SW_NAME_IN_USE);
  CHECK(sw_advertise(driver, "a b", &sample_type, NULL, &channel) == SW_NAME_INVALID);
  CHECK(sw_advertise(driver, "x", &stranger, NULL, &channel) == SW_INVALID_ARGUMENT);
  CHECK(sw_advertise(driver, "x", NULL, NULL, &channel) == SW_INVALID_ARGUMENT);
  CHECK(sw_advertise(driver, "x", &sample_type, &huge, &channel) == SW_INVALID_ARGUMENT);
  CHECK(sw_advertise(driver, "x", &image_type, NULL, &channel) ==
        SW_INVALID_ARGUMENT); /* no link holds one */
  char name[256];
  memset(name, 'a', sizeof name);
  name[250] = '\0';
  CHECK(sw_advertise(driver, name, &sample_type, NULL, &channel) == SW_OK); /* test/aaa… has 255 bytes */
  name[250] = 'a';
  name[251] = '\0';
  CHECK(sw_advertise(driver, name, &sample_type, NULL, &channel) == SW_NAME_INVALID);
  CHECK(sw_withdraw(NULL) == SW_INVALID_ARGUMENT);
  sw_driver_destroy(driver);
}

static void has_room_for_so_many_bridges(void) {
  const sw_driver_options options = {.max_bridges = 2};
  sw_driver *driver = open_test_driver(&options);
  bridge one = bridge_attach(sw_driver_path(driver));
  bridge_pump(&one, driver);
  (void)bridge_expect(&one, SW_RECORD_HELLO);
  bridge two = bridge_attach(sw_driver_path(driver));
  bridge_pump(&two, driver);
  (void)bridge_expect(&two, SW_RECORD_HELLO);
  bridge three = bridge_dial(sw_driver_path(driver));
  bridge_pump(&three, driver);
  CHECK(bridge_sees_end(&three, SW_BUSY));
  bridge_hang_up(&one);
  bridge_hang_up(&three);
  CHECK(sw_poll(driver, 100) == SW_OK);
  three = bridge_attach(sw_driver_path(driver));
  bridge_pump(&three, driver);
  (void)bridge_expect(&three, SW_RECORD_HELLO);
  bridge_hang_up(&two);
  bridge_hang_up(&three);
  sw_driver_destroy(driver);
}

static int64_t slow_clock(void *context) {
  return *(const int64_t *)context;
}

static void asks_the_clock_it_was_given(void) {
  const int64_t now = 42;
  int64_t clock = now;
  const sw_driver_options options = {.clock = slow_clock, .clock_context = &clock, .clock_offset = 1000};
  sw_driver *driver = open_test_driver(&options);
  CHECK(sw_now(driver) == 42);
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  CHECK(sw_get64(bridge_expect(&b, SW_RECORD_HELLO) + 24) == 1000);
  bridge_hang_up(&b);
  sw_driver_destroy(driver);
}

static void polls_until_its_time_is_over(void) {
  sw_driver *driver = open_test_driver(NULL);
  CHECK(sw_poll_timeout(driver) == -1); /* nothing to look after */
  const int64_t before = sw_now(driver);
  CHECK(sw_poll(driver, 0) == SW_OK);
  CHECK(sw_poll(driver, 20) == SW_OK);
  CHECK(sw_now(driver) - before >= 20000000);
  CHECK(sw_start(driver) == SW_INVALID_ARGUMENT); /* one or the other */
  sw_driver_destroy(driver);
  driver = open_test_driver(NULL);
  sw_channel *channel;
  CHECK(sw_advertise(driver, "state", &sample_type, NULL, &channel) == SW_OK);
  CHECK(sw_poll_timeout(driver) == 0); /* the news is to be taken */
  CHECK(sw_poll(driver, 0) == SW_OK && sw_poll_timeout(driver) == 4);
  const struct sample sample = {.value = 1};
  CHECK(sw_poll(driver, 2) == SW_OK && sw_publish(channel, &sample) == SW_OK);
  CHECK(sw_poll_timeout(driver) <= 1);
  sw_driver_destroy(driver);
  driver = open_test_driver(NULL);
  CHECK(sw_start(driver) == SW_OK);
  CHECK(sw_poll(driver, 0) == SW_INVALID_ARGUMENT && sw_start(driver) == SW_INVALID_ARGUMENT);
  sw_driver_destroy(driver);
  sw_driver_destroy(NULL);
}

int main(void) {
  make_runtime_folder();
  const int descriptors = open_descriptors();
  has_owner_only_folders_and_socket();
  refuses_names_that_are_none();
  refuses_a_second_driver_of_a_name();
  takes_over_from_one_that_was_killed();
  never_replaces_what_is_no_socket();
  refuses_a_path_that_is_too_long();
  refuses_a_folder_that_others_reach();
  finds_the_folder_by_the_session_then_by_the_user();
  refuses_wrong_channels();
  has_room_for_so_many_bridges();
  asks_the_clock_it_was_given();
  polls_until_its_time_is_over();
  for (int status = SW_OK; status <= SW_SERVICE_FAILED + 1; status++)
    CHECK(sw_strerror((sw_status)status)[0] != '\0');
  CHECK(open_descriptors() == descriptors);
  remove_runtime_folder();
  return 0;
}
