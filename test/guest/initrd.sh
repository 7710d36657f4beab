#!/bin/sh
# The first program of a guest: mounts the machine's root, read-only, under a memory of the guest's own, and goes on there with what
# the kernel's command line names as guest.init, and guest.directory as its argument.
export PATH=/bin
busybox mount -t proc proc /proc
for module in /modules/*; do busybox insmod "$module"; done
busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 machine /machine
busybox mount -t tmpfs -o mode=755 tmpfs /own
busybox mkdir /own/upper /own/work /own/root
busybox mount -t overlay -o lowerdir=/machine,upperdir=/own/upper,workdir=/own/work overlay /own/root
busybox mkdir /own/root/machine
busybox mount -o bind /machine /own/root/machine
value() { busybox sed -n "s/.* $1=\([^ ]*\).*/\1/p" /proc/cmdline; }
init=$(value guest.init) directory=$(value guest.directory) kernel=$(value guest.kernel)
busybox umount /proc
exec busybox switch_root /own/root /bin/sh "$init" "$directory" "$kernel"
