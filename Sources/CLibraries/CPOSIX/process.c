#define _GNU_SOURCE
#include "CPOSIX.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 64 };

static void default_signals(void) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);  // Fails for SIGKILL and SIGSTOP, which have no other.
}

/// Gives the descriptors their numbers. All are first copied beyond these numbers, because the number of one may be in use by another.
static int place(const cposix_process *process) {
  int count = process->descriptor_count, end = process->target + count;
  int copies[MOST_DESCRIPTORS];
  if (count > MOST_DESCRIPTORS) return errno = EMFILE, -1;
  for (int index = 0; index < count; index++) {
    if ((copies[index] = fcntl(process->descriptors[index], F_DUPFD_CLOEXEC, end)) < 0) return -1;
  }
  for (int index = 0; index < count; index++) {
    if (dup2(copies[index], process->target + index) < 0) return -1;
  }
  return 0;
}

/// What the child does; returns only on failure. `report` becomes a descriptor that no inherited one replaces.
static void become(const cposix_process *process, pid_t parent, int *report) {
  int copy = fcntl(*report, F_DUPFD_CLOEXEC, process->target + process->descriptor_count);
  if (copy < 0) return;
  *report = copy;
  sigset_t none;
  sigemptyset(&none);
  default_signals();
  // A group of its own: Ctrl-C at the terminal is for the caller alone, who then ends its children in order.
  if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, process->death_signal) != 0) return;
  if (getppid() != parent) _exit(0);  // The caller died before the line above.
  if (place(process) < 0 || sigprocmask(SIG_SETMASK, &none, NULL) != 0) return;
  if (process->directory && chdir(process->directory) != 0) return;
  execve(process->path, process->arguments, process->environment);
}

/// Reads the errno that a child without a program reports; 0 where exec closed the pipe instead.
static int reported_error(int descriptor) {
  int error = 0;
  ssize_t count;
  do count = read(descriptor, &error, sizeof error);
  while (count < 0 && errno == EINTR);
  return count == (ssize_t)sizeof error ? error : 0;
}

pid_t cposix_start(const cposix_process *process) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return -1;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // No handler of the caller's may run in the child.
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) {
    become(process, parent, &report[1]);
    int error = errno;
    (void)!write(report[1], &error, sizeof error);
    _exit(127);
  }
  int error = child < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  if (child > 0) error = reported_error(report[0]);
  close(report[0]);
  if (error == 0) return child;
  if (child > 0) waitpid(child, NULL, 0);
  errno = error;
  return -1;
}

pid_t cposix_fork(void) {
  pid_t parent = getpid();
  pid_t child = fork();
  if (child != 0) return child;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(127);
  return 0;
}
