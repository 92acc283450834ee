// The least that a FastCGI server does to answer a GET: a test of our own, not a part of the product. It looks for the end of each request, and
// sends the same answer to all of them, which it has made before. It reads no parameter, keeps no count, and checks nothing.
//
//     minimal_fastcgi SOCKET BYTES PROCESSES
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEADER = 8, LONGEST = 65528, MOST_CONNECTIONS = 1024 };
enum { END_REQUEST = 3, STDIN = 5, STDOUT = 6 };

static uint8_t *answer;
static size_t answer_length;

static void add(const void *bytes, size_t count) {
  memcpy(answer + answer_length, bytes, count);
  answer_length += count;
}

// The ID of the request is 1: nginx has one request at a time on a connection.
static void add_header(uint8_t type, size_t length) {
  add((uint8_t[HEADER]){1, type, 0, 1, length >> 8, length & 0xff, 0, 0}, HEADER);
}

static void make_answer(size_t count) {
  char head[200];
  int length = snprintf(head, sizeof head, "Status: 200 OK\r\nContent-Type: image/png\r\nContent-Length: %zu\r\n\r\n", count);
  uint8_t *body = calloc(1, count);
  answer = malloc(sizeof head + count + (count / LONGEST + 5) * HEADER);
  add_header(STDOUT, length);
  add(head, length);
  for (size_t start = 0; start < count; start += LONGEST) {
    size_t part = count - start < LONGEST ? count - start : LONGEST;
    add_header(STDOUT, part);
    add(body + start, part);
  }
  add_header(STDOUT, 0);
  add_header(END_REQUEST, 8);
  add((uint8_t[8]){0}, 8);
}

// Whether a request ends where the bytes do: with an empty record of standard input. nginx sends the whole request at once.
static int is_whole(const uint8_t *bytes, ssize_t count) { return count >= HEADER && bytes[count - HEADER + 1] == STDIN; }

static void serve(int connection) {
  uint8_t request[16 << 10];
  ssize_t count = recv(connection, request, sizeof request, 0);
  if (count <= 0) {
    close(connection);
    return;
  }
  if (!is_whole(request, count)) abort();
  for (size_t sent = 0; sent < answer_length;) {
    ssize_t some = send(connection, answer + sent, answer_length - sent, MSG_NOSIGNAL);
    if (some < 0) {
      close(connection);
      return;
    }
    sent += some;
  }
}

static void run(int listener) {
  int poller = epoll_create1(0);
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener});
  struct epoll_event events[64];
  while (1) {
    int count = epoll_wait(poller, events, 64, -1);
    for (int index = 0; index < count; index++) {
      if (events[index].data.fd != listener) {
        serve(events[index].data.fd);
        continue;
      }
      int connection = accept4(listener, NULL, NULL, 0);
      if (connection < 0) continue;
      // As much as a worker's connections have, so that an answer is one system call.
      setsockopt(connection, SOL_SOCKET, SO_SNDBUF, &(int){16 << 20}, sizeof(int));
      epoll_ctl(poller, EPOLL_CTL_ADD, connection, &(struct epoll_event){.events = EPOLLIN, .data.fd = connection});
    }
  }
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  make_answer(strtoul(arguments[2], NULL, 10));
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, arguments[1], sizeof address.sun_path - 1);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, MOST_CONNECTIONS)) return 1;
  for (int others = atoi(arguments[3]) - 1; others > 0; others--) {
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      break;
    }
  }
  run(listener);
}
