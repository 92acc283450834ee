#define _GNU_SOURCE
#include "CPOSIX.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t *inner(cposix_mutex *mutex) { return (pthread_mutex_t *)mutex->storage; }

int cposix_mutex_init(cposix_mutex *mutex) {
  pthread_mutexattr_t attributes;
  int error = pthread_mutexattr_init(&attributes);
  if (error) return error;
  error = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  if (!error) error = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  if (!error) error = pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  // For its fairness: the kernel hands such a lock to who has waited longest.
  if (!error) error = pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  if (!error) error = pthread_mutex_init(inner(mutex), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return error;
}

static struct timespec after(clockid_t clock, uint32_t milliseconds) {
  struct timespec deadline;
  clock_gettime(clock, &deadline);
  deadline.tv_sec += milliseconds / 1000;
  deadline.tv_nsec += (long)(milliseconds % 1000) * 1000000L;
  if (deadline.tv_nsec >= 1000000000L) {
    deadline.tv_sec += 1;
    deadline.tv_nsec -= 1000000000L;
  }
  return deadline;
}

int cposix_mutex_lock(cposix_mutex *mutex, uint32_t milliseconds) {
  int error = pthread_mutex_trylock(inner(mutex));
  if (error != EBUSY) return error;
  struct timespec deadline = after(CLOCK_MONOTONIC, milliseconds);
  error = pthread_mutex_clocklock(inner(mutex), CLOCK_MONOTONIC, &deadline);
  if (error != EINVAL) return error;
  // Before Linux 5.14, a lock that inherits priority can wait by the wall clock only.
  deadline = after(CLOCK_REALTIME, milliseconds);
  return pthread_mutex_timedlock(inner(mutex), &deadline);
}

int cposix_mutex_consistent(cposix_mutex *mutex) { return pthread_mutex_consistent(inner(mutex)); }

bool cposix_mutex_is_sound(const cposix_mutex *mutex) {
  cposix_mutex sound = {0};
  if (cposix_mutex_init(&sound)) return false;
  const pthread_mutex_t *found = (const pthread_mutex_t *)mutex->storage;
  // The owner that glibc writes where nobody can have the lock any more (PTHREAD_MUTEX_NOTRECOVERABLE).
  return found->__data.__kind == inner(&sound)->__data.__kind && found->__data.__owner != INT_MAX - 1;
}

int cposix_mutex_unlock(cposix_mutex *mutex) { return pthread_mutex_unlock(inner(mutex)); }

static struct flock bytes(short type, off_t start, off_t length) {
  return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length, .l_pid = 0};
}

int cposix_lock_bytes(int fd, off_t start, off_t length, bool wait) {
  struct flock lock = bytes(F_WRLCK, start, length);
  return fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
}

int cposix_unlock_bytes(int fd, off_t start, off_t length) {
  struct flock lock = bytes(F_UNLCK, start, length);
  return fcntl(fd, F_OFD_SETLK, &lock);
}

int cposix_share_bytes(int fd, off_t start, off_t length) {
  struct flock lock = bytes(F_RDLCK, start, length);
  return fcntl(fd, F_OFD_SETLK, &lock);
}

int cposix_bytes_locked(int fd, off_t start, off_t length) {
  struct flock lock = bytes(F_WRLCK, start, length);
  if (fcntl(fd, F_OFD_GETLK, &lock) != 0) return -1;
  return lock.l_type != F_UNLCK;
}

int cposix_rename_shared_memory(const char *name, const char *new_name) {
  int directory = open("/dev/shm", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return -1;
  int result = renameat2(directory, name + 1, directory, new_name + 1, RENAME_NOREPLACE);
  int error = errno;
  close(directory);
  errno = error;
  return result;
}

int cposix_open_beneath(int directory, const char *path) {
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  struct open_how how = {.flags = flags, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
  long descriptor;
  // EAGAIN: a directory on the way was renamed meanwhile, so that the kernel cannot tell whether the path left it.
  int attempts = 8;
  do {
    descriptor = syscall(SYS_openat2, directory, path, &how, sizeof how);
  } while (descriptor == -1 && errno == EAGAIN && --attempts > 0);
  if (descriptor != -1 || (errno != ENOSYS && errno != EPERM)) return (int)descriptor;
  return openat(directory, path, flags | O_NOFOLLOW);
}

int cposix_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int cposix_processor_count(void) {
  cpu_set_t allowed;
  return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 0;
}

int cposix_this_processor(void) { return sched_getcpu(); }

int cposix_keep_off_this_processor(pthread_t thread) {
  // Of 1024 processors; the kernel refuses to tell where it has more.
  cpu_set_t allowed;
  int here = sched_getcpu();
  if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return -1;
  CPU_CLR(here, &allowed);
  if (CPU_COUNT(&allowed) == 0 || pthread_setaffinity_np(thread, sizeof allowed, &allowed) != 0) return -1;
  return here;
}

bool cposix_contains(const void *bytes, size_t count, const void *needle, size_t needed) {
  return memmem(bytes, count, needle, needed) != NULL;
}
