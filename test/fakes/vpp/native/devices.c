// What an emulated VPP does to the Linux devices of its network namespace: packet sockets and taps. A request a line on stdin,
// an answer a line on stdout; all that was opened goes with the process, as it does with a VPP.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { NAME = 64 };

/** Does an ioctl on a device by name; 0, or the error's number. */
static int device(unsigned long request, struct ifreq *about) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int code = ioctl(fd, request, about) < 0 ? errno : 0;
  close(fd);
  return code;
}

static struct ifreq named(const char *name) {
  struct ifreq about;
  memset(&about, 0, sizeof about);
  strncpy(about.ifr_name, name, IFNAMSIZ - 1);
  return about;
}

static int set_up(const char *name, int up) {
  struct ifreq about = named(name);
  int code = device(SIOCGIFFLAGS, &about);
  if (code) return code;
  about.ifr_flags = up ? about.ifr_flags | IFF_UP : about.ifr_flags & ~IFF_UP;
  return device(SIOCSIFFLAGS, &about);
}

static int set_mac(const char *name, const char *mac) {
  struct ifreq about = named(name);
  unsigned b[6];
  if (sscanf(mac, "%x:%x:%x:%x:%x:%x", b, b + 1, b + 2, b + 3, b + 4, b + 5) != 6) return EINVAL;
  about.ifr_hwaddr.sa_family = 1;
  for (int i = 0; i < 6; i++) about.ifr_hwaddr.sa_data[i] = b[i];
  return device(SIOCSIFHWADDR, &about);
}

static int set_mtu(const char *name, int bytes) {
  struct ifreq about = named(name);
  about.ifr_mtu = bytes;
  return device(SIOCSIFMTU, &about);
}

/** A packet socket on a device, or -1. */
static int attach(const char *name) {
  struct ifreq about = named(name);
  if (strlen(name) >= IFNAMSIZ || device(SIOCGIFINDEX, &about)) return -1;
  int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = about.ifr_ifindex};
  // Nothing reads it: what the kernel keeps for it is held small.
  int least = 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof least);
  if (bind(fd, (struct sockaddr *)&to, sizeof to) < 0) return -1;
  set_up(name, 1);
  return fd;
}

/** The name that the socket's device has now; empty where it is gone. */
static void name_of(int fd, char *name) {
  struct sockaddr_ll at;
  socklen_t length = sizeof at;
  *name = 0;
  if (getsockname(fd, (struct sockaddr *)&at, &length) == 0 && at.sll_ifindex > 0)
    if (if_indextoname(at.sll_ifindex, name) == NULL) *name = 0;
}

/** A tap in a namespace of /run/netns, or in this one where it is `-`; its name, or the error's number below 0. */
static int tap(const char *space, const char *wanted, const char *mac, int mtu, char *name) {
  char path[128];
  int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), code = 0;
  if (strcmp(space, "-") != 0) {
    snprintf(path, sizeof path, "/run/netns/%s", space);
    int other = open(path, O_RDONLY | O_CLOEXEC);
    if (other < 0 || setns(other, CLONE_NEWNET) < 0) return -errno;
    close(other);
  }
  int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  struct ifreq about = named(strcmp(wanted, "-") == 0 ? "tap%d" : wanted);
  about.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE;
  if (fd < 0 || ioctl(fd, TUNSETIFF, &about) < 0) code = -errno;
  if (code == 0) {
    strcpy(name, about.ifr_name);
    code = -set_mac(name, mac);
    if (code == 0 && mtu > 0) code = -set_mtu(name, mtu);
    if (code == 0) code = -set_up(name, 1);
  }
  setns(own, CLONE_NEWNET);
  close(own);
  if (code < 0) close(fd);
  return code < 0 ? code : fd;
}

static void answer(const char *line) {
  char words[4][NAME] = {"", "", "", ""}, verb[NAME] = "", name[IFNAMSIZ] = "";
  int number = 0;
  sscanf(line, "%63s %d %63s %63s %63s %63s", verb, &number, words[0], words[1], words[2], words[3]);
  if (strcmp(verb, "attach") == 0) {
    printf("%d\n", attach(words[0]));
  } else if (strcmp(verb, "present") == 0) {
    printf("%d\n", if_nametoindex(words[0]) != 0);
  } else if (strcmp(verb, "tap") == 0) {
    int fd = tap(words[0], words[1], words[2], number, name);
    printf("%d %s\n", fd, name);
  } else if (strcmp(verb, "close") == 0) {
    close(number);
    printf("0\n");
  } else {
    name_of(number, name);
    int code = *name == 0 ? ENODEV
      : strcmp(verb, "up") == 0 ? set_up(name, words[0][0] == '1')
      : strcmp(verb, "mtu") == 0 ? set_mtu(name, atoi(words[0]))
      : strcmp(verb, "mac") == 0 ? set_mac(name, words[0])
      : EINVAL;
    printf("%d\n", code);
  }
  fflush(stdout);
}

int main(void) {
  char line[512];
  // Whoever looks up what VPP says is its process finds one of VPP's name, with the sockets.
  prctl(PR_SET_NAME, "vpp_main");
  while (fgets(line, sizeof line, stdin) != NULL) answer(line);
  return 0;
}
