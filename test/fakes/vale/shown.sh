# For ip.sh and tc.sh: what a kernel with netmap would show of devices, where it is shown as text.
# usage: . shown.sh; shown PROGRAM ARG...
memory=/sys/module/netmap/emulator

space() { readlink /proc/self/ns/net | tr -dc 0-9; }

# The emulated driver's queue has its own name as long as a device is attached, and ports of netmap's own are of no kind.
shown() {
  names=$(sed -n "s/^$(space) //p" "$memory/queues" | tr '\n' '|')
  "$@" >"$memory/shown.$$"
  code=$?
  sed -E "/^[0-9]+: (${names}:)(@|:)/s/qdisc pfifo /qdisc netmapemu /
    s/^qdisc pfifo (.* dev (${names}:) .*) limit [0-9]+p/qdisc netmapemu \1 /
    /^ +vxlan .* dstport 9 /d" "$memory/shown.$$"
  rm "$memory/shown.$$"
  return $code
}
