#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How a BSD would take it, as far as a Linux can tell: built where the headers, functions and libraries that only Linux and its C
# libraries have cannot be had (streams by funopen of libbsd), by clang, BSD's make and awk where they are there; make check passes.
# By hand, from the folder of a build: sh ../tests/full/portability.sh

. "$(dirname "$0")/../tap"
unset CTREPLAY MAKEFLAGS MFLAGS MAKELEVEL CC COMPILE_FLAGS TESTS TEST_SUITE_LOG
bsd_cflags=$(pkg-config --cflags libbsd-overlay 2>/dev/null) && bsd_libs=$(pkg-config --libs libbsd-overlay) ||
	skip_all "libbsd (Debian: libbsd-dev) is not there"

mkdir "$work/headers" "$work/bin" "$work/build"
# Who includes one of these, configure too, does not get past the preprocessor.
for header in error.h execinfo.h libmnl/libmnl.h linux/fib_rules.h linux/if.h linux/if_addr.h linux/if_link.h linux/if_tun.h \
	linux/netfilter.h linux/netfilter/nfnetlink.h linux/netlink.h linux/rtnetlink.h malloc.h mntent.h netinet/ether.h \
	netpacket/packet.h seccomp.h stdio_ext.h sys/epoll.h sys/eventfd.h sys/inotify.h sys/prctl.h sys/random.h sys/signalfd.h \
	sys/sysinfo.h sys/sysmacros.h sys/timerfd.h values.h; do
	mkdir -p "$(dirname "$work/headers/$header")"
	echo "#error \"$header is on Linux alone\"" >"$work/headers/$header"
done
compiler=cc
! command -v clang >/dev/null 2>&1 || compiler=clang
make=make
! command -v bmake >/dev/null 2>&1 || make=bmake
! command -v original-awk >/dev/null 2>&1 || ln -s "$(command -v original-awk)" "$work/bin/awk"
PATH=$work/bin:$PATH
names=$compiler,\ $make,\ $([ -e "$work/bin/awk" ] && echo original-awk || echo awk)

cd "$work/build" || exit 99
"$source/configure" --without-libseccomp CC=$compiler MAKE=$make CPPFLAGS="-I$work/headers $bsd_cflags" LIBS="$bsd_libs" LDFLAGS="$bsd_libs" ac_cv_func___fsetlocking=no ac_cv_func_fopencookie=no \
	ac_cv_func_getentropy=no ac_cv_func_pipe2=no ac_cv_func_sched_getaffinity=no >configure.out 2>&1 || { tail -n 20 configure.out | sed 's/^/# /'; tell 1 "configure"; finish; }
grep -q '^  verify: *no' configure.out
tell $? "configure finds what Linux has not there ($names)"
$make -s >make.out 2>&1
tell $? "it builds"
! grep -E 'error:|undefined ref' make.out >errors || show errors
! grep 'warning' make.out >warnings
tell $? "without a warning"
show warnings
# What it asks of the C library: no function that FreeBSD, OpenBSD, NetBSD or macOS has not.
cat >only <<'ONLY'
__fsetlocking
accept4
canonicalize_file_name
clone
close_range
copy_file_range
dup3
epoll_create1
error
euidaccess
eventfd
execvpe
fallocate
fopencookie
getentropy
getrandom
gettid
get_current_dir_name
inotify_init1
memfd_create
mempcpy
mount
mremap
pipe2
ppoll
prctl
pthread_setname_np
pthread_tryjoin_np
qsort_r
rawmemchr
renameat2
sched_getaffinity
sched_setaffinity
secure_getenv
sendfile
setns
signalfd
splice
strchrnul
strverscmp
syncfs
syscall
sysinfo
tee
timerfd_create
unshare
ONLY
nm -u ctreplay | awk '{ sub(/@.*/, "", $2); print $2 }' | sort -u | grep -x -F -f only >asked
[ ! -s asked ] && nm -u ctreplay | grep -q funopen
tell $? "it asks the C library for nothing that only Linux has"
show asked
$make -s check >check.out 2>&1
tell $? "make check passes ($(grep -c '^PASS' check.out) programs)"
grep -A 6 -E '^(FAIL|ERROR):' check.out >failed
show failed
finish
