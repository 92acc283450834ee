#pragma once
// What glibc offers and Swift's overlay does not reach: Linux's own headers, GNU extensions, variadic calls and opaque unions.
#include <linux/sched.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/types.h>

/// Room for a pthread mutex in shared memory: a cache line of its own where its place is aligned so. (Swift imports no type that
/// demands more than 16 bytes of alignment.)
typedef struct {
  uint64_t storage[8];
} cposix_mutex;

_Static_assert(sizeof(pthread_mutex_t) <= sizeof(cposix_mutex), "the mutex must fit its place in shared memory");
_Static_assert(_Alignof(pthread_mutex_t) <= _Alignof(cposix_mutex), "and be aligned there");

/// Makes a robust, process-shared, error-checking mutex that is handed to who has waited longest. Returns 0 or an errno.
int cposix_mutex_init(cposix_mutex *mutex);
/// Locks, waiting at most `milliseconds` of CLOCK_MONOTONIC. Returns 0, EOWNERDEAD, ETIMEDOUT or another errno.
int cposix_mutex_lock(cposix_mutex *mutex, uint32_t milliseconds);
int cposix_mutex_consistent(cposix_mutex *mutex);
/// Whether the mutex can still be locked, as far as can be told: it is of the kind that cposix_mutex_init makes, and not lost for ever.
bool cposix_mutex_is_sound(const cposix_mutex *mutex);
int cposix_mutex_unlock(cposix_mutex *mutex);

/// Takes (or, with `wait`, waits for) an open-file-description write lock on bytes [start, start + length).
/// The lock goes with the description, so the kernel releases it however the process ends. Returns 0 or -1 and errno.
int cposix_lock_bytes(int fd, off_t start, off_t length, bool wait);
int cposix_unlock_bytes(int fd, off_t start, off_t length);
/// Takes a read lock on the bytes, which several descriptions can hold at once. Does not wait.
int cposix_share_bytes(int fd, off_t start, off_t length);
/// 1 where another description holds a lock on the bytes, 0 where none does, -1 and errno on failure.
int cposix_bytes_locked(int fd, off_t start, off_t length);

/// Whether the `needed` bytes at `needle` occur in the `count` bytes at `bytes`, in time that grows with `count` alone.
bool cposix_contains(const void *bytes, size_t count, const void *needle, size_t needed);

/// Renames a shared-memory object, where the new name is not taken. Both names begin with a slash. Returns 0 or -1 and errno.
int cposix_rename_shared_memory(const char *name, const char *new_name);

/// accept4(2) with SOCK_CLOEXEC, for a peer that has no address worth knowing.
int cposix_accept(int listener);

/// Keeps a thread off the processor that the caller runs on now, with all others that the caller may use left to it. Returns that
/// processor's number, or -1 where the caller may use no other, or the kernel refused.
int cposix_keep_off_this_processor(pthread_t thread);
/// The number of the processor that the caller runs on now.
int cposix_this_processor(void);

/// What a process is started with.
typedef struct {
  /// Path of the program.
  const char *path;
  /// Arguments and environment, each ended by a null pointer.
  char *const *arguments;
  char *const *environment;
  /// The directory that it begins in; null for the caller's own.
  const char *directory;
  /// An open descriptor that the process is to have as `target`. All others must be close-on-exec, standard streams aside.
  int descriptor;
  int target;
  /// The signal that the kernel sends when the caller has died.
  int death_signal;
} cposix_process;

/// Starts a process in a group of its own, with no signal blocked and every signal at its default. It gets `death_signal` when the caller
/// dies, however that happens. Returns its id, or -1 and errno: also where the program itself cannot be executed.
///
/// `posix_spawn` offers no death signal, and between fork and exec only what is async-signal-safe may run, which Swift cannot promise.
pid_t cposix_start(const cposix_process *process);

/// fork(2), which Swift does not offer: only for a process with one thread, whose child runs on in the same program. The child is killed when
/// the caller ends.
pid_t cposix_fork(void);
