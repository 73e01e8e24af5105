#ifdef __linux__
#define _GNU_SOURCE
#include <poll.h>
#include <sys/epoll.h>
#else
#include <sys/event.h>
#endif
#include <stddef.h>
#include <time.h>

#include "CStamps.h"

enum { batch = 256 };

long long stamps_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static struct timespec until(long long moment) {
  long long rest = moment - stamps_now();
  if (rest < 0) rest = 0;
  return (struct timespec){.tv_sec = rest / 1000000000, .tv_nsec = rest % 1000000000};
}

#ifdef __linux__

int stamps_set(void) { return epoll_create1(EPOLL_CLOEXEC); }

void stamps_watch(int set, int socket) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
  epoll_ctl(set, EPOLL_CTL_ADD, socket, &event);
}

int stamps_wait(int set, long long moment, int *sockets, int capacity) {
  // epoll itself counts in milliseconds.
  struct pollfd ready = {.fd = set, .events = POLLIN};
  struct timespec time = until(moment);
  ppoll(&ready, 1, moment < 0 ? NULL : &time, NULL);
  struct epoll_event events[batch];
  int count = epoll_wait(set, events, capacity < batch ? capacity : batch, 0);
  for (int index = 0; index < count; index++) sockets[index] = events[index].data.fd;
  return count < 0 ? 0 : count;
}

#else

int stamps_set(void) { return kqueue(); }

void stamps_watch(int set, int socket) {
  struct kevent event;
  EV_SET(&event, socket, EVFILT_READ, EV_ADD, 0, 0, NULL);
  kevent(set, &event, 1, NULL, 0, NULL);
}

int stamps_wait(int set, long long moment, int *sockets, int capacity) {
  struct timespec time = until(moment);
  struct kevent events[batch];
  int count = kevent(set, NULL, 0, events, capacity < batch ? capacity : batch,
                     moment < 0 ? NULL : &time);
  for (int index = 0; index < count; index++) sockets[index] = (int)events[index].ident;
  return count < 0 ? 0 : count;
}

#endif
