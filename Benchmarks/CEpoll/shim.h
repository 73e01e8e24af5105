// What an event loop needs and the Glibc module lacks.
#include <sys/epoll.h>
