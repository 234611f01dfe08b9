# Makes the guest's image in the folder $1, with the first program $2, for the user $3.
set -eu
folder=$1
init=$2
owner=$3
root=$folder/root
main=http://deb.debian.org/debian
security=http://deb.debian.org/debian-security
mkdir -p "$folder"
trap 'rm -rf "$root" "$folder/initrd"' EXIT

mmdebstrap --variant=minbase \
  --include=udev,kmod,busybox-static,linux-image-amd64,chromium,chromium-driver,fonts-noto-cjk \
  --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/fonts/opentype/noto/NotoSerifCJK*' \
  bookworm "$root" \
  "deb $main bookworm main" "deb $main bookworm-updates main" "deb $security bookworm-security main"
# Without it the browser and its driver don't find each other.
echo '127.0.0.1 localhost' > "$root/etc/hosts"
mkdir -p "$root/etc/chromium/policies/managed"

# Of the kernel's 400 MB of modules what a machine of QEMU's with readers needs. port100 is the
# kernel's own driver for the RC-S380: real machines have it, too.
version=$(ls "$root/usr/lib/modules")
modules() {
  for module in "$@"; do
    chroot "$root" modprobe --set-version "$version" --show-depends "$module"
  done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++'
}
boot=$(modules virtio_pci virtio_blk virtio_net ext4)
wanted=$(modules virtio_pci virtio_blk virtio_net ext4 vhci-hcd uhid usbhid hid-generic port100)
mkdir -p "$folder/initrd/bin" "$folder/initrd/modules" "$folder/kept"
number=100
for module in $boot; do
  cp "$root$module" "$folder/initrd/modules/$number.ko"
  number=$((number + 1))
done
for module in $wanted; do
  mkdir -p "$folder/kept${module%/*}"
  cp "$root$module" "$folder/kept$module"
done
rm -rf "$root/usr/lib/modules/$version/kernel"
cp -r "$folder/kept/lib/." "$root/usr/lib/"
rm -rf "$folder/kept"
chroot "$root" depmod "$version"

cp "$root/bin/busybox" "$folder/initrd/bin/busybox"
printf '%s' "$init" > "$folder/initrd/init"
chmod +x "$folder/initrd/init"
(cd "$folder/initrd" && find . | cpio --quiet -o -H newc | gzip -1) > "$folder/initrd.gz"
cp "$root/boot/vmlinuz-$version" "$folder/vmlinuz"
chroot "$root" dpkg-query -W -f '${Package} ${Version}\n' chromium linux-image-amd64 > "$folder/versions"
rm -rf "$root/boot"/* "$root/usr/share/icons"
# Its size on disk is what is in it: the rest is a hole.
PATH=$PATH:/usr/sbin:/sbin mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$root" "$folder/disk.new" 2G
mv "$folder/disk.new" "$folder/disk.ext4"
chown -R "$owner" "$folder"
