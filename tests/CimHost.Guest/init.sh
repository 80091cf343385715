#!/bin/sh
# First process of the guest. Mounts, loads the modules in the order of /modules, then runs the numbered scripts that the test names on
# the second serial port: "N" arrives, /work/N.sh runs with its output in /work/N.out, "N EXITCODE" goes back.
export PATH=/bin:/usr/bin HOME=/root LD_LIBRARY_PATH=/usr/lib
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/shm /tmp /work /app /dotnet
mount -t tmpfs shm /dev/shm
mount -t tmpfs tmp /tmp
while read -r file arguments; do
  insmod "$file" $arguments || echo "insmod $file failed"
done </modules
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 work /work || echo "no /work"
for share in app dotnet; do
  mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose $share /$share 2>/dev/null
done
ip link set lo up
ip link set eth0 up && ip addr add 10.0.2.15/24 dev eth0
stty -F /dev/ttyS1 raw -echo
exec 3<>/dev/ttyS1
echo "ready 0" >&3
while read -r number <&3; do
  [ "$number" = poweroff ] && break
  sh "/work/$number.sh" >"/work/$number.out" 2>&1 3<&-
  echo "$number $?" >&3
done
poweroff -f
