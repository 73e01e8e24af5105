// What a server that stamps its writes needs of the system: a clock, and a wait for many sockets.
// Its types are plain numbers, because the system's own are not seen alike from every Swift module.
#pragma once

/// Nanoseconds of CLOCK_MONOTONIC.
long long stamps_now(void);

/// A new set of sockets, which `close` frees; negative where there is none.
int stamps_set(void);

/// Adds a socket that is to be read. Closing a socket takes it out again.
void stamps_watch(int set, int socket);

/// Waits until a socket can be read or the moment has come, for ever where it is negative, and
/// tells how many sockets of the array are filled in.
int stamps_wait(int set, long long moment, int *sockets, int capacity);
