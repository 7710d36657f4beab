#!/bin/sh
# The only program of a guest on a VDE switch: leases an address, pings and fetches what the kernel's command line names as
# guest.ask (ADDRESS,ADDRESS…), and says on its console how that went. Then it waits to be ended.
export PATH=/bin
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
for module in /modules/*; do busybox insmod "$module"; done
busybox ip link set dev eth0 up
busybox udhcpc -i eth0 -n -q -t 20 -T 1 -s /lease >/dev/null 2>&1 || echo 'guest: no lease'
ask=$(busybox sed -n 's/.* guest.ask=\([^ ]*\).*/\1/p' /proc/cmdline)
for address in $(echo "$ask" | busybox tr , ' '); do
  busybox ping -c 1 -W 5 -s 1422 "$address" >/dev/null && pinged=pinged || pinged='not pinged'
  # busybox's wget would look the port's number up, which a static one can't.
  page=$(printf 'GET / HTTP/1.0\r\n\r\n' | busybox nc -w 5 "$address" 80 | busybox tail -n 1)
  echo "guest: $address $pinged, ${page:-nothing}"
done
echo 'guest: done'
while :; do busybox sleep 3600; done
