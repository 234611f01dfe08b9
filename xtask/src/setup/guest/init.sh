#!/bin/busybox sh
# The first program of the guest: finds the disks, and becomes the second disk's program.
/bin/busybox mkdir -p /bin /dev /proc /sys /root
/bin/busybox --install -s /bin
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
for module in /modules/*.ko; do insmod "$module"; done
# As QEMU's user network is laid out.
ip link set lo up
ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
mount -t ext4 /dev/vda /root
for folder in run tmp; do mount -t tmpfs none /root/$folder; done
# A file as a disk ends with zeros, which no program minds.
cat /dev/vdb > /root/run/guest
chmod +x /root/run/guest
mkdir -p /dev/shm
mount -t tmpfs none /dev/shm
for folder in dev proc sys; do mount -o move /$folder /root/$folder; done
exec switch_root /root /run/guest
