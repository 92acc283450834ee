#pragma once
// The parts of glibc that Swift's overlay does not import: Linux's own headers, GNU extensions, variadic calls and opaque unions.
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

/// Initialises a robust, process-shared, error-checking mutex that is handed to the longest waiter. Returns 0 or an errno.
int cposix_mutex_init(cposix_mutex *mutex);
/// Locks, waiting at most `milliseconds` of CLOCK_MONOTONIC. Returns 0, EOWNERDEAD, ETIMEDOUT or another errno.
int cposix_mutex_lock(cposix_mutex *mutex, uint32_t milliseconds);
int cposix_mutex_consistent(cposix_mutex *mutex);
/// Whether the mutex can still be locked, as far as that can be detected: it has the type that cposix_mutex_init sets, and is recoverable.
bool cposix_mutex_is_sound(const cposix_mutex *mutex);
int cposix_mutex_unlock(cposix_mutex *mutex);

/// Takes (or, with `wait`, waits for) an open-file-description write lock on bytes [start, start + length).
/// The lock belongs to the description, so the kernel releases it however the process ends. Returns 0, or -1 and errno.
int cposix_lock_bytes(int fd, off_t start, off_t length, bool wait);
int cposix_unlock_bytes(int fd, off_t start, off_t length);
/// Takes a read lock on the bytes, which several descriptions can hold at once. Does not wait.
int cposix_share_bytes(int fd, off_t start, off_t length);
/// Returns 1 if another description holds a lock on the bytes, 0 if none does, -1 and errno on failure.
int cposix_bytes_locked(int fd, off_t start, off_t length);

/// Whether the `needed` bytes at `needle` occur in the `count` bytes at `bytes`, in time that grows with `count` alone.
bool cposix_contains(const void *bytes, size_t count, const void *needle, size_t needed);

/// Renames a shared-memory object, unless the new name is taken. Both names begin with a slash. Returns 0, or -1 and errno.
int cposix_rename_shared_memory(const char *name, const char *new_name);

/// Opens a file for reading by a path relative to a directory's descriptor. Neither the path nor a symbolic link in it may lead out of that
/// directory: openat2(2) with RESOLVE_BENEATH. If the kernel or a container's filter does not know the call, the last component may be no link at
/// all, so the path must be a plain name then. Does not wait for the writer of a pipe. Returns a descriptor, or -1 and errno: EXDEV or ELOOP for
/// a link that is not followed.
int cposix_open_beneath(int directory, const char *path);

/// accept4(2) with SOCK_CLOEXEC, for a peer whose address is irrelevant.
int cposix_accept(int listener);

/// Keeps a thread off the processor that the caller runs on now. It may use all others that the caller may use. Returns that processor's
/// number, or -1 if the caller may use no other, or the kernel refused.
int cposix_keep_off_this_processor(pthread_t thread);
/// The number of processors that the caller may run on; 0 if the kernel does not tell, as on a machine with more than 1024.
int cposix_processor_count(void);
/// The number of the processor that the caller runs on now.
int cposix_this_processor(void);

/// The parameters of a process to start.
typedef struct {
  /// Path of the program.
  const char *path;
  /// Arguments and environment, each ended by a null pointer.
  char *const *arguments;
  char *const *environment;
  /// The working directory; null for the caller's.
  const char *directory;
  /// Open descriptors that the process inherits as `target`, `target` + 1, … All others except the standard streams must be close-on-exec.
  const int *descriptors;
  int descriptor_count;
  int target;
  /// The signal that the kernel sends when the caller dies.
  int death_signal;
} cposix_process;

/// Starts a process in a group of its own, with no signal blocked and every signal at its default. It gets `death_signal` when the caller
/// dies, however that happens. Returns its id, or -1 and errno, also if the program itself cannot be executed.
///
/// `posix_spawn` has no death signal, and only async-signal-safe code may run between fork and exec, which Swift cannot guarantee.
pid_t cposix_start(const cposix_process *process);

/// fork(2), which Swift does not import: only for a process with one thread, whose child continues in the same program. The child is killed when
/// the caller ends.
pid_t cposix_fork(void);
