#include "CWarp.h"

#ifdef __linux__
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static const struct warp *warp;

__attribute__((constructor)) static void open_warp(void) {
  const char *path = getenv("WARP");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *memory = mmap(NULL, sizeof(struct warp), PROT_READ, MAP_SHARED, file, 0);
  if (memory != MAP_FAILED) warp = memory;
  close(file);
}

static int is_wall(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

/// Whether a clock tells the time and not what a processor was used for.
static int is_warped(clockid_t clock) {
  return warp && (is_wall(clock) || clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW
    || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME);
}

static int64_t of(const struct timespec *time) {
  return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

static struct timespec to(int64_t nanoseconds) {
  if (nanoseconds < 0) nanoseconds = 0;
  return (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
}

/// What a clock says when it really says `real`, and the other way round.
static int64_t warped(clockid_t clock, int64_t real) {
  int64_t base = is_wall(clock) ? warp->real : warp->monotonic;
  return base + (int64_t)((double)(real - base) * warp->speed) + (is_wall(clock) ? warp->set : 0);
}

static int64_t unwarped(clockid_t clock, int64_t time) {
  int64_t base = is_wall(clock) ? warp->real : warp->monotonic;
  return base + (int64_t)((double)(time - (is_wall(clock) ? warp->set : 0) - base) / warp->speed);
}

/// A span of time; one that is not nothing stays so, since nothing often means never.
static int64_t shortened(int64_t span) {
  int64_t real = (int64_t)((double)span / warp->speed);
  return span > 0 && real < 1 ? 1 : real;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = (int)syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && is_warped(clock)) *time = to(warped(clock, of(time)));
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  *time = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}

int clock_nanosleep(
  clockid_t clock, int flags, const struct timespec *wish, struct timespec *left
) {
  struct timespec real = *wish;
  if (is_warped(clock)) {
    real = to(flags & TIMER_ABSTIME ? unwarped(clock, of(wish)) : shortened(of(wish)));
  }
  return syscall(SYS_clock_nanosleep, clock, flags, &real, left) == 0 ? 0 : errno;
}

int nanosleep(const struct timespec *wish, struct timespec *left) {
  int error = clock_nanosleep(CLOCK_MONOTONIC, 0, wish, left);
  if (error) errno = error;
  return error ? -1 : 0;
}

int usleep(useconds_t microseconds) {
  struct timespec wish = to((int64_t)microseconds * 1000);
  return nanosleep(&wish, NULL);
}

/// Which clock a timer goes by.
static clockid_t clocks[4096];

int timerfd_create(clockid_t clock, int flags) {
  int file = (int)syscall(SYS_timerfd_create, clock, flags);
  if (file >= 0 && file < 4096) clocks[file] = clock;
  return file;
}

int timerfd_settime(
  int file, int flags, const struct itimerspec *wish, struct itimerspec *before
) {
  struct itimerspec real = *wish;
  clockid_t clock = file < 4096 ? clocks[file] : CLOCK_MONOTONIC;
  if (is_warped(clock)) {
    int64_t value = of(&wish->it_value);
    if (value > 0) {
      int64_t first = flags & TFD_TIMER_ABSTIME ? unwarped(clock, value) : shortened(value);
      real.it_value = to(first > 0 ? first : 1);
    }
    real.it_interval = to(shortened(of(&wish->it_interval)));
  }
  return (int)syscall(SYS_timerfd_settime, file, flags, &real, before);
}

static int shortened_milliseconds(int wish) {
  if (!warp || wish <= 0) return wish;
  int real = (int)((double)wish / warp->speed);
  return real < 1 ? 1 : real;
}

int epoll_pwait(int file, struct epoll_event *events, int most, int wish, const sigset_t *mask) {
  return (int)syscall(SYS_epoll_pwait, file, events, most, shortened_milliseconds(wish), mask, 8);
}

int epoll_wait(int file, struct epoll_event *events, int most, int wish) {
  return epoll_pwait(file, events, most, wish, NULL);
}

int ppoll(struct pollfd *files, nfds_t count, const struct timespec *wish, const sigset_t *mask) {
  struct timespec real;
  if (wish) real = warp ? to(shortened(of(wish))) : *wish;
  return (int)syscall(SYS_ppoll, files, count, wish ? &real : NULL, mask, 8);
}

int poll(struct pollfd *files, nfds_t count, int wish) {
  struct timespec span = to((int64_t)wish * 1000000);
  return ppoll(files, count, wish < 0 ? NULL : &span, NULL);
}
#endif
