#!/bin/sh
# Process 1 of a guest: a host with sshd and an engine, from the programs of the machine that it runs on. That one's files as they
# are stand under /machine.
# $1 directory with the guest's keys and `address`; $2 directory with its kernel's modules under lib
directory=/machine$1 kernel=/machine$2
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
read -r address <"$directory/address"

umask 022
mount -n -t proc proc /proc
mount -n -t sysfs sysfs /sys
mount -n -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
# As udev would: unixcmd reads what it is to say from /dev/stdin.
ln -s /proc/self/fd /dev/fd && ln -s fd/0 /dev/stdin && ln -s fd/1 /dev/stdout && ln -s fd/2 /dev/stderr
mount -n -t devpts devpts /dev/pts
mount -n -t cgroup2 cgroup2 /sys/fs/cgroup
for own in /run /tmp /var/lib/topo /var/lib/docker; do
  rm -f "$own" 2>/dev/null
  mkdir -p "$own"
  mount -n -t tmpfs -o mode=755 tmpfs "$own"
done
chmod 1777 /tmp
# The kernel calls modprobe by this name.
mkdir -p /lib/modules
mount -n --bind "$kernel/lib/modules" /lib/modules
[ -e /sbin/modprobe ] || ln -s "$(command -v busybox)" /sbin/modprobe

hostname guest
ip link set dev lo up
for module in virtio_net tun bridge br_netfilter overlay; do modprobe "$module"; done
ip address add "$address/16" dev eth0
ip link set dev eth0 up

mkdir -p /run/sshd /root
# What the machine's shells read at each login costs seconds here.
rm -f /root/.bashrc /root/.bash_profile /root/.bash_login /root/.profile
(umask 077; cp "$directory/host_key" /run/sshd/; cp "$directory/authorized_keys" /run/sshd/)
sed -i 's#^root:[^:]*:#root:*:#' /etc/shadow
cat >/run/sshd/sshd_config <<C
HostKey /run/sshd/host_key
AuthorizedKeysFile /run/sshd/authorized_keys
PidFile /run/sshd.pid
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UseDNS no
PrintMotd no
SetEnv PATH=$PATH
C
"$(command -v sshd)" -f /run/sshd/sshd_config -E /run/sshd.log
# On a busy machine it may give up before its containerd has come up.
while :; do dockerd --data-root /var/lib/docker; sleep 1; done >/run/dockerd.log 2>&1 </dev/null &
echo "guest's sshd listens at $address" >/dev/console
while :; do sleep 2147483647 & wait $!; done
