// Stands in for `vppctl`: sends its words to an emulated VPP and prints what comes back. What it says of sockets, when it hangs
// and how it ends is what the real one does.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <signal.h>
#include <unistd.h>

enum { REFUSED = 97 };

static int dial(const char *path) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof to.sun_path) {
    fprintf(stderr, "socket path too long: Success\n");
    return -1;
  }
  strcpy(to.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0) return fd;
  fprintf(stderr, "connect: %s\n", strerror(errno));
  return -1;
}

static void send_all(int fd, const char *text, size_t length) {
  while (length > 0) {
    ssize_t sent = write(fd, text, length);
    if (sent <= 0) return;
    text += sent;
    length -= sent;
  }
}

/** The words, joined by blanks. */
static void send_words(int fd, char **words) {
  for (int i = 0; words[i] != NULL; i++) {
    if (i > 0) send_all(fd, " ", 1);
    send_all(fd, words[i], strlen(words[i]));
  }
}

/** Without a command: what a pipe holds, as one input. Nothing, a file or /dev/null leave the real one waiting for ever. */
static void send_stdin(int fd) {
  struct stat in;
  char buffer[65536];
  ssize_t length, all = 0;
  if (fstat(0, &in) == 0 && (S_ISFIFO(in.st_mode) || S_ISSOCK(in.st_mode)))
    for (; (length = read(0, buffer, sizeof buffer)) > 0; all += length) send_all(fd, buffer, length);
  while (all == 0) pause();
}

/** The first byte tells an answer from what the emulator does not know; an answer may be cut, as where a VPP dies. */
static int print_answer(int fd) {
  char kind, buffer[65536];
  ssize_t length;
  if (read(fd, &kind, 1) != 1) return 0;
  while ((length = read(fd, buffer, sizeof buffer)) > 0) send_all(kind == '-' ? 2 : 1, buffer, length);
  return kind == '-' ? REFUSED : 0;
}

int main(int count, char **words) {
  const char *path = "/run/vpp/cli.sock";
  words++;
  // `-sPATH` is no form of it: the next word is the path.
  if (count > 2 && strncmp(*words, "-s", 2) == 0) {
    path = words[1];
    words += 2;
  }
  int fd = dial(path);
  if (fd < 0) return 1;
  while (fcntl(1, F_GETFD) < 0) pause();
  if (*words != NULL) send_words(fd, words);
  else send_stdin(fd);
  shutdown(fd, SHUT_WR);
  int code = print_answer(fd);
  // After a batch on its stdin the real one ends by SIGPIPE, or with 1.
  if (*words == NULL && code == 0) raise(SIGPIPE);
  return code;
}
