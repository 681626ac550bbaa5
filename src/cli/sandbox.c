/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/sandbox.h"

#ifdef HAVE_LIBSECCOMP
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>

static const int allowed[] = {
	/* what is open */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(lseek),
	SCMP_SYS(_llseek), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(fcntl), SCMP_SYS(fcntl64),
	SCMP_SYS(ftruncate), SCMP_SYS(fsync), SCMP_SYS(fdatasync),
	/* names of finished files */
	SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
	/* memory */
	SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(mprotect),
	/* time, for the line of progress */
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	/* signals, and the end */
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(restart_syscall),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(tgkill),
	SCMP_SYS(tkill) /* raise() of musl */, SCMP_SYS(exit), SCMP_SYS(exit_group),
	/* the C library's own */
	SCMP_SYS(futex), SCMP_SYS(futex_time64), SCMP_SYS(getrandom),
};

bool sandbox_enter(void)
{
	/* What is not on the list fails, and is not the end: a C library may try a call that this list does not know. */
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	/* The thread of the formats is running already. */
	bool is_ready = filter && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0;

	for (size_t i = 0; is_ready && i < sizeof(allowed) / sizeof(allowed[0]); i++)
		is_ready = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	/* Of what is open alone, not of names. */
	is_ready = is_ready && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1, SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH, 0)) == 0;
	/* Is it a terminal, and how wide: of the terminal's other calls some write to it as if somebody typed. */
	is_ready = is_ready && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TCGETS, 0)) == 0 &&
		   seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TIOCGWINSZ, 0)) == 0;
	is_ready = is_ready && seccomp_load(filter) == 0;
	if (filter)
		seccomp_release(filter);
	return is_ready;
}
#else
bool sandbox_enter(void)
{
	return false;
}
#endif
