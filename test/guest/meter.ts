/**
 * Measures links between two network namespaces, `$1` with 10.0.N.1 and `$2` with 10.0.N.2, each way for itself, by the kernel's own
 * counters: programs of an emulated processor are too slow to count packets. Prints a name and a number a line.
 */
export const METER = `
one=$1 two=$2
in_one() { nsenter --net="$one" "$@"; }
in_two() { nsenter --net="$two" "$@"; }
# of the namespace $1, device $2: bytes and packets that arrived
arrived() { nsenter --net="$1" sed -n "s/^ *$2: *\\([0-9]*\\) *\\([0-9]*\\) .*/\\1 \\2/p" /proc/net/dev; }
# the shortest way there and back is what it is without other work on the machine
trip() { in_one ping -n -q -c 25 -i 0.2 "$1" | sed -n 's/^rtt [^=]*= \\([0-9.]*\\).*/\\1/p'; }
# bits per second that arrive of as much as TCP sends: from $1, in $2, at the address $3, by the device $4
flow() {
  sleep 20 | nsenter --net="$2" busybox nc -l -p 7 >/dev/null & sink=$! # it would hang up at the end of its input
  sleep 1
  nsenter --net="$1" busybox nc "$3" 7 </dev/zero & source=$!
  sleep 3
  set -- $(arrived "$2" "$4") $(cat /proc/uptime) "$2" "$4"
  sleep 6
  set -- "$1" "$3" $(arrived "$5" "$6") $(cat /proc/uptime)
  kill $sink $source
  echo "$1 $2 $3 $5" | awk '{ printf "%d\\n", ($3 - $1) * 8 / ($4 - $2) }'
}
echo "delay-one $(trip 10.0.20.2)"
echo "delay-two $(trip 10.0.23.2)"
before_two=$(arrived "$two" bad | cut -d' ' -f2) before_one=$(arrived "$one" bad | cut -d' ' -f2)
in_one ping -n -q -f -l 100 -c 5000 -W 2 10.0.21.2 >/dev/null
got_two=$(($(arrived "$two" bad | cut -d' ' -f2) - before_two)) got_one=$(($(arrived "$one" bad | cut -d' ' -f2) - before_one))
echo "loss-one $got_two" | awk '{ printf "%s %.2f\\n", $1, 100 - $2 / 50 }'
echo "loss-two $got_one $got_two" | awk '{ printf "%s %.2f\\n", $1, 100 - 100 * $2 / $3 }'
echo "rate-one $(flow "$one" "$two" 10.0.22.2 thin)"
echo "rate-two $(flow "$two" "$one" 10.0.22.1 thin)"
`;
